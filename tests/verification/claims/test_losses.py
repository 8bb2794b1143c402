"""Losses that a document states: what they say of the target, and what they leave open."""

import pytest

from lstmsym.verification.claims.document import judge_document

PAGE = r"""
\begin{align}
s_t &= \tanh(A s_{t-1} + B x_t + d) \\
q_t &= D s_t + e \\
p_t &= \operatorname{softmax}(q_t) \\
L &= %s
\end{align}
\[ %s \]
"""
ENTROPY = r"-\sum_{t=1}^T k_t^\top \log p_t"
HALF = r"\frac{1}{2} \sum_t \| q_t - k_t \|^2"
SQUARE = r"\sum_t \| k_t - q_t \|^2"
MEAN = r"-\frac{1}{T} \sum_{t=1}^T k_t^\top \log p_t"
THROUGH_TIME = (
    r"\frac{\partial L}{\partial s_t} = D^\top (p_t - k_t) "
    r"+ A^\top \left( (1 - s_{t+1}^2) \odot \frac{\partial L}{\partial s_{t+1}} \right)"
)

# fmt: off
#   loss, claim, verdict
JUDGED = [
    (ENTROPY, r"\frac{\partial L}{\partial q_t} = p_t - k_t",                      "right"),
    (ENTROPY, r"\frac{\partial L}{\partial q_t} = k_t - p_t",                      "wrong"),
    (ENTROPY, r"\frac{\partial L}{\partial D} = \sum_t (p_t - k_t) s_t^\top",      "right"),
    (ENTROPY, r"\frac{\partial L}{\partial D} = \sum_t (p_t - k_t) s_{t-1}^\top",  "wrong"),
    (ENTROPY, r"\frac{\partial L}{\partial e} = \sum_t (p_t - k_t)",               "right"),
    (ENTROPY, THROUGH_TIME,                                                        "right"),
    (ENTROPY, THROUGH_TIME.replace("D^", "A^", 1),                                 "wrong"),
    (ENTROPY, r"\frac{\partial L}{\partial p_t} = - k_t / p_t",                    "undefined"),
    (MEAN,    r"\frac{\partial L}{\partial q_t} = p_t - k_t",                      "undefined"),
]
SQUARED = [
    (HALF,    r"\frac{\partial L}{\partial q_t} = q_t - k_t",                      "right"),
    (HALF,    r"\frac{\partial L}{\partial q_t} = 2 (q_t - k_t)",                  "wrong"),
    (SQUARE,  r"\frac{\partial L}{\partial q_t} = 2 (q_t - k_t)",                  "right"),
    (SQUARE,  r"\frac{\partial L}{\partial D} = \sum_t (q_t - k_t) s_t^\top",      "wrong"),
]
# fmt: on


@pytest.mark.parametrize(("loss", "claim", "verdict"), JUDGED)
def test_a_cross_entropy_says_what_its_target_is(loss: str, claim: str, verdict: str) -> None:
    (found,) = judge_document(PAGE % (loss, claim), "tex").verdicts
    assert found.verdict == verdict, found


@pytest.mark.parametrize(("loss", "claim", "verdict"), SQUARED)
def test_a_squared_difference_says_what_its_target_is(loss: str, claim: str, verdict: str) -> None:
    page = "\n".join(a for a in PAGE.splitlines() if "softmax" not in a)
    (found,) = judge_document(page % (loss, claim), "tex").verdicts
    assert found.verdict == verdict, found
