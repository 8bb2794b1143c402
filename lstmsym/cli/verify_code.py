"""The verdict on a Python file: run it, compare, say it in green and red."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from lstmsym.cli.choices import dumped
from lstmsym.cli.terminal import say, styled
from lstmsym.cli.writing import checked_target, write_text
from lstmsym.errors import InputError

COLOURS = {"right": "green", "wrong": "red", "weak": "yellow"}


def verify_code(file: Path, options: dict[str, Any]) -> None:
    """Print the report of a file and leave with 1 if a gradient is wrong."""
    from lstmsym.verification.handwritten.file_check import check_file
    from lstmsym.verification.handwritten.names import read_names, read_sequence
    from lstmsym.verification.handwritten.running_file import existing

    existing(file)
    if options["html"]:
        checked_target(options["html"])
    names = read_names(options["names"]) if options["names"] else None
    sequence = read_sequence(options["sequence"]) if options["sequence"] else None
    say(f"running {file}: give it only files that you would run yourself")
    with limited(file, options["seconds"]):
        found = check_file(
            file, options["forward"], options["backward"], options["at"],
            cell=options["cell"], names=names, sequence=sequence, rng=options["seed"],
        )  # fmt: skip
    if options["html"]:
        write_text(options["html"], found.html())
    click.echo(dumped(found.as_dict()) if options["json"] else found.text(pen))
    if found.exit_code:
        raise click.exceptions.Exit(found.exit_code)


def pen(words: str, kind: str) -> str:
    """Words as a teacher marks them: right in green, wrong in red."""
    return styled(words, fg=COLOURS[kind])


@contextmanager
def limited(file: Path, seconds: float) -> Iterator[None]:
    """Stop what runs longer, where the system has an alarm clock. Raises InputError then."""
    alarm = getattr(signal, "SIGALRM", None)
    if alarm is None or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise InputError(
            f"{file} was still running after {seconds:g} seconds and was stopped; give smaller arrays or more --seconds"
        )

    before = signal.signal(alarm, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(alarm, before)
