"""The verdict on a page of formulas: every claim judged, said in green and red."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import click

from lstmsym.cli.choices import dumped
from lstmsym.cli.terminal import say, styled
from lstmsym.cli.writing import checked_target, write_text

COLOURS: dict[str, dict[str, bool | str]] = {
    "right": {"fg": "green"},
    "wrong": {"fg": "red"},
    "weak": {"fg": "yellow"},
    "faint": {"dim": True},
}
SUFFIXES = {".txt": "text", ".md": "markdown", ".json": "json"}


def verify_document(file: Path, options: dict[str, Any]) -> None:
    """Print the answer on a document and leave with its exit code."""
    form = _form(options)
    if options["html"]:
        checked_target(options["html"])
    found = _marked(file, options)
    if options["html"]:
        write_text(options["html"], found.html())
        say(f"wrote {options['html']}")
    if options["output"]:
        write_text(options["output"], _written(found, form))
        say(f"wrote {options['output']}")
    else:
        click.echo(_written(found, form, coloured=True))
    if found.exit_code:
        raise click.exceptions.Exit(found.exit_code)


def _marked(file: Path, options: dict[str, Any]) -> Any:
    """The answer from the library."""
    from lstmsym.verification.marking.renames import read_renames
    from lstmsym.verification.marking.sources import read_document

    renames = read_renames(options["rename"])
    document = read_document(file, options["kind"])

    from lstmsym.verification.marking.marked import verify_document

    return verify_document(document, options["cell"], renames)


def _form(options: dict[str, Any]) -> str:
    """Text, markdown or json, by name or by suffix; the file is looked at before any work."""
    output, asked = options["output"], "json" if options["json"] else options["format"]
    if options["json"] and options["format"]:
        raise click.UsageError("--json and --format are two forms of one answer; give one of them")
    if output is None:
        return asked or "text"
    checked_target(output)
    if not asked and output.suffix.lower() not in SUFFIXES:
        raise click.UsageError(
            f"'{output}' has no suffix that names a format; end it in {', '.join(SUFFIXES)}, or give --format; "
            "a page is written by --html"
        )
    return asked or SUFFIXES[output.suffix.lower()]


def _written(found: Any, form: str, coloured: bool = False) -> str:
    """The answer in a form; colours are for the terminal alone."""
    if form == "json":
        return dumped(found.as_dict())
    if form == "markdown":
        return str(found.markdown()).rstrip("\n")
    if not coloured:
        return str(found)
    return str(found.text(pen, shutil.get_terminal_size((100, 24)).columns))


def pen(words: str, kind: str) -> str:
    """Words as a teacher marks them: right in green, wrong in red."""
    return styled(words, **COLOURS[kind])
