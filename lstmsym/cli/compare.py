"""lstmsym cells --compare: cells in columns, one row for what means the same, with a mark where they differ."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from lstmsym.cli.choices import dumped
from lstmsym.cli.terminal import bold, width

if TYPE_CHECKING:
    from lstmsym.derivation.comparison import Row
    from lstmsym.equations.cell import Cell

SCHEMA = "lstmsym/comparison/1"
TOTAL, NARROWEST, GAP = 118, 44, 3  # columns of the terminal
Sections = dict[str, tuple["Row", ...]]


def compared(names: Sequence[str], form: str, json: bool) -> str:
    """The comparison in one of the formats. Raises InputError for fewer than two cells."""
    from lstmsym import api
    from lstmsym.derivation import comparison
    from lstmsym.errors import InputError

    if len(names) < 2:
        raise InputError("a comparison takes two cells or more: lstmsym cells --compare lstm gru")
    found = [api.cell(name) for name in names]
    sections = {
        "Equations": comparison.equations(found),
        "One-step Jacobian, block by block": comparison.jacobians(found),
    }
    if json:
        return dumped(_facts(found, sections))
    return FORMATS[form](found, sections)


def _mark(row: Row, cells: list[Cell]) -> str:
    """What a row says about the cells: same, differs, or who alone has it."""
    having = [cell.name for cell, e in zip(cells, row.entries, strict=True) if e is not None]
    if len(having) < len(cells):
        return f"only {', '.join(having)}"
    return "same" if row.same else "differs"


def _text(cells: list[Cell], sections: Sections) -> str:
    """Columns; a formula that is too wide for its column is broken."""
    room = max(NARROWEST, (TOTAL - GAP * (len(cells) - 1)) // len(cells))
    lines = [_columns([[bold(c.name), *textwrap.wrap(c.title, room)] for c in cells], room)]
    for section, rows in sections.items():
        lines += ["", bold(section)]
        for row in rows:
            written = [_block(e, room) for e in row.entries]
            lines += ["", f"{row.about} — {_mark(row, cells)}", _columns(written, room)]
    return "\n".join(lines)


def _block(entry: Any, room: int) -> list[str]:
    from lstmsym.printing.display import text_block
    from lstmsym.printing.lines import Line

    return text_block((Line(entry.left, entry.right),), room) if entry is not None else ["·"]


def _columns(blocks: list[list[str]], room: int) -> str:
    rows = zip_longest(*blocks, fillvalue="")
    padded = ("".join(a + " " * (room + GAP - width(a)) for a in row).rstrip() for row in rows)
    return "\n".join(padded)


def _formula(entry: Any) -> str:
    """left = right in one line of LaTeX."""
    from lstmsym import printing

    return f"{printing.latex(entry.left)} = {printing.latex(entry.right)}" if entry else ""


def _latex(cells: list[Cell], sections: Sections) -> str:
    r"""An array for each section, a row for each meaning."""
    return "\n\n".join(_array(cells, rows) for rows in sections.values())


def _array(cells: list[Cell], rows: tuple[Row, ...]) -> str:
    texts = lambda words: [rf"\text{{{word}}}" for word in words]  # noqa: E731
    names = [cell.name.replace("_", r"\_") for cell in cells]
    lines = [["", *texts(names), ""]]
    for row in rows:
        about, mark = texts((row.about, _mark(row, cells).replace("_", r"\_")))
        lines.append([about, *map(_formula, row.entries), mark])
    body = " \\\\\n".join(" & ".join(line) for line in lines)
    return f"\\begin{{array}}{{{'l' * (len(cells) + 2)}}}\n{body}\n\\end{{array}}"


def _markdown(cells: list[Cell], sections: Sections) -> str:
    """A table for each section."""
    return "\n\n".join(f"## {name}\n\n{_table(cells, rows)}" for name, rows in sections.items())


def _table(cells: list[Cell], rows: tuple[Row, ...]) -> str:
    head = ["", *(cell.name for cell in cells), ""]
    lines = [head, ["---"] * len(head)]
    for row in rows:
        formulas = (_formula(e).replace("|", r"\vert ") for e in row.entries)
        shown = [f"${a}$" if a else "" for a in formulas]
        lines.append([row.about, *shown, _mark(row, cells)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _facts(cells: list[Cell], sections: Sections) -> dict[str, Any]:
    """The comparison for programs."""
    equations, jacobians = ([_row(row, cells) for row in rows] for rows in sections.values())
    names = [cell.name for cell in cells]
    return {"schema": SCHEMA, "cells": names, "equations": equations, "jacobians": jacobians}


def _row(row: Row, cells: list[Cell]) -> dict[str, Any]:
    from lstmsym import printing

    having = {c.name: e for c, e in zip(cells, row.entries, strict=True) if e is not None}
    written = {
        name: {
            "text": f"{printing.text(e.left)} = {printing.text(e.right)}",
            "latex": _formula(e),
        }
        for name, e in having.items()
    }
    return {"about": row.about, "mark": _mark(row, cells), "cells": written}


FORMATS: dict[str, Callable[[list[Cell], Sections], str]] = {
    "text": _text,
    "latex": _latex,
    "markdown": _markdown,
}
