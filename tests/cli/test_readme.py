"""What the README shows is what one gets."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from lstmsym.cli import lstmsym

README = Path(__file__).parents[2] / "README.md"
BLOCKS = re.findall(
    r"```console\n\$ lstmsym (.*?)\n(.*?)```", README.read_text(encoding="utf-8"), re.S
)
MEASURED = re.compile(r"-?\d\.\d+e[+-]\d+|[+-]?\d+\.\d+|[▁-█]+")


def settled(text: str) -> str:
    """The text without measured numbers, whose last digits are the machine's."""
    return MEASURED.sub("#", text).rstrip()


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[c.split()[0] for c, _ in BLOCKS])
def test_console(command: str, shown: str) -> None:
    result = CliRunner().invoke(lstmsym, shlex.split(command))
    assert result.exit_code == 0
    assert settled(result.output) == settled(shown)


def test_python() -> None:
    python = "\n".join(re.findall(r"```pycon\n(.*?)```", README.read_text(encoding="utf-8"), re.S))
    test = doctest.DocTestParser().get_doctest(python, {}, "README.md", str(README), 0)
    runner = doctest.DocTestRunner()
    assert test.examples and runner.run(test).failed == 0


def test_links_lead_somewhere() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", README.read_text(encoding="utf-8"))
    assert [link for link in linked if not (README.parent / link).exists()] == []


def test_the_first_two_commands() -> None:
    first = [
        line.strip()
        for line in README.read_text(encoding="utf-8").split("\n")
        if line[:4] == "    "
    ]
    assert first[:2] == ["make report", "make test"]
