"""Slopes and half-lives against the forget bias, beside what ln σ(b) predicts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lstmsym.errors import InputError
from lstmsym.flow.result import Flow, half_life
from lstmsym.plotting.decades import as_decades, decades
from lstmsym.plotting.labels import Named, caption, name_curves, settle
from lstmsym.plotting.palette import DASHES, RULE, Line, ramp
from lstmsym.plotting.style import canvas, context, style
from lstmsym.plotting.wording import conditions, forget_bias_of, norm_of

Array = Any
PREDICTED = Line((0.7, 0.7, 0.7), DASHES[0])
THEORY = "$\\ln \\sigma(b)$"
SLOPE = "slope of $\\ln {}$\n(nats per step)"
GROWING = "no half-life where the slope is not negative"


def figure(
    series: Mapping[str, Sequence[Flow]], theory: tuple[Array, Array], venue: str = "article"
) -> Figure:
    """Slopes (above) and half-lives (below) of the first cell of each flow.

    series  name → flows that differ in their forget bias
    theory  biases and the slopes predicted for them, both (B,)

    Raises InputError for a flow without a forget bias, UnknownName for an unknown venue.
    """
    measured = {name: _points(flows) for name, flows in series.items()}
    styles = dict(zip(measured, ramp(len(measured) + 1)[1:], strict=True))
    with context(style(venue, 0.95)):
        made = canvas()
        above, below = made.subplots(2, 1, sharex=True)
        for ax, height in ((above, np.asarray), (below, _halving)):
            ax.plot(theory[0], height(theory[1]), linewidth=3, **PREDICTED.as_rc())
            for name, (biases, slopes) in measured.items():
                ax.plot(biases, height(slopes), marker=".", **styles[name].as_rc())
        curves = [Named(name, *points, styles[name]) for name, points in measured.items()]
        name_curves(above, [Named(THEORY, *theory, PREDICTED), *curves])
        _finish(above, below, next(iter(series.values()))[0])
        every = [flow for flows in series.values() for flow in flows]
        caption(made, [*conditions(every, without=["gain", "forget bias"]), GROWING])
        settle(made)
    return made


def _points(flows: Sequence[Flow]) -> tuple[Array, Array]:
    """Biases and slopes, in rising order of bias."""
    found = sorted((forget_bias_of(flow), flow.cells[0].slope_per_step) for flow in flows)
    if not found or any(math.isnan(bias) for bias, _ in found):
        raise InputError("a figure over forget biases needs flows measured with a forget bias")
    biases, slopes = np.array(found).T
    return biases, slopes


def _halving(slopes: Array) -> Array:
    """Half-lives as heights; where a norm grows there is none."""
    return decades(np.log([half_life(slope) for slope in slopes]))


def _finish(above: Axes, below: Axes, flow: Flow) -> None:
    above.axhline(0, color=RULE, linewidth=0.6)
    above.set_ylabel(SLOPE.format(norm_of(flow.quantity, flow.norm).strip("$")))
    below.set_ylabel("half-life (steps)")
    below.set_xlabel("forget bias $b$")
    as_decades(below)
