"""Two or more cells beside each other: equations by what they mean, one-step Jacobians by the states they join."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lstmsym.derivation.state import block
from lstmsym.derivation.steps import Step
from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.derived import Partial
from lstmsym.equations.terms import is_fill, t

Entry = TypeVar("Entry", Equation, Step)


@dataclass(frozen=True)
class Row:
    """One line of a comparison: what it is about, and each cell's own; None where a cell has none.

    same    every cell has it, and on the right stands the same
    """

    about: str
    entries: tuple[Equation | Step | None, ...]

    @property
    def same(self) -> bool:
        first = self.entries[0]
        return first is not None and all(
            e is not None and (e.left, e.right) == (first.left, first.right) for e in self.entries
        )


def equations(cells: Sequence[Cell]) -> tuple[Row, ...]:
    """The equations, those of one meaning in one row, in the order in which they are computed."""
    return _rows([{meaning(e): e for e in cell} for cell in cells])


def jacobians(cells: Sequence[Cell]) -> tuple[Row, ...]:
    """The blocks of the one-step Jacobian that are not zero, those between states of one meaning in one row."""
    return _rows([_blocks(cell) for cell in cells])


def meaning(e: Equation) -> str:
    """What a signal is: the comment up to its first comma, or the name."""
    return e.meaning.partition(",")[0] or e.name


def _blocks(cell: Cell) -> dict[str, Step]:
    found = {}
    for above in cell.states:
        for below in cell.states:
            value = block(cell, above, below)
            if not is_fill(value, 0):
                about = f"{meaning(cell.by_name[above])} by {meaning(cell.by_name[below])}"
                left = Partial(cell.signal(above), cell.signal(below, t - 1), "block")
                found[about] = Step(left, value, "")
    return found


def _rows(tables: list[dict[str, Entry]]) -> tuple[Row, ...]:
    return tuple(
        Row(about, tuple(table.get(about) for table in tables)) for about in _merged(tables)
    )


def _merged(orders: Iterable[Iterable[str]]) -> list[str]:
    """One order that keeps each of the orders, as far as they agree."""
    merged: list[str] = []
    for order in orders:
        place = 0
        for name in order:
            if name in merged:
                place = max(place, merged.index(name) + 1)
            else:
                merged.insert(place, name)
                place += 1
    return merged
