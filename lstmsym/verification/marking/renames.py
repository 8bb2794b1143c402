r"""The document's symbols in the cell's names, as they are written on a command line: \Gamma_u=i,c=C."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lstmsym.equations.cell import Cell
from lstmsym.errors import InputError, UnknownName, nearest
from lstmsym.verification.claims.glossary import glossary

_COMMA = re.compile(r",(?![^{]*\})")


def read_renames(texts: Iterable[str]) -> dict[str, str]:
    r"""Written symbol → name in the cell, from texts with one or more of them. Raises InputError.

    >>> read_renames([r"\Gamma_u=i,W_{x,f}=U_f", "c=C"])
    {'\\Gamma_u': 'i', 'W_{x,f}': 'U_f', 'c': 'C'}
    """
    found: dict[str, str] = {}
    for text in texts:
        for part in _COMMA.split(text):
            symbol, equals, name = (a.strip() for a in part.partition("="))
            if not (symbol and equals and name) or "=" in name:
                raise InputError(
                    rf"'{part.strip()}' in '{text}' is no rename; write symbol=name, as in \Gamma_u=i,c=C"
                )
            if found.get(symbol, name) != name:
                raise InputError(f"'{symbol}' is renamed twice: to {found[symbol]} and to {name}")
            found[symbol] = name
    return found


def check_names(cell: Cell, names: Iterable[str]) -> None:
    """Raises UnknownName for a name that no signal, weight or part of a weight of the cell has."""
    for name in names:
        if not glossary(cell, {("", (), ""): name}).stated:
            known = nearest(name, (*cell.signals, *cell.parameters))
            raise UnknownName(
                f"a rename says '{name}', which the cell {cell.name} does not have; {known}"
            )
