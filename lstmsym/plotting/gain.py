"""Norm against lag at several gains: where gradients vanish and where they explode.

A panel for each cell with a curve for each gain, light to dark as the gain rises; where gradients
explode also a panel of the slopes, which cross zero at the gain between the two regimes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lstmsym.errors import InputError
from lstmsym.flow.result import Flow
from lstmsym.plotting.decades import as_decades
from lstmsym.plotting.flow import draw, label
from lstmsym.plotting.labels import Named, caption, name_curves, settle, short
from lstmsym.plotting.palette import RULE, lines, ramp
from lstmsym.plotting.style import canvas, context, style
from lstmsym.plotting.venues import venue_named
from lstmsym.plotting.wording import band, conditions, gain_of

NARROW = 2.2  # inches that a panel needs beside another
SLOPE = "slope of ln norm\n(nats per step)"
GAIN = "$g$: gain of the weights on states"
BRACKETS = "in brackets: half-life (steps)"


def vanishing(flows: Sequence[Flow], venue: str = "article") -> Figure:
    """Flows that differ in gain, a panel for each cell: norms that fall, with their half-lives.

    Raises InputError for no flow at all, UnknownName for a venue that is not there.
    """
    return _figure(flows, venue, ())


def exploding(flows: Sequence[Flow], venue: str = "article") -> Figure:
    """Flows that differ in gain, a panel for each cell and one of the slopes against the gain.

    Raises InputError for no flow at all, UnknownName for a venue that is not there.
    """
    return _figure(flows, venue, ("slopes",))


def _figure(flows: Sequence[Flow], venue: str, more: tuple[str, ...]) -> Figure:
    if not flows:
        raise InputError("a figure over gains needs at least one flow")
    flows = sorted(flows, key=gain_of)
    names = [one.cell for one in flows[0].cells]
    count = len(names) + len(more)
    beside = venue_named(venue).width / count >= NARROW
    with context(style(venue, 0.5 if beside else 0.4 * count)):
        made = canvas()
        axes = list(made.subplots(*((1, count) if beside else (count, 1)), squeeze=False).flat)
        for ax, name in zip(axes, names, strict=False):
            _panel(ax, flows, name, brackets=not more)
        _share(axes[: len(names)], beside)
        if more:
            _slopes(axes[-1], flows, names)
        caption(
            made,
            [
                *conditions(flows, without=["gain"]),
                GAIN,
                *band(flows),
                *(() if more else (BRACKETS,)),
            ],
        )
        settle(made)
    return made


def _panel(ax: Axes, flows: Sequence[Flow], name: str, brackets: bool) -> None:
    """One cell at all gains, with the norm 1 as a thin line."""
    curves = {_gain(flow, name, brackets): flow[name] for flow in flows}
    ax.axhline(0, color=RULE, linewidth=0.6)
    draw(ax, curves, dict(zip(curves, ramp(len(curves)), strict=True)))
    label(ax, flows[0])
    ax.set_title(short(name))


def _share(axes: Sequence[Axes], beside: bool) -> None:
    """One scale for all cells, and what they share said once."""
    limits = [ax.get_ylim() for ax in axes]
    for ax in axes:
        ax.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))
        as_decades(ax)
    for ax in axes[1:] if beside else axes[:-1]:
        (ax.set_ylabel if beside else ax.set_xlabel)("")


def _slopes(ax: Axes, flows: Sequence[Flow], names: Sequence[str]) -> None:
    """Slope against gain, a curve for each cell; above the thin line gradients explode."""
    gains = np.array([gain_of(flow) for flow in flows])
    ax.axhline(0, color=RULE, linewidth=0.6)
    styles, curves = lines(names), []
    for name in names:
        slopes = np.array([flow[name].slope_per_step for flow in flows])
        ax.plot(gains, slopes, marker=".", **styles[name].as_rc())
        curves.append(Named(name, gains, slopes, styles[name]))
    name_curves(ax, curves)
    ax.set_title("slopes")
    ax.set_xlabel("gain $g$")
    ax.set_ylabel(SLOPE)


def _gain(flow: Flow, name: str, brackets: bool) -> str:
    half = flow[name].half_life
    lasting = f"{half:.3g}" if np.isfinite(half) else "none"
    return f"$g = {gain_of(flow):g}$" + (f" ({lasting})" if brackets else "")
