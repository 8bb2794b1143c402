"""Slopes of a function of one number, each with an estimate of its own error.

Complex step: Squire & Trapp 1998, Using complex variables to estimate derivatives of real functions.
Central differences, extrapolated to step zero: Ridders 1982, Accurate computation of F'(x) and F'(x)F''(x).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

TINY = 1e-30  # the square of a complex step leaves no trace in a float, so nothing has to be chosen
FIRST = 2.0**-5
HALVINGS = 14
GROWN = 8.0  # times the best error: from there on halving has reached the rounding
EPS = 2.0**-52


@dataclass(frozen=True)
class Slope:
    """A derivative, how far it may be from the true one, and how often the function was called."""

    value: float
    error: float
    calls: int


def complex_slope(f: Callable[[complex], complex]) -> Slope:
    """f'(0) as Im f(i h) / h: no difference is taken, so nothing cancels."""
    return Slope(complex(f(1j * TINY)).imag / TINY, 0.0, 1)


def central_slope(
    f: Callable[[float], float], first: float = FIRST, enough: float = 0.0, noise: float = EPS
) -> Slope:
    """f'(0) by central differences at first, first / 2, …, extrapolated; the best of the table.

    enough  an error at which halving may stop
    noise   the error of a value of f, relative to its size
    """
    best, h, calls = Slope(math.nan, math.inf, 0), first, 0
    row: list[float] = []
    for _ in range(HALVINGS):
        above, below = f(h), f(-h)
        calls += 2
        rounding = noise * max(abs(above), abs(below)) / h
        before, row = row, _extrapolated(row, (above - below) / (2 * h))
        for n in range(1, len(row)):
            error = max(abs(row[n] - row[n - 1]), abs(row[n] - before[n - 1])) + rounding
            if error < best.error:
                best = Slope(row[n], error, calls)
        last = abs(row[-1] - before[-1]) if before else math.inf
        if best.error <= enough or (len(row) > 4 and last > GROWN * best.error):
            break
        h /= 2
    return Slope(best.value, best.error, calls)


def plain_slope(f: Callable[[float], float], step: float, noise: float = EPS) -> Slope:
    """f'(0) by one central difference; the error is told by the difference at twice the step."""
    f_up, f_down = f(step), f(-step)
    value = (f_up - f_down) / (2 * step)
    wider = (f(2 * step) - f(-2 * step)) / (4 * step)
    rounding = noise * max(abs(f_up), abs(f_down)) / step
    return Slope(value, abs(value - wider) / 3 + rounding, 4)


def _extrapolated(before: list[float], first: float) -> list[float]:
    """The next row of the table: each column takes one more even power of the step out of the error."""
    row = [first]
    for n, older in enumerate(before, start=1):
        row.append(row[-1] + (row[-1] - older) / (4.0**n - 1))
    return row


def noise_of(f: Callable[[float], float]) -> float:
    """The relative error of values of a smooth f near 0: what its fourth differences do not explain.

    After Moré & Wild 2011, Estimating computational noise.
    """
    values = [f(n * 1e-4) for n in range(-3, 4)]
    row = values
    for _ in range(4):
        row = [b - a for a, b in pairwise(row)]
    size = max(map(abs, values))
    rms = math.sqrt(sum(d * d for d in row) / len(row) / 70)
    return max(EPS, rms / size) if size and math.isfinite(rms) else EPS
