"""A planted slip is found, and what is said about it is true on an instance that nobody searched."""

import pytest
from sympy import Rational

import lstmsym as ls
from lstmsym.derivation.program import bptt
from lstmsym.equations.derived import Adjoint, Diagonal, Outer, Partial, SumOverTime
from lstmsym.equations.terms import (
    Concatenation,
    Elementwise,
    Fill,
    Hadamard,
    Plus,
    Signal,
    T,
    k,
    one_minus,
    t,
)
from lstmsym.errors import InputError
from lstmsym.verification.diagnosis import diagnose, searched
from lstmsym.verification.instances import field_instance, float_instance
from lstmsym.verification.mutants import mutants
from lstmsym.verification.regression import name_difference, relative_error, solve
from lstmsym.verification.truths import Target, forms
from lstmsym.verification.values import values_on

CELL = ls.cell("lstm")
NAMED = bptt(CELL).cell
PRIME = 2**61 - 1


def s(name, delay=0):
    return NAMED.signal(name, t + delay)


def d(name, delay=0):
    return Adjoint(s(name, delay))


def right(name):
    """The true right side of an adjoint."""
    return next(a.right for a in bptt(CELL).assignments if a.left.of.name == name)


def claimed(term, target):
    """The value of a claim that somebody has written as a term."""
    return lambda instance: instance.value(term, {t: target.time, k: target.lag}, adjoints=True)


def square(a):
    return Elementwise("square", a)


def summed(body, first=1, last=T):
    return SumOverTime(body, t, first, last)


def number(n):
    return Fill(n, NAMED.signal("C").rows)


f, i, o, C, z = (s(n) for n in ("f", "i", "o", "C", "C_tilde"))
before, next_f, next_i = s("C", -1), s("f", 1), s("i", 1)
df, di, dC, dz, dh, next_dC = d("f"), d("i"), d("C"), d("C_tilde"), d("h"), d("C", 1)
af, ai, ao = d("a_f"), d("a_i"), d("a_o")
own_h = Adjoint(s("h"), "own")
tanh_C, sigma_f = Elementwise("tanh", C), Elementwise("sigmoid", f)
slope_C = one_minus(square(tanh_C))
local, carried = Hadamard(dh, o, slope_C), Hadamard(next_dC, next_f)
stack, late_stack = Concatenation(s("h", -1), s("x")), Concatenation(s("h"), s("x"))
loss, over_f, over_i, over_C, over_o = right("h").parts
W_f, W_i = over_f.parts[0], over_i.parts[0]  # W_{fh}ᵀ, W_{ih}ᵀ
one_bracket = local + carried * before * f * (1 - f)
other_W = Plus(loss, W_i @ d("a_f", 1), over_i, over_C, over_o)
no_transpose = Plus(loss, W_f.inside @ d("a_f", 1), over_i, over_C, over_o)
two_steps = [Partial(C, s("C", -2), kind) for kind in ("step", "direct")]

# fmt: off
SINGLE = [
    # quantity         claim                             slip                   words
    ("dL/da_f[t]",     df,                               "missing slope",       "σ′(a_{f,t}) = f_t ⊙ (1 - f_t)"),
    ("dL/da_f[t]",     dC * before,                      "missing slope",       "σ′"),
    ("dL/da_C_tilde[t]", dC * i,                         "missing slope",       "tanh′(a_{C̃,t})"),
    ("dL/dC[t]",       dh * o + carried,                 "missing slope",       "tanh′(C_t) = 1 - tanh²(C_t)"),
    ("dL/dC[t]",       local,                            "carried part lost",   "nothing is carried back"),
    ("dL/dC[t]",       own_h * o * slope_C + carried,    "carried part lost",   "only ∂L_t/∂h_t is kept"),
    ("dL/dC[t]",       carried,                          "local part lost",     "only what is carried back from t+1"),
    ("dL/dh[t]",       loss + over_i + over_C + over_o,  "lost path",           "the path through a_{f,t+1}"),
    ("dL/dh[t]",       over_f + over_i + over_C + over_o, "local part lost",    "∂L_t/∂h_t is missing"),
    ("dL/dW_f",        Outer(af, stack),                 "sum over time lost",  "the sum over time is missing"),
    ("dL/dC[t]",       local + next_dC,                  "lost factor",         "f_{t+1} is missing"),
    ("dL/dC[t]",       local + next_dC * f,              "wrong time",          "f_t stands where f_{t+1} belongs"),
    ("dL/df[t]",       dC * C,                           "wrong time",          "C_t stands where C_{t-1} belongs"),
    ("dL/dW_f",        summed(Outer(af, late_stack)),    "wrong time",          "h_t stands where h_{t-1} belongs"),
    ("dL/df[t]",       -(dC * before),                   "wrong sign",          "wrong sign"),
    ("dL/dC[t]",       local - carried,                  "sign of a summand",   "f_{t+1} has the wrong sign"),
    ("dL/da_f[t]",     df * (1 - square(f)),             "slope of another",    "the slope tanh′, stands where σ′"),
    ("dL/da_C_tilde[t]", dz * z * (1 - z),               "slope of another",    "the slope σ′, stands where tanh′"),
    ("dL/da_C_tilde[t]", dz * (1 - z),                   "slope misremembered", "where 1 - C̃_t² belongs"),
    ("dL/da_C_tilde[t]", dz * square(1 - z),             "slope misremembered", "(1 - C̃_t)²"),
    ("dL/dC[t]",       dh * o * (1 - tanh_C) + carried,  "slope misremembered", "1 - tanh(C_t)"),
    ("dL/da_f[t]",     df * sigma_f * (1 - sigma_f),     "activated twice",     "at the activated value, σ′(f_t)"),
    ("dL/da_f[t]",     df * f * (1 + f),                 "complement",          "1 + f_t stands where 1 - f_t belongs"),
    ("dL/da_f[t]",     one_bracket,                      "missing brackets",    "multiplies only δC_{t+1} ⊙ f_{t+1}"),
    ("dL/dC[t]",       dh * (o * slope_C + carried),     "brackets too wide",   "δh_t multiplies the whole sum"),
    ("dL/do[t]",       dh * C,                           "missing activation",  "C_t stands where tanh(C_t) belongs"),
    ("dL/dC[t]",       dh * o * (1 - square(C)) + carried, "missing activation", "C_t stands where tanh(C_t) belongs"),
    ("dL/dh[t]",       no_transpose,                     "missing transpose",   "the transpose of W_{fh} is missing"),
    ("dL/dC_tilde[t]", dC * f,                           "wrong gate",          "f_t stands where i_t belongs"),
    ("dL/dh[t]",       other_W,                          "wrong weight",        "W_{ih} stands where W_{fh} belongs"),
    ("dL/dW_f",        summed(Outer(ai, stack)),         "wrong adjoint",       "stands where δa_{f,t} belongs"),
    ("dL/dC[t]",       df * o * slope_C + carried,       "wrong adjoint",       "δf_t stands where δh_t belongs"),
    ("dL/dh[t]",       over_o,                           "assigned, not added", "= where += belongs"),
    ("dL/dC[t]",       local + carried + carried,        "counted twice",       "f_{t+1} is counted twice"),
    ("dL/dC[t]",       local * slope_C + carried,        "doubled slope",       "stands twice"),
    ("dL/dW_f",        summed(Outer(af, stack), T),      "limits of the sum",   "only the last step"),
    ("dL/db_o",        summed(ao, 1, T - 1),             "limits of the sum",   "one step too early"),
    ("dL/df[t]",       df * f * (1 - f),                 "another quantity",    "by the pre-activation a_{f,t}"),
    ("dL/di[t]",       dC * before,                      "another quantity",    "this is δf_t"),
    ("dL/df[t]",       dC * before * o,                  "extra factor",        "o_t is too many"),
    ("dL/df[t]",       dC + before,                      "sum for a product",   "added where it has to be multiplied"),
    ("dL/dC[t]",       local * carried,                  "product for a sum",   "a product stands where the sum"),
    ("dL/dC[t]",       2 * (local + carried),            "constant factor",     "2 times"),
    ("dL/dW_f",        summed(Outer(stack, af)),         "transposed",          "the whole is transposed"),
    ("dC[t]/dC[t-1]",  Diagonal(f),                      "another kind",        "the kind direct, not total: 3 paths"),
    ("dC[t]/dC[t-2]",  two_steps[0],                     "another kind",        "3 paths through o_{t-1} are missing"),
    ("dC[t]/dC[t-2]",  two_steps[1],                     "another kind",        "18 paths are missing"),
]
# fmt: on


@pytest.mark.parametrize(
    ("quantity", "claim", "slip", "words"), SINGLE, ids=[f"{q} {n}" for q, _, n, _ in SINGLE]
)
def test_a_slip_is_named(quantity, claim, slip, words):
    target = Target(quantity)
    found = diagnose(target, claimed(claim, target), CELL)
    assert found.slips == (slip,)
    assert words in found.words
    holds_on_a_fresh_instance(target, claim, found.mutant)
    assert found.true in [form.whole for form in forms(CELL, target)]


def holds_on_a_fresh_instance(target, claim, mutant, seed=77):
    instance = field_instance(CELL, target.steps + 2, seed)
    values = values_on(instance, ((t, target.time), (k, target.lag)))
    assert values.key(claimed(claim, target)(instance)) == values.key(values.of(mutant))


def test_the_mean_over_time_is_named():
    target = Target("dL/dW_f")
    true = forms(CELL, target)[0].whole

    def mean(instance):
        whole = claimed(true, target)(instance)
        return whole * pow(instance.steps, -1, PRIME) % PRIME

    found = diagnose(target, mean, CELL)
    assert found.slips == ("mean over time",) and "mean" in found.words


def test_what_is_right_has_no_slip():
    for quantity in ("dL/dC[t]", "dL/da_o[t]", "dL/dW_C", "dC[t]/dC[t-1]", "dC[t]/dC[t-k]"):
        target = Target(quantity)
        for form in forms(CELL, target):
            assert diagnose(target, claimed(form.whole, target), CELL) is None
        assert name_difference(target, claimed(form.whole, target), CELL) is None
        assert relative_error(target, claimed(form.whole, target), CELL) < 1e-12


def test_what_no_slip_explains_is_not_explained():
    """The fourth power of an adjoint is no slip of anybody."""
    target = Target("dL/dC[t]")
    claim = claimed(dh * dh * dh * dh, target)
    assert diagnose(target, claim, CELL) is None
    assert name_difference(target, claim, CELL) is None
    assert relative_error(target, claim, CELL) > 1e-3


swapped = dh * i * slope_C + next_dC * next_i
late = summed(Outer(df * f, late_stack))
bent = Plus(loss, -over_f, W_f @ d("a_i", 1), over_C, over_o)

# fmt: off
DOUBLE = [
    # quantity     claim                        slips
    ("dL/dC[t]",   dh * o + next_dC,            {"missing slope", "lost factor"}),
    ("dL/dC[t]",   swapped,                     {"wrong gate"}),
    ("dL/da_f[t]", dC * C * f * (1 + f),        {"wrong time", "complement"}),
    ("dL/da_o[t]", dh * C * (1 - square(o)),    {"missing activation", "slope of another"}),
    ("dL/dh[t]",   bent,                        {"sign of a summand", "wrong weight"}),
    ("dL/di[t]",   -(dC * s("C_tilde", -1)),    {"wrong time", "constant factor"}),
    ("dL/dW_f",    late,                        {"lost factor", "wrong time"}),
    ("dL/dW_i",    Outer(di, stack),            {"wrong adjoint", "sum over time lost"}),
]
# fmt: on


@pytest.mark.parametrize(
    ("quantity", "claim", "slips"), DOUBLE, ids=[f"{q} {n}" for n, (q, *_) in enumerate(DOUBLE)]
)
def test_two_slips_are_named(quantity, claim, slips):
    target = Target(quantity)
    found = diagnose(target, claimed(claim, target), CELL)
    assert set(found.slips) == slips and len(found.slips) == 2
    assert found.words.count("; and ") >= 1
    holds_on_a_fresh_instance(target, claim, found.mutant)


def test_many_lost_summands_are_told_by_their_numbers():
    target = Target("dL/dh[t]")
    claim = Plus(loss, over_i, over_i, -over_C)
    found = name_difference(target, claimed(claim, target), CELL)
    assert found.numbers == (1, 0, 2, -1, 0)
    assert found.words.count("is missing") == 2
    assert "W_{ih}ᵀ δa_{i,t+1} is counted twice" in found.words
    assert "W_{Ch}ᵀ δa_{C̃,t+1} has the wrong sign" in found.words
    holds_on_a_fresh_instance(target, claim, found.mutant)
    diagnosed = diagnose(target, claimed(claim, target), CELL)
    assert diagnosed.slips == ("several summands",) and diagnosed.words == found.words
    assert diagnosed.changed == Plus(over_f, over_i, over_C, over_o)


def test_fractions_before_summands_and_sums_over_time_are_found():
    target = Target("dL/db_f")
    half = number(Rational(1, 2))
    rest = before * f * (1 - f)
    claim = summed(local * rest + half * carried * rest)
    found = name_difference(target, claimed(claim, target), CELL)
    assert found.numbers == (1, Rational(1, 2)) and "is there 1/2 times" in found.words
    holds_on_a_fresh_instance(target, claim, found.mutant)


def test_equations_that_fit_none_or_several_are_not_solved():
    assert solve([[1, 0, 5], [0, 1, 7], [1, 1, 12]]) == [5, 7]
    assert solve([[1, 0, 5], [0, 1, 7], [1, 1, 13]]) is None
    assert solve([[1, 1, 2], [2, 2, 4]]) is None


def test_the_relative_error_is_that_of_the_largest_entry():
    target = Target("dL/df[t]")
    double = 2 * right("f")
    assert relative_error(target, claimed(double, target), CELL) == pytest.approx(1.0)


def test_floats_find_a_slip_too():
    target = Target("dL/df[t]")
    where = float_instance(CELL, 5, 0), float_instance(CELL, 6, 1)
    wrong = claimed(dC * C, target)
    assert diagnose(target, wrong, CELL, where).slips == ("wrong time",)
    assert diagnose(target, claimed(right("f"), target), CELL, where) is None


def test_a_time_before_the_first_step_is_refused():
    target = Target("dC[t]/dC[t-3]", time=2)
    with pytest.raises(InputError, match="no value at time 2; ask for a later time"):
        diagnose(target, lambda instance: None, CELL)


def test_a_block_of_a_weight_can_be_claimed():
    target = Target("dL/dW_f", part=0)
    found = diagnose(target, claimed(summed(Outer(af, s("h"))), target), CELL)
    assert found.slips == ("wrong time",) and found.true == summed(Outer(af, s("h", -1)))
    assert diagnose(target, claimed(found.true, target), CELL) is None


def test_another_time_and_a_symbolic_lag_can_be_claimed():
    target = Target("dC[t]/dC[t-k]", time=5, lag=3)
    claim = Partial(s("C"), Signal("C", t - k, s("C").rows), "step")
    found = diagnose(target, claimed(claim, target), CELL)
    assert found.slips == ("another kind",) and "the kind step, not total" in found.words


def test_slopes_of_zero_or_one_do_not_deceive():
    """With relu one instance cannot tell much; nine can."""
    cell = ls.cell("rnn_relu")
    target = Target("dL/dh[t]")
    assert len(searched(cell, target)) == 9 > len(searched(CELL, target)) == 2
    times = ((t, target.time), (k, target.lag))
    fresh = values_on(field_instance(cell, target.steps + 2, 55), times)
    for mutant in list(mutants(forms(cell, target)))[::7]:
        found = diagnose(target, lambda i, m=mutant: values_on(i, times).of_mutant(m), cell)
        assert fresh.key(fresh.of(found.mutant)) == fresh.key(fresh.of_mutant(mutant))


# --- every mutant of every quantity ------------------------------------------------------------

WALKED = {"rnn": 1, "gru": 7, "lstm": 9, "lstm_peephole_diagonal": 17}  # one of so many is walked


@pytest.mark.parametrize("name", WALKED)
def test_every_planted_mutant_is_explained_truly(name):
    """The explanation has the planted value on an instance that was not searched; what is no mistake has none."""
    cell = ls.cell(name)
    program = bptt(cell)
    quantities = [f"dL/d{a.left.of.name}[t]" for a in program.assignments]
    quantities += [f"dL/d{a.left.parameter.name}" for a in program.gradients]
    explained = 0
    for quantity in quantities[:: WALKED[name]]:
        target = Target(quantity)
        planted = list(mutants(forms(cell, target)))[:: WALKED[name]]
        for mutant in planted:
            explained += is_explained(cell, target, mutant)
    assert explained > 100


def is_explained(cell, target, mutant):
    """Whether a mutant has a value other than the true one; then it has to be found, with that value."""
    times = ((t, target.time), (k, target.lag))
    fresh = values_on(field_instance(cell, target.steps + 2, 55), times)
    planted, true = fresh.of_mutant(mutant), fresh.of(forms(cell, target)[0].whole)
    if planted is None:
        return False
    read = lambda instance: values_on(instance, times).of_mutant(mutant)  # noqa: E731
    found = diagnose(target, read, cell)
    if fresh.key(planted) == fresh.key(true):
        assert found is None
        return False
    assert len(found.slips) == 1, (mutant.words, found.words)
    assert fresh.key(fresh.of(found.mutant)) == fresh.key(planted), (mutant.words, found.words)
    return True
