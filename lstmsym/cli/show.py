"""lstmsym show: one cell."""

from __future__ import annotations

import re
from typing import Any

import click

from lstmsym.cli.cells import facts
from lstmsym.cli.choices import Word, as_json, dumped, epilog, notation
from lstmsym.cli.peepholes import peepholes
from lstmsym.cli.terminal import bold

SCHEMA = "lstmsym/cell/1"
READ_FROM = "read from LaTeX"  # how the title of a cell that was pasted ends


@click.command(
    epilog=epilog(
        "show lstm",
        "show lstm --notation split --format latex",
        "show 'stack(lstm, 2)' --notation greff",
        "show ./mine.cell",
    )
)
@click.argument("cell")
@notation
@peepholes
@click.option(
    "--format",
    "form",
    type=Word("format", ("text", "latex", "markdown")),
    default="text",
    show_default=True,
    help="What the equations are written in.",
)
@as_json
def show(
    cell: str, notation: str, peepholes: tuple[str, ...] | None, form: str, json: bool
) -> None:
    """The equations of CELL, with shapes, states, inputs, source and what differs from it."""
    from lstmsym import api, printing

    found = api.cell(cell, notation, peepholes)
    written = getattr(printing, form)(found)
    if json:
        equations = [
            {"left": printing.latex(e.left), "right": printing.latex(e.right), "meaning": e.meaning}
            for e in found
        ]
        said = {
            "equations": equations,
            "latex": printing.latex(found),
            "text": printing.text(found),
        }
        click.echo(dumped({"schema": SCHEMA, **facts(found), **said}))
    else:
        click.echo(_page(found, written) if form == "text" else written)


def _page(cell: Any, equations: str) -> str:
    """The cell for the terminal: title, equations, then what each name is."""
    lines = [bold(cell.title), "", equations.rstrip(), ""]
    lines += [f"{label:<11} {said}" for label, said in _facts(cell).items() if said]
    if cell.title.endswith(READ_FROM):
        lines += ["", "read as", "", *_code(cell.text)]
    return "\n".join(lines)


def _code(text: str) -> list[str]:
    """A cell text without its comments."""
    rows = (row.partition("#")[0].rstrip() for row in text.splitlines())
    return [f"  {row}" for row in rows if row]


def _facts(cell: Any) -> dict[str, str]:
    rows = [*cell.inputs, *(e.left for e in cell)]
    return {
        "states": ", ".join(cell.states),
        "inputs": ", ".join(x.name for x in cell.data) or "none",
        "untied": ", ".join(cell.untied)
        and f"{', '.join(cell.untied)}: weights of their own at each step",
        "clocks": "; ".join(f"{c} is 1 where t % {p} = {q}" for c, (p, q) in cell.clocks.items()),
        "output": cell.output,
        "signals": _by_shape((s.name, _size(s.rows)) for s in rows),
        "parameters": _by_shape((n, _shape(p)) for n, p in cell.weights.items()),
        "constants": ", ".join(f"{n} = {value}" for n, value in cell.constants.items()),
        "source": cell.source,
        "differs": cell.differs,
    }


def _shape(parameter: Any) -> str:
    rows, columns = map(_size, parameter.shape)
    return (
        rows if columns == "1" else " × ".join(f"({a})" if " " in a else a for a in (rows, columns))
    )


def _size(size: Any) -> str:
    """A size as one would write it: 3n, N·m, d²."""
    squared = str(size).replace("**2", "²")
    return re.sub(r"\b(\d+)\*", r"\1", squared).replace("*", "·")


def _by_shape(named: Any) -> str:
    """Names with one shape together: 'W_f, W_i: n × (m + n); b_f, b_i: n'."""
    groups: dict[str, list[str]] = {}
    for name, shape in named:
        groups.setdefault(shape, []).append(name)
    return "; ".join(f"{', '.join(names)}: {shape}" for shape, names in groups.items())
