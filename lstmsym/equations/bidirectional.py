"""A cell that reads its sequence from both ends: two copies, and their outputs side by side.

Both run as one recurrence. The backward half has its own time: its input is the sequence in reverse,
x__bwd[t] = x[T+1-t], and what it gives at its step t belongs to step T+1-t of the sequence.
"""

from __future__ import annotations

from dataclasses import replace

from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.rename import Names, copy_of, marks_of, renamed
from lstmsym.equations.terms import Concatenation, Signal, t
from lstmsym.errors import CellError

FORWARD, BACKWARD = "fwd", "bwd"
HALVES = {FORWARD: "forward half", BACKWARD: "backward half"}
BOTH = "output of both halves"
OUTPUTS = ("y", "out", "both")


def bidirectional(cell: Cell) -> Cell:
    """The two halves as one cell; h of them is h__fwd and h__bwd, the output y = [h__fwd, h__bwd] of step t of each.

    Raises CellError for a cell without an input, or one that runs both ways already.
    """
    if is_bidirectional(cell):
        raise CellError(f"{cell.name} reads its sequence from both ends already")
    if not cell.data:
        raise CellError(f"{cell.name} has no input, so it reads nothing from either end")
    forward, backward = (_half(cell, mark) for mark in HALVES)
    outputs = [half.signals[half.output] for half in (forward, backward)]
    taken = {x.name for half in (forward, backward) for x in half.inputs}
    y = next(letter for letter in OUTPUTS if letter not in taken)
    both = Concatenation(*outputs)
    joined = Equation(Signal(y, t, both.rows), both, BOTH)
    first = cell.data[0].name
    told = (
        f"the backward half reads the sequence in reverse, {copy_of(first, BACKWARD)}[t] = {first}[T+1-t], "
        f"and its t counts from the end; {y}_t holds step t of each half"
    )
    return replace(
        forward,
        name=f"bidirectional({cell.name})",
        equations=(*forward, *backward, joined),
        states=(*forward.states, *backward.states),
        inputs=tuple(dict.fromkeys((*forward.inputs, *backward.inputs))),
        output=y,
        title=f"Both directions: {cell.title}",
        differs="; ".join(filter(None, [told, cell.differs])),
        constants={**forward.constants, **backward.constants},
        untied=(*forward.untied, *backward.untied),
        splits=(*forward.splits, *backward.splits),
    )


def _half(cell: Cell, mark: str) -> Cell:
    """One copy; the forward one reads the inputs under their own names."""
    signals = {name: copy_of(name, mark) for name in cell.signals if name not in cell.clocks}
    if mark == FORWARD:
        signals |= {x.name: x.name for x in cell.data}
    half = renamed(cell, Names(signals, {name: copy_of(name, mark) for name in cell.parameters}))
    return replace(half, equations=tuple(_of_half(e, HALVES[mark]) for e in half))


def _of_half(e: Equation, half: str) -> Equation:
    return replace(e, meaning=f"{e.meaning}, {half}" if e.meaning else half)


def is_bidirectional(cell: Cell) -> bool:
    """Whether an input of the cell is the reversed sequence."""
    return any(marks_of(x.name)[-1:] == (BACKWARD,) for x in cell.data)
