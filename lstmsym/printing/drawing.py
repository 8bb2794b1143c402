"""Block matrices for the terminal: a code inside a line, and the drawing of it over several lines.

J_t = ⎡∂h_t/∂h_{t-1}  ∂h_t/∂C_{t-1}⎤
      ⎣∂C_t/∂h_{t-1}  ∂C_t/∂C_{t-1}⎦
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

OPEN, CELL, ROW, CLOSE, LINE = "\ue100", "\ue101", "\ue102", "\ue103", "\ue104"
LEFT = {"one": "[", "top": "⎡", "middle": "⎢", "bottom": "⎣"}
RIGHT = {"one": "]", "top": "⎤", "middle": "⎥", "bottom": "⎦"}


def grid_code(rows: list[list[str]]) -> str:
    """The rows of a matrix as a code that can stand in a line."""
    return OPEN + ROW.join(CELL.join(row) for row in rows) + CLOSE


def inline(written: str) -> str:
    """The matrices of a line within the line: [A  B; C  D]."""
    table = {OPEN: "[", CLOSE: "]", ROW: "; ", CELL: "  ", LINE: ""}
    return written.translate({ord(a): b for a, b in table.items()})


def width(written: str) -> int:
    """Columns that a line takes in the terminal; a combining accent takes none.

    >>> width("C\\u0303_t")
    3
    """
    plain = written if OPEN not in written else draw(written).lines[0]
    return sum(not unicodedata.combining(a) for a in plain)


@dataclass(frozen=True)
class Box:
    """Lines of equal width, and which of them stands level with its neighbours."""

    lines: tuple[str, ...]
    level: int = 0

    @property
    def width(self) -> int:
        return width(self.lines[0])

    def beside(self, other: Box) -> Box:
        """Two boxes side by side."""
        above = max(self.level, other.level)
        below = max(len(a.lines) - a.level for a in (self, other))
        left, right = (a._grown(above, below) for a in (self, other))
        return Box(tuple(a + b for a, b in zip(left, right, strict=True)), above)

    def _grown(self, above: int, below: int) -> list[str]:
        blank = " " * self.width
        missing = below - (len(self.lines) - self.level)
        return [blank] * (above - self.level) + list(self.lines) + [blank] * missing


def draw(written: str) -> Box:
    """A line with its matrices drawn."""
    return _sequence(re.split(f"([{OPEN}{CELL}{ROW}{CLOSE}{LINE}])", written))


def _sequence(tokens: list[str]) -> Box:
    """Boxes side by side, up to the end of the line or cell; the tokens are used up."""
    box = Box(("",))
    while tokens and tokens[0] not in (CELL, ROW, CLOSE, LINE):
        token = tokens.pop(0)
        box = box.beside(_matrix(tokens) if token == OPEN else Box((token,)))
    return box


def _cell(tokens: list[str]) -> Box:
    """The lines of a cell, one below the other."""
    boxes = [_sequence(tokens)]
    while tokens[0] == LINE:
        tokens.pop(0)
        boxes.append(_sequence(tokens))
    wide = max(box.width for box in boxes)
    return Box(tuple(a + " " * (wide - box.width) for box in boxes for a in box.lines))


def _matrix(tokens: list[str]) -> Box:
    rows: list[list[Box]] = [[]]
    while True:
        rows[-1].append(_cell(tokens))
        end = tokens.pop(0)
        if end == CLOSE:
            return _bracketed(rows)
        if end == ROW:
            rows.append([])


def _bracketed(rows: list[list[Box]]) -> Box:
    """The cells in columns, each in the middle of its column, with brackets around all."""
    widths = [max(cell.width for cell in column) for column in zip(*rows, strict=True)]
    spaced = any(len(cell.lines) > 1 for row in rows for cell in row)
    lines: list[str] = []
    for row in rows:
        box = Box(("",))
        for n, (cell, wide) in enumerate(zip(row, widths, strict=True)):
            left = (wide - cell.width) // 2
            padding = (" " * (left + 2 * (n > 0)), " " * (wide - cell.width - left))
            box = box.beside(Box((padding[0],))).beside(cell).beside(Box((padding[1],)))
        lines += [" " * box.width] if lines and spaced else []
        lines += box.lines
    sides = [_side(n, len(lines)) for n in range(len(lines))]
    drawn = tuple(LEFT[s] + a + RIGHT[s] for s, a in zip(sides, lines, strict=True))
    return Box(drawn, (len(lines) - 1) // 2)


def _side(line: int, count: int) -> str:
    if count == 1:
        return "one"
    return "top" if line == 0 else "bottom" if line == count - 1 else "middle"
