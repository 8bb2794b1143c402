"""Where a formula may be broken: characters of the private use area, left in it by the writers.

The lower the character, the better the place: before + outside brackets, then between factors outside
brackets, then before + one bracket deep, and so on. `flat` takes them out.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

FIRST, DEEPEST = 0xE000, 0xE07F
BEFORE_SUMMAND, BEFORE_FACTOR = chr(FIRST), chr(FIRST + 1)

INDENT = 4

_PLACES = f"[{chr(FIRST)}-{chr(DEEPEST)}]"
_DEEPER = {c: min(c + 2, DEEPEST - 1 + c % 2) for c in range(FIRST, DEEPEST + 1)}

Cut = list[tuple[int, float]]


def deeper(written: str) -> str:
    """The same inside a pair of brackets."""
    return written.translate(_DEEPER)


def flat(written: str) -> str:
    """The same without places to break."""
    return re.sub(_PLACES, "", written)


def pieces(written: str) -> list[tuple[int, str]]:
    """The formula cut at every place: (badness of the place before it, piece)."""
    first, *rest = re.split(f"({_PLACES})", written)
    return [(0, first), *((ord(a) - FIRST, b) for a, b in zip(rest[::2], rest[1::2], strict=True))]


def row_starts(cut: Cut, limit: float, indent: float = 0) -> list[int]:
    """The numbers of the pieces that begin a row, so that no row is wider than `limit` if possible.

    cut     (badness, width) of each piece
    indent  what the rows after the first lose, twice that where the place is not the best

    >>> row_starts([(0, 5), (0, 5), (1, 5), (0, 5)], 12)
    [0, 1, 3]
    """
    filling = _Filling(cut, limit, indent)
    filling.place(0, len(cut))
    return filling.starts


def indent_of(badness: int, indent: float) -> float:
    """How far a row is indented that begins at a place of this badness."""
    return indent if badness == 0 else 2 * indent


class Row(NamedTuple):
    """One row of a broken formula: the badness of the place where it begins, and its width, indented."""

    badness: int
    written: str
    width: float


def broken(written: str, widths: list[float], limit: float) -> list[Row]:
    """A formula in rows of at most `limit` where it can be broken so; `widths` are those of its pieces."""
    cut = pieces(written)
    starts = row_starts([(b, w) for (b, _), w in zip(cut, widths, strict=True)], limit, INDENT)
    rows = []
    for first, last in pairwise([*starts, len(cut)]):
        badness = cut[first][0]
        indent = indent_of(badness, INDENT) if first else 0
        joined = "".join(piece for _, piece in cut[first:last])
        rows.append(Row(badness, joined, indent + sum(widths[first:last])))
    return rows


class _Filling:
    """Rows being filled; `room` is what the current one has left."""

    def __init__(self, cut: Cut, limit: float, indent: float) -> None:
        self.cut, self.limit, self.indent = cut, limit, indent
        self.room, self.starts = limit, [0]

    def place(self, first: int, last: int) -> None:
        """Place the pieces first … last-1, broken at their best places only, deeper where too wide."""
        width = self.width(first, last)
        if width <= self.room or last - first == 1:
            self.room -= width
            return
        best = min(badness for badness, _ in self.cut[first + 1 : last])
        inner = [n for n in range(first + 1, last) if self.cut[n][0] == best]
        for a, b in pairwise([first, *inner, last]):
            if a != first and self.width(a, b) > self.room:
                self.starts.append(a)
                self.room = self.limit - indent_of(self.cut[a][0], self.indent)
            self.place(a, b)

    def width(self, first: int, last: int) -> float:
        return sum(width for _, width in self.cut[first:last])
