"""Letters of a page without what hangs on them, and what two equations have of them in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from lstmsym.formulas import tree as f

Letter: TypeAlias = tuple[str, tuple[str, ...]]

# fmt: off
LOSSES = (
    "L", "E", "J", "ell", "loss", "Loss", "Err", "cost", "Cost", "l", "mathcalL", "error", "S", "C",
)
# fmt: on


def letter_of(symbol: f.Symbol) -> Letter:
    """A letter with its accents."""
    return symbol.base, symbol.accents


def recurs(equation: f.Equation) -> bool:
    """Whether a signal is computed from what it was before: h_t from h_{t-1}."""
    left = equation.left
    read = (a for side in equation.sides[1:] for a in f.plain_symbols(side))
    return isinstance(left, f.Symbol) and any(
        letter_of(a) == letter_of(left) and a.scripts != left.scripts for a in read
    )


def differences(node: f.Node) -> Iterator[tuple[f.Symbol, f.Symbol]]:
    """The pairs of symbols of which one is taken from the other: ŷ_t - y_t, either first."""
    for a in f.walk(node):
        parts = a.parts if isinstance(a, f.Sum) else ()
        if len(parts) == 2 and parts[0][0] + parts[1][0] == 0:
            first, second = (b for _, b in parts)
            if isinstance(first, f.Symbol) and isinstance(second, f.Symbol):
                yield from ((first, second), (second, first))
