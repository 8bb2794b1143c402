"""A vertical axis in powers of ten for natural logarithms.

Norms reach 10^-400 and beyond, where floats end, so the data of the axis are decimal logarithms and
its ticks are written as powers.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter

Array = Any
FEW = 3
MANTISSAS = {1: (1, 2, 3, 5), FEW: (1, 3)}


def decades(log: Array) -> Array:
    """Natural logarithms as heights on the axis; what is not finite is not drawn."""
    heights = np.asarray(log, float) / math.log(10)
    return np.where(np.isfinite(heights), heights, np.nan)


def power(height: float, _: Any = None) -> str:
    """The label of a tick on an axis of many decades: 10⁻⁸, and 1."""
    exponent = round(height)
    return f"$10^{{{exponent}}}$" if exponent else "$1$"


def number(height: float, _: Any = None) -> str:
    """The label of a tick on an axis of few decades: 0.02, 300, 2 × 10⁻⁵."""
    exponent = math.floor(height + 1e-9)
    mantissa = f"{10 ** (height - exponent):.4g}"
    if -3 <= exponent <= 3:
        return f"${float(mantissa) * 10.0**exponent:.6g}$"
    return f"${mantissa} \\times 10^{{{exponent}}}$" if mantissa != "1" else f"$10^{{{exponent}}}$"


def as_decades(ax: Axes) -> None:
    """Ticks for the present limits; call it when everything is drawn."""
    low, high = ax.get_ylim()
    axis = ax.yaxis
    axis.set_major_formatter(FuncFormatter(power if high - low > FEW else number))
    axis.set_minor_formatter(NullFormatter())
    if high - low > FEW:
        axis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        return
    exponents = range(math.floor(low), math.ceil(high) + 1)
    kept = next(m for span, m in MANTISSAS.items() if high - low <= span)
    ticks = _between(exponents, kept, low, high)
    axis.set_major_locator(FixedLocator(ticks if len(ticks) > 1 else _even(low, high)))
    axis.set_minor_locator(FixedLocator(_between(exponents, range(1, 10), low, high)))


def _between(exponents: Any, mantissas: Any, low: float, high: float) -> list[float]:
    heights = (e + math.log10(m) for e in exponents for m in mantissas)
    return [h for h in heights if low - 1e-9 <= h <= high + 1e-9]


def _even(low: float, high: float) -> list[float]:
    """Ticks at even steps of the norm itself, where it hardly changes."""
    unit = math.floor(low)
    values = MaxNLocator(4).tick_values(10 ** (low - unit), 10 ** (high - unit))
    return [unit + math.log10(value) for value in values if value > 0]
