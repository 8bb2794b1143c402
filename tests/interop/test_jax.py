"""The LSTM and its peephole variants written in jax.numpy: Jacobians by taps and gradients are ours."""

from dataclasses import dataclass
from functools import cache, partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.nn import sigmoid
from numpy.testing import assert_allclose

import lstmsym as ls
from lstmsym.flow import log_norms, matrices
from lstmsym.numerics.fused import fused_rollout
from lstmsym.numerics.initialise import hard_instance
from lstmsym.numerics.rollout import rollout

jax.config.update("jax_enable_x64", True)

STEPS, N = 8, 5


# --- the cells in jax.numpy: the states after a step, taps added right after the equation ---------


def lstm(W, h, C, x, taps):
    joint = jnp.concatenate([h, x])
    f, i, o = (sigmoid(W[f"W_{g}"] @ joint + W[f"b_{g}"]) for g in "fio")
    C = f * C + i * jnp.tanh(W["W_C"] @ joint + W["b_C"]) + taps["C"]
    return o * jnp.tanh(C) + taps["h"], C


def peephole(W, h, C, x, taps):
    f, i = (sigmoid(W[f"W_{g}"] @ jnp.concatenate([C, h, x]) + W[f"b_{g}"]) for g in "fi")
    C_tilde = jnp.tanh(W["W_C"] @ jnp.concatenate([h, x]) + W["b_C"])
    C = f * C + i * C_tilde + taps["C"]
    o = sigmoid(W["W_o"] @ jnp.concatenate([C, h, x]) + W["b_o"])
    return o * jnp.tanh(C) + taps["h"], C


def peephole_diagonal(W, h, C, x, taps):
    reads = lambda g: W[f"W_{g}"] @ x + W[f"R_{g}"] @ h + W[f"b_{g}"]  # noqa: E731
    f, i = (sigmoid(reads(g) + W[f"p_{g}"] * C) for g in "fi")
    C = f * C + i * jnp.tanh(reads("C")) + taps["C"]
    o = sigmoid(reads("o") + W["p_o"] * C)
    return o * jnp.tanh(C) + taps["h"], C


CELLS = {"lstm": lstm, "lstm_peephole": peephole, "lstm_peephole_diagonal": peephole_diagonal}
PARAMETERS = [(name, p) for name in CELLS for p in ls.cell(name).parameters]
PAIRS = [("h", "h"), ("C", "C"), ("h", "C"), ("C", "h")]


# --- one instance ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Instance:
    """Values of a cell, (T, m) inputs and (n,) states at time 0, and slopes of a loss (T, n)."""

    name: str
    values: dict
    slopes: np.ndarray

    def run(self, roll=rollout):
        cell = ls.cell(self.name)
        parameters = {p: self.values[p] for p in cell.parameters}
        initial = {s: self.values[s] for s in cell.states}
        return roll(cell, parameters, self.values["x"], initial)

    @property
    def weights(self):
        return {p: jnp.asarray(self.values[p]) for p in ls.cell(self.name).parameters}


@cache
def instance(name, n=N, steps=STEPS, seed=0):
    cell, rng = ls.cell(name), np.random.default_rng(seed)
    parameters, initial, sizes = hard_instance(cell, rng, n)
    x = rng.normal(size=(steps, sizes[cell.inputs[0].rows]))
    return Instance(name, {**parameters, **initial, "x": x}, rng.normal(size=(steps, n)))


def trajectory(name, weights, values, taps):
    """The states at t = 1 … T, (T, n) each, in one scan."""

    def step(states, now):
        h, C = CELLS[name](weights, *states, *now)
        return (h, C), {"h": h, "C": C}

    start = (jnp.asarray(values["h"]), jnp.asarray(values["C"]))
    return jax.lax.scan(step, start, (jnp.asarray(values["x"]), taps))[1]


@cache
def taps_jacobians(name, above, **sizes):
    """∂above_T/∂below_t of the kind total for both states and every t: below → (rows, T, columns)."""
    given = instance(name, **sizes)
    last = lambda taps: trajectory(name, given.weights, given.values, taps)[above][-1]  # noqa: E731
    nothing = jnp.zeros_like(given.slopes)
    found = jax.jit(jax.jacrev(last))({"h": nothing, "C": nothing})
    return {below: np.moveaxis(np.asarray(J), 1, 0) for below, J in found.items()}


# --- what agrees -------------------------------------------------------------------------------


@pytest.mark.parametrize("roll", [rollout, fused_rollout])
@pytest.mark.parametrize("name", CELLS)
def test_trajectories(name, roll):
    given = instance(name)
    nothing = jnp.zeros_like(given.slopes)
    theirs = trajectory(name, given.weights, given.values, {"h": nothing, "C": nothing})
    ours = given.run(roll)
    for state in ("h", "C"):
        assert_allclose(ours.signals[state], theirs[state], rtol=0, atol=1e-12)


@pytest.mark.parametrize(("above", "below"), PAIRS)
@pytest.mark.parametrize("name", CELLS)
def test_measured_jacobians_are_those_by_taps(name, above, below):
    theirs = taps_jacobians(name, above)[below]
    J, logs = matrices(instance(name).run(), above, below)
    assert_allclose(J * np.exp(logs)[:, None, None], theirs[::-1], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("above", "below"), PAIRS)
@pytest.mark.parametrize("name", CELLS)
def test_derived_jacobians_are_those_by_taps(name, above, below):
    theirs = taps_jacobians(name, above)[below]
    derived = ls.derive(name, f"d{above}[t]/d{below}[t-k]", kind="total")
    for lag in range(1, STEPS):
        ours = derived.evaluate(instance(name).values, lag=lag)
        assert_allclose(ours, theirs[-1 - lag], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", CELLS)
def test_reverse_and_forward_mode_of_jax_agree_on_the_taps(name):
    """The reference itself, by its other mode."""
    given = instance(name)
    last = partial(_last_h, name, given)
    forward = jax.jacfwd(last)(jnp.zeros_like(given.slopes))
    assert_allclose(
        np.moveaxis(np.asarray(forward), 1, 0),
        taps_jacobians(name, "h")["C"],
        rtol=1e-10,
        atol=1e-12,
    )


def _last_h(name, given, taps):
    both = {"h": jnp.zeros_like(taps), "C": taps}
    return trajectory(name, given.weights, given.values, both)["h"][-1]


@cache
def jax_gradients(name):
    given = instance(name)
    nothing = jnp.zeros_like(given.slopes)

    def loss(weights):
        found = trajectory(name, weights, given.values, {"h": nothing, "C": nothing})
        return jnp.sum(found["h"] * given.slopes)

    return jax.jit(jax.grad(loss))(given.weights)


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_derived_gradients(name, parameter):
    given = instance(name)
    ours = ls.derive(name, f"dL/d{parameter}").evaluate(given.values, loss_slopes=given.slopes)
    assert_allclose(ours, jax_gradients(name)[parameter], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("norm", ["frobenius", "spectral"])
@pytest.mark.parametrize(("above", "below"), [("h", "h"), ("C", "C")])
@pytest.mark.parametrize("name", CELLS)
def test_norms_at_all_of_200_lags(name, above, below, norm):
    """In extended precision the diagonal peepholes come out 1.1e-10 from ours and 2.6e-10 from JAX."""
    theirs = taps_jacobians(name, above, n=32, steps=200)[below]
    run = instance(name, n=32, steps=200).run(fused_rollout)
    size = np.linalg.norm(theirs, ord={"frobenius": "fro", "spectral": 2}[norm], axis=(1, 2))
    ours = log_norms(run, above, below, norm=norm)
    diagonal = name == "lstm_peephole_diagonal"
    assert_allclose(np.exp(ours - np.log(size[::-1])), 1, rtol=0, atol=1e-9 if diagonal else 1e-10)
