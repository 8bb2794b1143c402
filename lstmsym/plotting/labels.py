"""Names beside the ends of curves, spread apart; a legend where there are more than six.

Also the line under a figure that states how its numbers came about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text

from lstmsym.plotting.palette import Line

Array = Any
MOST = 6
LONGEST = 22
BESIDE, EDGE = 0.05, 0.9  # in widths of the axes
END = "end of a curve"
GREY = "0.35"


@dataclass(frozen=True)
class Named:
    """A curve to be named: x and y (K,) as drawn, NaN where nothing is."""

    name: str
    x: Array
    y: Array
    line: Line


def name_curves(ax: Axes, curves: Sequence[Named]) -> None:
    """Name every curve, at its end or in a legend; `settle` then moves names apart."""
    if len(curves) > MOST:
        _legend(ax, curves)
        return
    for curve in curves:
        drawn = np.flatnonzero(np.isfinite(curve.y))
        if len(drawn):
            _end(ax, curve, curve.x[drawn[-1]], curve.y[drawn[-1]])


def _end(ax: Axes, curve: Named, x: float, y: float) -> None:
    ink = tuple(0.6 * c for c in curve.line.colour)
    lead = {"arrowstyle": "-", "color": curve.line.colour, "linewidth": 0.7, "relpos": (0, 0.5),
            "shrinkA": 1, "shrinkB": 0}  # fmt: skip
    note = ax.annotate(short(curve.name), (x, y), (1 + BESIDE, 0.5), textcoords="axes fraction",
                       color=ink, va="center", annotation_clip=False, arrowprops=lead)  # fmt: skip
    note.set_gid(END)


def short(name: str) -> str:
    """A name that leaves room for its curve; formulas are left whole."""
    return name if len(name) <= LONGEST or "$" in name else f"{name[: LONGEST - 1]}…"


def _legend(ax: Axes, curves: Sequence[Named]) -> None:
    handles = [Line2D([], [], label=short(c.name), **c.line.as_rc()) for c in curves]
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), handlelength=3)


def settle(figure: Figure) -> None:
    """The last thing done to a figure: lay it out, move names apart, and keep the layout.

    Without the last, every save would lay it out anew and a little differently.
    """
    figure.draw_without_rendering()
    for ax in figure.axes:
        _move_apart(ax)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def _move_apart(ax: Axes) -> None:
    """Names right of their curves' ends; those at the edge of the axes are spread along it."""
    notes = [n for n in ax.texts if isinstance(n, Annotation) and n.get_gid() == END]
    ends = ax.transAxes.inverted().transform(
        ax.transData.transform([n.xy for n in notes] or [(0, 0)])
    )
    for note, (across, up) in zip(notes, ends, strict=False):
        note.xyann = (across + BESIDE, up)
    edge = sorted((up, i) for i, (across, up) in enumerate(ends[: len(notes)]) if across > EDGE)
    boxes = [Text.get_window_extent(notes[i]) for _, i in edge]  # without leaders
    heights = spread([up for up, _ in edge], [box.height / ax.bbox.height for box in boxes])
    for (_, i), height in zip(edge, heights, strict=True):
        notes[i].xyann = (1 + BESIDE, height)


def spread(wanted: Sequence[float], tall: Sequence[float]) -> list[float]:
    """Middles nearest to those wanted (ascending) of boxes that do not overlap and stay in 0 … 1.

    With the boxes below taken off, this is isotonic regression: neighbours in the wrong order are
    pooled at their mean.

    >>> spread([0.5, 0.5, 0.9], [0.1, 0.1, 0.1])
    [0.45, 0.55, 0.9]
    """
    below = np.cumsum([0, *tall]) + np.array([*tall, 0]) / 2
    pools: list[tuple[float, int]] = []
    for mean, count in ((w - b, 1) for w, b in zip(wanted, below, strict=False)):
        while pools and pools[-1][0] > mean:
            under, more = pools.pop()
            mean, count = (mean * count + under * more) / (count + more), count + more
        pools.append((mean, count))
    rising = np.repeat([mean for mean, _ in pools], [count for _, count in pools])
    middles = np.clip(rising, 0, max(0.0, 1 - sum(tall))) + below[:-1]
    return [round(float(m), 9) for m in middles]


def caption(figure: Figure, parts: Sequence[str]) -> Text:
    """The conditions under a figure, in small letters, broken into lines between its parts."""
    size = max(6.0, float(figure.axes[0].xaxis.label.get_fontsize()) - 2)
    text = figure.supxlabel("", x=0.01, ha="left", fontsize=size, color=GREY, linespacing=1.15)
    room = 0.98 * figure.bbox.width
    lines: list[str] = []
    for part in parts:
        text.set_text(f"{lines[-1]} · {part}" if lines else part)
        if lines and text.get_window_extent().width <= room:
            lines[-1] = text.get_text()
        else:
            lines.append(part)
    text.set_text("\n".join(lines))
    return text
