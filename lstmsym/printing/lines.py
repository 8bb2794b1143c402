"""Lines of a derivation, cut to the width of a page: left = right, and the reason.

Both formats are cut at the same places, for both writers leave the same marks; how wide a piece is
on paper is estimated from its form in the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic

from lstmsym.derivation.bounds import Bound
from lstmsym.derivation.steps import Step
from lstmsym.equations.cell import Equation
from lstmsym.equations.terms import Term
from lstmsym.printing.breaks import flat, indent_of, pieces, row_starts
from lstmsym.printing.derivatives import Joint
from lstmsym.printing.drawing import width
from lstmsym.printing.latex import LatexWriter
from lstmsym.printing.norms import Norm
from lstmsym.printing.text import TextWriter

PAGE = 88.0  # printed characters of an 11-point line
TERMINAL = 100
INDENT = 4
SMALL = 0.68  # of a reason's letter against one of a formula


@dataclass(frozen=True)
class Line:
    """One line before it is cut; `left` is None where the line above has the same left side."""

    left: Basic | Norm | None
    right: Basic | Bound | Joint
    reason: str = ""
    relation: str = "="


@dataclass(frozen=True)
class Rows:
    """A line as it is printed: its left side, the rows of its right side, and their widths."""

    left: str
    relation: str
    right: tuple[str, ...]
    reason: str
    left_width: float = 0
    widths: tuple[float, ...] = field(default=())


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


def latex_rows(lines: list[Line], writer: LatexWriter, page: float = PAGE) -> list[Rows]:
    """The lines in LaTeX, cut to a page."""
    model = TextWriter()
    model.compact = writer.compact
    lefts = [flat(model.write(a.left)) if a.left is not None else "" for a in lines]
    room = page - max(map(printed_width, lefts), default=0) - 2
    return [_latex_row(a, writer, model, room, left) for a, left in zip(lines, lefts, strict=True)]


def _latex_row(line: Line, writer: LatexWriter, model: TextWriter, room: float, left: str) -> Rows:
    cut = [(badness, printed_width(piece)) for badness, piece in pieces(model.write(line.right))]
    starts = row_starts(cut, room, INDENT)
    written = [piece for _, piece in pieces(writer.write(line.right))]
    first, *rest = ("".join(row) for row in _at(written, starts))
    rows = (first, *(continued_latex(r, cut[n][0]) for n, r in zip(starts[1:], rest, strict=True)))
    shown = flat(writer.write(line.left)) if line.left is not None else ""
    widths = tuple(sum(w for _, w in row) for row in _at(cut, starts))
    indents = (0.0, *(indent_of(cut[n][0], INDENT) for n in starts[1:]))
    printed = tuple(a + b for a, b in zip(widths, indents, strict=True))
    return Rows(shown, line.relation, rows, line.reason, printed_width(left), printed)


def text_rows(lines: list[Line], room: int = TERMINAL) -> list[Rows]:
    """The lines for the terminal, cut to its width."""
    writer = TextWriter()
    lefts = [flat(writer.write(a.left)) if a.left is not None else "" for a in lines]
    margin = max(map(width, lefts), default=0)
    return [
        _text_row(a, writer, left, room - margin - 3) for a, left in zip(lines, lefts, strict=True)
    ]


def _text_row(line: Line, writer: TextWriter, left: str, room: int) -> Rows:
    cut = pieces(writer.write(line.right))
    starts = row_starts([(badness, float(width(piece))) for badness, piece in cut], room, INDENT)
    first, *rest = ("".join(piece for _, piece in row) for row in _at(cut, starts))
    rows = (first, *(continued_text(r, cut[n][0]) for n, r in zip(starts[1:], rest, strict=True)))
    return Rows(left, line.relation, rows, line.reason)


def _at(things: list[Any], starts: list[int]) -> Iterator[list[Any]]:
    """The list in the parts that begin at `starts`."""
    for first, last in zip(starts, [*starts[1:], len(things)], strict=True):
        yield things[first:last]


def continued_latex(row: str, badness: int) -> str:
    """A row after the first begins with its sign, spaced as a sign between two things."""
    rest = row.removeprefix(r"\, ")
    sign = r"\cdot " if rest != row else ""
    indent = r"\quad" if badness == 0 else r"\qquad"
    return f"{indent} {{}}{sign}{rest.strip()}"


def continued_text(row: str, badness: int) -> str:
    """A row after the first is indented, further where it begins inside brackets or a product."""
    signed = row.startswith((" + ", " - ", " ⊙ ", " · "))
    indent = " " * int(indent_of(badness, INDENT))
    return indent + (row.strip() if signed else f"· {row.lstrip('·').strip()}")


def printed_width(text: str) -> float:
    """About how wide on paper a formula is whose form in the terminal is given.

    >>> printed_width("∂C_t/∂C_{t-1}")
    4.1
    """
    text = re.sub(r"∂[^ ]*?/∂?([^ /|\ue100-\ue103]+)", r"∂\1", text)
    scripts = re.compile(r"[_^](?:\{([^}]*)\}|(.))")
    small = sum(width(a or b) for a, b in scripts.findall(text))
    return width(scripts.sub("", text)) + 0.7 * small
