"""Ticks of an axis whose heights are decimal logarithms."""

import numpy as np
import pytest

from lstmsym.plotting.decades import as_decades, decades, number, power
from lstmsym.plotting.style import canvas


def test_logarithms_to_heights():
    np.testing.assert_allclose(decades(np.log([1.0, 100.0])), [0, 2])
    assert np.isnan(decades(np.array([-np.inf, np.inf, np.nan]))).all()


@pytest.mark.parametrize("height, written", [(-8, "$10^{-8}$"), (0, "$1$"), (1, "$10^{1}$")])
def test_powers(height, written):
    assert power(height) == written


@pytest.mark.parametrize(
    "value, written",
    [(0.02, "$0.02$"), (0.1, "$0.1$"), (1, "$1$"), (300, "$300$"), (2e-5, "$2 \\times 10^{-5}$")],
)
def test_numbers(value, written):
    assert number(np.log10(value)) == written


@pytest.mark.parametrize("low, high", [(-400, 5), (-3, 0), (-1.2, 0.1), (0.31, 0.72), (0.01, 0.02)])
def test_there_are_ticks_at_every_scale(low, high):
    ax = canvas().subplots()
    ax.set_ylim(low, high)
    as_decades(ax)
    shown = [tick for tick in ax.get_yticks() if low <= tick <= high]
    labels = [ax.yaxis.get_major_formatter()(tick) for tick in shown]
    assert len(shown) >= 2
    assert len(set(labels)) == len(labels)
