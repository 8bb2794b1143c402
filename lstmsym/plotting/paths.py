"""∂C_T/∂C_t exactly, beside the product of one-step sums and the carousel alone.

A column for each setting; above the norms by lag, below how far the two products are off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lstmsym.errors import InputError
from lstmsym.flow.carousel import Carousel
from lstmsym.plotting.decades import as_decades, decades
from lstmsym.plotting.labels import caption, settle
from lstmsym.plotting.palette import KINDS
from lstmsym.plotting.style import canvas, context, style
from lstmsym.plotting.wording import LAG, NORMS, norm_of

ROUNDING = 1e-9
Columns = Mapping[str, Sequence[Carousel]]
WORDS = {
    "total": "total: exact",
    "step": "step: product of one-step sums",
    "direct": "direct: product of carousels",
}


def figure(
    comparison: Carousel | Columns, venue: str = "article", conditions: Sequence[str] = ()
) -> Figure:
    """Norms and relative errors of the three formulas, a thin line for each run.

    comparison  one run, or title → runs: a column for each title
    conditions  how the runs were drawn, told under the figure

    Raises InputError where there is no run, UnknownName for a venue that is not there.
    """
    columns = {"": [comparison]} if isinstance(comparison, Carousel) else dict(comparison)
    if not columns or not all(columns.values()):
        raise InputError("a figure of paths needs at least one run in each column")
    with context(style(venue, 0.75)):
        made = canvas()
        axes = made.subplots(2, len(columns), sharex=True, sharey="row", squeeze=False)
        for (title, runs), above, below in zip(columns.items(), *axes, strict=True):
            above.set_title(title)
            _norms(above, runs)
            _errors(below, runs)
        _finish(axes, next(iter(columns.values()))[0])
        made.legend(handles=_handles(), loc="outside upper left", ncols=3, handlelength=2.4)
        caption(made, [NORMS["spectral"], *conditions, "a thin line is a run"])
        settle(made)
    return made


def _norms(ax: Axes, runs: Sequence[Carousel]) -> None:
    for run in runs:
        for kind, log in {"total": run.exact, "step": run.step, "direct": run.direct}.items():
            ax.plot(run.lag, decades(log), linewidth=0.9, **KINDS[kind].as_rc())


def _errors(ax: Axes, runs: Sequence[Carousel]) -> None:
    """Relative errors; those at lag 0 and 1 are zero or rounding and are left out."""
    for run in runs:
        for kind, error in {"step": run.step_error, "direct": run.direct_error}.items():
            shown = np.where((run.lag > 0) & (error > ROUNDING), error, np.nan)
            ax.plot(run.lag, decades(np.log(shown)), linewidth=0.9, **KINDS[kind].as_rc())


def _finish(axes: np.ndarray, run: Carousel) -> None:
    quantity = f"d{run.state}[T]/d{run.state}[t]"
    axes[0, 0].set_ylabel(norm_of(quantity, "spectral"))
    axes[1, 0].set_ylabel("relative error")
    axes[1, axes.shape[1] // 2].set_xlabel(LAG)
    axes[0, 0].set_xlim(0, run.lag[-1] or 1)
    for row in axes:
        as_decades(row[0])


def _handles() -> list[Line2D]:
    return [Line2D([], [], label=word, **KINDS[kind].as_rc()) for kind, word in WORDS.items()]
