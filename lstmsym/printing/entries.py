"""The scalars that component form is made of: a small closed set, which prints and can be evaluated.

An index is a SymPy integer expression: i, l, or i + n for an entry further down a stack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias

from sympy import Basic, Expr, Integer, Symbol

from lstmsym.equations.terms import Term
from lstmsym.errors import MissingRule

Index: TypeAlias = Expr


@dataclass(frozen=True)
class Number:
    """The same number in every entry: 0, 1, -1, or a scalar parameter."""

    value: Basic


@dataclass(frozen=True)
class Delta:
    """δ_ij: 1 where the indices agree."""

    i: Index
    j: Index


@dataclass(frozen=True)
class Entry:
    """One entry of a named vector or matrix: f_t^i, W_f^{ij}, ∂C_t^i/∂C_{t-1}^j."""

    of: Term
    indices: tuple[Index, ...]


@dataclass(frozen=True)
class Apply:
    """An activation of a scalar."""

    function: str
    inside: Scalar


@dataclass(frozen=True)
class Sum:
    """a + b + …"""

    parts: tuple[Scalar, ...]


@dataclass(frozen=True)
class Product:
    """a b …"""

    parts: tuple[Scalar, ...]


@dataclass(frozen=True)
class Ratio:
    """a / b."""

    above: Scalar
    below: Scalar


@dataclass(frozen=True)
class Contraction:
    """Σ over an index that runs over `size` places."""

    body: Scalar
    index: Symbol
    size: Expr


@dataclass(frozen=True)
class Cases:
    """By where the index lies in a stack: parts (size, scalar), one below the other."""

    index: Index
    parts: tuple[tuple[Expr, Scalar], ...]


@dataclass(frozen=True)
class OverTime:
    """Σ or ∏ of scalars over time."""

    sign: str
    body: Scalar
    index: Symbol
    lower: Expr
    upper: Expr


Scalar = Number | Delta | Entry | Apply | Sum | Product | Ratio | Contraction | Cases | OverTime
SCALARS: tuple[type[Any], ...] = (
    Number, Delta, Entry, Apply, Sum, Product, Ratio, Contraction, Cases, OverTime,
)  # fmt: skip


ZERO, ONE = Number(Integer(0)), Number(Integer(1))


def product(*parts: Scalar) -> Scalar:
    """Without ones; zero where a factor is."""
    flat = [b for a in parts for b in (a.parts if isinstance(a, Product) else (a,)) if b != ONE]
    if ZERO in flat:
        return ZERO
    return Product(tuple(flat)) if len(flat) > 1 else flat[0] if flat else ONE


def total(*parts: Scalar) -> Scalar:
    """One sum without zeros."""
    flat = (b for a in parts for b in (a.parts if isinstance(a, Sum) else (a,)))
    kept = [a for a in flat if a != ZERO]
    return Sum(tuple(kept)) if len(kept) > 1 else kept[0] if kept else ZERO


def contraction(body: Scalar, bound: Symbol, size: Expr) -> Scalar:
    """Zero where the body is."""
    return body if body == ZERO else Contraction(body, bound, size)


Numbers = Mapping[Symbol, int]


@dataclass(frozen=True)
class Evaluation:
    """What an entry is worth, with indices from 0.

    leaf      (named term, indices, numbers) -> number; `numbers` binds sizes, times and indices
    function  (name of an activation, number) -> number
    """

    leaf: Callable[[Term, tuple[int, ...], Numbers], Any]
    function: Callable[[str, Any], Any]

    def value(self, scalar: Scalar, numbers: Numbers) -> Any:
        """The number that a scalar is. Raises MissingRule for a node outside `SCALARS`."""
        if type(scalar) not in SCALARS:
            raise MissingRule(f"no value of {type(scalar).__name__}; see printing/entries.py")
        method = getattr(self, f"_{type(scalar).__name__.lower()}")
        return method(scalar, numbers)

    def _number(self, scalar: Number, numbers: Numbers) -> Any:
        named = isinstance(scalar.value, Term)
        return self.leaf(scalar.value, (), numbers) if named else float(scalar.value)

    def _delta(self, scalar: Delta, numbers: Numbers) -> float:
        return float(integer(scalar.i, numbers) == integer(scalar.j, numbers))

    def _entry(self, scalar: Entry, numbers: Numbers) -> Any:
        return self.leaf(scalar.of, tuple(integer(a, numbers) for a in scalar.indices), numbers)

    def _apply(self, scalar: Apply, numbers: Numbers) -> Any:
        return self.function(scalar.function, self.value(scalar.inside, numbers))

    def _sum(self, scalar: Sum, numbers: Numbers) -> Any:
        return sum(self.value(a, numbers) for a in scalar.parts)

    def _product(self, scalar: Product, numbers: Numbers) -> Any:
        return prod(self.value(a, numbers) for a in scalar.parts)

    def _ratio(self, scalar: Ratio, numbers: Numbers) -> Any:
        return self.value(scalar.above, numbers) / self.value(scalar.below, numbers)

    def _contraction(self, scalar: Contraction, numbers: Numbers) -> Any:
        places = range(integer(scalar.size, numbers))
        return sum(self.value(scalar.body, {**numbers, scalar.index: n}) for n in places)

    def _cases(self, scalar: Cases, numbers: Numbers) -> Any:
        end, place = 0, integer(scalar.index, numbers)
        for size, part in scalar.parts:
            end += integer(size, numbers)
            if place < end:
                return self.value(part, numbers)
        raise IndexError(f"index {place} in a stack of {end}")

    def _overtime(self, scalar: OverTime, numbers: Numbers) -> Any:
        times = range(integer(scalar.lower, numbers), integer(scalar.upper, numbers) + 1)
        values = (self.value(scalar.body, {**numbers, scalar.index: n}) for n in times)
        return sum(values) if scalar.sign == "Σ" else prod(values)


def integer(expression: Expr, numbers: Numbers) -> int:
    """An index, a size or a time as a number."""
    return int(expression.xreplace(dict(numbers)))
