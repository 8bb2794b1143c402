"""Slopes of known functions, with errors that are not larger than said."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmsym.verification.handwritten.differences import (
    central_slope,
    complex_slope,
    noise_of,
    plain_slope,
)

FUNCTIONS = {
    "cubic":      (lambda s: (1 + s) ** 3, 3.0),
    "exponent":   (lambda s: np.exp(2 * s), 2.0),
    "sine":       (lambda s: np.sin(20 * s), 20.0),
    "flat":       (lambda s: 1.0 + 0 * s, 0.0),
    "tanh":       (lambda s: np.tanh(s + 0.5), 1 - math.tanh(0.5) ** 2),
    "steep":      (lambda s: np.tanh(200 * s), 200.0),
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_slopes_are_within_their_own_error(name):
    f, true = FUNCTIONS[name]
    assert complex_slope(f).value == pytest.approx(true, rel=1e-14, abs=1e-300)
    for found in (central_slope(f), plain_slope(f, 1e-4)):
        assert abs(found.value - true) <= 3 * found.error + 1e-14
    assert central_slope(f).error < 1e-6 * max(1.0, abs(true))


@given(st.floats(-3, 3), st.floats(0.1, 3))
def test_extrapolation_is_far_better_than_one_difference(place, factor):
    true = factor * (1 - math.tanh(factor * place) ** 2)
    found = central_slope(lambda s: math.tanh(factor * (place + s)))
    assert abs(found.value - true) <= 1e-9


def test_a_kink_nearby_makes_the_step_smaller_until_it_is_out_of_reach():
    found = central_slope(lambda s: abs(s - 0.003))
    assert found.value == pytest.approx(-1.0, abs=1e-9) and found.calls > 8


def test_halving_stops_when_it_is_good_enough():
    assert central_slope(np.sin, enough=1e-3).calls < central_slope(np.sin).calls


def test_noise_of_float32_is_seen_and_smoothness_is_not_taken_for_noise():
    assert noise_of(lambda s: math.exp(s)) < 1e-13
    assert noise_of(lambda s: float(np.float32(math.exp(3 * s)))) > 1e-9
