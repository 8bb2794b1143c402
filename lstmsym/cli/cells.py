"""lstmsym cells: the catalogue, listed or compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import click

from lstmsym.cli.choices import Word, as_json, dumped, epilog
from lstmsym.cli.listed import families, listed
from lstmsym.cli.terminal import bold, say, table

SCHEMA = "lstmsym/cells/1"
HEAD = ("cell", "year", "states", "gates", "parameters", "source")
WIDEST = 36  # of a parameter count; longer ones end in …


@click.command(epilog=epilog("cells", "cells --family GRU", "cells --compare lstm gru"))
@click.argument("names", nargs=-1, metavar="[CELL]...")
@click.option("--compare", is_flag=True, help="Set two or more CELLs side by side.")
@click.option(
    "--family",
    type=Word("family", families()),
    metavar="NAME",
    help="Only the cells of one family, as in --family GRU.",
)
@click.option("--long", "long", is_flag=True, help="Title, signals, parameters and source of each.")
@click.option(
    "--format",
    "form",
    type=Word("format", ("text", "latex", "markdown")),
    default="text",
    show_default=True,
    help="What a comparison is written in.",
)
@as_json
def cells(
    names: tuple[str, ...], compare: bool, family: str | None, long: bool, form: str, json: bool
) -> None:
    """The catalogue by families, or the CELLs that are named; with --compare two or more side by side."""
    if compare:
        from lstmsym.cli.compare import compared

        return click.echo(compared(names, form, json))
    if form != "text":
        raise click.UsageError("--format is for --compare; lstmsym show CELL has it too")
    chosen = _chosen(names, family)
    if long or json:
        return _in_full(chosen, json)
    click.echo(_lines(chosen))
    say(
        "\nlstmsym show CELL prints the equations, lstmsym cells --compare CELL CELL sets them side by side"
    )


def _chosen(names: tuple[str, ...], family: str | None) -> list[dict[str, Any]]:
    """The entries asked for. Raises UnknownName with the nearest spelling."""
    entries = listed()
    known = {e["name"]: e for e in entries}
    for name in names:
        if name not in known:
            from lstmsym.errors import UnknownName, nearest

            raise UnknownName(f"no cell '{name}' in the catalogue; {nearest(name, known)}")
    chosen = [known[name] for name in names] if names else entries
    return [e for e in chosen if family in (None, e["family"])]


def _lines(entries: list[dict[str, Any]]) -> str:
    """One line a cell, under the name of its family."""
    head, *rows = table(HEAD, [_row(e) for e in entries], right=(1, 2, 3)).split("\n")
    lines, family = [head], ""
    for e, row in zip(entries, rows, strict=True):
        if e["family"] != family:
            family = e["family"]
            lines += ["", bold(family)]
        lines.append(row)
    return "\n".join(lines)


def _row(e: dict[str, Any]) -> tuple[str, ...]:
    count = e["parameter_count"]
    short = count if len(count) <= WIDEST else count[: WIDEST - 1].rpartition(" + ")[0] + " + …"
    return (
        e["name"], str(e["year"] or ""), str(len(e["states"])), str(len(e["gates"])), short,
        authors(e["source"]),
    )  # fmt: skip


def authors(source: str) -> str:
    """Who a source is by: 'Cho et al.' of 'Cho, Gulcehre, … & Bengio 2014, Learning …'."""
    match = re.match(r"(?:after )?(.+?) \d{4}\b", source)
    if match is None:
        return source.partition(",")[0]
    several = re.split(r", | & ", match[1])
    return match[1] if len(several) <= 2 else f"{several[0]} et al."


def _in_full(entries: Iterable[dict[str, Any]], json: bool) -> None:
    """Every fact of the cells, for people or as JSON."""
    from lstmsym import api

    found = [api.cell(e["name"]) for e in entries]
    if json:
        in_order = sorted(found, key=lambda cell: cell.name)
        return click.echo(dumped({"schema": SCHEMA, "cells": [facts(cell) for cell in in_order]}))
    click.echo("\n\n".join(_entry(cell) for cell in found))


def _entry(cell: Any) -> str:
    """A cell in a few lines."""
    signals = ", ".join(f"{e.name} {e.meaning}".strip() for e in cell)
    lines = [
        f"{bold(cell.name)}  {cell.title}",
        f"  states {', '.join(cell.states)}; signals {signals}",
        f"  parameters {', '.join(cell.weights) or 'none'}",
    ]
    lines += [f"  source {cell.source}"] if cell.source else []
    return "\n".join([*lines, f"  differs {cell.differs}"] if cell.differs else lines)


def facts(cell: Any) -> dict[str, Any]:
    """What a cell is, in names and shapes."""
    from lstmsym.cells.facts import gates, parameter_count, polynomial

    return {
        "name": cell.name,
        "title": cell.title,
        "family": cell.family,
        "year": cell.year or None,
        "source": cell.source,
        "differs": cell.differs,
        "states": list(cell.states),
        "inputs": [x.name for x in cell.inputs],
        "output": cell.output,
        "gates": list(gates(cell)),
        "signals": {
            e.name: {"meaning": e.meaning, "shape": [str(e.left.rows)]} for e in cell.equations
        },
        "parameters": {n: [str(side) for side in p.shape] for n, p in cell.parameters.items()},
        "parameter_count": polynomial(parameter_count(cell), cell.sizes),
        "constants": {n: float(value) for n, value in cell.constants.items()},
    }
