"""The derived backward step against autograd, and what must not depend on how it is run."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lstmsym.cells import from_catalogue
from lstmsym.equations.reader import read_cell
from lstmsym.errors import QuantityError, UnknownName
from lstmsym.flow import log_norms, matrices
from lstmsym.flow.carousel import carousel, carousel_state, carousels
from lstmsym.flow.lowering import lower
from lstmsym.flow.sweep import sweep, sweep_loss
from lstmsym.numerics.fused import fused_rollout
from lstmsym.numerics.gradients import autograd_gradients
from lstmsym.numerics.initialise import hard_instance, initialise
from lstmsym.numerics.inputs import noise
from lstmsym.numerics.loss import last_step, quadratic
from lstmsym.numerics.rollout import rollout
from tests.witnesses import MODELS

ODD = {
    "quotient": "s[t] = exp(W @ h[t-1] + b)\nh[t] = (s[t] + x[t]) / (1 + s[t] + square(x[t]))",
    "two inputs": "input x, y\nh[t] = softplus(W @ [h[t-1], x[t]] + V @ y[t]) * 0.5",
    "one weight twice": "a[t] = tanh(W @ h[t-1] + b)\nh[t] = tanh(W @ a[t] + W @ h[t-1] + V @ x[t])",
    "older state": "h[t] = tanh(W @ h[t-1] + U @ d[t-1] + V @ x[t])\nd[t] = h[t-1]",
    "scalar": "scalar a = 0.9\nh[t] = a * h[t-1] + (1 - a) * tanh(W @ h[t-1] + V @ x[t])",
    "other output": "h[t] = tanh(W @ h[t-1] + V @ x[t])\ny[t] = U @ h[t] + c\noutput y",
    "activation inside": "h[t] = W @ relu(h[t-1]) - sigmoid(V @ x[t]) * h[t-1] + identity(x[t]) * b",
    "stack in a gate": "g[t] = sigmoid(W @ [h[t-1], x[t], c[t-1]])\nc[t] = g[t] * c[t-1] + tanh(V @ x[t])\n"
    "h[t] = tanh(U @ [c[t], h[t-1] * g[t]])",
}
CELLS = (*MODELS, *ODD)


def instance(name, n=4, steps=11, scale=1.0):
    cell = read_cell(ODD[name], name) if name in ODD else from_catalogue(name)
    parameters, initial, sizes = hard_instance(cell, 0, n=n, scale=scale)
    return cell, parameters, noise(cell, steps, sizes, 1), initial


@pytest.mark.parametrize("name", CELLS)
def test_the_fused_rollout_is_the_rollout(name):
    slow, fast = (run(*instance(name)) for run in (rollout, fused_rollout))
    assert set(slow.signals) == set(fast.signals)
    for signal, series in slow.signals.items():
        assert_allclose(fast.signals[signal], series, rtol=1e-13, atol=1e-14)
    for state in slow.cell.states:
        assert_allclose(fast.signal(state, 0), slow.signal(state, 0))


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("n", [4, 17])
def test_every_derivative_is_what_autograd_finds(name, n):
    """Of every signal by every signal, total, and by every state, block; n = 17 sums weights."""
    cell, parameters, inputs, initial = instance(name, n)
    run = fused_rollout(cell, parameters, inputs, initial)
    rng = np.random.default_rng(2)
    for above in [e.name for e in cell]:
        u = rng.normal(size=run.signals[above].shape[-1])
        found = autograd_gradients(cell, parameters, inputs, last_step(u, above), initial)
        for below in [e.name for e in cell]:
            J, scale = matrices(run, above, below)
            derived = (u @ J * np.exp(scale)[:, None])[::-1]
            assert_allclose(derived, found.signals[below], rtol=1e-9, atol=1e-12)
        for below in cell.states:
            J, scale = matrices(run, above, below, "block")
            derived = (u @ J * np.exp(scale)[:, None])[::-1]
            assert_allclose(derived[:-1], found.carried[below][1:], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", CELLS)
def test_the_gradients_of_a_loss_at_every_step(name):
    cell, parameters, inputs, initial = instance(name)
    run = fused_rollout(cell, parameters, inputs, initial)
    found = autograd_gradients(cell, parameters, inputs, quadratic(), initial)
    for below in [e.name for e in cell]:
        derived = sweep_loss(run, run.output, below)
        assert_allclose(derived, found.signals[below], rtol=1e-9, atol=1e-12)


def test_derivatives_by_an_input():
    cell, parameters, inputs, initial = instance("lstm")
    run = fused_rollout(cell, parameters, inputs, initial)
    J, scale = matrices(run, "h", "x")
    nudged = inputs["x"].copy()
    nudged[-3, 1] += 1e-6
    ends = [rollout(cell, parameters, x, initial).output[-1] for x in (nudged, inputs["x"])]
    assert_allclose(J[2][:, 1] * np.exp(scale[2]), (ends[0] - ends[1]) / 1e-6, atol=1e-6)


@pytest.mark.parametrize("norm", ["spectral", "frobenius", "probe"])
def test_norms_are_those_of_the_matrices(norm):
    cell, parameters, inputs, initial = instance("lstm")
    run = fused_rollout(cell, parameters, inputs, initial)
    J, scale = matrices(run, "h", "C")
    u = np.random.default_rng(9).normal(size=4)
    row = u @ J / np.linalg.norm(u)
    size = {"spectral": 2, "frobenius": "fro"}
    whole = row[:, None] if norm == "probe" else J
    expected = np.log(np.linalg.norm(whole, ord=size.get(norm, 2), axis=(-2, -1))) + scale
    assert_allclose(log_norms(run, "h", "C", norm=norm, rng=9), expected, atol=1e-12)


@pytest.mark.parametrize("gain", [0.4, 40.0])
def test_no_length_under_or_overflows(gain):
    """ln norms of a long product stay finite and on their line, far outside the range of floats."""
    cell = read_cell("h[t] = W @ h[t-1] + V @ x[t]")
    weights = initialise(cell, "orthogonal", {"n": 8, "m": 2}, 0, gain=min(gain, 1.0))
    run = fused_rollout(cell, weights, np.zeros((3000, 2)))
    run.parameters["W"][:] *= gain / min(gain, 1.0)
    logs = log_norms(run, "h", "h")
    assert_allclose(logs, np.arange(3000) * np.log(gain), rtol=1e-9, atol=1e-9)


def test_a_default_rnn_of_5000_steps_has_finite_norms():
    rnn = from_catalogue("rnn")
    sizes = {"n": 32, "m": 8}
    run = fused_rollout(rnn, initialise(rnn, "pytorch", sizes, 0), np.zeros((5000, 8)))
    logs = log_norms(run, "h", "h", norm="frobenius")
    assert np.isfinite(logs).all() and logs[-1] < -2000


def test_single_precision_is_near_double():
    cell, parameters, inputs, initial = instance("lstm", n=20, steps=200)
    single = lambda arrays: {n: a.astype(np.float32) for n, a in arrays.items()}  # noqa: E731
    double = log_norms(fused_rollout(cell, parameters, inputs, initial), "h", "h")
    run = fused_rollout(cell, single(parameters), single(inputs), single(initial))
    assert run.output.dtype == np.float32
    assert_allclose(log_norms(run, "h", "h"), double, atol=1e-3)


def test_the_product_of_four_terms_is_exact_for_one_step_only():
    cell, parameters, inputs, initial = instance("lstm", scale=2.0)
    found = carousel(fused_rollout(cell, parameters, inputs, initial), "C")
    assert found.step_error[1] < 1e-14 < 1e-3 < found.step_error[2]
    assert (found.direct[1:] < found.exact[1:]).any() and (found.direct_error[1:] > 1e-3).all()
    quiet = {**parameters, "W_o": 0 * parameters["W_o"]}
    found = carousel(fused_rollout(cell, quiet, inputs, initial), "C")
    assert (found.step_error < 1e-12).all()
    with pytest.raises(QuantityError, match="no state"):
        carousel(fused_rollout(cell, parameters, inputs, initial), "f")


def test_the_plan_of_the_lstm_has_two_products_with_weights_and_no_buffer_for_gates():
    plan = lower(from_catalogue("lstm"), "h")
    assert {a.to.name for a in plan.assignments if a.to.role == "own"} == {"C", "x"}
    assert not any(a.to.role == "product" for a in plan.assignments)
    gru = lower(from_catalogue("gru"), "h")
    assert len([a for a in gru.assignments if a.to.role == "product"]) == 1


def test_what_cannot_be_asked_is_refused():
    run = fused_rollout(*instance("lstm"))
    with pytest.raises(QuantityError, match="no state"):
        log_norms(run, "h", "f", kind="block")
    with pytest.raises(QuantityError, match="total or block"):
        log_norms(run, "h", "h", kind="direct")
    with pytest.raises(UnknownName, match="no norm"):
        log_norms(run, "h", "h", norm="2")
    with pytest.raises(UnknownName):
        sweep(run, "h", "q", "total", lambda *a: None)


def test_the_state_with_a_carousel_is_found():
    found = {
        name: carousel_state(from_catalogue(name))
        for name in ("rnn", "gru", "lstm", "lstm_coupled")
    }
    assert found == {"rnn": None, "gru": None, "lstm": "C", "lstm_coupled": "C"}
    runs = carousels(from_catalogue("lstm"), "C", (0.5, 1.0), steps=6, hidden=5, seeds=2, rng=3)
    assert list(runs) == ["gain 0.5", "gain 1"]
    for run in (r for title in runs.values() for r in title):
        assert run.lag.shape == run.exact.shape == (6,)
        assert_allclose(run.step[:2], run.exact[:2], rtol=1e-12)
    again = carousels(from_catalogue("lstm"), "C", (0.5, 1.0), steps=6, hidden=5, seeds=2, rng=3)
    assert all(
        a.exact.tobytes() == b.exact.tobytes()
        for t in runs
        for a, b in zip(runs[t], again[t], strict=True)
    )
