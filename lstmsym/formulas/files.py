"""Cells in files and on standard input: LaTeX, Markdown, or the project's own cell text."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from lstmsym.equations.cell import Cell
from lstmsym.equations.reader import read_cell
from lstmsym.equations.syntax import LIMITS
from lstmsym.errors import CellError, InputError

STANDARD_INPUT = "-"

_OWN = re.compile(r"^\s*[^\W\d]\w*\[[tl]\]\s*=", re.MULTILINE)
_FOREIGN = re.compile(r"\\[a-zA-Z]|\$|[_^]\{|[ₜᵗ]")


def is_latex(text: str) -> bool:
    """Whether a text is written in LaTeX rather than as a cell text."""
    code = "\n".join(row.partition("#")[0] for row in text.splitlines())
    return bool(_FOREIGN.search(code)) or not _OWN.search(code)


def read_any_cell(text: str, name: str, *, latex: bool | None = None) -> Cell:
    """The cell of a text in either language. Raises CellError."""
    from lstmsym.formulas.cells import parse_latex_cell

    latex = is_latex(text) if latex is None else latex
    return parse_latex_cell(text, name) if latex else read_cell(text, name)


def read_latex_cell_file(path: str | Path) -> Cell:
    """The cell in a .tex, .md or .txt file. Raises InputError or CellError."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(4 * LIMITS["characters"] + 1)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; expected the equations") from None
    return _read(data, str(path), path.stem, latex=True if path.suffix == ".tex" else None)


def read_standard_input() -> Cell:
    """The cell that is piped in, in either language. Raises CellError."""
    data = sys.stdin.buffer.read(4 * LIMITS["characters"] + 1)
    return _read(data, "standard input", "cell", latex=None)


def _read(data: bytes, where: str, name: str, *, latex: bool | None) -> Cell:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CellError(f"{where}: this is not UTF-8 text") from None
    if not text.strip():
        raise CellError(
            f"{where}: nothing stands there; a cell has at least one equation, like "
            "h_t = \\tanh(W h_{t-1} + U x_t)"
        )
    try:
        return read_any_cell(text, name, latex=latex)
    except CellError as error:
        raise error.in_file(where) from None
