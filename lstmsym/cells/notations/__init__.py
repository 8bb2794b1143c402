"""The notations of papers and libraries: one TOML file a notation, with its source.

A new notation is one new file in this folder; its name is the file's.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from lstmsym.equations.cell import Cell
from lstmsym.equations.notation import Family, Notation, in_notation
from lstmsym.errors import UnknownName, nearest

ABOUT = ("title", "source", "time", "weights", "notes")


@cache
def notations() -> tuple[str, ...]:
    """The names of all notations, sorted."""
    found = (f.name for f in files(__package__).iterdir() if f.name.endswith(".toml"))
    return tuple(sorted(name.removesuffix(".toml") for name in found))


@cache
def notation_named(name: str) -> Notation:
    """The notation of that name. Raises UnknownName with the nearest spelling."""
    if name not in notations():
        raise UnknownName(f"unknown notation '{name}'; {nearest(name, notations())}")
    text = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    said = tomllib.loads(text)
    families = tuple(_family(said, own) for key, own in said.items() if key not in ABOUT)
    return Notation(name, said["title"], said["source"], families, said["time"] == "above")


def written_as(name: str, cell: Cell) -> Cell:
    """The cell in the notation of that name. Raises CellError for a cell that it has no letters for."""
    return in_notation(cell, notation_named(name)).cell


def _family(said: dict[str, Any], own: dict[str, Any]) -> Family:
    return Family(
        signals=own["signals"],
        weights=own["weights"],
        order=tuple(own["order"]),
        needs=frozenset(own["needs"]),
        subscripts=own.get("subscripts", {}),
        joint=said["weights"] == "joint",
        notes=own.get("notes", ""),
    )
