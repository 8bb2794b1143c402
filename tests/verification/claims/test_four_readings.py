"""Four right answers to ∂C_t/∂C_{t-1}, and the two famous wrong ones over several steps, through the public door."""

from __future__ import annotations

import pytest

import lstmsym as ls
from lstmsym import printing
from lstmsym.verification.claims.claim import Verdict

STEP = (r"\operatorname{diag}(f_t) + (\operatorname{diag}(C_{t-1} \odot f_t \odot (1 - f_t)) W_{fh}"
        r" + \operatorname{diag}(\tilde{C}_t \odot i_t \odot (1 - i_t)) W_{ih}"
        r" + \operatorname{diag}(i_t \odot (1 - \tilde{C}_t^2)) W_{Ch})"
        r" \operatorname{diag}(o_{t-1} \odot (1 - \tanh^2(C_{t-1})))")  # fmt: skip
BACK = STEP.replace("{t-1}", "{t-2}").replace("_t", "_{t-1}")
ONE, TWO = (rf"\frac{{\partial C_t}}{{\partial C_{{t-{lag}}}}}" for lag in (1, 2))

CLAIMS = [
    # written                                            verdict     kind
    (rf"{ONE} = f_t",                                    "right_as", "direct"),
    (rf"{ONE} = \operatorname{{diag}}(f_t)",             "right_as", "direct"),
    (rf"{ONE}|_{{\text{{direct}}}} = f_t",               "right",    ""),
    (rf"{ONE}|_{{\text{{block}}}} = f_t",                "right",    ""),
    (rf"{ONE}|_{{\text{{step}}}} = {STEP}",              "right",    ""),
    (rf"{ONE} = {STEP}",                                 "right",    ""),
    (r"\frac{\partial C_t}{\partial C_{t-k}} = \prod_{j=t-k+1}^{t} f_j", "right_as", "direct"),
    (rf"{TWO} = f_t \odot f_{{t-1}}",                    "right_as", "direct"),
]  # fmt: skip


def verdict(written: str, cell: str = "lstm") -> Verdict:
    (found,) = ls.verify(f"\\[ {written} \\]", cell).verdicts
    assert isinstance(found, Verdict)
    return found


@pytest.mark.parametrize(("written", "expected", "kind"), CLAIMS)
def test_the_kinds(written: str, expected: str, kind: str) -> None:
    found = verdict(written)
    assert found.verdict == expected, (found.reading, found.diagnosis, found.message)
    assert kind in " ".join(found.reading)


def test_what_the_direct_derivative_leaves_out_is_listed() -> None:
    said = " ".join(verdict(CLAIMS[0][0]).reading)
    assert all(path in said for path in ("f_t", "i_t", "C̃_t")), said


def test_the_step_formula_of_a_cell_with_peepholes_is_right_as_step() -> None:
    """With peepholes on C_{t-1} the gates of the step before move in the total and stand still in the step."""
    cell, quantity = "lstm_peephole_diagonal", "dC[t]/dC[t-1]"
    step = ls.derive(cell, quantity, kind="step").derivation
    assert step.expr != ls.derive(cell, quantity).expr
    found = verdict(f"{ONE} = {printing.latex(step.expr)}", cell)
    assert found.verdict == "right_as" and "step" in " ".join(found.reading), found


def test_the_product_of_two_steps_misses_the_path_through_the_output_gate() -> None:
    found = verdict(rf"{TWO} = ({STEP}) ({BACK})")
    assert found.verdict == "wrong"
    assert "o_{t-1}" in found.diagnosis and "missing" in found.diagnosis, found.diagnosis
    assert found.error is not None and found.error > 0.01
