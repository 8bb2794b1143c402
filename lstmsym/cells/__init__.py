"""The catalogue: one .cell text a cell, with its source.

A new cell is one new file in this folder; its name is the file's.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from os.path import isfile
from pathlib import Path

from lstmsym.cells.wrapped import build, is_call, read_call
from lstmsym.equations.cell import Cell
from lstmsym.equations.reader import read_cell, read_cell_file
from lstmsym.errors import UnknownName, nearest
from lstmsym.formulas.files import STANDARD_INPUT, read_latex_cell_file, read_standard_input

LATEX_ENDINGS = (".tex", ".md", ".txt")
PATH_ENDINGS = (".cell", *LATEX_ENDINGS)


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
            f"no cell '{name[:60]}' in the catalogue; {nearest(name, catalogue())}; or give a path to a .cell file"
        )
    return read_cell(files(__package__).joinpath(f"{name}.cell").read_text(encoding="utf-8"), name)


def find_cell(given: str | Path | Cell) -> Cell:
    """The cell of that name, or in the file at that path, or stack(lstm, 3); a Cell is returned as it is.

    A file holds a cell text or LaTeX, and so does standard input, "-". Raises UnknownName with the nearest
    spelling, CellError for a text that says no cell, InputError for a file that cannot be read.
    """
    if isinstance(given, Cell):
        return given
    name = str(given)
    if name == STANDARD_INPUT:
        return read_standard_input()
    if is_call(name) and not isfile(name):
        return build(read_call(name), find_cell)
    a_path = "/" in name or "\\" in name or Path(name).suffix in PATH_ENDINGS
    if not a_path and (name in catalogue() or not isfile(name)):
        return from_catalogue(name)
    read = read_latex_cell_file if Path(name).suffix in LATEX_ENDINGS else read_cell_file
    return read(name)
