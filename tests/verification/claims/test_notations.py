"""One page in many notations: a claim in each, and the same with a slip."""

import pytest

from lstmsym.verification.claims.document import judge_document

GATED = r"""
\begin{align}
p_t &= \sigma(A_p v_t + B_p m_{t-1} + b_p) \\
q_t &= \sigma(A_q v_t + B_q m_{t-1} + b_q) \\
\bar{n}_t &= \tanh(A_n v_t + B_n m_{t-1} + b_n) \\
n_t &= p_t \odot n_{t-1} + (1 - p_t) \odot \bar{n}_t \\
m_t &= q_t \odot \tanh(n_t)
\end{align}
"""
BEHIND = r"""
\[ p(t) = \sigma(A v(t) + B m(t-1)) \]
\[ m(t) = p(t) \odot m(t-1) + (1 - p(t)) \odot \psi(D v(t)) \]
where $\psi$ is the hyperbolic tangent.
"""
UNITS = r"""
\begin{align}
p_t^j &= \sigma(A v_t + B m_{t-1})^j \\
m_t^j &= p_t^j m_{t-1}^j + (1 - p_t^j) \tanh(D v_t)^j
\end{align}
"""
DEEP = r"""
\[ m_t = \tanh(A v_t + B m_{t-1}), \quad o_t = D m_t, \quad L = \frac{1}{T} \sum_t l(o_t, y_t) \]
"""
ENTRIES = r"""
\[ u_{t,i} = \sum_j K_{ij} r_{t-1,j} + \sum_k w_{ki} v_{t,k} \]
\[ r_{t,i} = g_{t,i} \, r_{t-1,i} + \tanh(u_{t,i}), \quad g_{t,i} = \sigma\Big(\sum_j Q_{ij} v_{t,j}\Big) \]
"""
STEP = r"""
\[ n_{next} = p \odot n_{prev} + (1 - p) \odot v_t \quad p = \sigma(A v_t + B m_{prev}) \quad m_{next} = \tanh(n_{next}) \]
"""
L = r"\frac{\partial L}{\partial %s}"
M, P, BAR = L % "m_t", L % "p_t", L % r"\bar{n}_t"

# ruff: noqa: E501
# fmt: off
#   page, claim, verdicts that are right
JUDGED = [
    (GATED,  rf"{L % 'a_n'} = {BAR} \odot (1 - \bar{{n}}_t^2)",                                ("right",)),
    (GATED,  r"{\delta q}^t = {\delta m}^t \odot \tanh(n_t)",                               ("right",)),
    (GATED,  r"{\delta q}^t = {\delta m}^t \odot n_t",                                      ("wrong",)),
    (GATED,  r"dn_t = dn'_t + dm_t \odot q_t \odot (1 - \tanh^2(n_t))",                     ("right", "right_as")),
    (GATED,  r"dq'_t = dm_t \odot \tanh(n_t) \odot q_t \odot (1 - q_t)",                    ("right", "right_as")),
    (GATED,  r"dq'_t = dm_t \odot \tanh(n_t) \odot q_t",                                    ("wrong",)),
    (GATED,  r"\delta A_\star = \sum_{t=0}^T \delta\star_t \otimes v_t",                    ("right", "right_as")),
    (GATED,  r"\delta A_\star = \sum_{t=0}^T \delta\star_t \otimes m_t",                    ("wrong", "cannot_read")),
    (GATED,  rf"{L % 'B_q'}\Big|_t = ({M} \odot \tanh(n_t) \odot q_t \odot (1 - q_t)) m_{{t-1}}^\top", ("right", "right_as")),
    (GATED,  r"dm_{prev} = dn_{next} \odot q_t",                                            ("wrong",)),
    (BEHIND, r"\frac{\partial L}{\partial p(t)} = \frac{\partial L}{\partial m(t)} \odot (m(t-1) - \tanh(D v(t)))", ("right",)),
    (BEHIND, r"\frac{\partial L}{\partial p(t)} = \frac{\partial L}{\partial m(t)} \odot m(t-1)", ("wrong",)),
    (UNITS,  rf"{P} = {M} \odot (m_{{t-1}} - \tanh(D v_t))",                                ("right",)),
    (UNITS,  rf"{P} = {M} \odot (\tanh(D v_t) - m_{{t-1}})",                                ("wrong",)),
    (DEEP,   rf"{L % 'D'} = \sum_t \text{{prod}}\left({L % 'o_t'}, \frac{{\partial o_t}}{{\partial D}}\right)", ("right", "right_as")),
    (DEEP,   rf"{L % 'm_T'} = D^\top {L % 'o_T'}",                                          ("right",)),
    (DEEP,   rf"{M} = D^\top {L % 'o_t'}",                                                  ("wrong",)),
    (DEEP,   r"\frac{\partial m_t}{\partial m_{t-1}} = \tanh'(A v_t + B m_{t-1}) B",        ("right", "right_as")),
    (ENTRIES, rf"{L % 'g_{t,i}'} = {L % 'r_{t,i}'} r_{{t-1,i}}",                            ("right",)),
    (ENTRIES, rf"{L % 'K_{ij}'} = \sum_t {L % 'u_{t,i}'} r_{{t-1,j}}",                      ("right",)),
    (ENTRIES, rf"{L % 'K_{ij}'} = \sum_t {L % 'u_{t,j}'} r_{{t-1,i}}",                      ("wrong",)),
    (ENTRIES, rf"{L % 'w_{ki}'} = \sum_t {L % 'u_{t,i}'} v_{{t,k}}",                        ("right",)),
]
# fmt: on


@pytest.mark.parametrize(("page", "claim", "verdicts"), JUDGED)
def test_a_claim_is_judged_in_its_notation(
    page: str, claim: str, verdicts: tuple[str, ...]
) -> None:
    found = judge_document(f"{page}\n\\[ {claim} \\]", "tex").verdicts[-1]
    assert found.verdict in verdicts, (found.verdict, found.message, found.diagnosis)


def test_next_and_prev_of_one_step() -> None:
    claims = r"\[ dp = dn_{next} \odot (n_{prev} - v_t) \] \[ dn_{prev} = dn_{next} \odot v_t \]"
    first, second = judge_document(STEP + claims, "tex").verdicts[-2:]
    assert first.verdict in ("right", "right_as"), first
    assert second.verdict == "wrong", second
