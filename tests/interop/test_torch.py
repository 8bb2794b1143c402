"""The catalogue beside torch.nn in float64: same weights, same trajectory, same derivatives.

PyTorch stacks its gates as i f g o (LSTM) and r z n (GRU) and has two biases; its GRU is `gru_after_keep`,
where b_hn stays inside the reset gate as c_h.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

import lstmsym as ls
from lstmsym.flow import log_norms, matrices
from lstmsym.numerics.fused import fused_rollout
from lstmsym.numerics.rollout import rollout

torch.set_num_threads(1)

LAYERS = {
    "rnn": (torch.nn.RNN, 1),
    "lstm": (torch.nn.LSTM, 4),
    "gru_after_keep": (torch.nn.GRU, 3),
}
STATES = {"rnn": ("h",), "lstm": ("h", "C"), "gru_after_keep": ("h",)}
PARAMETERS = [(name, p) for name in LAYERS for p in ls.cell(name).parameters]


# --- the same weights under both names ---------------------------------------------------------


def rnn(ih, hh, b_ih, b_hh, bias):
    return {"W_x": ih[0], "W_h": hh[0], "b": bias(b_ih[0], b_hh[0])}


def lstm(ih, hh, b_ih, b_hh, bias):
    gates = dict(zip("ifCo", range(4), strict=True))
    weights = {f"W_{g}": np.concatenate([hh[j], ih[j]], axis=1) for g, j in gates.items()}
    return weights | {f"b_{g}": bias(b_ih[j], b_hh[j]) for g, j in gates.items()}


def gru(ih, hh, b_ih, b_hh, bias):
    gates = dict(zip("rzh", range(3), strict=True))
    weights = {f"W_{g}": ih[j] for g, j in gates.items()}
    weights |= {f"U_{g}": hh[j] for g, j in gates.items()}
    weights |= {f"b_{g}": bias(b_ih[j], b_hh[j]) for g, j in gates.items() if g != "h"}
    return weights | {"b_h": b_ih[2], "c_h": b_hh[2]}


def total(b_ih, b_hh):
    return b_ih + b_hh


def either(b_ih, b_hh):
    """The gradient by a sum is the gradient by each of the two."""
    assert_allclose(b_ih, b_hh, rtol=0, atol=1e-13)
    return b_ih


NAMED = {"rnn": rnn, "lstm": lstm, "gru_after_keep": gru}


def named(name, layer, of, bias):
    """The cell's parameters from a layer's; `of` takes a tensor's values or its gradient."""
    parts = [layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0]
    split = [np.split(of(p).numpy(), LAYERS[name][1]) for p in parts]
    return NAMED[name](*split, bias)


# --- one pair of runs --------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """A torch layer and the values of the same cell: inputs (T, m), states at time 0 (n,)."""

    name: str
    layer: torch.nn.RNNBase
    values: dict
    slopes: np.ndarray

    @property
    def cell(self):
        return ls.cell(self.name)

    @property
    def x(self):
        return torch.as_tensor(self.values["x"])

    @property
    def start(self):
        """The states at time 0 as torch wants them: (1, n) each."""
        states = tuple(torch.as_tensor(self.values[s])[None] for s in STATES[self.name])
        return states if len(states) > 1 else states[0]

    def run(self, roll=rollout):
        parameters = {p: self.values[p] for p in self.cell.parameters}
        return roll(
            self.cell, parameters, self.values["x"], {s: self.values[s] for s in self.cell.states}
        )

    def states(self):
        """Every state at t = 1 … T as a node of one graph, from T calls of one step: name → [(n,)]."""
        found = {s: [] for s in STATES[self.name]}
        now = self.start
        for x in self.x:
            now = self.layer(x[None], now)[1]
            for s, value in zip(found, now if isinstance(now, tuple) else (now,), strict=True):
                found[s].append(value)
        return found


@cache
def pair(name, n=5, m=3, steps=9, scale=1.3, seed=0):
    rng = np.random.default_rng(seed)
    layer = LAYERS[name][0](m, n, dtype=torch.float64)
    with torch.no_grad():
        for p in layer.parameters():
            p.copy_(torch.as_tensor(rng.normal(size=p.shape) * scale / np.sqrt(p.shape[-1])))
    values = named(name, layer, lambda p: p.detach(), total)
    values |= {s: rng.normal(size=n) for s in STATES[name]} | {"x": rng.normal(size=(steps, m))}
    return Pair(name, layer, values, rng.normal(size=(steps, n)))


def jacobians(above, below):
    """∂above/∂below_t for every t, (T, rows, columns), all rows in one batched reverse pass."""
    rows = torch.eye(above.shape[-1], dtype=torch.float64)[:, None]
    found = torch.autograd.grad(above, below, rows, is_grads_batched=True, retain_graph=True)
    return torch.stack([a[:, 0] for a in found]).numpy()


# --- forward -----------------------------------------------------------------------------------


@pytest.mark.parametrize("roll", [rollout, fused_rollout])
@pytest.mark.parametrize("name", LAYERS)
def test_trajectories(name, roll):
    p = pair(name)
    theirs, last = p.layer(p.x, p.start)
    ours = p.run(roll)
    assert_allclose(ours.output, theirs.detach().numpy(), rtol=0, atol=1e-12)
    if name == "lstm":
        assert_allclose(ours.signal("C", 9), last[1][0].detach().numpy(), rtol=0, atol=1e-12)


def test_a_batch_of_draws_is_a_batch_of_torch():
    p = pair("lstm")
    x = np.random.default_rng(1).normal(size=(4, 9, 3))
    theirs, _ = p.layer(torch.as_tensor(x).transpose(0, 1))
    ours = rollout(p.cell, {name: p.values[name] for name in p.cell.parameters}, x)
    assert_allclose(ours.output, theirs.detach().transpose(0, 1).numpy(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["gru", "gru_after", "gru_keep"])
def test_no_other_convention_of_the_gru_is_that_of_torch(name):
    p = pair("gru_after_keep")
    cell, values = ls.cell(name), dict(p.values)
    if "after" not in name:  # one concatenated weight; nothing of c_h is left
        values |= {
            f"W_{g}": np.concatenate([values[f"U_{g}"], values[f"W_{g}"]], axis=1) for g in "rzh"
        }
    parameters = {a: values[a] for a in cell.parameters}
    ours = rollout(cell, parameters, values["x"], {"h": values["h"]}).output
    assert np.abs(ours - p.run().output).max() > 0.1


# --- derivatives over time ---------------------------------------------------------------------


@pytest.mark.parametrize("name", LAYERS)
def test_measured_jacobians_at_every_lag(name):
    p = pair(name)
    h = p.states()["h"]
    theirs = jacobians(h[-1], h)
    J, logs = matrices(p.run(), "h", "h")
    assert_allclose(J * np.exp(logs)[:, None, None], theirs[::-1], rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("form", ["product", "recursion"])
@pytest.mark.parametrize("name", LAYERS)
def test_derived_jacobians_at_every_lag(name, form):
    p = pair(name)
    h = p.states()["h"]
    theirs = jacobians(h[-1], h)
    derived = ls.derive(name, "dh[t]/dh[t-k]", form=form)
    for lag in range(1, 9):
        ours = derived.evaluate(p.values, lag=lag)
        assert_allclose(ours, theirs[-1 - lag], rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize(("above", "below"), [("C", "C"), ("C", "h"), ("h", "C"), ("h", "h")])
def test_a_layer_called_step_by_step_gives_the_block(above, below):
    """Its h_t and C_t come out side by side, so moving one leaves the other: the kind is block."""
    p = pair("lstm")
    states = p.states()
    theirs = jacobians(states[above][-1], states[below][:-1])[::-1]
    J, logs = matrices(p.run(), above, below, "block")
    assert_allclose(J[1:] * np.exp(logs)[1:, None, None], theirs, rtol=1e-10, atol=1e-13)
    derived = ls.derive("lstm", f"d{above}[t]/d{below}[t-k]", kind="block")
    for lag in (1, 2, 7):
        ours = derived.evaluate(p.values, lag=lag)
        assert_allclose(ours, theirs[lag - 1], rtol=1e-10, atol=1e-13)


def test_the_same_steps_written_out_give_the_total():
    """With h_t computed from C_t, torch moves h_t along with C_t: the kind is total."""
    p = pair("lstm")
    W = {name: torch.as_tensor(p.values[name]) for name in p.cell.parameters}
    h, C = (torch.as_tensor(p.values[s])[None].requires_grad_() for s in ("h", "C"))
    seen = []
    for x in p.x:
        joint = torch.cat([h, x[None]], dim=1)
        f, i, o = (torch.sigmoid(joint @ W[f"W_{g}"].T + W[f"b_{g}"]) for g in "fio")
        C = f * C + i * torch.tanh(joint @ W["W_C"].T + W["b_C"])
        h = o * torch.tanh(C)
        seen.append(C)
    theirs = jacobians(C, seen)[::-1]
    J, logs = matrices(p.run(), "C", "C")
    assert_allclose(J * np.exp(logs)[:, None, None], theirs, rtol=1e-10, atol=1e-13)
    derived = ls.derive("lstm", "dC[t]/dC[t-k]")
    assert_allclose(derived.evaluate(p.values, lag=5), theirs[5], rtol=1e-10, atol=1e-13)


# --- gradients ---------------------------------------------------------------------------------


@cache
def torch_gradients(name):
    p = pair(name)
    p.layer.zero_grad()
    out, _ = p.layer(p.x, p.start)
    (out * torch.as_tensor(p.slopes)).sum().backward()
    return named(name, p.layer, lambda a: a.grad, either)


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_derived_gradients(name, parameter):
    p = pair(name)
    ours = ls.derive(name, f"dL/d{parameter}").evaluate(p.values, loss_slopes=p.slopes)
    assert_allclose(ours, torch_gradients(name)[parameter], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("name", "parameter"), [("lstm", "W_f"), ("gru_after_keep", "U_h")])
def test_the_double_sum_is_the_same_gradient(name, parameter):
    p = pair(name)
    derived = ls.derive(name, f"dL/d{parameter}", form="double sum")
    ours = derived.evaluate(p.values, loss_slopes=p.slopes)
    assert_allclose(ours, torch_gradients(name)[parameter], rtol=1e-10, atol=1e-12)


# --- norms at length ---------------------------------------------------------------------------


@pytest.mark.parametrize("norm", ["frobenius", "spectral"])
@pytest.mark.parametrize("name", LAYERS)
def test_norms_at_all_of_200_lags(name, norm):
    p = pair(name, n=32, m=4, steps=200, scale=1.0)
    theirs = np.linalg.norm(
        long_jacobians(name), ord={"frobenius": "fro", "spectral": 2}[norm], axis=(1, 2)
    )
    ours = log_norms(p.run(fused_rollout), "h", "h", norm=norm)
    assert_allclose(np.exp(ours - np.log(theirs[::-1])), 1, rtol=0, atol=1e-10)


@cache
def long_jacobians(name):
    h = pair(name, n=32, m=4, steps=200, scale=1.0).states()["h"]
    return jacobians(h[-1], h)
