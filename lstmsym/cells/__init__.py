"""The catalogue: one .cell text a cell, with its source.

A new cell is one new file in this folder; its name is the file's.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from lstmsym.equations.cell import Cell
from lstmsym.equations.reader import read_cell
from lstmsym.errors import UnknownName, nearest


@cache
def catalogue() -> tuple[str, ...]:
    """The names of all cells, sorted."""
    return tuple(
        sorted(
            f.name.removesuffix(".cell")
            for f in files(__package__).iterdir()
            if f.name.endswith(".cell")
        )
    )


@cache
def from_catalogue(name: str) -> Cell:
    """The cell of that name. Raises UnknownName with the nearest spelling."""
    if name not in catalogue():
        raise UnknownName(
            f"no cell '{name}' in the catalogue; {nearest(name, catalogue())}; or give a path to a .cell file"
        )
    return read_cell(files(__package__).joinpath(f"{name}.cell").read_text(encoding="utf-8"), name)
