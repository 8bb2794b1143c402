"""Tables, curves and numbers on a terminal."""

from __future__ import annotations

import math

import pytest

from lstmsym.cli.choices import dumped
from lstmsym.cli.terminal import Bar, exponential, sparkline, table, width


def test_a_table_is_flush() -> None:
    lines = table(("cell", "n"), [("rnn", "1"), ("C̃", "22")], right=(1,)).split("\n")
    assert [width(line) for line in lines[1:]] == [8, 8]


@pytest.mark.parametrize(
    ("log", "shown"),
    [
        (0.0, "1.0e+00"),
        (math.log(2.5e-3), "2.5e-03"),
        (-2000.0, "2.6e-869"),
        (math.log(9.99), "1.0e+01"),
        (-math.inf, "0"),
        (math.nan, "—"),
    ],
)
def test_exponential(log: float, shown: str) -> None:
    assert exponential(log) == shown


def test_sparkline() -> None:
    assert sparkline([0.0, 1.0, 2.0], 0.0, 2.0) == "▁▅█"
    assert sparkline([0.0, -math.inf], 0.0, 0.0) == "█ "
    assert len(sparkline(list(range(1000)), 0, 999)) == 24


def test_progress_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar(2) as bar:
        bar.stage("one")
        bar.part(1, 2)
    assert capsys.readouterr().err == ""


def test_json_is_strict() -> None:
    assert '"a": null' in dumped({"a": math.nan, "b": [1.0, -math.inf]})
