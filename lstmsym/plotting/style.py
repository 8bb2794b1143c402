"""Styles: functions that return rc parameters, to be joined with | and used within a context.

    with context(style("icml", height=0.62)):
        figure = canvas()

Letters are STIX with matplotlib's own mathtext, so no TeX is needed; the size of a figure is the
size of its file, to the point, since nothing is cut to a tight box.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import matplotlib.style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lstmsym.plotting.venues import venue_named

Style = dict[str, Any]
GOLDEN = 0.618
HIGHEST = 7.5  # inches that a page has room for


def size(venue: str, height: float = GOLDEN) -> Style:
    """The venue's width; the height as a part of it, up to a limit."""
    width = venue_named(venue).width
    return {"figure.figsize": (width, min(height * width, HIGHEST))}


def letters(venue: str) -> Style:
    """Sizes of text, and STIX for words and formulas; a talk's letters have no serifs."""
    found = venue_named(venue)
    small = found.letters - 1.5
    return {
        "font.size": found.letters,
        "axes.labelsize": found.letters,
        "axes.titlesize": found.letters,
        "legend.fontsize": small,
        "xtick.labelsize": small,
        "ytick.labelsize": small,
        "figure.titlesize": found.letters,
        "font.family": ["STIXGeneral"] if found.serif else ["DejaVu Sans"],
        "mathtext.fontset": "stix" if found.serif else "stixsans",
        "text.usetex": False,
    }


def ink() -> Style:
    """Lines and axes: thin, open to the right, for labels at the ends of curves."""
    return {
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "axes.linewidth": 0.6,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "grid.color": "0.9",
        "grid.linewidth": 0.5,
        "legend.frameon": False,
        "lines.linewidth": 1.4,
        "lines.dash_capstyle": "butt",
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
    }


def layout() -> Style:
    """Room for everything inside the stated size."""
    return {
        "figure.constrained_layout.use": True,
        "figure.constrained_layout.h_pad": 0.03,
        "figure.constrained_layout.w_pad": 0.03,
        "savefig.bbox": "standard",
    }


def files() -> Style:
    """What a publisher and a repository ask: whole fonts, and the same bytes twice."""
    return {
        "pdf.fonttype": 42,
        "ps.fonttype": 42,
        "svg.fonttype": "path",
        "svg.hashsalt": "lstmsym",
        "savefig.dpi": 300,
        "savefig.facecolor": "white",
        "figure.facecolor": "white",
        "axes.unicode_minus": True,
    }


def style(venue: str, height: float = GOLDEN) -> Style:
    """Everything at once, on top of matplotlib's own defaults. Raises UnknownName."""
    return size(venue, height) | letters(venue) | ink() | layout() | files()


def context(rc: Style) -> AbstractContextManager[None]:
    """These parameters on top of matplotlib's defaults, whatever the user's own are; undone after."""
    return matplotlib.style.context(rc, after_reset=True)


def canvas() -> Figure:
    """An empty figure that can be drawn without pyplot and without a choice of backend."""
    figure = Figure()
    FigureCanvasAgg(figure)
    return figure
