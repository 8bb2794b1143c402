"""lstmsym flow: how far gradients reach back."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from lstmsym.cli import curves
from lstmsym.cli.choices import (
    DTYPES,
    FLOW_KINDS,
    INITS,
    NORMS,
    Word,
    as_json,
    dumped,
    epilog,
)
from lstmsym.cli.peepholes import cells_named, peepholes
from lstmsym.cli.series import csv_of
from lstmsym.cli.sweeps import common_output
from lstmsym.cli.terminal import Bar, say
from lstmsym.cli.writing import checked_target, whole_file, write_text
from lstmsym.errors import Disagreement

FIGURES = (".pdf", ".svg", ".png")
SUFFIXES = (*FIGURES, ".csv", ".json")


class Real(click.ParamType):
    """A finite number."""

    name = "number"

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"'{value}' is not a finite number", param, ctx)
        return number


class ForgetBias(Real):
    """A number, or chrono:100."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        drawn = isinstance(value, str) and value.startswith("chrono")
        return value if drawn else super().convert(value, param, ctx)


@click.command(
    epilog=epilog(
        "flow rnn lstm gru --steps 100 --hidden 64 --seeds 10 -o flow.pdf",
        "flow lstm --quantity 'dC[t]/dC[t-k]' --forget-bias 1",
        "flow lstm --text README.md --json",
    )
)
@click.argument("cells", nargs=-1, required=True, metavar="CELL...")
@click.option(
    "--steps",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="Length of the sequence, and the longest lag.",
)
@click.option(
    "--hidden", type=click.IntRange(min=1), default=64, show_default=True, help="Size of a state."
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many draws of weights and inputs; results are means over them.",
)
@click.option(
    "--seed",
    "rng",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Where the random numbers start; the same seed gives the same bytes.",
)
@click.option(
    "--init",
    type=Word("initialisation", INITS),
    default="pytorch",
    show_default=True,
    help="How weights are drawn.",
)
@click.option(
    "--gain", type=Real(), default=1.0, show_default=True, help="Factor on recurrent weights."
)
@click.option(
    "--forget-bias",
    type=ForgetBias(),
    help="Bias of the forget gate, where a cell has one; chrono:100 draws it for scales up to 100 steps.",
)
@peepholes
@click.option(
    "--quantity",
    help="A derivative over lags, as in 'dC[t]/dC[t-k]', or of a loss, 'dL/dh[t]'.  [default: of the output]",
)
@click.option(
    "--kind",
    type=Word("kind", FLOW_KINDS),
    default="total",
    show_default=True,
    help="total: all that is computed from the older signal moves; block: the other states stay.",
)
@click.option(
    "--norm",
    type=Word("norm", NORMS),
    default="spectral",
    show_default=True,
    help="Of the Jacobian: largest singular value, root of the sum of squares, along one random direction.",
)
@click.option(
    "--text", type=click.Path(path_type=Path), help="A file whose bytes are the inputs, one-hot."
)
@click.option(
    "--input",
    type=click.Path(path_type=Path),
    help="An .npy array of inputs, (steps, size) or (draws, steps, size).",
)
@click.option(
    "--venue",
    default="article",
    show_default=True,
    help="Where the figure is printed: neurips, icml, ieee, beamer, …",
)
@click.option(
    "--dtype",
    type=Word("dtype", DTYPES),
    default="float64",
    show_default=True,
    help="Number type of weights and states.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A figure (.pdf, .svg, .png) or the numbers (.csv, .json) to write.",
)
@as_json
def flow(
    cells: tuple[str, ...], venue: str, output: Path | None, json: bool, **choices: Any
) -> None:
    """Measure how the norm of a gradient changes with the lag, for each CELL.

    Norms are exact: products of derived state Jacobians, in the log domain, with a spot check against autograd.
    Without -o a table is printed: the norm at a few lags, slope in nats per step, half-life, and the curve.
    """
    _look_at(output, venue)
    found = measured(cells, **choices)
    if output:
        _write(found, output, venue)
        say(f"wrote {output}")
    if json:
        click.echo(dumped(found.as_dict()))
    elif not output:
        click.echo(curves.page(found.as_dict()))
    if sentences := curves.apart(found.as_dict()):
        raise Disagreement("; ".join(sentences))


def _look_at(output: Path | None, venue: str) -> None:
    """Refuse a file that cannot be written, and a venue that is not there, before anything is measured."""
    if not output:
        return
    if output.suffix.lower() not in SUFFIXES:
        raise click.UsageError(f"'{output}': end it in {', '.join(SUFFIXES)}")
    checked_target(output)
    if output.suffix.lower() in FIGURES:
        from lstmsym.plotting.venues import venue_named

        venue_named(venue)


def measured(cells: tuple[str, ...], **choices: Any) -> Any:
    """The flow through all cells, with a progress bar."""
    from lstmsym.flow import measure

    found = cells_named(cells, choices.pop("peepholes", None))
    given = {name: value for name, value in choices.items() if value is not None}
    if "quantity" not in given:
        given["quantity"] = "d{0}[T]/d{0}[t]".format(common_output(found))
    with Bar(1) as bar:
        bar.stage("measuring")
        return measure(found, progress=bar.part, **given)


def _write(found: Any, output: Path, venue: str) -> None:
    suffix = output.suffix.lower()
    if suffix in FIGURES:
        from lstmsym.plotting import flow as drawing
        from lstmsym.plotting.save import save

        with whole_file(output) as other:
            save(drawing.figure(found, venue=venue), other)
    else:
        text = csv_of([found.as_dict()]) if suffix == ".csv" else dumped(found.as_dict())
        write_text(output, text)
