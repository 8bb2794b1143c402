"""Testing the testers: every planted error is refused, by each witness that can see it.

Errors are planted in the result, in a single line of the way to it, in the BPTT program, in the rule
table and in the table of slopes. What is not planted passes, so that nothing is refused by accident.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest
from sympy import Integer, Rational

import lstmsym as ls
from lstmsym.calculus.rules import RULES, SLOPES
from lstmsym.derivation.known import Known
from lstmsym.derivation.loss import derive_loss
from lstmsym.derivation.program import bptt
from lstmsym.derivation.quantity import read_quantity
from lstmsym.equations.derived import (
    Adjoint,
    Diagonal,
    Eye,
    Outer,
    ProductOverTime,
    StateJacobian,
    SumOverTime,
    Transposed,
)
from lstmsym.equations.terms import (
    Concatenation,
    Elementwise,
    Fill,
    Hadamard,
    MatrixProduct,
    Plus,
    Quotient,
    Signal,
    T,
    at,
    negative,
    t,
    walk,
)
from lstmsym.errors import Disagreement
from lstmsym.numerics.rollout import rollout
from lstmsym.numerics.translate import FLOATS
from lstmsym.verification.check import TOLERANCE, check, demand
from lstmsym.verification.running import run
from tests.witnesses import (
    MODELS,
    Run,
    by_autograd,
    by_complex_step,
    by_differences,
    gradient,
    jacobian,
    relative,
)

# --- errors in a derived Jacobian --------------------------------------------------------------


def derived(quantity, cell="lstm", **choices):
    return ls.derive(cell, quantity, **choices).derivation


def wrong(derivation, expr):
    """The derivation with another result; the last line says it too."""
    assert expr != derivation.expr and expr.shape == derivation.expr.shape
    steps = (*derivation.steps[:-1], replace(derivation.steps[-1], right=expr))
    return replace(derivation, expr=expr, steps=steps)


def swapped(term, one, other):
    """Every signal of one name as the other, and back."""
    pairs = {s: Signal(other if s.name == one else one, s.time, s.rows)
             for s in term.atoms(Signal) if s.name in (one, other)}  # fmt: skip
    return term.xreplace(pairs)


def first(term, kind):
    return next(a for a in walk(term) if isinstance(a, kind))


def wrong_sign():
    d = derived("dC[t]/dC[t-2]", form="expanded")
    return wrong(d, Plus(negative(d.expr.parts[0]), *d.expr.parts[1:]))


def wrong_sign_inside_a_slope():
    d = derived("dC[t]/dh[t-1]", kind="block")
    slope = next(a for a in walk(d.expr) if isinstance(a, Plus) and a.args[0] == Fill(1, a.rows))
    return wrong(d, d.expr.xreplace({slope: Plus(slope.parts[0], negative(slope.parts[1]))}))


def missing_slope():
    d = derived("dC[t]/dh[t-1]", kind="block")
    diagonal = first(d.expr, Diagonal)
    kept = diagonal.inside.parts[0]
    return wrong(d, d.expr.xreplace({diagonal: Diagonal(kept)}))


def swapped_gates():
    d = derived("dC[t]/dC[t-1]", kind="step")
    return wrong(d, swapped(d.expr, "f", "i"))


def missing_transpose():
    d = derived("dh[t]/dh[t-1]", "rnn", layout="denominator")
    transposed = first(d.expr, Transposed)
    return wrong(d, d.expr.xreplace({transposed: transposed.inside}))


def superfluous_transpose():
    d = derived("dh[t]/dh[t-1]", "rnn")
    W = d.cell.parameter("W_h")
    return wrong(d, d.expr.xreplace({W: Transposed(W)}))


def dropped_step():
    d = derived("dC[t]/dC[t-k]")
    product = first(d.expr, ProductOverTime)
    body, index, lower, upper = product.args
    return wrong(d, d.expr.xreplace({product: ProductOverTime(body, index, lower + 1, upper)}))


def one_step_too_many():
    d = derived("dC[t]/dC[t-3]", kind="direct")
    product = first(d.expr, ProductOverTime)
    body, index, lower, upper = product.args
    return wrong(d, d.expr.xreplace({product: ProductOverTime(body, index, lower - 1, upper)}))


def lag_off_by_one():
    d = derived("dC[t]/dC[t-1]", kind="block")
    return wrong(d, at(d.expr, t - 1))


def one_factor_at_the_wrong_time():
    d = derived("dC[t]/dh[t-1]", kind="block")
    return wrong(d, d.expr.xreplace({d.cell.signal("f"): d.cell.signal("f", t - 1)}))


def reversed_order():
    d = derived("dh[t]/dh[t-2]", "rnn")
    J = StateJacobian(t, d.cell.state_size)
    return wrong(d, MatrixProduct(at(J, t - 1), J))


def reversed_factors():
    d = derived("dh[t]/dh[t-1]", "rnn")
    assert isinstance(d.expr, MatrixProduct)
    return wrong(d, MatrixProduct(*reversed(d.expr.parts)))


def off_by_a_thousandth():
    d = derived("dC[t]/dC[t-3]")
    factor = Fill(Rational(1001, 1000), *d.expr.shape)
    return wrong(d, Hadamard(factor, d.expr))


def missing_path():
    d = derived("dC[t]/dC[t-2]", form="expanded")
    return wrong(d, Plus(*d.expr.parts[:-1]))


def path_counted_twice():
    d = derived("dC[t]/dC[t-2]", form="expanded")
    return wrong(d, Plus(*d.expr.parts, d.expr.parts[3]))


def carousel_for_the_whole():
    return replace(derived("dC[t]/dC[t-2]", kind="direct"), kind="total")


def product_of_steps_for_the_whole():
    return replace(derived("dC[t]/dC[t-2]", kind="step"), kind="total")


def block_for_total():
    return replace(derived("dC[t]/dC[t-1]", kind="block"), kind="total")


def layout_mistaken():
    return replace(derived("dh[t]/dh[t-1]", "rnn"), layout="denominator")


def reset_gate_not_differentiated():
    """In r ⊙ h of a GRU only h moves."""
    d = derived("dh[t]/dh[t-1]", "gru", form="expanded")
    through = [a for a in d.expr.parts if "r" in {s.name for s in a.atoms(Signal)}]
    return wrong(d, Plus(*(a for a in d.expr.parts if a != through[-1])))


JACOBIANS = [
    wrong_sign, wrong_sign_inside_a_slope, missing_slope, swapped_gates, missing_transpose,
    superfluous_transpose, dropped_step, one_step_too_many, lag_off_by_one, one_factor_at_the_wrong_time,
    reversed_order, reversed_factors, off_by_a_thousandth, missing_path, path_counted_twice,
    carousel_for_the_whole, product_of_steps_for_the_whole, block_for_total, layout_mistaken,
    reset_gate_not_differentiated,
]  # fmt: skip


@pytest.mark.parametrize("plant", JACOBIANS, ids=lambda p: p.__name__)
def test_a_wrong_jacobian_is_refused_by_both_witnesses(plant):
    planted = plant()
    for draws in (1, 3):
        found = check(planted, draws)
        assert not found.exact_mod_p
        assert found.autograd_max_rel_error > 1e-4 > TOLERANCE
        assert not found.passed
    with pytest.raises(Disagreement, match=r"DIFFERENT modulo 2\^61 - 1") as caught:
        demand(planted)
    assert caught.value.exit_code == 1
    assert planted.quantity in str(caught.value) and planted.cell.name in str(caught.value)


@pytest.mark.parametrize("plant", JACOBIANS, ids=lambda p: p.__name__)
def test_a_wrong_jacobian_is_refused_by_witnesses_outside_the_package(plant):
    """Central differences, a complex step and autograd on the cell by hand see each error too."""
    planted = plant()
    quantity = read_quantity(planted.cell, planted.quantity)
    lag = int(quantity.lag) if quantity.lag.is_Integer else 3
    model = MODELS[planted.cell.name]
    values = model.draw(np.random.default_rng(0), {"n": 3, "m": 2}, 6)
    found = ls.api.Derived(planted, None).evaluate(values, time=5, lag=lag)
    found = found.T if planted.layout == "denominator" else found
    hand = Run(model, values, 6)
    for way in (by_autograd, by_complex_step, by_differences):
        expected = jacobian(hand, quantity.above, quantity.below, (5 - lag, 5), planted.kind, way)
        assert relative(found, expected) > 1e-4


@pytest.mark.parametrize("plant", JACOBIANS, ids=lambda p: p.__name__)
def test_what_was_not_planted_passes(plant):
    planted = plant()
    same = ls.derive(
        planted.cell,
        planted.quantity,
        kind=planted.kind,
        form=planted.form,
        layout=planted.layout,
    )
    assert same.check(draws=2).passed


def test_a_wrong_line_on_the_way_is_refused_although_the_result_is_right():
    d = derived("dC[t]/dC[t-1]", kind="step")
    assert len(d.steps) >= 2
    for n, step in enumerate(d.steps):
        bent = replace(step, right=negative(step.right))
        found = check(replace(d, steps=(*d.steps[:n], bent, *d.steps[n + 1 :])))
        assert not found.exact_mod_p and not found.passed
        assert found.autograd_max_rel_error <= TOLERANCE


def test_a_wrong_definition_is_refused_although_the_result_is_right():
    d = derived("dC[t]/dC[t-k]")
    assert len(d.definitions) >= 4
    for n, step in enumerate(d.definitions):
        bent = replace(step, right=Plus(step.right, step.right))
        found = check(replace(d, definitions=(*d.definitions[:n], bent, *d.definitions[n + 1 :])))
        assert not found.exact_mod_p and not found.passed


# --- errors in the BPTT program ----------------------------------------------------------------


def clear_caches():
    """Forget everything that was worked out from the tables."""
    for name, module in list(sys.modules.items()):
        if name.startswith("lstmsym"):
            for thing in list(vars(module).values()):
                if callable(getattr(thing, "cache_clear", None)):
                    thing.cache_clear()


@pytest.fixture
def planting(monkeypatch):
    """Monkeypatching between two clearings of all caches."""
    clear_caches()
    yield monkeypatch
    monkeypatch.undo()
    clear_caches()


def assignment(program, name):
    return next(i for i, s in enumerate(program.assignments) if s.left.of.name == name)


def with_assignment(program, name, change):
    """The program with one right side changed."""
    n = assignment(program, name)
    step = program.assignments[n]
    right = change(step.right)
    assert right != step.right and right.shape == step.right.shape
    changed = (*program.assignments[:n], replace(step, right=right), *program.assignments[n + 1 :])
    return replace(program, assignments=changed)


def with_gradient(program, name, change):
    changed = [
        replace(g, right=change(g.right)) if g.left.parameter.name == name else g
        for g in program.gradients
    ]
    assert tuple(changed) != program.gradients
    return replace(program, gradients=tuple(changed))


def without(share):
    """A sum without the summands that mention an adjoint: `=` in place of `+=`."""

    def change(right):
        kept = [a for a in right.parts if share not in {s.of.name for s in a.atoms(Adjoint)}]
        return kept[0] if len(kept) == 1 else Plus(*kept)

    return change


def delta_by_later(right):
    """δ_{t+1} read at t: the shift in time is lost."""
    later = {a: Adjoint(a.of.at(t), a.scope) for a in right.atoms(Adjoint) if a.of.time == t + 1}
    return right.xreplace(later)


def untransposed(right):
    """Every square matrix without its transpose."""
    return right.xreplace(
        {a: a.inside for a in right.atoms(Transposed) if a.shape == a.inside.shape}
    )


def last_step_only(right):
    body, index, _, upper = right.args
    return SumOverTime(body, index, T, upper)


def first_step_dropped(right):
    body, index, _, upper = right.args
    return SumOverTime(body, index, Integer(2), upper)


def without_slope(right):
    """δf ⊙ f ⊙ (1 − f) → δf."""
    return first(right, Adjoint)


def outer_swapped(right):
    """h_{t-1} δᵀ for δ h_{t-1}ᵀ, where both have one length."""
    outer = first(right, Outer)
    return right.xreplace({outer: Outer(outer.args[1], outer.args[0])})


PROGRAMS = [
    ("lstm", "lost_loss", lambda p: with_assignment(p, "h", lambda r: Plus(*r.parts[1:]))),
    ("lstm", "C_without_carousel", lambda p: with_assignment(p, "C", without("C"))),
    ("lstm", "C_without_h", lambda p: with_assignment(p, "C", without("h"))),
    ("lstm", "h_without_forget_gate", lambda p: with_assignment(p, "h", without("a_f"))),
    ("lstm", "h_without_candidate", lambda p: with_assignment(p, "h", without("a_C_tilde"))),
    ("lstm", "wrong_sign_in_C", lambda p: with_assignment(
        p, "C", lambda r: Plus(negative(r.parts[0]), *r.parts[1:]))),
    ("lstm", "missing_slope_of_f", lambda p: with_assignment(p, "a_f", without_slope)),
    ("lstm", "missing_slope_of_candidate", lambda p: with_assignment(p, "a_C_tilde", without_slope)),
    ("lstm", "swapped_gates", lambda p: with_assignment(p, "C_tilde", lambda r: swapped(r, "i", "f"))),
    ("lstm", "C_of_this_step_for_the_last", lambda p: with_assignment(
        p, "f", lambda r: r.xreplace({p.cell.signal("C", t - 1): p.cell.signal("C")}))),
    ("rnn", "missing_transpose", lambda p: with_assignment(p, "h", untransposed)),
    ("gru_after", "missing_transpose_of_U", lambda p: with_assignment(p, "h", untransposed)),
    ("rnn", "assigned_not_added", lambda p: with_gradient(p, "W_h", last_step_only)),
    ("rnn", "first_step_dropped", lambda p: with_gradient(p, "W_h", first_step_dropped)),
    ("rnn", "bias_of_the_last_step", lambda p: with_gradient(p, "b", last_step_only)),
    ("rnn", "outer_product_swapped", lambda p: with_gradient(p, "W_h", outer_swapped)),
    ("lstm", "weight_of_the_last_step", lambda p: with_gradient(p, "W_f", last_step_only)),
    ("lstm_peephole_diagonal", "peephole_o_forgotten", lambda p: with_assignment(p, "C", without("a_o"))),
    ("lstm_peephole_diagonal", "peephole_f_forgotten", lambda p: with_assignment(p, "C", without("a_f"))),
    ("lstm_coupled", "input_share_of_f_forgotten", lambda p: with_assignment(
        p, "f", lambda r: Hadamard(first(r, Adjoint), p.cell.signal("C", t - 1)))),
    ("gru", "update_gate_sign", lambda p: with_assignment(p, "z", negative)),
    ("gru", "state_without_its_direct_way", lambda p: with_assignment(p, "h", without("h"))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "_name", "plant"), PROGRAMS, ids=[f"{c}-{n}" for c, n, _ in PROGRAMS]
)
def test_a_wrong_program_is_refused_by_both_witnesses(planting, cell, _name, plant):
    """Some gradient of the planted program is refused, exactly and by autograd."""
    program = plant(bptt(ls.cell(cell)))
    for module in ("derivation.loss", "verification.instances"):
        planting.setattr(f"lstmsym.{module}.bptt", lambda _: program)
    wanted = [f"dL/d{w}" for w in program.cell.weights]
    results = [
        check(derive_loss(ls.cell(cell), read_quantity(ls.cell(cell), text))) for text in wanted
    ]
    refused = [r for r in results if not r.passed]
    assert refused
    assert any(not r.exact_mod_p for r in refused)
    assert any(r.autograd_max_rel_error > 1e-4 for r in refused)


@pytest.mark.parametrize(
    ("cell", "_name", "plant"), PROGRAMS, ids=[f"{c}-{n}" for c, n, _ in PROGRAMS]
)
def test_a_wrong_program_is_refused_by_differences(cell, _name, plant):
    """Run on numbers, the planted program has a gradient that central differences do not; the right one has none."""
    model = MODELS[cell]
    rng = np.random.default_rng(1)
    values, slopes = model.draw(rng, {"n": 4, "m": 3}, 4), rng.normal(size=(4, 4))
    right = bptt(ls.cell(cell))
    inner = rollout(right.cell, {p: values[p] for p in model.shapes}, values["x"],
                    {s: values[s] for s in model.states})  # fmt: skip
    env = inner.environment({T: 4}, definitions=Known(ls.cell(cell)))
    own = {time: slopes[time - 1] for time in range(1, 5)}
    hand = Run(model, values, 4)
    expected = {p: gradient(hand, p, slopes, by_differences) for p in model.shapes}

    def worst(program):
        found = run(program, env, FLOATS, own).gradients
        return max(relative(found[p], expected[p]) for p in expected)

    assert worst(right) <= 1e-6
    assert worst(plant(right)) > 1e-3


def test_the_unplanted_program_passes():
    for cell in {c for c, _, _ in PROGRAMS}:
        for weight in ls.cell(cell).weights:
            assert ls.derive(cell, f"dL/d{weight}").checked.passed


# --- errors in the tables ----------------------------------------------------------------------

WRONG_RULES = {
    "sum_forgets_a_sign": (
        Plus,
        lambda y, a, n: Eye(a.rows) if n == 0 else Diagonal(Fill(-1, a.rows)),
    ),
    "product_by_its_own_factor": (Hadamard, lambda y, a, n: Diagonal(a.parts[n])),
    "quotient_as_product": (Quotient, lambda y, a, n: Diagonal(a.parts[1 - n])),
    "activation_without_slope": (Elementwise, lambda y, a, n: Eye(a.rows)),
    "stack_takes_the_first_part": (
        Concatenation,
        lambda y, a, n: RULES_BEFORE[Concatenation](y, a, 0),
    ),
    "matrix_product_doubled": (MatrixProduct, lambda y, a, n: Plus(*[a.parts[0]] * 2)),
}
RULES_BEFORE = dict(RULES)
CELL = """
h[t] = tanh(W @ [h[t-1], s[t-1]] + b) / (2 + sigmoid(V @ h[t-1])) + z[t] * h[t-1]
z[t] = sigmoid(U @ s[t-1] + Q @ x[t])
s[t] = tanh(P @ [s[t-1], h[t]])
state h : n
state s : n
"""


@pytest.mark.parametrize("name", WRONG_RULES)
def test_a_wrong_rule_is_refused_by_both_witnesses(planting, name):
    kind, rule = WRONG_RULES[name]
    planting.setitem(RULES, kind, rule)
    with pytest.raises(Disagreement, match="DIFFERENT") as caught:
        ls.derive(ls.parse(CELL), "dh[t]/ds[t-1]", kind="block")
    assert float(str(caught.value).split("autograd ")[1].split()[0]) > 1e-4
    with pytest.raises(Disagreement, match="DIFFERENT"):
        ls.derive(ls.parse(CELL))


WRONG_SLOPES = {
    "sigmoid": lambda y, a: Hadamard(y, 1 + y),
    "tanh": lambda y, a: 1 - y,
    "relu": lambda y, a: Fill(1, *y.shape),
    "identity": lambda y, a: Fill(2, *y.shape),
    "exp": lambda y, a: a,
    "softplus": lambda y, a: Elementwise("sigmoid", y),
    "square": lambda y, a: 2 * y,
    "step": lambda y, a: y,
    "log": lambda y, a: y,
    "sqrt": lambda y, a: y,
    "sin": lambda y, a: -Elementwise("cos", a),
    "cos": lambda y, a: Elementwise("sin", a),
    "abs": lambda y, a: Fill(1, *y.shape),
    "sign": lambda y, a: Fill(1, *y.shape),
    "activation": lambda y, a: Elementwise("sigmoid", y),
    "activation_slope": lambda y, a: 1 - y,
}
OF_POSITIVES = ("log", "sqrt")


@pytest.mark.parametrize("function", SLOPES)
def test_a_wrong_slope_is_refused_by_autograd(planting, function):
    """Forward mode takes its slopes from the same table, so this one is autograd's to see."""
    inside = "square(W @ h[t-1] + b) + 0.5" if function in OF_POSITIVES else "W @ h[t-1] + b + 0.5"
    cell = ls.parse(f"h[t] = {function}({inside}) + 0.5 * h[t-1]")
    assert ls.derive(cell, "dh[t]/dh[t-1]").checked.passed
    planting.setitem(SLOPES, function, WRONG_SLOPES[function])
    clear_caches()
    with pytest.raises(Disagreement) as caught:
        ls.derive(cell, "dh[t]/dh[t-1]")
    assert float(str(caught.value).split("autograd ")[1].split()[0]) > 1e-4
    with pytest.raises(Disagreement):
        ls.derive(cell, "dL/dW")


def test_wrong_slopes_are_planted_for_every_activation():
    assert set(WRONG_SLOPES) == set(SLOPES)


def test_tables_are_whole_again():
    assert RULES == RULES_BEFORE
    assert ls.derive("lstm", "dC[t]/dC[t-1]").checked.passed
