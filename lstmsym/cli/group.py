"""The commands by name, each with its line of help and the module that it is loaded from."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from lstmsym import __version__
from lstmsym.cli.failing import one_line

# fmt: off
COMMANDS = {
    "cells":  "The catalogue of cells.",
    "show":   "Equations, shapes, states and source of a cell.",
    "derive": "Derive a quantity of a cell, or everything that follows from it.",
    "flow":   "Measure how far gradients reach back in time.",
    "verify": "Check formulas about gradients, or a hand-written backward pass.",
    "report": "Derivations, measurements and figures together, in one folder.",
    "doctor": "What is installed, what could be, and a short self check.",
}
# fmt: on


class Commands(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return getattr(import_module(f"lstmsym.cli.{name}"), name) if name in COMMANDS else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command; an unknown one is refused with the nearest name."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from lstmsym.errors import nearest

            ctx.fail(f"no command '{args[0]}'; {nearest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table above, without loading a single command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with one_line():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with one_line():
            return super().invoke(ctx)


EPILOG = """\b
Examples:
  lstmsym show lstm
  lstmsym derive lstm 'dC[t]/dC[t-k]' --steps
  lstmsym flow rnn lstm gru --steps 100 -o flow.pdf

CELL is a name of the catalogue or the path of a .cell file. Exit codes: 0 fine, 1 a check failed, 2 bad input,
3 an optional tool is missing, 130 interrupted."""

SETTINGS: Mapping[str, Any] = {
    "help_option_names": ["-h", "--help"],
    "max_content_width": 100,
}


@click.group(
    cls=Commands, invoke_without_command=True, context_settings={**SETTINGS}, epilog=EPILOG
)
@click.version_option(__version__, prog_name="lstmsym", help="Show the version and leave.")
@click.pass_context
def lstmsym(ctx: click.Context) -> None:
    """Gradient flow in recurrent cells: derived, typeset, measured and checked.

    A cell is a list of equations. From them lstmsym derives the Jacobians over time and backpropagation through
    time, and measures both; every result comes with the check that it passed.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
