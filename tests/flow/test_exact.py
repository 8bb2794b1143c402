"""Published results and closed forms, through the public functions."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lstmsym.cells import from_catalogue
from lstmsym.equations.reader import read_cell
from lstmsym.flow import log_norms, matrices
from lstmsym.flow.result import half_life, slope
from lstmsym.numerics.fused import fused_rollout
from lstmsym.numerics.initialise import hard_instance, orthogonal
from lstmsym.numerics.inputs import noise

LSTM, GRU = from_catalogue("lstm"), from_catalogue("gru")
σ = lambda a: 1 / (1 + np.exp(-a))  # noqa: E731


def without_recurrence(cell, rng=0, steps=9, n=4):
    """A hard instance whose weights on states are zero."""
    parameters, initial, sizes = hard_instance(cell, rng, n=n)
    rows = {str(a): b for a, b in sizes.items()}["n"]
    quiet = {
        name: np.concatenate([0 * W[:, :rows], W[:, rows:]], axis=1) if W.ndim == 2 else W
        for name, W in parameters.items()
    }
    return fused_rollout(cell, quiet, noise(cell, steps, sizes, 1), initial)


def joint(run):
    """The last step's joint state Jacobian, states stacked."""
    states = run.cell.states
    blocks = [[matrices(run, a, b, "block")[0][1] for b in states] for a in states]
    return np.block(blocks)


def one_step(cell, parameters, initial, m):
    """Two steps from a state that stays, at input zero."""
    return fused_rollout(cell, parameters, np.zeros((2, m)), initial)


def test_gradients_explode_at_spectral_radius_zero():
    """The counterexample to Pascanu, Mikolov & Bengio 2013, section 2.1: W is nilpotent."""
    W = np.array([[8.0, 8.0], [-8.0, -8.0]])
    fixed = np.array([0, math.atanh(0.5)])
    b = fixed - W @ np.tanh(fixed)
    assert_allclose(b, [-4, 4.549306], rtol=1e-6)
    cell = read_cell("h[t] = W @ tanh(h[t-1]) + b")
    run = fused_rollout(cell, {"W": W, "b": b}, initial={"h": fixed}, steps=12)
    expected = 10 * math.sqrt(2) * 2.0 ** np.arange(11)
    assert_allclose(np.exp(log_norms(run, "h", "h"))[1:], expected, rtol=1e-5)
    assert_allclose(matrices(run, "h", "h")[0][1], [[8, 6], [-8, -6]], rtol=1e-5)


def test_gates_that_ignore_h_leave_the_carousel_alone():
    run = without_recurrence(LSTM)
    J, scale = matrices(run, "C", "C")
    kept = np.cumprod(run.signals["f"][::-1], axis=0)
    for lag in range(1, 9):
        assert_allclose(J[lag] * np.exp(scale[lag]), np.diag(kept[lag - 1]), atol=1e-15)
    assert (log_norms(run, "h", "h")[1:] == -np.inf).all()
    run = without_recurrence(GRU)
    J, scale = matrices(run, "h", "h")
    kept = np.cumprod(1 - run.signals["z"][::-1], axis=0)
    for lag in range(1, 9):
        assert_allclose(J[lag] * np.exp(scale[lag]), np.diag(kept[lag - 1]), atol=1e-15)


@pytest.mark.parametrize(
    ("bias", "expected"),
    [(0, 1), (1, 2.21268), (2, 5.46095), (3, 14.2660), (4, 38.1901), (5, 103.218)],
)
def test_the_forget_bias_sets_the_half_life(bias, expected):
    parameters, initial, sizes = hard_instance(LSTM, 0, n=3)
    quiet = {name: 0 * a for name, a in parameters.items()} | {"b_f": np.full(3, float(bias))}
    run = fused_rollout(LSTM, quiet, noise(LSTM, 100, sizes, 1), initial)
    logs = log_norms(run, "C", "C")
    assert_allclose(half_life(slope(np.arange(100), logs)), expected, rtol=1e-5)
    assert_allclose(1 / (1 - σ(bias)), 1 + math.exp(bias))


def test_lstm_spectrum_at_zero():
    """Eigenvalues f + i o μ for μ of the candidate's weight on h, and n zeros."""
    parameters, _, _ = hard_instance(LSTM, 3, n=5)
    parameters["b_C"] *= 0
    run = one_step(LSTM, parameters, {"h": np.zeros(5), "C": np.zeros(5)}, 6)
    f, i, o = (np.full(5, 0.4), np.full(5, 0.7), np.full(5, 0.2))
    biases = {f"b_{n}": np.log(a / (1 - a)) for n, a in zip("fio", (f, i, o), strict=True)}
    run = one_step(LSTM, parameters | biases, run.initial, 6)
    found = np.linalg.eigvals(joint(run))
    μ = np.linalg.eigvals(parameters["W_C"][:, :5])
    expected = np.r_[0.4 + 0.7 * 0.2 * μ, np.zeros(5)]
    order = lambda a: np.sort_complex(np.round(a, 10))  # noqa: E731
    assert_allclose(order(found), order(expected), atol=1e-9)


@pytest.mark.parametrize("name", ["gru", "gru_keep", "gru_after", "gru_after_keep"])
def test_gru_jacobian_at_zero_is_half_plus_a_quarter_of_the_weight(name):
    """Either placement of the reset, either convention: ½ I + ¼ W_h."""
    cell = from_catalogue(name)
    parameters, _, _ = hard_instance(cell, 4, n=5)
    parameters = {a: w if w.ndim == 2 else 0 * w for a, w in parameters.items()}
    run = one_step(cell, parameters, {"h": np.zeros(5)}, 6)
    weight = parameters["U_h"] if "after" in name else parameters["W_h"][:, :5]
    assert_allclose(joint(run), 0.5 * np.eye(5) + 0.25 * weight, atol=1e-15)


def test_where_the_reset_stands_matters_away_from_zero():
    before, after = from_catalogue("gru_keep"), from_catalogue("gru_after_keep")
    weights, _, _ = hard_instance(before, 5, n=6)
    weights = {a: w if w.ndim == 2 else 0 * w for a, w in weights.items()}
    split = {f"W_{g}": weights[f"W_{g}"][:, 6:] for g in "zrh"}
    split |= {f"U_{g}": weights[f"W_{g}"][:, :6] for g in "zrh"}
    split |= {name: np.zeros(6) for name in ("b_z", "b_r", "b_h", "c_h")}
    h = np.random.default_rng(0).normal(size=6)
    apart = []
    for start in (0 * h, h):
        one = one_step(before, weights, {"h": start}, 7)
        two = one_step(after, split, {"h": start}, 7)
        tail = [
            fused_rollout(r.cell, r.parameters, np.zeros((1, 7)), {"h": start}) for r in (one, two)
        ]
        J = [differences(r) for r in tail]
        apart.append(np.linalg.norm(J[0] - J[1]))
    assert apart[0] < 1e-8 < 0.05 < apart[1]


def differences(run, size=1e-6):
    """∂h_1/∂h_0 by central differences."""
    h = run.initial["h"]
    ends = lambda d: fused_rollout(  # noqa: E731
        run.cell, run.parameters, {"x": run.signals["x"]}, {"h": h + d}
    ).output[-1]
    return np.stack([(ends(size * e) - ends(-size * e)) / (2 * size) for e in np.eye(len(h))], 1)


def test_linear_orthogonal_and_nilpotent_nets():
    cell = read_cell("h[t] = W @ h[t-1] + V @ x[t]")
    rng = np.random.default_rng(1)
    V, x = rng.normal(size=(6, 2)), rng.normal(size=(300, 2))
    W = rng.normal(size=(6, 6)) / 3
    logs = log_norms(fused_rollout(cell, {"W": W, "V": V}, x), "h", "h")
    powers = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(20)]
    assert_allclose(logs[:20], np.log(powers), atol=1e-12)
    assert_allclose(slope(np.arange(300), logs), np.log(abs(np.linalg.eigvals(W))).max(), atol=2e-3)
    Q = orthogonal(rng, (6, 6), 1.0)
    run = fused_rollout(cell, {"W": Q, "V": V}, x)
    J, scale = matrices(run, "h", "h")
    assert_allclose(np.linalg.svd(J)[1] * np.exp(scale)[:, None], 1, rtol=1e-11)
    nilpotent = np.diag([1.0] * 5, k=1)
    logs = log_norms(fused_rollout(cell, {"W": nilpotent, "V": V}, x), "h", "h")
    assert_allclose(logs[:6], 0, atol=1e-12)
    assert (logs[6:] == -np.inf).all()


def test_irnn_norms_are_zero_or_one():
    """Le, Jaitly & Hinton 2015: with W = I and ReLU every product is a 0/1 diagonal."""
    cell = read_cell("h[t] = relu(W @ h[t-1] + V @ x[t])")
    rng = np.random.default_rng(2)
    weights = {"W": np.eye(20), "V": rng.normal(size=(20, 3))}
    logs = log_norms(fused_rollout(cell, weights, rng.normal(size=(40, 3))), "h", "h")
    assert set(np.round(logs, 12)) <= {0.0, -np.inf}


def test_the_constant_error_carousel():
    """The LSTM of 1997 without a forget gate: I without recurrent weights, I + h-paths with them."""
    text = LSTM.text.replace("f[t] * C[t-1]", "C[t-1]").splitlines()
    cell = read_cell("\n".join(line for line in text if not line.startswith("f[t]")))
    J, scale = matrices(without_recurrence(cell), "C", "C")
    assert_allclose(
        J * np.exp(scale)[:, None, None], np.broadcast_to(np.eye(4), J.shape), atol=1e-14
    )
    parameters, initial, sizes = hard_instance(cell, 0, n=4)
    run = fused_rollout(cell, parameters, noise(cell, 9, sizes, 1), initial)
    J, scale = matrices(run, "C", "C")
    assert np.abs(J[1] * np.exp(scale[1]) - np.eye(4)).max() > 1e-3


@pytest.mark.parametrize(
    ("w", "h", "expected"),
    [
        (1.1, 0.502941, 0.821756),
        (1.5, 0.858560, 0.394313),
        (2.0, 0.957504, 0.166372),
        (3.0, 0.994902, 0.030513),
        (5.0, 0.999909, 0.000909),
    ],
)
def test_latching_implies_vanishing(w, h, expected):
    """Bengio, Simard & Frasconi 1994: at the attractor of h = tanh(w h) the slope is below 1."""
    cell = read_cell("h[t] = tanh(W @ h[t-1])")
    run = fused_rollout(cell, {"W": np.array([[w]])}, initial={"h": np.ones(1)}, steps=400)
    assert_allclose(run.output[-1], h, atol=2e-6)
    logs = log_norms(run, "h", "h")
    assert_allclose(np.exp(logs[1]), expected, rtol=1e-3)
    assert_allclose(slope(np.arange(400), logs), logs[1], rtol=1e-2)


def chaotic(steps):
    """The two-unit LSTM of Laurent & von Brecht 2017, without input and biases."""
    weights = {
        "W_i": [[-1, -4], [-3, -2]],
        "W_f": [[-2, 6], [0, -6]],
        "W_C": [[-1, -6], [6, -9]],
        "W_o": [[4, 1], [-9, -7]],
    }
    text = LSTM.text
    for gate in "fiCo":
        text = text.replace(f"W_{gate} @ [h[t-1], x[t]] + b_{gate}", f"W_{gate} @ h[t-1]")
    half = {"h": np.full(2, 0.5), "C": np.full(2, 0.5)}
    arrays = {name: np.array(W, float) for name, W in weights.items()}
    return fused_rollout(read_cell(text), arrays, initial=half, steps=steps)


def test_gradients_explode_in_a_chaotic_lstm():
    """Largest Lyapunov exponent 0.170 nats a step; the h-block alone would give 0.132."""
    run = chaotic(20_000)
    logs = log_norms(run, "h", "h", norm="frobenius")
    assert abs(logs[-1] / 20_000 - 0.170) < 0.01
