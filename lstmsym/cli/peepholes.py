"""The option --peepholes f,i: the gates that keep what they read of the cell state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

NONE = "none"


class Gates(click.ParamType):
    """Names with commas between them; `none` for no gate at all."""

    name = "gates"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        names = tuple(filter(None, (part.strip() for part in str(value).split(","))))
        if not names:
            self.fail(
                f"name gates with commas between them, as in f,i, or write {NONE}", param, ctx
            )
        return () if names == (NONE,) else names


peepholes = click.option(
    "--peepholes",
    type=Gates(),
    help="The gates that keep their peephole, as in f,i, or none.  [default: all that have one]",
)


def cells_named(names: Sequence[str], gates: tuple[str, ...] | None) -> list[Any]:
    """The cells, once each; the gates are chosen in those that have peepholes.

    Raises CellError where no cell has any, UnknownName for a gate that has none.
    """
    from lstmsym import api
    from lstmsym.equations.peepholes import peephole_gates

    found = [api.cell(name) for name in dict.fromkeys(names)]
    if gates is None:
        return found
    having = [cell for cell in found if peephole_gates(cell)] or found
    return [api.cell(cell, peepholes=gates) if cell in having else cell for cell in found]
