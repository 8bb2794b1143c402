"""Layers of torch.nn beside stacks and networks of cells: same weights, same outputs, same gradients.

All of num_layers, bidirectional and proj_size; PyTorch's two biases are one here, but for that of the GRU's
candidate inside the reset gate.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

import lstmsym as ls
from lstmsym.numerics.network import run_network
from lstmsym.verification.network import network_gradients

torch.set_num_threads(1)
pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")

M, N, P, STEPS = 3, 5, 2, 7
GATES = {"lstm": "ifCo", "lstm_projection": "ifCo", "gru_after_keep": "rzh"}
MARKS = {False: [("", "")], True: [("__fwd", ""), ("__bwd", "_reverse")]}


@dataclass(frozen=True)
class Kind:
    """A module of torch with its options, and the cell that it is."""

    module: type
    options: tuple
    cell: str
    peepholes: tuple | None = None

    def build(self):
        return ls.cell(self.cell, peepholes=self.peepholes)


# fmt: off
KINDS = {
    "tanh":      Kind(torch.nn.RNN,  (("nonlinearity", "tanh"),), "rnn"),
    "relu":      Kind(torch.nn.RNN,  (("nonlinearity", "relu"),), "rnn_relu"),
    "lstm":      Kind(torch.nn.LSTM, (),                          "lstm"),
    "projected": Kind(torch.nn.LSTM, (("proj_size", P),),         "lstm_projection", ()),
    "gru":       Kind(torch.nn.GRU,  (),                          "gru_after_keep"),
}
# fmt: on
CASES = [(k, depth, both) for k in KINDS for depth in (1, 2, 3) for both in (False, True)]


def total(b_ih, b_hh):
    return b_ih + b_hh


def either(b_ih, b_hh):
    """The gradient by a sum is the gradient by each of the two."""
    assert_allclose(b_ih, b_hh, rtol=0, atol=1e-12)
    return b_ih


def one_layer(cell, part, bias):
    """The parameters of a cell; part(name) is the tensor weight_ih, …, of a layer and a direction."""
    ih, hh, b_ih, b_hh = (part(n) for n in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    if cell not in GATES:
        return {"W_h": hh, "W_x": ih, "b": bias(b_ih, b_hh)}
    gates = GATES[cell]
    ih, hh, b_ih, b_hh = (np.split(a, len(gates)) for a in (ih, hh, b_ih, b_hh))
    rows = dict(zip(gates, zip(ih, hh, b_ih, b_hh, strict=True), strict=True))
    found = {}
    for g, (w, u, b, c) in rows.items():
        if cell == "lstm":
            found |= {f"W_{g}": np.concatenate([u, w], axis=1), f"b_{g}": bias(b, c)}
        elif cell == "lstm_projection":
            found |= {f"W_{g}": w, f"R_{g}": u, f"b_{g}": bias(b, c)}
        elif g == "h":
            found |= {"W_h": w, "U_h": u, "b_h": b, "c_h": c}
        else:
            found |= {f"W_{g}": w, f"U_{g}": u, f"b_{g}": bias(b, c)}
    return found | ({"P": part("weight_hr")} if cell == "lstm_projection" else {})


@dataclass(frozen=True)
class Pair:
    """A torch module, the network of the same weights, and what both are given."""

    kind: Kind
    module: torch.nn.RNNBase
    network: object
    both: bool
    x: np.ndarray
    start: tuple

    def named(self, of, bias):
        """Our parameters, a dict a layer; `of` takes a tensor's values or its gradient."""
        return [
            {
                name + mark: value
                for mark, suffix in MARKS[self.both]
                for name, value in one_layer(
                    self.kind.cell,
                    lambda n, s=suffix, layer=layer: of(getattr(self.module, f"{n}_l{layer}{s}")),
                    bias,
                ).items()
            }
            for layer in range(self.module.num_layers)
        ]

    def initial(self):
        """Torch has the directions of all layers in one row: (layers × directions, size)."""
        marks = [mark for mark, _ in MARKS[self.both]]
        states = ("h", "C")[: len(self.start)]
        return [
            {
                s + mark: values[layer * len(marks) + n]
                for s, values in zip(states, self.start, strict=True)
                for n, mark in enumerate(marks)
            }
            for layer in range(self.module.num_layers)
        ]

    def run(self, initial=None):
        parameters = self.named(lambda p: p.detach().numpy(), total)
        return run_network(self.network, parameters, self.x, initial or self.initial())


@cache
def pair(name, depth, both, dtype=torch.float64):
    kind, rng = KINDS[name], np.random.default_rng(depth)
    module = kind.module(
        M, N, num_layers=depth, bidirectional=both, dtype=dtype, **dict(kind.options)
    )
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(torch.as_tensor(rng.normal(size=p.shape) / np.sqrt(p.shape[-1])))
    rows, sizes = depth * (1 + both), (P if name == "projected" else N, N)
    count = 2 if kind.module is torch.nn.LSTM else 1
    numpy_type = {torch.float64: np.float64, torch.float32: np.float32}[dtype]
    start = tuple(rng.normal(size=(rows, size)).astype(numpy_type) for size in sizes[:count])
    cell = kind.build()
    network = ls.network(ls.bidirectional(cell) if both else cell, depth)
    x = rng.normal(size=(STEPS, M)).astype(numpy_type)
    return Pair(kind, module, network, both, x, start)


def torch_run(p, x, start):
    states = start if len(start) > 1 else start[0]
    return p.module(x, states)[0]


@cache
def torch_gradients(name, depth, both):
    """∂L/∂ everything, with L = Σ u ⊙ output: by input, by initial states; those by weights stay in .grad."""
    p = pair(name, depth, both)
    p.module.zero_grad()
    x = torch.as_tensor(p.x).requires_grad_()
    start = tuple(torch.as_tensor(s).requires_grad_() for s in p.start)
    out = torch_run(p, x, start)
    slopes = np.random.default_rng(9).normal(size=tuple(out.shape))
    (out * torch.as_tensor(slopes)).sum().backward()
    return slopes, x.grad.numpy(), tuple(s.grad.numpy() for s in start)


@pytest.mark.parametrize(("name", "depth", "both"), CASES)
def test_outputs(name, depth, both):
    p = pair(name, depth, both)
    theirs = torch_run(p, torch.as_tensor(p.x), tuple(map(torch.as_tensor, p.start)))
    assert_allclose(p.run().output, theirs.detach().numpy(), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("name", "depth", "both"), CASES)
def test_outputs_in_single_precision(name, depth, both):
    p = pair(name, depth, both, torch.float32)
    theirs = torch_run(p, torch.as_tensor(p.x), tuple(map(torch.as_tensor, p.start)))
    largest = max(1.0, float(theirs.detach().abs().max()))
    assert_allclose(p.run().output, theirs.detach().numpy(), rtol=0, atol=1e-6 * largest)


@pytest.mark.parametrize(("name", "depth", "both"), CASES)
def test_gradients_by_weights(name, depth, both):
    p = pair(name, depth, both)
    slopes, _, _ = torch_gradients(name, depth, both)
    ours = network_gradients(p.run(), slopes)
    theirs = p.named(lambda a: a.grad.numpy(), either)
    for found, expected in zip(ours.parameters, theirs, strict=True):
        assert found.keys() == expected.keys()
        for weight in found:
            assert_allclose(found[weight], expected[weight], rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(("name", "depth", "both"), CASES)
def test_gradients_by_inputs_and_initial_states(name, depth, both):
    p = pair(name, depth, both)
    slopes, by_x, by_start = torch_gradients(name, depth, both)
    ours = network_gradients(p.run(), slopes)
    assert_allclose(ours.inputs, by_x, rtol=1e-10, atol=1e-10)
    expected = Pair(p.kind, p.module, p.network, both, p.x, by_start).initial()
    for found, right in zip(ours.initial, expected, strict=True):
        assert found.keys() == right.keys()
        for state in found:
            assert_allclose(found[state], right[state], rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("name", ["tanh", "lstm", "gru"])
def test_a_stack_as_one_cell_has_the_same_gradients(name, depth):
    p = pair(name, depth, False)
    slopes, by_x, _ = torch_gradients(name, depth, False)
    cell = ls.stack(p.kind.build(), depth)
    marked = lambda layers: {  # noqa: E731
        f"{n}__{layer}": a for layer, own in enumerate(layers, 1) for n, a in own.items()
    }
    values = marked(p.named(lambda a: a.detach().numpy(), total))
    run = run_network(ls.network(cell), [values], p.x, [marked(p.initial())])
    ours = network_gradients(run, slopes)
    assert_allclose(ours.inputs, by_x, rtol=1e-10, atol=1e-10)
    for weight, expected in marked(p.named(lambda a: a.grad.numpy(), either)).items():
        assert_allclose(ours.parameters[0][weight], expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", ["tanh", "lstm", "gru"])
def test_the_notation_of_pytorch_takes_its_weights_as_they_are(name):
    """W_ii is the first block of weight_ih_l0, b_hi that of bias_hh_l0, and so on."""
    p = pair(name, 1, False)
    cell = ls.cell(p.kind.cell, notation="pytorch")
    letters = {"tanh": "h", "lstm": "ifgo", "gru": "rzn"}[name]
    parts = {"W_i": "weight_ih", "W_h": "weight_hh", "b_i": "bias_ih", "b_h": "bias_hh"}
    values = {
        f"{stem}{letter}": block
        for stem, tensor in parts.items()
        for letter, block in zip(
            letters,
            np.split(getattr(p.module, f"{tensor}_l0").detach().numpy(), len(letters)),
            strict=True,
        )
    }
    start = {s: values[0] for s, values in zip(cell.states, p.start, strict=True)}
    found = run_network(ls.network(cell), [values], p.x, [start]).output
    theirs = torch_run(p, torch.as_tensor(p.x), tuple(map(torch.as_tensor, p.start)))
    assert_allclose(found, theirs.detach().numpy(), rtol=0, atol=1e-12)
