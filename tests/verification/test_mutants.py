"""The true forms have one value, and every slip of the table is made somewhere, at its place and nowhere else."""

import numpy as np
import pytest

import lstmsym as ls
from lstmsym.derivation.program import bptt
from lstmsym.equations.derived import Adjoint, Gradient, SumOverTime
from lstmsym.equations.terms import Hadamard, Plus, at, k, t
from lstmsym.errors import QuantityError
from lstmsym.verification.diagnosis import searched
from lstmsym.verification.expanding import expanded
from lstmsym.verification.mutants import mutants, somewhere
from lstmsym.verification.slips.sites import put
from lstmsym.verification.slips.table import COMMON, SLIPS
from lstmsym.verification.truths import Target, forms
from lstmsym.verification.values import Values, ratio, small_number, values_on

JACOBIANS = {
    "rnn": ["dh[t]/dh[t-1]", "dh[t]/dh[t-2]"],
    "gru": ["dh[t]/dh[t-1]"],
    "lstm": [
        "dC[t]/dC[t-1]",
        "dC[t]/dC[t-2]",
        "dC[t]/dC[t-k]",
        "df[t]/dh[t-1]",
        "dh[t]/do[t]",
        "dh[t]/dC[t]",
    ],
    "lstm_peephole_diagonal": ["dC[t]/dC[t-1]", "dh[t]/dC[t-1]"],
}


def targets(name):
    """Every adjoint and every parameter gradient of a cell, and some of its Jacobians."""
    program = bptt(ls.cell(name))
    adjoints = [f"dL/d{s.left.of.name}[t]" for s in program.assignments]
    gradients = [f"dL/d{s.left.parameter.name}" for s in program.gradients]
    return [Target(q) for q in (*adjoints, *gradients, *JACOBIANS.get(name, ()))]


def values_of(name, target, number=0):
    instance = searched(ls.cell(name), target)[number]
    return values_on(instance, ((t, target.time), (k, target.lag)))


@pytest.mark.parametrize("name", ["rnn", "lstm", "gru", "lstm_peephole_diagonal"])
def test_all_forms_have_the_true_value(name):
    for target in targets(name):
        for number in (0, 1):
            values = values_of(name, target, number)
            found = {values.key(values.of(form.whole)) for form in forms(ls.cell(name), target)}
            assert len(found) == 1


@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_the_first_form_is_what_the_program_gives(name):
    """Independent of the forms: the adjoint or gradient that running the program has stored."""
    program = bptt(ls.cell(name))
    for step in (*program.assignments, *program.gradients):
        of = step.left.of if isinstance(step.left, Adjoint) else step.left.parameter
        at_t = "[t]" if isinstance(step.left, Adjoint) else ""
        target = Target(f"dL/d{of.name}{at_t}")
        values = values_of(name, target)
        true = values.of(forms(ls.cell(name), target)[0].whole)
        np.testing.assert_array_equal(true, values.of(step.left))


def test_forms_reach_from_the_given_adjoint_to_the_states_of_the_next_step():
    wholes = [form.whole for form in forms(ls.cell("lstm"), Target("dL/da_f[t]"))]
    named = [{a.of.name for a in w.atoms(Adjoint)} for w in wholes]
    assert named[0] == {"f"} and {"C"} in named and {"h", "C"} in named
    assert len(wholes) >= 6


def test_a_sum_of_products_keeps_complements():
    cell = bptt(ls.cell("lstm")).cell
    f, i, o = (cell.signal(n) for n in "fio")
    term = expanded(Hadamard(Plus(f, i), 1 - o))
    assert isinstance(term, Plus) and term.parts == (Hadamard(f, 1 - o), Hadamard(i, 1 - o))


def test_a_target_that_cannot_be_asked_is_refused():
    with pytest.raises(QuantityError, match="did you mean"):
        forms(ls.cell("lstm"), Target("dL/dW_g"))


def test_a_truth_of_ones_own_has_its_forms():
    cell = ls.cell("lstm")
    program = bptt(cell)
    right = Hadamard(Adjoint(program.cell.signal("C")), program.cell.signal("i"))
    wholes = [form.whole for form in forms(cell, Target("mine", truth=right))]
    assert wholes[0] == right and len(wholes) > 1


def test_the_columns_of_a_gradient_belong_to_one_part():
    whole = values_of("lstm", Target("dL/dW_f"))
    n = whole.instance.environment.size(ls.cell("lstm").signals["h"].rows)
    both = whole.of(forms(ls.cell("lstm"), Target("dL/dW_f"))[0].whole)
    for part, columns in enumerate((both[:, :n], both[:, n:])):
        for form in forms(ls.cell("lstm"), Target("dL/dW_f", part=part)):
            np.testing.assert_array_equal(whole.of(form.whole), columns)
    with pytest.raises(QuantityError, match="no concatenation with a part number 3"):
        forms(ls.cell("lstm"), Target("dL/dW_f", part=2))
    with pytest.raises(QuantityError, match="no concatenation"):
        forms(ls.cell("rnn"), Target("dL/dW_h", part=0))


# --- the table ---------------------------------------------------------------------------------


def test_slips_have_names_and_words_of_their_own():
    assert len({s.name for s in SLIPS}) == len(SLIPS) == len({s.means for s in SLIPS})
    assert all(s.form or s.site for s in SLIPS) and set(COMMON) < set(SLIPS)


@pytest.fixture(scope="module")
def made():
    """All mutants of some targets of several cells, by slip."""
    quotient = ls.parse(
        "g[t] = sigmoid(W @ h[t-1] + b)\nh[t] = g[t] / (1 + g[t] * g[t]) + 0.5 * h[t-1]"
    )
    found = {}
    lstm = ["dL/dC[t]", "dL/dh[t]", "dL/da_f[t]", "dL/dW_f", "dC[t]/dC[t-k]", "dC[t]/dC[t-1]"]
    gru = ["dL/dh[t]", "dh[t]/dh[t-1]"]
    cells = [
        (ls.cell("rnn"), targets("rnn")),
        (ls.cell("lstm"), map(Target, lstm)),
        (ls.cell("gru"), map(Target, gru)),
    ]
    for cell, asked in [*cells, (quotient, [Target("dL/dg[t]"), Target("dL/dh[t]")])]:
        for target in asked:
            for mutant in mutants(forms(cell, target)):
                found.setdefault(mutant.slip.name, []).append(mutant)
    return found


@pytest.mark.parametrize("slip", [s.name for s in SLIPS])
def test_every_slip_is_made_somewhere(made, slip):
    first = made[slip][0]
    assert first.words and "{}" not in first.words
    assert first.term != first.true and first.changed is not None
    assert set(first.term.shape) == set(first.true.shape)


def test_mutants_without_being_built_have_the_value_of_the_built_term():
    """Evaluating along the path is evaluating the mutant itself."""
    for quantity in ("dL/dC[t]", "dL/da_f[t]", "dL/dW_o", "dL/db_i", "dC[t]/dC[t-1]"):
        target = Target(quantity)
        fast = values_of("lstm", target)
        slow = Values(fast.instance, {t: target.time, k: target.lag})
        for mutant in list(mutants(forms(ls.cell("lstm"), target)))[::17]:
            found, expected = fast.of_mutant(mutant), slow.of(mutant.term)
            assert (found is None) == (expected is None)
            if found is not None:
                assert fast.key(found) == slow.key(expected), mutant.words


def test_a_mutant_that_is_evaluated_first_leaves_all_other_values_as_they_are():
    """The neighbours of the changed place may say the same thing: h_{t-1} beside W diag(h_{t-1})."""
    cell, target = ls.cell("gru_keep"), Target("dL/db_r")
    instance = searched(cell, target)[0]
    fresh = lambda: Values(instance, {t: target.time, k: target.lag})  # noqa: E731
    true, tried = forms(cell, target)[0].whole, 0
    for mutant in list(mutants(forms(cell, target)[1:3]))[::17]:
        values = fresh()
        first = values.of_mutant(mutant)
        for term in (true, mutant.true, mutant.term):
            np.testing.assert_array_equal(values.of(term), fresh().of(term), mutant.words)
        np.testing.assert_array_equal(first, fresh().of(mutant.term), mutant.words)
        tried += 1
    assert tried >= 10


def test_sums_over_time_are_summed_at_once_as_one_by_one():
    cell = ls.cell("lstm")
    values = values_of("lstm", Target("dL/dW_f"))
    for gradient in bptt(cell).gradients:
        whole = gradient.right
        assert isinstance(whole, SumOverTime)
        together = values.of(whole)
        one_by_one = sum(
            values.of(at(whole.body, time)) for time in range(1, values.instance.steps + 1)
        )
        np.testing.assert_array_equal(together, one_by_one % (2**61 - 1))
        np.testing.assert_array_equal(together, values.of(Gradient(gradient.left.parameter)))


def test_a_change_is_put_at_its_place_alone():
    cell = bptt(ls.cell("lstm")).cell
    f, i = cell.signal("f"), cell.signal("i")
    term = Plus(Hadamard(f, f), f)
    assert put(term, (0, 1), i) == Plus(Hadamard(f, i), f)
    assert put(term, (1,), i) == Plus(Hadamard(f, f), i)
    assert put(term, (), i) == i


def test_the_longer_forms_are_changed_only_where_they_are_new():
    first, *longer = forms(ls.cell("lstm"), Target("dL/dC[t]"))
    assert first.fresh == first.sites
    assert all(0 < len(form.fresh) < len(form.sites) for form in longer)
    slip = next(s for s in SLIPS if s.name == "carried part lost")
    assert [m.changed for m in somewhere(first, slip)] == [first.whole.parts[1]]


def test_small_numbers_are_found_and_others_are_not():
    prime = 2**61 - 1
    for p, q in ((2, 1), (-1, 1), (1, 2), (-3, 7), (0, 1)):
        assert str(small_number(p * pow(q, -1, prime) % prime)) == (
            f"{p}/{q}" if q != 1 else str(p)
        )
    assert small_number(123456789012345) is None
    one, two = np.array([3, 5, 0], dtype=object), np.array([6, 10, 0], dtype=object)
    assert ratio(two, one, exact=True) == 2 and ratio(one, two, exact=True) == ratio(
        np.array([1.5, 2.5]), np.array([3.0, 5.0]), exact=False
    )
    assert ratio(np.array([6, 11, 0], dtype=object), one, exact=True) is None
    assert ratio(np.array([6.0, 11.0]), np.array([3.0, 5.0]), exact=False) is None
