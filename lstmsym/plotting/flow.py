"""Norm against lag, a curve for each cell, with a band over the seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lstmsym.flow.result import CellFlow, Flow
from lstmsym.plotting.decades import as_decades, decades
from lstmsym.plotting.labels import Named, caption, name_curves, settle
from lstmsym.plotting.palette import Line, lines
from lstmsym.plotting.style import canvas, context, style
from lstmsym.plotting.wording import LAG, band, conditions, norm_of


def figure(flow: Flow, venue: str = "article") -> Figure:
    """The norms of a flow against the lag. Raises UnknownName for a venue that is not there."""
    with context(style(venue)):
        made = canvas()
        ax = made.subplots()
        draw(ax, {one.cell: one for one in flow.cells}, lines(one.cell for one in flow.cells))
        label(ax, flow)
        caption(made, [*conditions(flow), *band([flow])])
        settle(made)
    return made


def draw(ax: Axes, curves: Mapping[str, CellFlow], styles: Mapping[str, Line]) -> None:
    """Curves by name with their bands, named at their ends, on an axis in powers of ten."""
    for name, one in curves.items():
        low, high = decades(one.quantiles[0]), decades(one.quantiles[-1])
        ax.fill_between(one.lag, low, high, color=styles[name].colour, alpha=0.2, linewidth=0)
        marker = "." if len(one.lag) == 1 else ""
        ax.plot(one.lag, decades(one.log_norm), marker=marker, **styles[name].as_rc())
    ax.set_xlim(0, max(float(one.lag[-1]) for one in curves.values()) or 1)
    ax.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))
    as_decades(ax)
    name_curves(ax, list(_named(curves, styles)))


def _named(curves: Mapping[str, CellFlow], styles: Mapping[str, Line]) -> Iterable[Named]:
    for name, one in curves.items():
        yield Named(name, one.lag, decades(one.log_norm), styles[name])


def label(ax: Axes, flow: Flow) -> None:
    """What the axes count."""
    ax.set_xlabel(LAG)
    ax.set_ylabel(norm_of(flow.quantity, flow.norm))
