"""Product, recursion, expanded; numerator and denominator; every step of the way: one value."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lstmsym as ls
from lstmsym.equations.derived import ProductOverTime, Transposed
from lstmsym.equations.terms import k, t, walk
from lstmsym.errors import QuantityError
from lstmsym.verification.instances import float_instance
from tests.witnesses import MODELS, Run, by_autograd, jacobian, model_of, relative

KINDS, STEPS = ("direct", "step", "block", "total"), 6


@pytest.fixture(scope="module", params=MODELS)
def drawn(request):
    model = model_of(request.param)
    values = model.draw(np.random.default_rng(3), {"n": 3, "m": 2}, STEPS)
    return request.param, Run(model, values, STEPS), values


def pairs(run):
    return [(a, b) for a in run.model.states for b in run.model.states]


@pytest.mark.parametrize("kind", KINDS)
def test_recursion_and_expansion_equal_the_product(drawn, kind):
    """Expanded up to 100 paths: all of lag 1 and 2, and what is short at lag 3."""
    name, run, values = drawn
    expanded = 0
    for above, below in pairs(run):
        for lag in (1, 2, 3):
            text = f"d{above}[t]/d{below}[t-{lag}]"
            product = ls.derive(name, text, kind=kind)
            expected = product.evaluate(values)
            recursion = ls.derive(name, text, kind=kind, form="recursion").evaluate(values)
            assert relative(recursion, expected) <= 1e-12, text
            if product.terms <= 100:
                paths = ls.derive(name, text, kind=kind, form="expanded").evaluate(values)
                assert relative(paths, expected) <= 1e-12, text
                expanded += 1
    assert expanded >= 2 * len(run.model.states) ** 2 - 1


def test_denominator_layout_is_the_transpose(drawn):
    name, run, values = drawn
    for above, below in pairs(run):
        for lag, form in ((1, "product"), (2, "product"), (2, "expanded"), (3, "recursion")):
            text = f"d{above}[t]/d{below}[t-{lag}]"
            rows = ls.derive(name, text, form=form)
            across = ls.derive(name, text, form=form, layout="denominator")
            assert across.derivation.left == Transposed(rows.derivation.left)
            assert_allclose(
                across.evaluate(values), rows.evaluate(values).T, rtol=1e-12, atol=1e-14
            )


def test_numerator_layout_of_gradients_is_the_transpose(drawn):
    name, run, values = drawn
    for weight in run.model.shapes:
        own = ls.derive(name, f"dL/d{weight}").evaluate(values)
        assert own.shape == values[weight].shape
        across = ls.derive(name, f"dL/d{weight}", layout="numerator").evaluate(values)
        assert_allclose(across, own.T if own.ndim == 2 else own[None, :], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kind", KINDS)
def test_consecutive_steps_have_one_value(drawn, kind):
    """left = right on every line of every derivation, at lag 1, 2 and k, in every form."""
    name, run, _ = drawn
    cell = ls.cell(name)
    instance, compared = float_instance(cell, STEPS), 0
    for above, below in pairs(run):
        for lag, form in (
            ("1", "product"),
            ("2", "recursion"),
            ("2", "expanded"),
            ("k", "product"),
        ):
            derivation = ls.derive(
                cell, f"d{above}[t]/d{below}[t-{lag}]", kind=kind, form=form
            ).derivation
            for step in (*derivation.steps, *derivation.definitions):
                left = instance.value(step.left, {t: STEPS, k: 3})
                right = instance.value(step.right, {t: STEPS, k: 3})
                assert_allclose(left.reshape(right.shape), right, rtol=1e-9, atol=1e-12)
                assert step.because or step in derivation.definitions
                compared += 1
            assert derivation.expr in [step.right for step in derivation.steps]
            assert derivation.steps[0].left == derivation.left
    assert compared >= 4 * len(run.model.states) ** 2


def test_steps_of_gradients_have_one_value(drawn):
    name, run, _ = drawn
    cell = ls.cell(name)
    instance = float_instance(cell, STEPS)
    for weight in run.model.shapes:
        for form in ("product", "double sum"):
            derivation = ls.derive(cell, f"dL/d{weight}", form=form).derivation
            for step in (*derivation.steps, *derivation.definitions):
                left = instance.value(step.left, {t: 2}, adjoints=True)
                right = instance.value(step.right, {t: 2}, adjoints=True)
                assert_allclose(left.reshape(right.shape), right, rtol=1e-9, atol=1e-12)


def test_four_term_sum_of_the_lstm_is_told_in_three_lines():
    """From the chain rule over states, through the blocks put in, to one term a path."""
    derived = ls.derive("lstm", "dC[t]/dC[t-1]", kind="step")
    assert len({step.left for step in derived.steps}) == 1
    assert derived.steps[0].because.startswith("chain rule")
    assert len(derived.steps[-1].right.parts) == derived.terms == 4


@pytest.mark.parametrize("lag", (50, 1000, 2000))
def test_a_long_lag_is_one_short_line(lag):
    derived = ls.derive("lstm", f"dC[t]/dC[t-{lag}]")
    assert len(derived.latex()) < 1000
    assert any(isinstance(a, ProductOverTime) for a in walk(derived.expr))
    assert derived.terms > 10 ** (lag // 2)


def test_a_lag_of_fifty_is_the_autograd_value():
    model = model_of("lstm")
    values = model.draw(np.random.default_rng(11), {"n": 3, "m": 2}, 52)
    values = {name: 1.5 * a for name, a in values.items()}
    expected = jacobian(Run(model, values, 52), "C", "C", (2, 52), "total", by_autograd)
    found = ls.derive("lstm", "dC[t]/dC[t-50]").evaluate(values)
    assert relative(found, expected) <= 1e-10


def test_order_of_factors_is_newest_first():
    """J_t J_{t-1}, not J_{t-1} J_t: two matrices that do not commute."""
    cell = ls.parse("h[t] = f[t] * (W @ h[t-1])\nf[t] = sigmoid(U @ x[t])")
    rng = np.random.default_rng(0)
    values = {
        "W": rng.normal(size=(3, 3)),
        "U": rng.normal(size=(3, 2)),
        "x": rng.normal(size=(2, 2)),
    }
    f = 1 / (1 + np.exp(-values["x"] @ values["U"].T))
    newest, older = np.diag(f[1]) @ values["W"], np.diag(f[0]) @ values["W"]
    found = ls.derive(cell, "dh[t]/dh[t-2]", kind="block").evaluate(values)
    assert_allclose(found, newest @ older, rtol=1e-12)
    assert not np.allclose(found, older @ newest, rtol=1e-3)


@pytest.mark.parametrize("entry, step", (("dh[t]/dC[t]", "step t"), ("dh[t]/dC[t-2]", "step t-2")))
def test_what_moves_along_names_its_step(entry, step):
    """Never "at step t-0"."""
    assert ls.derive("lstm", entry).steps[-1].because.endswith(f"at {step} moves along")


@pytest.mark.parametrize("kind", ("direct", "step", "block"))
def test_within_a_step_only_the_total_has_a_meaning(kind):
    with pytest.raises(QuantityError, match="within one step ask for kind 'total'"):
        ls.derive("lstm", "dh[t]/dC[t]", kind=kind)
