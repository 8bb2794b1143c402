"""What a tutorial shows is what one gets; LSTMSYM_UPDATE_GOLDEN=1 writes the output into the page anew."""

from __future__ import annotations

import doctest
import os
import re
import shlex
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lstmsym.cli import lstmsym

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tutorial_formulas.md"
BLOCK = re.compile(r"```console\n\$ lstmsym (.*)\n((?:.*\n)*?)```")


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")


@cache
def run(command: str) -> Result:
    return CliRunner().invoke(lstmsym, shlex.split(command))


def test_console() -> None:
    text = PAGE.read_text(encoding="utf-8")
    real = BLOCK.sub(lambda m: f"```console\n$ lstmsym {m[1]}\n{run(m[1]).stdout}```", text)
    if os.environ.get("LSTMSYM_UPDATE_GOLDEN"):
        PAGE.write_text(real, encoding="utf-8")
    assert len(BLOCK.findall(text)) == 2 and text == real


def test_python() -> None:
    python = "\n".join(re.findall(r"```pycon\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S))
    test = doctest.DocTestParser().get_doctest(python, {}, PAGE.name, str(PAGE), 0)
    runner = doctest.DocTestRunner()
    assert test.examples and runner.run(test).failed == 0


@pytest.mark.parametrize(("name", "code"), [("student", 1), ("student_corrected", 0)])
def test_exit_codes(name: str, code: int) -> None:
    assert run(f"verify docs/examples/{name}.tex").exit_code == code


def test_five_lines_were_corrected() -> None:
    before, after = (
        (ROOT / f"docs/examples/{name}.tex").read_text().replace("\n    +", " +").split("\n")
        for name in ("student", "student_corrected")
    )
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 5


def test_the_lines_that_are_spoken_of_are_the_wrong_ones() -> None:
    said = re.findall(r"\*\*Line (\d+):", PAGE.read_text(encoding="utf-8"))
    assert said == re.findall(r"(?m)^✗\s+(\d+)", run("verify docs/examples/student.tex").stdout)
