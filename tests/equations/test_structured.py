"""Stacks of pieces, vector functions, clocks, scalars and untied weights: what they are worth, and their errors."""

import numpy as np
import pytest

import lstmsym as ls
from lstmsym.errors import CellError, ShapeError
from lstmsym.numerics.fused import fused_rollout
from lstmsym.numerics.rollout import rollout

rng = np.random.default_rng(5)


def step(text, parameters, inputs, initial):
    """The signals of two steps, by both rollouts."""
    cell = ls.parse(text)
    run = rollout(cell, parameters, inputs, initial)
    fast = fused_rollout(cell, parameters, inputs, initial)
    for name, series in run.signals.items():
        np.testing.assert_allclose(fast.signals[name], series, rtol=1e-12, atol=1e-13)
    return {name: series[1] for name, series in run.signals.items()}, run


def softmax(v):
    return np.exp(v) / np.exp(v).sum()


W, U, V = rng.normal(size=(3, 3)), rng.normal(size=(3, 2)), rng.normal(size=(4, 2))
x, h0 = rng.normal(size=(2, 2)), rng.normal(size=3)


def test_transposed_weights():
    text = "h[t] = tanh(W @ h[t-1] - W.T @ h[t-1] + U @ x[t])"
    now, run = step(text, {"W": W, "U": U}, x, {"h": h0})
    np.testing.assert_allclose(now["h"], np.tanh((W - W.T) @ run.signals["h"][0] + U @ x[1]))


def test_softmax_and_maximum():
    text = "h[t] = softmax(max(W @ h[t-1], U @ x[t]))"
    now, run = step(text, {"W": W, "U": U}, x, {"h": h0})
    expected = softmax(np.maximum(W @ run.signals["h"][0], U @ x[1]))
    np.testing.assert_allclose(now["h"], expected)


def test_a_scalar_gate_is_spread():
    text = (
        "signal f : 1\nf[t] = sigmoid(w @ x[t])\nh[t] = f[t] * h[t-1] + (1 - f[t]) * tanh(U @ x[t])"
    )
    now, run = step(text, {"w": V[:1], "U": U}, x, {"h": h0})
    f = 1 / (1 + np.exp(-V[:1] @ x[1]))
    np.testing.assert_allclose(now["h"], f * run.signals["h"][0] + (1 - f) * np.tanh(U @ x[1]))
    assert [str(s.rows) for s in run.cell.signals.values()] == ["m", "1", "n"]


def test_a_matrix_state_is_the_stack_of_its_columns():
    text = "state C\nk_[t] = V @ x[t]\nv[t] = U @ x[t]\nC[t] = C[t-1] + outer(v[t], k_[t])\nh[t] = C[t] @ k_[t]"
    now, run = step(text, {"V": V, "U": U}, x, {"C": rng.normal(size=12)})
    C = run.signals["C"][0].reshape(4, 3).T + np.outer(U @ x[1], V @ x[1])
    np.testing.assert_allclose(now["C"], C.T.reshape(-1))
    np.testing.assert_allclose(now["h"], C @ (V @ x[1]))
    assert run.cell.output == "h"


def test_pieces_of_a_stack():
    text = "input x : N * m\nh[t] = tanh(each(W, h[t-1]) + each(U, x[t]) + repeat(b) + shift(h[t-1], 1))"
    sequence, start, b = rng.normal(size=(2, 8)), rng.normal(size=12), rng.normal(size=3)
    now, run = step(text, {"W": W, "U": U, "b": b}, sequence, {"h": start})
    before, given = run.signals["h"][0].reshape(4, 3), sequence[1].reshape(4, 2)
    moved = np.concatenate([np.zeros((1, 3)), before[:-1]])
    np.testing.assert_allclose(
        now["h"], np.tanh(before @ W.T + given @ U.T + b + moved).reshape(-1)
    )


def test_inner_products_and_sums_are_scalars():
    text = "h[t] = tanh(W @ h[t-1] + U @ x[t]) * dot(h[t-1], h[t-1]) / sum(square(h[t-1]))"
    now, run = step(text, {"W": W, "U": U}, x, {"h": h0})
    np.testing.assert_allclose(now["h"], np.tanh(W @ run.signals["h"][0] + U @ x[1]))


def test_a_clock_ticks():
    text = "h[t] = when(t % 3 == 1, tanh(W @ h[t-1] + U @ x[t]), h[t-1])"
    cell = ls.parse(text)
    run = rollout(cell, {"W": W, "U": U}, rng.normal(size=(7, 2)), {"h": h0})
    h = run.signals["h"]
    assert run.signals["clock_3_1"][:, 0].tolist() == [1, 0, 0, 1, 0, 0, 1]
    assert (h[1] == h[0]).all() and (h[2] == h[0]).all() and (h[3] != h[2]).all()
    assert [s.name for s in cell.data] == ["x"] and cell.clocks == {"clock_3_1": (3, 1)}


def test_weights_of_their_own_at_each_layer():
    cell = ls.parse("untied W, b\nh[l] = tanh(W[l] @ h[l-1] + b[l])")
    layers, biases = rng.normal(size=(5, 3, 3)), rng.normal(size=(5, 3))
    stacked = {"W": layers.swapaxes(1, 2).reshape(5, 9), "b": biases}
    run = rollout(cell, {}, stacked, {"h": h0}, steps=5)
    h = h0
    for own, b in zip(layers, biases, strict=True):
        h = np.tanh(own @ h + b)
    np.testing.assert_allclose(run.signals["h"][-1], h)
    assert cell.index == "l" and cell.untied == ("W", "b") and not cell.weights
    jacobian = ls.derive(cell, "dh[l]/dh[l-k]")
    assert "W_j" in ls.derive(cell, "dh[l]/dh[l-1]").latex() or r"W_l" in jacobian.latex()


REFUSED = [
    ("h[t] = when(t % 0 == 0, h[t-1], x[t])", "a period is a whole number from 1"),
    ("h[t] = when(t % 2 == 2, h[t-1], x[t])", "the remainder by 2 lies between 0 and 1"),
    ("h[t] = when(s % 2 == 0, h[t-1], x[t])", "a choice by time reads when(t % 2 == 0, a, b)"),
    ("h[t] = tanh(h[t-1], x[t])", "tanh takes other arguments: tanh(a)"),
    ("h[t] = max(h[t-1])", "max takes other arguments: max(a, b)"),
    ("h[t] = each(h[t-1], x[t])", "each(W, a) takes a parameter matrix first"),
    ("h[t] = shift(h[t-1], x[t])", "shift(a, 1) takes a whole number of places"),
    ("h[t] = tanh(W.T + h[t-1])", "W.T stands left of @"),
    ("h[t] = tanh(h[t-1]) + when(t % 2 == 0, x[t])", "cannot stand here"),
    ("h[l] = tanh(W @ h[t-1])", "time is written l or l-1"),
    ("untied W\nh[t] = tanh(h[t-1])", "input 'W' is never read"),
]


@pytest.mark.parametrize(("text", "says"), REFUSED, ids=[says[:40] for _, says in REFUSED])
def test_refused_with_what_to_write(text, says):
    with pytest.raises(CellError) as caught:
        ls.parse(text)
    assert says in caught.value.message


def test_a_stack_and_its_reader_have_to_fit():
    with pytest.raises(ShapeError, match="different shapes"):
        ls.parse("input a : 3 * m\ninput q : 4\nh[t] = tanh(h[t-1]) + read(a[t], q[t])")


@pytest.mark.parametrize(
    "name", ["mlstm", "attention_bahdanau", "conv_lstm", "clockwork", "antisymmetric_rnn"]
)
def test_cells_with_structure_are_derived_and_checked(name):
    assert all(d.checked.passed for d in ls.derive(name).results)
