"""The rollout against formulas written out, and its two kinds of taps against differences."""

import autograd.numpy as anp
import numpy as np
import pytest
from numpy.testing import assert_allclose

from lstmsym.cells import catalogue, from_catalogue
from lstmsym.equations.reader import read_cell
from lstmsym.equations.terms import Signal, T, k, t
from lstmsym.errors import InputError, UnknownName
from lstmsym.numerics.gradients import autograd_gradients
from lstmsym.numerics.initialise import hard_instance
from lstmsym.numerics.rollout import rollout
from lstmsym.numerics.translate import evaluate

LSTM = from_catalogue("lstm")


def instance(name="lstm", steps=5, draws=(), seed=0):
    cell = from_catalogue(name) if "\n" not in name and "=" not in name else read_cell(name)
    rng = np.random.default_rng(seed)
    parameters, initial, sizes = hard_instance(cell, rng, n=3)
    width = [int(s.rows.subs(sizes)) for s in cell.inputs]
    inputs = {
        s.name: rng.normal(size=(*draws, steps, w)) for s, w in zip(cell.inputs, width, strict=True)
    }
    return cell, parameters, inputs, initial


def test_lstm_is_the_lstm_of_the_papers():
    cell, W, inputs, start = instance()
    run = rollout(cell, W, inputs["x"], start)
    σ = lambda a: 1 / (1 + np.exp(-a))  # noqa: E731
    h, C = start["h"], start["C"]
    for time, x in enumerate(inputs["x"], 1):
        hx = np.r_[h, x]
        f, i, o = (σ(W[f"W_{g}"] @ hx + W[f"b_{g}"]) for g in "fio")
        C = f * C + i * np.tanh(W["W_C"] @ hx + W["b_C"])
        h = o * np.tanh(C)
        assert_allclose(run.signal("C", time), C, rtol=1e-13)
        assert_allclose(run.signal("h", time), h, rtol=1e-13)
    assert run.steps == 5 and run.output.shape == (5, 3)
    assert run.signal("h", 0) is start["h"]


@pytest.mark.parametrize("name", catalogue())
def test_draws_are_rolled_out_as_if_one_by_one(name):
    cell, W, inputs, start = instance(name, draws=(4,))
    together = rollout(cell, W, inputs, start)
    for draw in range(4):
        alone = rollout(cell, W, {n: a[draw] for n, a in inputs.items()}, start)
        for signal, series in alone.signals.items():
            assert_allclose(together.signals[signal][draw], series, rtol=1e-12, atol=1e-14)


def test_each_draw_may_have_its_own_weights():
    many = [instance(seed=s) for s in range(3)]
    stack = lambda i: {n: np.stack([one[i][n] for one in many]) for n in many[0][i]}  # noqa: E731
    together = rollout(LSTM, stack(1), stack(2), stack(3))
    for draw, (cell, W, inputs, start) in enumerate(many):
        alone = rollout(cell, W, inputs, start)
        assert_allclose(together.output[draw], alone.output, rtol=1e-12)


def test_a_term_has_its_value_on_a_run():
    cell, W, inputs, start = instance()
    run = rollout(cell, W, inputs, start)
    term = Signal("C", t - k, cell.signals["C"].rows)
    assert_allclose(evaluate(term, run.environment({t: 5, k: 5})), start["C"])
    assert_allclose(evaluate(cell.signal("C", T), run.environment({})), run.signal("C", 5))


def quadratic(run):
    return anp.sum(run.signals[run.cell.output][..., -1, :] ** 2)


@pytest.mark.parametrize("name", catalogue())
def test_one_reverse_pass_gives_what_differences_give(name):
    cell, W, inputs, start = instance(name)
    found = autograd_gradients(cell, W, inputs, quadratic, start)
    states = [(s, kind) for s in cell.states for kind in ("taps", "carry_taps")]
    for state, kind in states:
        tap = np.zeros((5, len(start[state])))
        tap[2, 1] = 1e-6
        up, down = (
            quadratic(rollout(cell, W, inputs, start, **{kind: {state: s * tap}})) for s in (1, -1)
        )
        exact = (found.signals if kind == "taps" else found.carried)[state][2, 1]
        assert_allclose(exact, (up - down) / 2e-6, rtol=1e-6, atol=1e-8)


def test_total_and_block_differ_by_the_way_through_h():
    cell, W, inputs, start = instance()
    found = autograd_gradients(cell, W, inputs, quadratic, start)
    run = rollout(cell, W, inputs, start)
    C, o = run.signals["C"], run.signals["o"]
    through = found.signals["h"] * o * (1 - np.tanh(C) ** 2)
    assert_allclose(found.signals["C"][:-1], found.carried["C"][1:] + through[:-1], rtol=1e-10)
    assert_allclose(found.signals["h"][:-1], found.carried["h"][1:], rtol=1e-12)


def test_draws_have_independent_gradients():
    cell, W, inputs, start = instance(draws=(3,))
    loss = lambda run: anp.sum(run.output[..., -1, :] ** 2, axis=-1)  # noqa: E731
    found = autograd_gradients(cell, W, inputs, loss, start)
    alone = [
        autograd_gradients(cell, W, {"x": inputs["x"][draw]}, loss, start) for draw in range(3)
    ]
    assert_allclose(found.loss, [a.loss for a in alone])
    assert_allclose(found.signals["C"], np.stack([a.signals["C"] for a in alone]), rtol=1e-10)
    assert_allclose(found.parameters["W_f"], sum(a.parameters["W_f"] for a in alone), rtol=1e-10)


def test_a_cell_without_inputs_is_told_its_steps():
    cell = read_cell("h[t] = tanh(W @ h[t-1])")
    run = rollout(cell, {"W": 0.5 * np.eye(2)}, initial={"h": np.ones(2)}, steps=3)
    assert_allclose(run.output[-1], np.tanh(0.5 * np.tanh(0.5 * np.tanh([0.5, 0.5]))))


def test_what_does_not_fit_is_refused_by_name():
    cell, W, inputs, start = instance()
    x = inputs["x"]
    with pytest.raises(InputError, match=r"W_i has shape \(3, 6\), expected"):
        rollout(cell, {**W, "W_i": np.ones((3, 6))}, x)
    with pytest.raises(InputError, match="needs the parameter b_f"):
        rollout(cell, {n: a for n, a in W.items() if n != "b_f"}, x)
    with pytest.raises(InputError, match="needs the input x"):
        rollout(cell, W)
    with pytest.raises(InputError, match="steps must be told once"):
        rollout(cell, W, x, steps=9)
    with pytest.raises(InputError, match="at least 1"):
        rollout(cell, W, x[:0])
    with pytest.raises(UnknownName, match="no state"):
        rollout(cell, W, x, {"f": start["C"]})
    with pytest.raises(UnknownName, match="did you mean 'C'"):
        rollout(cell, W, x, {"c": start["C"]})
    with pytest.raises(UnknownName, match="did you mean"):
        rollout(cell, {**W, "W_q": W["W_f"]}, x)
    run = rollout(cell, W, x)
    with pytest.raises(InputError, match="no value at time 6"):
        run.signal("h", 6)
    with pytest.raises(UnknownName):
        run.signal("q", 1)
