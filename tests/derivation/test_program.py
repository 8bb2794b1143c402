"""BPTT as data: an order that can be run, edges that are the forward ones transposed, sums over all steps."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lstmsym as ls
from lstmsym.derivation.graph import local, sources
from lstmsym.derivation.normal import with_preactivations
from lstmsym.derivation.program import bptt
from lstmsym.equations.derived import Adjoint, Gradient, SumOverTime
from lstmsym.equations.terms import Signal, T, t, walk
from tests.witnesses import MODELS, Run, adjoint, by_complex_step, model_of, relative


@pytest.mark.parametrize("name", MODELS)
def test_every_right_side_needs_only_what_is_known(name):
    """At t: adjoints assigned before at t, or any at t+1; and ∂L_t of the output alone."""
    program = bptt(ls.cell(name))
    done = set()
    for step in program.assignments:
        for a in (a for a in walk(step.right) if isinstance(a, Adjoint)):
            if a.scope == "own":
                assert a.of.name == program.cell.output and a.of.time == t
            else:
                assert a.of.time == t + 1 or (a.of.time == t and a.of.name in done), step
        assert step.left.of.time == t and step.because
        done.add(step.left.of.name)
    assert done == set(program.cell.signals)


@pytest.mark.parametrize("name", MODELS)
def test_every_weight_has_a_sum_over_all_steps(name):
    program = bptt(ls.cell(name))
    assert [g.left.parameter.name for g in program.gradients] == list(ls.cell(name).weights)
    for g in program.gradients:
        assert isinstance(g.left, Gradient) and isinstance(g.right, SumOverTime)
        assert g.right.args[1:] == (t, 1, T) and g.left.shape == g.right.shape


@pytest.mark.parametrize("name", MODELS)
def test_each_adjoint_names_its_ways_to_the_loss(name):
    """As many summands as equations that use the signal, at t and at t+1, plus the loss at the output."""
    program = bptt(ls.cell(name))
    for step in program.assignments:
        s = step.left.of
        uses = [e for e in program.cell if s in sources(e, before=False)]
        later = [e for e in program.cell if s.at(t - 1) in sources(e, before=True)]
        named = {
            a.of.name for a in walk(step.right) if isinstance(a, Adjoint) and a.scope == "whole"
        }
        assert named == {e.name for e in (*uses, *later)}


def test_preactivations_are_signals_with_their_own_adjoints():
    named = with_preactivations(ls.cell("lstm"))
    assert [e.name for e in named][:2] == ["a_f", "f"]
    assert local(named.by_name["f"], named.signal("a_f")) == local(
        named.by_name["f"], Signal("a_f", t, named.sizes[0])
    )
    taken = ls.parse("a_h[t] = W @ h[t-1]\nh[t] = tanh(a_h[t] + b)")
    assert [e.name for e in with_preactivations(taken)] == ["a_h", "net_h", "h"]


@pytest.mark.parametrize("steps", (1, 2, 5))
def test_preactivation_adjoint_is_slope_times_adjoint(steps):
    """δa_f = δf ⊙ f ⊙ (1 − f), and equals a complex step on the bias of a single time."""
    rng = np.random.default_rng(6)
    values = model_of("lstm").draw(rng, {"n": 3, "m": 2}, steps)
    run, slopes = Run(model_of("lstm"), values, steps), rng.normal(size=(steps, 3))
    for time in range(1, steps + 1):
        given = {"time": time, "loss_slopes": slopes}
        inner = ls.derive("lstm", "dL/da_f[t]").evaluate(values, **given)
        outer = ls.derive("lstm", "dL/df[t]").evaluate(values, **given)
        f = run.trajectory[time]["f"]
        assert_allclose(inner, outer * f * (1 - f), rtol=1e-12)
        assert relative(outer, adjoint(run, "f", time, slopes, by_complex_step)) <= 1e-12


@pytest.mark.parametrize("name", MODELS)
def test_gradient_is_linear_in_the_slopes_of_the_loss(name):
    rng = np.random.default_rng(2)
    values = model_of(name).draw(rng, {"n": 3, "m": 2}, 3)
    u, v = rng.normal(size=(2, 3, 3))
    weight = next(iter(ls.cell(name).weights))
    derived = ls.derive(name, f"dL/d{weight}")
    gradient = lambda slopes: derived.evaluate(values, loss_slopes=slopes)  # noqa: E731
    assert_allclose(gradient(2 * u - v), 2 * gradient(u) - gradient(v), rtol=1e-11, atol=1e-13)


def test_no_adjoint_comes_from_after_the_last_step():
    """At t = T only the loss at T and the equations of T count."""
    rng = np.random.default_rng(1)
    values = model_of("rnn").draw(rng, {"n": 3, "m": 2}, 4)
    slopes = rng.normal(size=(4, 3))
    found = ls.derive("rnn", "dL/dh[t]").evaluate(values, time=4, loss_slopes=slopes)
    assert_allclose(found, slopes[-1], rtol=0, atol=0)


def test_an_output_that_is_no_state_has_a_single_and_a_double_sum():
    cell = ls.parse(
        "s[t] = tanh(W @ s[t-1] + U @ x[t])\ny[t] = sigmoid(V @ [s[t], x[t]])\noutput y"
    )
    recurrent = ls.derive(cell, "dL/dW", form="double sum")
    assert sum(isinstance(a, SumOverTime) for a in walk(recurrent.expr)) == 3
    readout = ls.derive(cell, "dL/dV", form="double sum")
    assert sum(isinstance(a, SumOverTime) for a in walk(readout.expr)) == 1
    rng = np.random.default_rng(0)
    shapes = {"W": (3, 3), "U": (3, 2), "V": (4, 5), "x": (4, 2)}
    values = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    for weight in "WUV":
        one, two = (
            ls.derive(cell, f"dL/d{weight}", form=f).evaluate(values)
            for f in ("product", "double sum")
        )
        assert_allclose(one, two, rtol=1e-11, atol=1e-13)


def test_a_parameter_that_reaches_nothing_has_gradient_zero():
    cell = ls.parse("h[t] = tanh(W @ h[t-1])\nunread[t] = Q @ h[t]")
    values = {"W": np.eye(2), "Q": np.ones((3, 2)), "h": np.ones(2)}
    for form in ("product", "double sum"):
        found = ls.derive(cell, "dL/dQ", form=form).evaluate(values, time=2)
        assert found.shape == (3, 2) and not found.any()
