"""lstmsym derive: one quantity, or everything that follows from a cell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from lstmsym.cli.choices import (
    FORMS,
    KINDS,
    LAYOUTS,
    Word,
    as_json,
    dumped,
    epilog,
    notation,
)
from lstmsym.cli.fitting import check_fit
from lstmsym.cli.peepholes import peepholes
from lstmsym.cli.terminal import say, styled
from lstmsym.cli.writing import checked_target, write_text

FORMATS = ("text", "latex", "article", "markdown", "json")
SUFFIXES = {".txt": "text", ".tex": "article", ".md": "markdown", ".json": "json"}


@dataclass(frozen=True)
class Printing:
    """How a result is to be written: the format, with its steps (None: as the format likes), by components."""

    format: str
    steps: bool | None
    components: bool


@click.command(
    epilog=epilog(
        "derive lstm",
        "derive lstm -o lstm.tex",
        "derive lstm 'dC[t]/dC[t-k]' --kind total --steps",
        "derive lstm 'dC[t]/dC[t-3]' --form expanded --format latex",
        "derive gru 'dL/dW_h' --form 'double sum'",
    )
)
@click.argument("cell")
@click.argument("quantity", required=False)
@click.option(
    "--kind",
    type=Word("kind", KINDS),
    default="total",
    show_default=True,
    help="What is held fixed: everything but the direct argument, the gates of one step, the other states, nothing.",
)
@click.option(
    "--form",
    type=Word("form", FORMS),
    default="product",
    show_default=True,
    help="How a result over many steps is written; 'double sum' is for gradients of parameters.",
)
@click.option(
    "--layout",
    type=Word("layout", LAYOUTS),
    help="numerator: rows are outputs; denominator: its transpose.  [default: numerator, of losses denominator]",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help="The most elementary paths that the expanded form may have.",
)
@click.option(
    "--steps/--no-steps", default=None, help="Every step with its reason, or the result alone."
)
@click.option(
    "--format",
    "format",
    type=Word("format", FORMATS),
    help="What to print; article is LaTeX that compiles as it stands.  [default: by the suffix of -o, else text]",
)
@notation
@peepholes
@click.option(
    "--components",
    is_flag=True,
    help="Entry by entry, as in ∂C_t^i/∂C_{t-1}^j; as text, latex or markdown.",
)
@click.option(
    "--draws",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="Random instances for each witness of the check.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A file to write: .tex is an article, .md Markdown, .txt text, .json JSON.",
)
@as_json
@click.pass_context
def derive(
    ctx: click.Context,
    cell: str,
    quantity: str | None,
    format: str | None,
    steps: bool | None,
    components: bool,
    output: Path | None,
    json: bool,
    **choices: Any,
) -> None:
    """Derive QUANTITY of CELL, or, without a quantity, everything that follows from the cell.

    QUANTITY is written in the cell's letters: 'dC[t]/dC[t-k]', 'dC[t]/dC[t-3]', 'dh[t]/dx[t-2]', 'dL/dW_f' or
    'dL/dh[t]'. Each result is checked before it is printed, exactly modulo a prime and against autograd, and the
    check is printed beside it.
    """
    wanted = Printing(_format(format, output, components), steps, components)
    check_fit(ctx, quantity)
    found = _derived(cell, quantity, choices)
    if output:
        write_text(output, _written(found, wanted))
    if json or (wanted.format == "json" and not output):
        click.echo(dumped(_data(found, wanted)))
    elif not output:
        click.echo(_written(found, wanted))
    _say_check(found, output)


def _format(asked: str | None, output: Path | None, components: bool) -> str:
    """The format that was asked for, by name or by suffix; the file is looked at before any work."""
    if output:
        checked_target(output)
    if asked or not output:
        return asked or "text"
    if output.suffix.lower() not in SUFFIXES:
        raise click.UsageError(
            f"'{output}' has no suffix that names a format; end it in {', '.join(SUFFIXES)}, or give --format"
        )
    found = SUFFIXES[output.suffix.lower()]
    return "latex" if components and found == "article" else found


def _derived(cell: str, quantity: str | None, choices: dict[str, Any]) -> Any:
    """The result from the library."""
    from lstmsym import api

    found = api.cell(cell, choices.pop("notation"), choices.pop("peepholes"))
    if quantity is None:
        return api.derive(found, draws=choices["draws"])
    kept = {name: value for name, value in choices.items() if value is not None}
    if kept["form"] == "expanded":
        _say_count(found, quantity, kept)
    return api.derive(found, quantity, **kept)


def _say_count(cell: Any, quantity: str, choices: dict[str, Any]) -> None:
    """How many paths there are, before they are written out; too many are left to be refused."""
    from lstmsym.derivation.graph import count_paths
    from lstmsym.derivation.lag import PATH_LIMIT
    from lstmsym.derivation.quantity import LAG_LIMIT, read_quantity

    asked = read_quantity(cell, quantity)
    if asked.lag is not None and asked.lag.is_Integer and 0 < asked.lag <= LAG_LIMIT:
        count = count_paths(cell, asked.above, asked.below, int(asked.lag), choices["kind"])
        if count <= choices.get("limit", PATH_LIMIT):
            say(f"{count:,} elementary path{'s' * (count != 1)}")


def _data(found: Any, wanted: Printing) -> dict[str, Any]:
    """The result for JSON; component form is one more key."""
    data: dict[str, Any] = found.as_dict()
    if wanted.components:
        data["components"] = {form: found.components(form) for form in ("latex", "text")}
    return data


def _written(found: Any, wanted: Printing) -> str:
    """The result in the format that was asked for."""
    if wanted.format == "json":
        return dumped(_data(found, wanted))
    if wanted.components:
        return str(found.components(wanted.format, bool(wanted.steps)))
    method = getattr(found, wanted.format)
    if wanted.format == "article" or not hasattr(found, "steps"):
        return str(method())
    steps = {} if wanted.steps is None else {"steps": wanted.steps}
    return str(method(**steps))


def _say_check(found: Any, output: Path | None) -> None:
    """What the witnesses said, on stderr, so that stdout holds the result and nothing else."""
    if output:
        say(f"wrote {output}")
    say(f"{styled('checked', fg='green')}: {_verdict(found)}")


def _verdict(found: Any) -> str:
    if hasattr(found, "checked"):
        return str(found.checked)
    checks = [r.checked for r in found.results]
    worst = max(c.autograd_max_rel_error for c in checks)
    return (
        f"{len(checks)} results, each equal to forward mode modulo 2^61 - 1; largest relative difference to "
        f"autograd {worst:.1e}"
    )
