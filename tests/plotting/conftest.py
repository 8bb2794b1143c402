"""Flows and comparisons made up by hand: straight lines with a spread over seeds."""

import numpy as np
import pytest

from lstmsym.flow import CellFlow, Flow
from lstmsym.flow.carousel import Carousel


def cell_flow(name, slope, init="pytorch", seeds=5, steps=60):
    lag = np.arange(steps)
    tilt = np.linspace(0.9, 1.1, seeds)[:, None]
    logs = slope * lag * tilt
    return CellFlow(name, init, 8, steps, seeds, "float64", lag, logs, "derived", 1e-12)


@pytest.fixture
def make_flow():
    """make_flow({name: slope}, init) -> Flow."""

    def make(slopes, init="pytorch", norm="spectral"):
        cells = tuple(cell_flow(name, slope, init) for name, slope in slopes.items())
        return Flow("dh[T]/dh[t]", "total", norm, cells)

    return make


@pytest.fixture
def gains(make_flow):
    return [
        make_flow({"rnn": g - 2, "lstm": (g - 4) / 3}, f"gaussian, gain {g:g}") for g in (1.5, 2, 6)
    ]


@pytest.fixture
def comparison():
    lag = np.arange(10)
    error = 0.01 * lag
    return Carousel("lstm", "C", lag, -0.3 * lag, -0.31 * lag, -0.5 * lag, error, 9 * error)
