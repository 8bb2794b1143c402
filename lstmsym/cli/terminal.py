"""What a terminal shows: tables, sparklines, marks and a progress bar. Results go to stdout, the rest to stderr."""

from __future__ import annotations

import math
import os
import shutil
import sys
import unicodedata
from collections.abc import Sequence

import click

BARS = "▁▂▃▄▅▆▇█"


def styled(text: str, **style: bool | str) -> str:
    """Click drops the codes where stdout is no terminal; NO_COLOR drops them everywhere."""
    return text if os.environ.get("NO_COLOR") else click.style(text, **style)  # type: ignore[arg-type]


def bold(text: str) -> str:
    """The text in bold, where the terminal shows it."""
    return styled(text, bold=True)


def width(text: str) -> int:
    """Columns on the terminal: combining marks take none."""
    plain = click.unstyle(text)
    return sum(not unicodedata.combining(letter) for letter in plain)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Columns under a bold head; those in `right` are set flush right."""
    widths = [max(width(row[i]) for row in (head, *rows)) for i in range(len(head))]

    def line(row: Sequence[str]) -> str:
        cells = (_set(text, widths[i], i in right) for i, text in enumerate(row))
        return "  ".join(cells).rstrip()

    return "\n".join([bold(line(head)), *(line(row) for row in rows)])


def _set(text: str, columns: int, right: bool) -> str:
    room = " " * (columns - width(text))
    return room + text if right else text + room


def sparkline(values: Sequence[float], low: float, high: float, columns: int = 24) -> str:
    """Values as a row of small bars between low and high; a blank where a value is not finite."""
    chosen = [values[i * (len(values) - 1) // max(1, columns - 1)] for i in range(columns)]
    return "".join(_bar(v, low, high) for v in (chosen if len(values) > columns else values))


def _bar(value: float, low: float, high: float) -> str:
    if not math.isfinite(value):
        return " "
    share = (value - low) / (high - low) if high > low else 1.0
    return BARS[round(share * (len(BARS) - 1))]


def exponential(log: float) -> str:
    """e^log as '3.2e-250', also where a float would underflow."""
    if not math.isfinite(log):
        return "0" if log < 0 else "—"
    exponent, rest = divmod(log / math.log(10), 1.0)
    mantissa = f"{10**rest:.1f}"
    return f"1.0e{exponent + 1:+03.0f}" if mantissa == "10.0" else f"{mantissa}e{exponent:+03.0f}"


def say(message: str) -> None:
    """A line on stderr."""
    click.echo(message, err=True)


class Bar:
    """A progress bar on stderr over stages, each of which may say how far it is; silent without a terminal."""

    def __init__(self, stages: int) -> None:
        self.stages, self.begun, self.label = stages, 0, ""
        self.shown = sys.stderr.isatty()

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._write("")

    def stage(self, label: str) -> None:
        """The next stage begins."""
        self.begun, self.label = self.begun + 1, label
        self.part(0, 1)

    def part(self, done: int, total: int) -> None:
        """So much of the stage is done."""
        share = (self.begun - 1 + done / max(1, total)) / self.stages
        filled = round(24 * min(1.0, max(0.0, share)))
        self._write(f"{'━' * filled}{'╌' * (24 - filled)} {share:4.0%} {self.label}")

    def _write(self, line: str) -> None:
        if self.shown:
            sys.stderr.write("\r\x1b[K" + line[: shutil.get_terminal_size().columns - 1])
            sys.stderr.flush()
