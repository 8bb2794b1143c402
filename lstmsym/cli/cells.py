"""lstmsym cells: the catalogue."""

from __future__ import annotations

from typing import Any

import click

from lstmsym.cli.choices import as_json, dumped, epilog
from lstmsym.cli.terminal import bold, say

SCHEMA = "lstmsym/cells/1"


@click.command(epilog=epilog("cells", "cells --json"))
@as_json
def cells(json: bool) -> None:
    """The catalogue: every cell with its title, states, signals, parameters and source."""
    from lstmsym import api

    found = [api.cell(name) for name in api.catalogue()]
    if json:
        return click.echo(dumped({"schema": SCHEMA, "cells": [facts(cell) for cell in found]}))
    click.echo("\n\n".join(_entry(cell) for cell in found))
    say("\nlstmsym show CELL prints the equations")


def _entry(cell: Any) -> str:
    """A cell in four lines."""
    signals = ", ".join(f"{e.name} {e.meaning}".strip() for e in cell)
    lines = [
        f"{bold(cell.name)}  {cell.title}",
        f"  states {', '.join(cell.states)}; signals {signals}",
        f"  parameters {', '.join(cell.weights)}",
    ]
    return "\n".join([*lines, f"  source {cell.source}"] if cell.source else lines)


def facts(cell: Any) -> dict[str, Any]:
    """What a cell is, in names and shapes."""
    return {
        "name": cell.name,
        "title": cell.title,
        "source": cell.source,
        "differs": cell.differs,
        "states": list(cell.states),
        "inputs": [x.name for x in cell.inputs],
        "output": cell.output,
        "signals": {
            e.name: {"meaning": e.meaning, "shape": [str(e.left.rows)]} for e in cell.equations
        },
        "parameters": {n: [str(side) for side in p.shape] for n, p in cell.parameters.items()},
        "constants": {n: float(value) for n, value in cell.constants.items()},
    }
