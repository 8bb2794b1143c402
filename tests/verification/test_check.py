"""What a check says, and at which lag it asked."""

import numpy as np
import pytest

import lstmsym as ls
from lstmsym.errors import Disagreement, InputError
from lstmsym.verification.check import LONGEST, SYMBOLIC_LAG, TOLERANCE, Check, relative
from lstmsym.verification.instances import FARTHEST, float_instance


def test_a_check_passes_only_when_both_witnesses_agree():
    assert Check(True, 0.0, 1).passed and Check(True, TOLERANCE, 1).passed
    assert not Check(False, 0.0, 1).passed
    assert not Check(True, 1.001 * TOLERANCE, 1).passed
    assert not Check(True, np.inf, 1).passed and not Check(True, np.nan, 1).passed


def test_what_a_check_says():
    found = ls.derive("lstm", "dC[t]/dC[t-3]").checked
    assert found.exact_mod_p is True and 0 <= found.autograd_max_rel_error < 1e-12
    assert (found.draws, found.lag) == (1, 3)
    assert found.as_dict() == {
        "exact_mod_p": True,
        "autograd_max_rel_error": found.autograd_max_rel_error,
        "draws": 1,
        "lag": 3,
    }
    assert "equal modulo 2^61 - 1" in str(found) and "1 draw each, at lag 3" in str(found)
    assert "DIFFERENT" in str(Check(False, 0.5, 2, 1)) and "2 draws each" in str(
        Check(False, 0.5, 2, 1)
    )


@pytest.mark.parametrize(
    ("quantity", "lag"),
    [
        ("dC[t]/dC[t-k]", SYMBOLIC_LAG),
        ("dC[t]/dC[t-64]", 64),
        ("dC[t]/dC[t-65]", LONGEST),
        ("dL/dW_f", None),
    ],
)
def test_the_lag_at_which_it_was_checked(quantity, lag):
    assert ls.derive("lstm", quantity).checked.lag == lag


def test_more_draws_are_other_draws():
    derived = ls.derive("gru", "dh[t]/dh[t-2]")
    assert derived.check() is derived.checked
    again = derived.check(draws=4)
    assert again.draws == 4 and again.passed
    assert again.autograd_max_rel_error >= derived.checked.autograd_max_rel_error
    with pytest.raises(InputError, match="at least one draw, not 0"):
        derived.check(draws=0)


@pytest.mark.parametrize(
    ("found", "expected", "error"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([1.0, 3.0], [1.0, 2.0], 0.5),
        ([0.0, 0.0], [0.0, 0.0], 0.0),
        ([0.0, 1e-30], [0.0, 0.0], 1e-30),
        ([np.nan, 1.0], [1.0, 1.0], np.inf),
        ([1.0, 1.0], [np.inf, 1.0], np.inf),
    ],
)
def test_relative_error(found, expected, error):
    assert relative(np.array(found), np.array(expected)) == pytest.approx(error)


def test_saturated_cells_are_drawn_with_smaller_numbers():
    """50 W h would leave 1 − y² without digits at scale 1; the check still resolves and passes."""
    cell = ls.parse("h[t] = tanh(50 * (W @ h[t-1]) + U @ x[t])")
    instance = float_instance(cell, 4)
    inside = np.arctanh(instance.rollout.signals["h"])
    assert np.max(np.abs(inside)) <= FARTHEST["tanh"] + 1e-6
    assert max(np.max(np.abs(a)) for a in instance.parameters.values()) < 1
    assert ls.derive(cell, "dh[t]/dh[t-3]").checked.passed


def test_ordinary_cells_are_drawn_at_full_size():
    assert (
        max(np.max(np.abs(a)) for a in float_instance(ls.cell("lstm"), 5).parameters.values()) > 1
    )


def test_a_cell_that_no_float_can_run_is_refused_in_one_sentence():
    with pytest.raises(Disagreement, match="largest relative difference to autograd inf"):
        ls.derive(ls.parse("h[t] = exp(exp(exp(h[t-1]))) + 100"), "dh[t]/dh[t-3]")


@pytest.mark.parametrize(
    "text",
    [
        "h[t] = square(h[t-1]) + W @ h[t-1]",
        "h[t] = 3 * h[t-1]",
        "h[t] = relu(W @ h[t-1] - 1)",
        "h[t] = 1 / h[t-1]",
        "h[t] = step(h[t-1])",
        "h[t] = 0 * h[t-1]",
        "h[t] = h[t-1]",
    ],
)
def test_cells_on_the_edge_are_checked_at_any_lag(text):
    cell = ls.parse(text)
    for quantity in ("dh[t]/dh[t-1]", "dh[t]/dh[t-k]", "dh[t]/dh[t-70]", "dL/dh[t]"):
        assert ls.derive(cell, quantity).checked.passed


def test_same_question_same_answer():
    one, two = (ls.derive("lstm", "dh[t]/dC[t-2]").checked for _ in range(2))
    assert one == two


def test_a_derivative_that_cancels_altogether_is_judged_by_its_rounding():
    """Left over is noise that a nudge changes; a difference above that noise counts in full."""
    noise, other = np.array([3e-17, -1e-17]), np.array([-2e-17, 4e-17])
    assert relative(noise, other) > 1
    assert relative(noise, other, lambda: 2 * other) < 1e-16
    assert relative(np.array([1e-9, 0.0]), other, lambda: 2 * other) > 1
    assert (
        relative(np.array([1.0, 1e-3]), np.array([1.0, 0.0]), lambda: np.array([1.0, 1e-16]))
        == 1e-3
    )
    assert ls.derive("slstm", "dL/dm[t]").checked.passed, "h does not depend on the stabiliser"


def test_a_cell_that_divides_by_its_gates_is_checked_at_the_last_step_too():
    """After the last step adjoints are zero, but the signals that stand beside them must not be divided by."""
    cell = ls.parse(
        "f[t] = sigmoid(W @ x[t])\ni[t] = sigmoid(V @ x[t])\nh[t] = f[t] / (f[t] + i[t]) * h[t-1] + U @ x[t]"
    )
    assert ls.derive(cell, "dL/dh[t]").checked.passed and ls.derive(cell, "dL/dW").checked.passed
