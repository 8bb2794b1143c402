"""lstmsym report: derivations, measurements and figures together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from lstmsym.cli.choices import as_json, dumped, epilog
from lstmsym.cli.peepholes import cells_named, peepholes
from lstmsym.cli.terminal import Bar, say
from lstmsym.cli.writing import MANIFEST, SCHEMA, checked_folder, file_stem, whole_folder

WRITINGS = {".tex": "article", ".md": "markdown", ".txt": "text"}


@dataclass
class Report:
    """What goes into the folder: the whole derivations, the measured sweeps, and the conditions."""

    derivations: list[Any]
    sweeps: list[Any] = field(default_factory=list)
    paths: list[Any] = field(default_factory=list)
    conditions: dict[str, Any] = field(default_factory=dict)


@click.command(
    epilog=epilog("report rnn lstm -o report/ --text README.md", "report gru -o gru --venue icml")
)
@click.argument("cells", nargs=-1, required=True, metavar="CELL...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder to write: a new one, an empty one, or an earlier report, which is renewed.",
)
@click.option(
    "--text",
    type=click.Path(path_type=Path),
    help="A file whose bytes are the inputs, one-hot; the loss is that of the next byte.  [default: noise]",
)
@click.option(
    "--venue",
    default="article",
    show_default=True,
    help="Where the figures are printed: neurips, icml, ieee, beamer, …",
)
@click.option(
    "--steps", type=click.IntRange(min=2), default=100, show_default=True, help="The longest lag."
)
@click.option(
    "--hidden", type=click.IntRange(min=1), default=64, show_default=True, help="Size of a state."
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="Draws for each curve.",
)
@click.option(
    "--seed",
    "rng",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Where the random numbers start; the same seed gives the same bytes.",
)
@peepholes
@as_json
def report(
    cells: tuple[str, ...],
    output: Path,
    text: Path | None,
    venue: str,
    peepholes: tuple[str, ...] | None,
    json: bool,
    **sizes: int,
) -> None:
    """Derive each CELL in full, measure where its gradients vanish and explode, and tie it all together.

    The folder holds the derivations (.tex that compiles, .md, .txt), the figures (PDF, SVG, PNG), the numbers
    behind them (JSON, CSV) and index.md. It is written whole or not at all.
    """
    from lstmsym.cli import page, paths, sweeps
    from lstmsym.plotting.venues import venue_named

    venue_named(venue)
    checked_folder(output)
    found = _cells(cells, peepholes)
    conditions = {**sizes, "text": text}
    with whole_folder(output) as folder, Bar(sweeps.count() + len(found) + 2) as bar:
        derivations = list(_derivations(folder, found, bar))
        measured = list(sweeps.measured(found, conditions, bar))
        bar.stage("paths")
        compared = list(paths.compared(found, conditions))
        bar.stage("figures")
        for sweep in measured:
            sweeps.write(folder, sweep, venue)
        for one in compared:
            paths.write(folder, one, venue)
        written = Report(derivations, measured, compared, conditions)
        (folder / "index.md").write_text(page.index(written), encoding="utf-8")
        summary = _manifest(folder, written)
    click.echo(dumped(summary) if json else str(output / "index.md"))
    say(f"wrote {len(summary['files']) + 1} files to {output}")


def _cells(names: Sequence[str], gates: tuple[str, ...] | None) -> list[Any]:
    """The cells, once each. Raises InputError where two of them would have the same files."""
    from lstmsym.errors import InputError

    found = cells_named(names, gates)
    owners: dict[str, str] = {}
    for name, cell in zip(dict.fromkeys(names), found, strict=True):
        stem = file_stem(cell.name)
        if stem in owners:
            raise InputError(
                f"'{owners[stem]}' and '{name}' are both called {stem}; rename one file"
            )
        owners[stem] = name
    return found


def _derivations(folder: Path, cells: list[Any], bar: Bar) -> Iterator[Any]:
    """Each cell's whole derivation, checked and written in three ways."""
    from lstmsym import api

    for cell in cells:
        bar.stage(f"deriving {cell.name}")
        whole = api.derive(cell)
        for suffix, method in WRITINGS.items():
            text = getattr(whole, method)()
            path = folder / f"{file_stem(cell.name)}{suffix}"
            path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        yield whole


def _manifest(folder: Path, report: Report) -> dict[str, Any]:
    """report.json: what the folder holds and what was checked; a later report replaces these files and no others."""
    from lstmsym import __version__

    summary = {
        "schema": SCHEMA,
        "lstmsym": __version__,
        "cells": [whole.cell.name for whole in report.derivations],
        "checks": [
            {
                "cell": whole.cell.name,
                "results": len(whole.results),
                "exact_mod_p": all(r.checked.exact_mod_p for r in whole.results),
                "autograd_max_rel_error": max(
                    r.checked.autograd_max_rel_error for r in whole.results
                ),
            }
            for whole in report.derivations
        ],
        "files": sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file()),
    }
    (folder / MANIFEST).write_text(dumped(summary) + "\n", encoding="utf-8")
    return summary
