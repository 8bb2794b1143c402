"""The right formula is about the times that the claim is about."""

import pytest

from lstmsym.verification.claims.document import judge_document

NETWORK = r"\[ a_t = W h_{t-1} + U x_t + b, \quad h_t = \tanh(a_t), \quad y_t = V h_t \]"
WRONG = [
    # left                                      a wrong right side                        stands in the right one
    (r"\frac{\partial h_{t+1}}{\partial h_t}", r"W\, \mathrm{diag}(1 - h_{t+1})",          "h_{t+1}^{2}"),
    (r"\frac{\partial h_i}{\partial h_{i-1}}", r"\mathrm{diag}(1 - h_i)\, W",              "h_i^{2}"),
    (r"\frac{\partial h_T}{\partial h_1}",     r"\prod_{k=2}^{T} W \mathrm{diag}(h_k)",    "=2}^{T}"),
    (r"\delta h_{t-1}",                        r"W \delta a_t + V^\top \delta y_{t-1}",    r"\delta y_{t-1}"),
    (r"\delta h_k",                            r"V^\top \delta y_k + W \delta a_{k+1}",    r"\delta a_{k+1}"),
    (r"\delta h_2",                            r"V^\top \delta y_2 + W \delta a_3",        r"\delta a_3"),
]  # fmt: skip


def wrong(left: str, right: str) -> str:
    (verdict,) = judge_document(f"{NETWORK}\n\\[ {left} = {right} \\]", "tex").verdicts
    assert verdict.verdict == "wrong"
    return verdict.corrected


@pytest.mark.parametrize("left, right, part", WRONG)
def test_what_is_right_is_said_at_the_times_of_the_claim(left: str, right: str, part: str) -> None:
    assert part in wrong(left, right)


def test_nothing_comes_back_to_the_last_step() -> None:
    found = wrong(r"\frac{\partial L}{\partial h_T}", r"V \frac{\partial L}{\partial y_T}")
    assert found == r"V^{\top}\, \frac{\partial L}{\partial y_T}"


def test_the_corrected_formula_is_right() -> None:
    """What is printed for copying is judged right in place of what was wrong."""
    for left, right, _ in WRONG:
        text = f"{NETWORK}\n\\[ {left} = {wrong(left, right)} \\]"
        (verdict,) = judge_document(text.replace(r"\boxed", ""), "tex").verdicts
        assert verdict.verdict in ("right", "right_as"), text
