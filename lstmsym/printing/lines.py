"""Lines of a derivation, cut to the width of a page: left = right, and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sympy import Basic

from lstmsym.derivation.bounds import Bound
from lstmsym.derivation.steps import Step
from lstmsym.equations.cell import Equation
from lstmsym.equations.terms import Term
from lstmsym.printing.breaks import flat
from lstmsym.printing.derivatives import Joint, Writer
from lstmsym.printing.norms import Norm

RELATION = 3  # the width of " = "


@dataclass(frozen=True)
class Line:
    """One line before it is cut; `left` is None where the line above has the same left side."""

    left: Basic | Norm | None
    right: Basic | Bound | Joint
    reason: str = ""
    relation: str = "="


@dataclass(frozen=True)
class Rows:
    """A line as it is printed: its left side, the rows of its right side, and how wide each is."""

    left: str
    relation: str
    right: tuple[str, ...]
    reason: str
    left_width: float
    widths: tuple[float, ...]


def lines_of(things: Iterable[Equation | Step | Bound]) -> Iterator[Line]:
    """Equations, steps and bounds as lines; successive steps with one left side print it once."""
    before: Term | None = None
    for thing in things:
        left = None if thing.left == before else thing.left
        if isinstance(thing, Bound):
            yield Line(Norm(thing.left), thing, relation="≤")
        elif isinstance(thing, Equation):
            yield Line(left, thing.right, thing.meaning)
        else:
            yield Line(left, thing.right, thing.because)
        before = thing.left


def rows_of(lines: Sequence[Line], writer: Writer, room: float) -> list[Rows]:
    """The lines in a format, cut to `room`; their left sides share a margin."""
    lefts = [sum(writer.widths(a.left)) if a.left is not None else 0 for a in lines]
    margin = max(lefts, default=0) + RELATION
    return [_rows(a, writer, left, room - margin) for a, left in zip(lines, lefts, strict=True)]


def _rows(line: Line, writer: Writer, left_width: float, room: float) -> Rows:
    left = flat(writer.write(line.left)) if line.left is not None else ""
    right, widths = zip(*writer.rows(line.right, room), strict=True)
    return Rows(left, line.relation, right, line.reason, left_width, widths)
