"""Rows set as a block, aligned on the relation; the reason stands beside a formula or, if too wide, below."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import zip_longest

from lstmsym.printing.breaks import INDENT
from lstmsym.printing.drawing import draw, width
from lstmsym.printing.latex import LatexWriter
from lstmsym.printing.lines import RELATION, Line, Rows, rows_of
from lstmsym.printing.prose import latex_prose, text_prose
from lstmsym.printing.text import TextWriter

RELATIONS = {"=": "=", "≤": r"\le"}
PAGE = 88.0  # printed characters of an 11-point line
TERMINAL = 100
SMALL = 0.68  # of a reason's letter against one of a formula
GAP = 6  # between a formula and its reason, on paper
NARROWEST = 30  # columns that a reason beside a formula needs in the terminal


@dataclass(frozen=True)
class Row:
    """One row of an `aligned`; `kept` says that no page may end behind it."""

    written: str
    kept: bool = False


def latex_block(lines: tuple[Line, ...], compact: bool = False, lead: str = "") -> list[Row]:
    r"""The rows of an `aligned` without their \\; `lead` stands before the first left side."""
    writer = LatexWriter()
    writer.compact = compact
    found = rows_of(lines, writer, PAGE)
    margin = max(rows.left_width for rows in found) + RELATION
    column = margin + max(w for rows in found for w in rows.widths) + GAP
    in_column = column + max(_reason_width(rows) for rows in found) <= PAGE
    block: list[Row] = []
    for n, rows in enumerate(found):
        formula = _with_relation(rows, lead if n == 0 else "")
        if compact or not rows.reason:
            written = formula
        elif in_column:
            written = [f"{formula[0]} && \\quad {small(rows.reason)}", *formula[1:]]
        else:
            written = _with_reason(formula, rows, margin)
        block += [Row(a, kept=m < len(written) - 1) for m, a in enumerate(written)]
    return block


def _reason_width(rows: Rows) -> float:
    return len(text_prose(rows.reason)) * SMALL


def _with_relation(rows: Rows, lead: str) -> list[str]:
    first, *rest = rows.right
    head = f"{lead}{rows.left} &{RELATIONS[rows.relation]} {first}"
    return [head.strip(), *(f"&{row}" for row in rest)]


def _with_reason(formula: list[str], rows: Rows, margin: float) -> list[str]:
    """The reason behind the last row where it fits, else below."""
    if margin + rows.widths[-1] + GAP + _reason_width(rows) <= PAGE:
        return [*formula[:-1], rf"{formula[-1]} \qquad {small(rows.reason)}"]
    below = textwrap.wrap(rows.reason, int((PAGE - margin - GAP) / SMALL))
    return [*formula, *(rf"&\qquad {small(row)}" for row in below)]


def small(sentence: str) -> str:
    r"""A sentence inside mathematics, in small letters: all formats know \scriptstyle."""
    return rf"{{\scriptstyle\text{{{latex_prose(sentence)}}}}}"


def text_block(lines: tuple[Line, ...], room: int = TERMINAL) -> list[str]:
    """The rows for the terminal, matrices drawn, none wider than `room` where it can be broken."""
    found = rows_of(lines, TextWriter(), room - 1)  # a dot may be put before a row
    margin = max(width(rows.left) for rows in found)
    drawn = [[draw(row) for row in _with_left(rows, margin)] for rows in found]
    column = max(box.width for boxes in drawn for box in boxes) + 3
    beside = room - column >= min(NARROWEST, max(len(rows.reason) for rows in found))
    written: list[str] = []
    for rows, boxes in zip(found, drawn, strict=True):
        formula = [line.rstrip() for box in boxes for line in box.lines]
        reason = text_prose(rows.reason).strip()
        if not reason:
            written += formula
        else:
            written += (
                _beside(formula, reason, column, room)
                if beside
                else _below(formula, reason, margin, room)
            )
    return written


def _with_left(rows: Rows, margin: int) -> list[str]:
    left = " " * (margin - width(rows.left)) + rows.left
    first = f"{left} {rows.relation} {rows.right[0]}"
    return [first, *(" " * (margin + 3) + row for row in rows.right[1:])]


def _beside(formula: list[str], reason: str, column: int, room: int) -> list[str]:
    wrapped = textwrap.wrap(reason, max(room - column, *map(len, reason.split())))
    pairs = zip_longest(formula, wrapped, fillvalue="")
    return [(a + " " * (column - width(a)) + b).rstrip() for a, b in pairs]


def _below(formula: list[str], reason: str, margin: int, room: int) -> list[str]:
    """The reason in brackets, behind the last line where it fits."""
    if width(formula[-1]) + len(reason) + 5 <= room:
        return [*formula[:-1], f"{formula[-1]}   ({reason})"]
    indent = " " * (margin + 3 + INDENT)
    wrapped = textwrap.wrap(f"({reason})", room, initial_indent=indent, subsequent_indent=indent)
    return [*formula, *wrapped]
