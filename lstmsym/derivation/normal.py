"""The cell with its pre-activations named: f = σ(W_f [h, x] + b_f) becomes a_f = W_f [h, x] + b_f, f = σ(a_f).

Papers give the deltas of a gate before its activation; naming it makes that one more signal and no special case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.terms import Elementwise, Signal, t


@lru_cache(maxsize=256)
def with_preactivations(cell: Cell) -> Cell:
    """The same cell in which every activation of a whole equation has a named argument."""
    taken = {*cell.signals, *cell.parameters}
    equations = tuple(e for old in cell for e in _split(old, taken))
    return replace(cell, equations=equations)


def _split(e: Equation, taken: set[str]) -> Iterator[Equation]:
    if not isinstance(e.right, Elementwise) or isinstance(e.right.inside, Signal):
        yield e
        return
    name = preactivation(e.name, taken)
    taken.add(name)
    inside = Signal(name, t, e.left.rows)
    meaning = f"pre-activation of the {e.meaning}" if e.meaning else f"pre-activation of {e.name}"
    yield Equation(inside, e.right.inside, meaning, e.line)
    yield Equation(e.left, Elementwise(e.right.function, inside), e.meaning, e.line)


def preactivation(name: str, taken: set[str]) -> str:
    """a_f for f; net_f, a2_f, … where that name is in use."""
    choices = (f"a_{name}", f"net_{name}", *(f"a{n}_{name}" for n in range(2, 1000)))
    return next(c for c in choices if c not in taken)
