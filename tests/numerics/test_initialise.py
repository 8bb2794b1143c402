"""Presets: what each parameter is, and the statistics of what is drawn."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lstmsym.cells import catalogue, from_catalogue
from lstmsym.equations.reader import read_cell
from lstmsym.errors import InputError, UnknownName
from lstmsym.numerics.blocks import forget_biases, is_scale
from lstmsym.numerics.initialise import (
    PRESETS,
    checked_sizes,
    default_sizes,
    hard_instance,
    initialise,
)  # fmt: skip
from lstmsym.numerics.sizes import array_shape

LSTM, GRU = from_catalogue("lstm"), from_catalogue("gru")
SIZES = {"n": 200, "m": 50}


@pytest.mark.parametrize("name", catalogue())
@pytest.mark.parametrize("preset", PRESETS)
def test_every_parameter_of_every_cell_is_drawn_in_its_shape(name, preset):
    cell = from_catalogue(name)
    sizes = default_sizes(cell, 5, 3)
    weights = initialise(cell, preset, sizes, 0, forget_bias=2.0)
    assert set(weights) == set(cell.parameters)
    for parameter, array in weights.items():
        assert array.shape == (array_shape(cell.parameters[parameter], sizes) or (1,))
        assert np.isfinite(array).all()
    again = initialise(cell, preset, sizes, 0, forget_bias=2.0)
    assert all(np.array_equal(weights[a], again[a]) for a in weights)
    assert all((weights[b] == 2.0).all() for b in forget_biases(cell))


def test_pytorch_is_uniform_within_one_over_root_n():
    weights = initialise(LSTM, "pytorch", SIZES, 1)
    for array in weights.values():
        assert np.abs(array).max() <= 1 / math.sqrt(200)
    assert_allclose(weights["W_f"].std(), 1 / math.sqrt(3 * 200), rtol=0.02)
    assert_allclose(weights["b_f"].std(), 1 / math.sqrt(3 * 200), rtol=0.15)


def test_keras_draws_all_gates_as_one_orthogonal_matrix():
    weights = initialise(LSTM, "keras", SIZES, 1)
    stacked = np.concatenate([weights[f"W_{g}"][:, :200] for g in "fiCo"])
    assert_allclose(stacked.T @ stacked, np.eye(200), atol=1e-12)
    inputs = np.concatenate([weights[f"W_{g}"][:, 200:] for g in "fiCo"])
    assert 0.99 < np.abs(inputs).max() / math.sqrt(6 / (800 + 50)) <= 1
    assert (weights["b_f"] == 1).all() and not weights["b_i"].any()
    resets = initialise(GRU, "keras", SIZES, 1)
    stacked = np.concatenate([resets[f"W_{g}"][:, :200] for g in "zrh"])
    assert_allclose(stacked.T @ stacked, np.eye(200), atol=1e-12)


def test_gaussian_has_variance_gain_squared_over_n_in_each_block():
    W = initialise(LSTM, "gaussian", SIZES, 1, gain=1.5)["W_i"]
    assert_allclose(W[:, :200].std(), 1.5 / math.sqrt(200), rtol=0.02)
    assert_allclose(W[:, 200:].std(), 1 / math.sqrt(50), rtol=0.03)


def test_orthogonal_and_identity_have_their_gain_on_states_only():
    W = initialise(LSTM, "orthogonal", SIZES, 1, gain=0.9)["W_i"]
    assert_allclose(np.linalg.svd(W[:, :200])[1], 0.9)
    W = initialise(LSTM, "identity", SIZES, 1, gain=0.9)["W_i"]
    assert_allclose(W[:, :200], 0.9 * np.eye(200))
    assert np.abs(W[:, 200:]).max() < 0.01


def test_the_forget_bias_is_found_by_meaning_then_by_name():
    meant = read_cell("g[t] = sigmoid(U @ h[t-1] + c)  # forget gate\nh[t] = g[t] * h[t-1]")
    named = read_cell("f[t] = sigmoid(U @ h[t-1] + c)\nh[t] = f[t] * h[t-1]")
    assert forget_biases(meant) == forget_biases(named) == ("c",)
    assert forget_biases(GRU) == ()
    peepholes = from_catalogue("lstm_peephole_diagonal")
    assert forget_biases(peepholes) == ("b_f",)
    assert is_scale(peepholes, peepholes.parameters["p_f"])
    assert not is_scale(peepholes, peepholes.parameters["b_f"])
    assert (initialise(LSTM, "pytorch", SIZES, 1, forget_bias=1.5)["b_f"] == 1.5).all()


def test_stated_numbers_and_number_types_are_kept():
    leaky = read_cell("scalar a = 0.9\nh[t] = a * h[t-1] + tanh(W @ h[t-1] + b)")
    weights = initialise(leaky, "pytorch", {"n": 4}, 0, dtype=np.float32)
    assert_allclose(weights["a"], [0.9], rtol=1e-6)
    assert all(a.dtype == np.float32 for a in weights.values())


@pytest.mark.parametrize("name", catalogue())
def test_a_hard_instance_has_different_sizes_and_nothing_zero(name):
    cell = from_catalogue(name)
    parameters, initial, sizes = hard_instance(cell, 0, n=4)
    assert len(set(sizes.values())) == len(sizes)
    assert set(initial) == set(cell.states)
    assert all((a != 0).all() for a in (*parameters.values(), *initial.values()))


@pytest.mark.parametrize("bad", [0, -3, 1.5, math.nan, 10**9])
def test_sizes_out_of_range_are_refused(bad):
    with pytest.raises(InputError, match="whole number"):
        checked_sizes(LSTM, {"n": bad, "m": 2})


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(UnknownName, match="did you mean 'keras'"):
        initialise(LSTM, "kera", SIZES, 0)
    with pytest.raises(InputError, match="gain"):
        initialise(LSTM, "gaussian", SIZES, 0, gain=math.nan)
    with pytest.raises(InputError, match="forget bias"):
        initialise(LSTM, "gaussian", SIZES, 0, forget_bias=math.inf)
    with pytest.raises(InputError, match="size m of lstm has no value"):
        initialise(LSTM, "gaussian", {"n": 3}, 0)
