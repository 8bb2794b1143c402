"""Every command and every option says what it does, and start-up stays small."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from lstmsym import __version__
from lstmsym.cli import choices, lstmsym
from lstmsym.cli.group import COMMANDS

HEAVY = ("sympy", "numpy", "matplotlib", "autograd", "lark", "scipy")


def command(name: str) -> click.Command:
    found = lstmsym.get_command(click.Context(lstmsym), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_an_example(name: str) -> None:
    assert (command(name).help or "").strip().split("\n")[0].endswith((".", ":"))
    assert f"lstmsym {name}" in (command(name).epilog or "")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help(name: str) -> None:
    options = [p for p in command(name).params if isinstance(p, click.Option)]
    assert any(o.name == "json" for o in options)
    assert [o.name for o in options if not (o.help or "").strip()] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_printed(name: str) -> None:
    result = CliRunner().invoke(lstmsym, [name, "--help"])
    assert result.exit_code == 0
    assert all(o in result.output for p in command(name).params for o in p.opts if o[0] == "-")


@pytest.mark.parametrize("args", [[], ["--help"], ["-h"]])
def test_the_group_lists_its_commands(args: list[str]) -> None:
    result = CliRunner().invoke(lstmsym, args)
    assert result.exit_code == 0
    assert all(
        f"  {name}" in result.output and line in result.output for name, line in COMMANDS.items()
    )


def test_version() -> None:
    assert CliRunner().invoke(lstmsym, ["--version"]).output == f"lstmsym, version {__version__}\n"


@pytest.mark.parametrize(
    "args", [["--help"], ["--version"], ["flow", "--help"], ["derive", "--help"]]
)
def test_help_imports_nothing_heavy(args: list[str]) -> None:
    code = (
        "import sys, lstmsym.cli\n"
        "try: lstmsym.cli.main()\n"
        "except SystemExit: pass\n"
        f"print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True)
    assert run.stderr == "[]\n"


def test_choices_are_those_of_the_library() -> None:
    from lstmsym.api import NOTATIONS
    from lstmsym.derivation import forms, quantity
    from lstmsym.flow.norms import NORMS
    from lstmsym.numerics.initialise import PRESETS

    assert choices.KINDS == quantity.KINDS
    assert choices.LAYOUTS == quantity.LAYOUTS
    assert (*forms.FORMS, "double sum") == choices.FORMS
    assert tuple(NOTATIONS) == choices.NOTATIONS
    assert set(choices.NORMS) == set(NORMS)
    assert set(choices.INITS) == set(PRESETS)
