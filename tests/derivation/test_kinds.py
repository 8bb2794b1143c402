"""The four kinds: what each is on a cell, where they coincide, and how one-step blocks multiply."""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lstmsym as ls
from lstmsym.equations.derived import Diagonal, ProductOverTime, StateJacobian
from lstmsym.equations.terms import Signal, walk
from tests.witnesses import MODELS, model_of, relative

KINDS, STEPS = ("direct", "step", "block", "total"), 6
ONE_STATE = [name for name in MODELS if len(ls.cell(name).states) == 1]
LSTMS = ("lstm", "lstm_coupled")


def draw(name, seed=1, scale=1.0):
    model = model_of(name)
    drawn = model.draw(np.random.default_rng(seed), {"n": 4, "m": 3}, STEPS)
    return {p: scale * a if p in model.shapes else a for p, a in drawn.items()}


def value(name, text, values, kind="total", **choices):
    return ls.derive(name, text, kind=kind).evaluate(values, **choices)


@pytest.mark.parametrize("lag", (1, 2, 5))
@pytest.mark.parametrize("name", ONE_STATE)
def test_with_one_state_step_block_and_total_are_one(name, lag):
    values, text = draw(name), f"dh[t]/dh[t-{lag}]"
    whole = value(name, text, values)
    for kind in ("step", "block"):
        assert relative(value(name, text, values, kind), whole) <= 1e-13
    direct = value(name, text, values, "direct")
    assert name == "rnn" or relative(direct, whole) > 1e-3


@pytest.mark.parametrize("name", LSTMS)
def test_without_peepholes_one_step_is_total(name):
    values = draw(name)
    assert (
        relative(value(name, "dC[t]/dC[t-1]", values, "step"), value(name, "dC[t]/dC[t-1]", values))
        <= 1e-13
    )


def test_with_full_peepholes_the_gate_of_the_step_before_tells_them_apart():
    """o_{t-1} sees C_{t-1}: total moves it, step holds it."""
    values = draw("lstm_peephole")
    step, total = (
        value("lstm_peephole", "dC[t]/dC[t-1]", values, kind) for kind in ("step", "total")
    )
    assert relative(step, total) > 1e-2


@pytest.mark.parametrize("name", LSTMS)
@pytest.mark.parametrize("lag", (1, 2, 5))
def test_without_recurrent_weights_all_four_are_the_carousel(name, lag):
    values = draw(name)
    for weight in (w for w in values if w.startswith("W_")):
        values[weight][:, :4] = 0
    f = 1 / (1 + np.exp(-(values["x"] @ values["W_f"][:, 4:].T + values["b_f"])))
    expected = np.diag(np.prod(f[STEPS - lag :], axis=0))
    for kind in KINDS:
        assert_allclose(value(name, f"dC[t]/dC[t-{lag}]", values, kind), expected, rtol=1e-12)


def test_direct_of_the_lstm_is_the_product_of_forget_gates():
    derived = ls.derive("lstm", "dC[t]/dC[t-k]", kind="direct")
    assert isinstance(derived.expr, Diagonal) and isinstance(derived.expr.inside, ProductOverTime)
    assert [s.name for s in derived.expr.atoms(Signal)] == ["f"]


def test_direct_is_zero_where_nothing_is_explicit():
    values = draw("lstm")
    assert not value("lstm", "dC[t]/dh[t-1]", values, "direct").any()
    assert not value("lstm", "dh[t]/dh[t-3]", values, "direct").any()


@pytest.mark.parametrize("name", MODELS)
def test_only_joint_state_jacobians_multiply(name):
    """The joint blocks over 4 steps are J_t J_{t-1} J_{t-2} J_{t-3}, newest on the left."""
    values, states = draw(name), ls.cell(name).states

    def joint(time, lag):
        block = {
            (a, b): value(name, f"d{a}[t]/d{b}[t-{lag}]", values, "block", time=time)
            for a, b in itertools.product(states, repeat=2)
        }
        return np.block([[block[a, b] for b in states] for a in states])

    product = joint(6, 1) @ joint(5, 1) @ joint(4, 1) @ joint(3, 1)
    assert relative(joint(6, 4), product) <= 1e-12


@pytest.mark.parametrize("name", MODELS)
def test_total_is_block_times_what_moves_at_the_older_step(name):
    """∂A_t/∂B_{t-k} total = Σ_s ∂A_t/∂s_{t-k} block · ∂s_{t-k}/∂B_{t-k}."""
    values, states = draw(name), ls.cell(name).states
    for above, below in itertools.product(states, repeat=2):
        whole = value(name, f"d{above}[t]/d{below}[t-3]", values)
        moved = {below: np.eye(4)}
        if below == "C":  # h = o ⊙ tanh C, and with peepholes o sees C
            moved["h"] = h_by_C(name, values, STEPS - 3)
        shares = [
            value(name, f"d{above}[t]/d{s}[t-3]", values, "block") @ D for s, D in moved.items()
        ]
        assert relative(sum(shares), whole) <= 1e-12


def h_by_C(name, values, time):
    """∂h_t/∂C_t within one step, by hand."""
    from tests.witnesses import Run

    now = Run(model_of(name), values, STEPS).trajectory[time]
    o, squashed = now["o"], np.tanh(now["C"])
    found = np.diag(o * (1 - squashed**2))
    if name == "lstm_peephole":
        found += np.diag(squashed * o * (1 - o)) @ values["W_o"][:, :4]
    if name == "lstm_peephole_diagonal":
        found += np.diag(squashed * o * (1 - o) * values["p_o"])
    return found


@pytest.mark.parametrize("kind", ("block", "total"))
def test_exact_kinds_go_through_the_joint_state_and_the_others_do_not(kind):
    through = lambda kind: any(  # noqa: E731
        isinstance(a, StateJacobian)
        for a in walk(ls.derive("lstm", "dC[t]/dC[t-k]", kind=kind).expr)
    )
    assert through(kind) and not through("step") and not through("direct")


def test_the_step_product_says_that_it_is_no_derivative():
    assert any(
        "misses" in r for r in ls.derive("lstm", "dC[t]/dC[t-2]", kind="step").derivation.remarks
    )
    assert any(
        "carousel" in r
        for r in ls.derive("lstm", "dC[t]/dC[t-2]", kind="direct").derivation.remarks
    )


def test_kinds_are_named_in_every_result():
    for kind in KINDS:
        derived = ls.derive("lstm", "dC[t]/dC[t-2]", kind=kind)
        assert derived.kind == kind == derived.as_dict()["kind"]
