"""The slopes of a cell's activations as they stand in a result: f ⊙ (1 − f), 1 − tanh²(C_t)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lstmsym.calculus.laws import tidy
from lstmsym.calculus.rules import SLOPES
from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.terms import Elementwise, Fill, Hadamard, Signal, Term, at, walk

SIGNS = {"sigmoid": "σ′", "tanh": "tanh′"}


@dataclass(frozen=True, eq=False)
class Slope:
    """The slope of y = function(inside).

    factors  what it is a product of, written in y: (f, 1 − f)
    """

    function: str
    y: Term
    inside: Term
    factors: tuple[Term, ...]

    @property
    def sign(self) -> str:
        """σ′, tanh′, relu′."""
        return SIGNS.get(self.function, f"{self.function}′")

    @property
    def term(self) -> Term:
        """The slope as one term."""
        return self.factors[0] if len(self.factors) == 1 else Hadamard(*self.factors)

    @property
    def activated(self) -> Term:
        """The slope taken at the activated value y in place of the argument."""
        return slope(self.function, Elementwise(self.function, self.y), self.y)

    @property
    def of_argument(self) -> Term:
        """The slope with the argument where the value belongs: a (1 − a)."""
        return slope(self.function, self.inside, self.inside)

    def of(self, function: str) -> Term:
        """The slope of another function, written in the same y."""
        return slope(function, self.y, self.inside)


def slope(function: str, y: Term, inside: Term) -> Term:
    """The slope of an activation, tidied."""
    return tidy(SLOPES[function](y, inside))


@lru_cache(maxsize=1024)
def slopes_of(cell: Cell, time: Any) -> tuple[Slope, ...]:
    """The slopes of all activations of a cell with named pre-activations, at a time."""
    return tuple(_shifted(s, time) for e in cell for s in _of_equation(e))


def _of_equation(e: Equation) -> Iterator[Slope]:
    for a in walk(e.right):
        if isinstance(a, Elementwise) and a.function in SLOPES:
            y = e.left if a is e.right else a
            term = slope(a.function, y, a.inside)
            if not isinstance(term, Signal | Fill | Elementwise) or a.function == "relu":
                factors = term.parts if isinstance(term, Hadamard) else (term,)
                yield Slope(a.function, y, a.inside, factors)


def _shifted(s: Slope, time: Any) -> Slope:
    return Slope(
        s.function, at(s.y, time), at(s.inside, time), tuple(at(a, time) for a in s.factors)
    )
