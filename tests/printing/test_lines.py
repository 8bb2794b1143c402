"""Lines keep to the page and to the terminal, and lose nothing where they are broken."""

import re

import pytest

from lstmsym import printing
from lstmsym.cells import from_catalogue
from lstmsym.derivation.lag import derive_state
from lstmsym.derivation.quantity import read_quantity
from lstmsym.derivation.state import state_jacobian
from lstmsym.derivation.steps import Step
from lstmsym.equations.derived import Diagonal
from lstmsym.equations.terms import Plus
from lstmsym.printing.breaks import flat
from lstmsym.printing.display import PAGE, TERMINAL
from lstmsym.printing.drawing import inline, width
from lstmsym.printing.latex import LatexWriter
from lstmsym.printing.lines import lines_of, rows_of
from lstmsym.printing.text import TextWriter, printed_width
from tests.printing.examples import C, Ct, U, f, h
from tests.witnesses import MODELS


def steps_of(name):
    cell = from_catalogue(name)
    lags = (f"d{s}[t]/d{s}[t-{k}]" for s in cell.states for k in ("1", "2", "k"))
    derived = (derive_state(cell, read_quantity(cell, q), "total") for q in lags)
    return [*cell, *state_jacobian(cell), *(s for d in derived for s in d.steps)]


def bare(written):
    """Without what breaking adds or takes away."""
    return re.sub(r"\\q+uad|\\cdot|\\,|{}|·|\s", "", written)


@pytest.mark.parametrize("name", MODELS)
def test_nothing_is_lost_and_no_row_is_too_wide(name):
    steps = steps_of(name)
    broken = 0
    lines = list(lines_of(steps))
    for step, on_paper, on_screen in zip(
        steps,
        rows_of(lines, LatexWriter(), PAGE),
        rows_of(lines, TextWriter(), TERMINAL),
        strict=True,
    ):
        assert bare("".join(on_paper.right)) == bare(flat(LatexWriter().write(step.right)))
        whole = inline(flat(TextWriter().write(step.right)))
        assert bare(inline("".join(on_screen.right))) == bare(whole)
        assert on_paper.left_width + max(on_paper.widths) <= PAGE
        broken += len(on_paper.right) > 1
    assert broken or name == "rnn"


@pytest.mark.parametrize("name", MODELS)
def test_the_terminal_has_a_hundred_columns(name):
    cell = from_catalogue(name)
    written = [printing.text(cell)]
    written += [printing.text(s) for s in steps_of(name)]
    assert max(width(line) for text in written for line in text.splitlines()) <= TERMINAL


def test_successive_steps_with_one_left_side_print_it_once():
    steps = [Step(C, f, "first"), Step(C, h, "then"), Step(f, h, "last")]
    assert [line.left for line in lines_of(steps)] == [C, None, f]


def test_a_long_sum_is_broken_before_a_sign_and_a_longer_one_inside_its_brackets():
    long = Plus(*[f * C * h * Ct * (1 - f)] * 6)
    rows = printing.text(Step(f, Diagonal(long) @ U, "")).splitlines()
    assert rows[0].startswith("f_t = diag(((")
    assert {r.strip()[0] for r in rows[1:-1]} == {"+"}


def test_a_reason_stands_beside_its_line_or_below():
    beside, below = Step(f, h, "short"), Step(f, Plus(*[f * h] * 9), "a reason, " * 9 + "a reason")
    assert printing.text(beside) == "f_t = h_t   short"
    assert printing.text(below).splitlines()[-1].endswith("a reason)")
    assert r"&& \quad {\scriptstyle\text{short}}" in printing.latex(beside)
    assert "&&" not in printing.latex(below)


@pytest.mark.parametrize(
    "text, wide",
    [("f_t", 1.7), ("h_{t-1}", 3.1), ("∂C_t/∂C_{t-1}", 4.1), ("C\u0303_t", 1.7), ("a + b", 5)],
)
def test_printed_width(text, wide):
    assert printed_width(text) == pytest.approx(wide)
