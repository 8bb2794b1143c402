"""Verdicts made by hand, one of each kind, so that what is said of them does not hang on the judging."""

from __future__ import annotations

from lstmsym.cells import find_cell
from lstmsym.formulas import tree as f
from lstmsym.formulas.reader import read_formula
from lstmsym.verification.claims.claim import Claim, Judged, Verdict


def claim(latex: str, line: int, cell: int = 0) -> Claim:
    """A claim as a document has it."""
    node = read_formula(latex)
    assert isinstance(node, f.Equation)
    return Claim(node.sides[0], node.sides[1], node.relations[0], latex, "", line, 1, "", cell)


def unread(latex: str, line: int, column: int, message: str) -> Verdict:
    """A formula that could not be read."""
    nothing = f.Words("")
    return Verdict(
        Claim(nothing, nothing, "", latex, "", line, column), "cannot_read", message=message
    )


SENSE = "δ of a gate is the gradient by its pre-activation"
DOCUMENT = "\n".join(f"line {n}" for n in range(1, 6)) + "\n  and $a = \\foo{b}$ at last"
VERDICTS = (
    Verdict(claim(r"\delta o_t = \tanh(C_t)", 1), "right"),
    Verdict(claim(r"\delta f_t = C_{t-1}", 2), "right_as", reading=("one sense", SENSE)),
    Verdict(
        claim(r"\delta i_t &= C_t", 3), "wrong", diagnosis="C_t stands where C̃_t belongs",
        corrected=r"\delta C_t \odot \boxed{\tilde{C}_t}", error=0.844,
    ),
    Verdict(claim(r"\frac{\partial C_t}{\partial C_{t-1}} \approx f_t", 4), "approximation", error=3e-3),
    Verdict(claim(r"\delta q_t = 1", 5), "undefined", message="'q' is not defined"),
    unread(r"$a = \foo{b}$", 6, 12, r"'\foo' is not understood"),
)  # fmt: skip


def judged(*verdicts: Verdict, notes: tuple[str, ...] = ()) -> Judged:
    """A document of the LSTM with these verdicts."""
    return Judged(find_cell("lstm"), verdicts, notes)
