"""One colour and one line style for each cell, in every figure.

Colours are Petroff's (2021), told apart by colour-blind readers: six, and his eight where a figure
has more curves (in the order of the six's hues). Every slot has a dash of its own, so that the
figure can be read in grey too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from matplotlib import color_sequences, colormaps

Colour = tuple[float, float, float]
Dash = tuple[int, tuple[float, ...]]

FEW: tuple[Any, ...] = tuple(color_sequences["petroff6"])
MANY: tuple[Any, ...] = tuple(color_sequences["petroff8"][i] for i in (0, 1, 2, 3, 7, 6, 4, 5))
DASHES: tuple[Dash, ...] = (
    (0, ()),
    (0, (4, 1.5)),
    (0, (5, 1.5, 1, 1.5)),
    (0, (1, 1.2)),
    (0, (8, 2)),
    (0, (3, 1.2, 1, 1.2, 1, 1.2)),
    (0, (2, 2)),
    (0, (8, 1.5, 2, 1.5, 2, 1.5)),
)

RULE = "0.4"  # thin lines at a value that matters

# name of the cell       slot
SLOTS = {
    "lstm":                     0,
    "gru":                      1,
    "rnn":                      2,
    "lstm_peephole":            3,
    "lstm_coupled":             4,
    "gru_after":                5,
    "gru_keep":                 6,
    "lstm_peephole_diagonal":   6,
    "gru_after_keep":           7,
    "irnn":                     3,
    "mgu":                      5,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """How a curve is drawn."""

    colour: Colour
    dash: Dash

    def as_rc(self) -> dict[str, Any]:
        """Keyword arguments of Axes.plot."""
        return {"color": self.colour, "linestyle": self.dash}


KINDS = {
    "total": Line((0.15, 0.15, 0.15), DASHES[0]),
    "block": Line(FEW[0], DASHES[4]),
    "step": Line(FEW[1], DASHES[1]),
    "direct": Line(FEW[5], DASHES[3]),
}


def lines(names: Iterable[str]) -> dict[str, Line]:
    """A line for each name: its own slot where the table has one that is free, else the next free.

    >>> lines(["rnn", "lstm"])["lstm"] == lines(["mine", "gru", "lstm"])["lstm"]
    True
    """
    names = list(dict.fromkeys(names))
    colours = FEW if len(names) <= len(FEW) else MANY
    slots: dict[str, int] = {}
    for name in [n for n in SLOTS if n in names] + [n for n in names if n not in SLOTS]:
        wanted = SLOTS.get(name, 0)
        free = [i for i in range(len(names) + len(colours)) if i not in slots.values()]
        slots[name] = wanted if wanted in free and wanted < len(colours) else free[0]
    return {name: _line(slots[name], colours) for name in names}


def _line(slot: int, colours: tuple[Colour, ...]) -> Line:
    """Slots beyond the colours begin again, with the dashes moved on by one a round."""
    turn = slot // len(colours)
    return Line(colours[slot % len(colours)], DASHES[(slot + turn) % len(DASHES)])


def ramp(count: int) -> tuple[Line, ...]:
    """Lines for a quantity that grows: from light to dark, so in grey too, each with its dash."""
    shades = [0.85 * (1 - i / max(1, count - 1)) for i in range(count)]
    colours = [colormaps["viridis"](shade)[:3] for shade in shades]
    return tuple(Line(c, DASHES[i % len(DASHES)]) for i, c in enumerate(colours))


def luminance(colour: Colour) -> float:
    """How light a colour is in grey, 0 … 1 (Rec. 709, linear light)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
