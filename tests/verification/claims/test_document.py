"""What a document's claims say about each other, and what is said of a document as a whole."""

import pytest

from lstmsym.errors import InputError
from lstmsym.verification.claims.claim import Judged
from lstmsym.verification.claims.document import judge_document

RNN = r"\[ h_t = \tanh(W h_{t-1} + U x_t) \]" + "\n"
LSTM = r"""
\[ f_t = \sigma(W_f x_t + U_f h_{t-1}), i_t = \sigma(W_i x_t + U_i h_{t-1}), o_t = \sigma(W_o x_t + U_o h_{t-1}) \]
\[ g_t = \tanh(W_g x_t + U_g h_{t-1}), c_t = f_t \odot c_{t-1} + i_t \odot g_t, h_t = o_t \odot \tanh(c_t) \]
"""
DIRECT = r"\[ \frac{\partial c_t}{\partial c_{t-1}} = \mathrm{diag}(f_t) \]"
CHAINED = (
    r"\[ \frac{\partial c_t}{\partial c_{t-2}} = "
    r"\frac{\partial c_t}{\partial c_{t-1}} \frac{\partial c_{t-1}}{\partial c_{t-2}} \]"
)
SLOPED = r"\left(\frac{\partial L}{\partial h_t} \odot (1-h_t^2)\right)"
STEP = (
    r"\[ \frac{\partial c_t}{\partial c_{t-1}} = \mathrm{diag}(f_t) + \frac{\partial c_t}{\partial h_{t-1}} "
    r"\mathrm{diag}(o_{t-1} \odot (1 - \tanh^2 c_{t-1})) \]"
)


def found(text: str, **more: object) -> list[str]:
    return [v.verdict for v in judged(text, **more).verdicts]


def judged(text: str, **more: object) -> Judged:
    return judge_document(text, "tex", **more)  # type: ignore[arg-type]


def test_derivatives_between_states_are_direct_only_where_the_document_says_so_throughout() -> None:
    assert found(LSTM + DIRECT + CHAINED) == ["right_as", "right_as"]
    assert found(LSTM + DIRECT + STEP + CHAINED) == ["right_as", "right", "wrong"]
    assert found(LSTM + CHAINED) == ["wrong"]


def test_a_direct_derivative_says_what_it_leaves_out() -> None:
    (verdict,) = judged(LSTM + DIRECT).verdicts
    assert "3 paths" in " ".join(verdict.reading)


def test_a_turned_gradient_is_wrong_beside_one_that_stands() -> None:
    turned = rf"\[ \frac{{\partial L}}{{\partial U}} = \sum_t x_t {SLOPED}^T \]"
    plain = rf"\[ \frac{{\partial L}}{{\partial W}} = \sum_t {SLOPED} h_{{t-1}}^T \]"
    assert found(RNN + turned) == ["right_as"]
    assert found(RNN + turned + plain) == ["wrong", "right"]


def test_a_guessed_letter_makes_no_claim_wrong() -> None:
    text = (
        r"\[ \frac{\partial L}{\partial n_t} = \frac{\partial L}{\partial h_t} \odot (1 - z_t) \]"
    )
    (verdict,) = judged(text, cell="gru").verdicts
    assert verdict.verdict == "undefined"
    assert "--rename" in verdict.message


def test_forward_equations_that_make_no_cell_leave_no_claim_wrong() -> None:
    text = r"\[ h_t = \tanh(W h_{t-1} + q\, y_t) \] \[ \frac{\partial L}{\partial h_t} = h_t + h_{t+1} \]"
    assert "wrong" not in found(text)


def test_bounds_are_noted_and_not_judged() -> None:
    judgement = judged(
        RNN
        + r"\[ \|W\| \le 1 \] \[ \frac{\partial h_t}{\partial x_t} = \mathrm{diag}(1-h_t^2) U \]"
    )
    assert judgement.counts == {"right": 1}
    assert any("not judged" in a for a in judgement.notes)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\[ \frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1-h_t^2) W \]", 0),
        (r"\[ \frac{\partial h_t}{\partial h_{t-1}} = W \]", 1),
        (r"\[ \frac{\partial h_t}{\partial h_{t-1}} = \kappa W \]", 2),
    ],
)
def test_the_exit_code_says_right_wrong_or_not_judged(claim: str, verdict: int) -> None:
    assert judged(RNN + claim).exit_code == verdict


def test_a_document_without_equations_is_refused() -> None:
    with pytest.raises(InputError, match="no equation"):
        judged("Nothing but prose stands here.")


def test_contributions_may_be_added_one_by_one() -> None:
    text = LSTM + (
        r"\[ \bar c_t \mathrel{+}= \bar h_t \odot o_t \odot (1 - \tanh^2 c_t) \]"
        r"\[ \bar c_{t-1} \mathrel{+}= \bar c_t \odot f_t \]"
        r"\[ \bar c_t \mathrel{+}= \bar h_t \odot o_t \]"
    )
    assert found(text) == ["right_as", "right_as", "wrong"]
