"""Networks of layers: what comes out, and gradients against autograd and against differences."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from numpy.testing import assert_allclose, assert_array_equal

import lstmsym as ls
from lstmsym.numerics.arithmetic import Floats
from lstmsym.numerics.initialise import default_sizes, initialise
from lstmsym.numerics.network import run_network
from lstmsym.numerics.rollout import rollout
from lstmsym.verification.network import network_gradients

AUTOGRAD = Floats(anp)
STEPS, M, N = 5, 3, 4
NETWORKS = ["stack(bidirectional(gru), 2)", "stack(lstm, bidirectional(rnn), lstm_projection)", "rnn",
            "stack(bidirectional(stack(lstm, 2)), clockwork)"]  # fmt: skip


def network(text):
    return ls.network(text) if "(" in text else ls.network(ls.cell(text))


def drawn(net, seed=0):
    """Parameters and initial states of each layer, and a sequence."""
    rng, width = np.random.default_rng(seed), M
    parameters, initial = [], []
    for cell in net.layers:
        sizes = default_sizes(cell, N, width)
        parameters.append(initialise(cell, "pytorch", sizes, rng))
        rows = {s: int(cell.signals[s].rows.subs(sizes)) for s in cell.states}
        initial.append({s: rng.normal(size=n) for s, n in rows.items()})
        width = int(cell.signals[cell.output].rows.subs(sizes))
    return parameters, initial, rng.normal(size=(STEPS, M)), rng.normal(size=(STEPS, width))


def test_a_backward_half_is_aligned_with_the_sequence():
    net = ls.network("stack(bidirectional(rnn), 2)")
    parameters, initial, x, _ = drawn(net)
    found = run_network(net, parameters, x, initial)
    sequence, rnn = x, ls.cell("rnn")
    for own, start in zip(parameters, initial, strict=True):
        halves = [
            rollout(
                rnn,
                {n: own[f"{n}__{mark}"] for n in rnn.parameters},
                way(sequence),
                {"h": start[f"h__{mark}"]},
            ).output
            for mark, way in (("fwd", lambda a: a), ("bwd", lambda a: a[::-1]))
        ]
        sequence = np.concatenate([halves[0], halves[1][::-1]], axis=1)
    assert_array_equal(found.output, sequence)
    assert len(found.rollouts) == len(found.outputs) == 2


def test_draws_stand_in_front():
    net = ls.network("bidirectional(gru)")
    parameters, _, _, _ = drawn(net)
    x = np.random.default_rng(3).normal(size=(2, STEPS, M))
    both = run_network(net, parameters, x).output
    assert both.shape == (2, STEPS, 2 * N)
    assert_allclose(both[1], run_network(net, parameters, x[1]).output, rtol=0, atol=1e-15)


@pytest.mark.parametrize("text", NETWORKS)
def test_gradients_are_those_of_autograd(text):
    net = network(text)
    parameters, initial, x, slopes = drawn(net)

    def loss(everything):
        own, start, sequence = everything
        plain = lambda layers: [dict(layer) for layer in layers]  # noqa: E731
        found = run_network(net, plain(own), sequence, plain(start), arithmetic=AUTOGRAD)
        return anp.sum(found.output * slopes)

    theirs = grad(loss)((parameters, initial, x))
    ours = network_gradients(run_network(net, parameters, x, initial), slopes)
    assert_allclose(ours.inputs, theirs[2], rtol=1e-11, atol=1e-13)
    for mine, right in ((ours.parameters, theirs[0]), (ours.initial, theirs[1])):
        for found, expected in zip(mine, right, strict=True):
            for name, value in found.items():
                assert_allclose(value, expected[name], rtol=1e-11, atol=1e-13)


def test_gradients_by_the_sequence_are_differences():
    net = ls.network("stack(bidirectional(lstm), 2)")
    parameters, initial, x, slopes = drawn(net)
    ours = network_gradients(run_network(net, parameters, x, initial), slopes).inputs
    loss = lambda a: np.sum(run_network(net, parameters, a, initial).output * slopes)  # noqa: E731
    for place in [(0, 0), (2, 1), (STEPS - 1, 2)]:
        step = np.zeros_like(x)
        step[place] = 1e-6
        difference = (loss(x + step) - loss(x - step)) / 2e-6
        assert abs(difference - ours[place]) < 1e-8


def test_one_layer_of_one_direction_is_its_own_backpropagation():
    net = ls.network("lstm", 1)
    parameters, initial, x, slopes = drawn(net)
    ours = network_gradients(run_network(net, parameters, x, initial), slopes)
    values = {**parameters[0], **initial[0], "x": x}
    expected = ls.derive("lstm", "dL/dW_f").evaluate(values, loss_slopes=slopes)
    assert_allclose(ours.parameters[0]["W_f"], expected, rtol=1e-12, atol=1e-14)


def test_what_does_not_fit():
    net = ls.network("stack(rnn, 2)")
    parameters, initial, x, slopes = drawn(net)
    with pytest.raises(ls.LstmsymError, match="given for 1 layers, and the network has 2"):
        run_network(net, parameters[:1], x)
    with pytest.raises(ls.LstmsymError, match="initial states are given for 1"):
        run_network(net, parameters, x, initial[:1])
    with pytest.raises(ls.LstmsymError, match=r"slopes have shape \(4, 4\), expected \(5, 4\)"):
        network_gradients(run_network(net, parameters, x), slopes[1:])
