"""Cells pasted as LaTeX say what their authors meant, term by term."""

import pytest

import lstmsym as ls
from lstmsym.cells import from_catalogue
from lstmsym.equations.reader import read_cell
from lstmsym.formulas.cells import parse_latex_cell
from tests.formulas.notations import COUPLED, GRU, GRU_CELL, LSTM, NOTATIONS, PEEPHOLE


def same(cell, other):
    """Equal term by term, whatever the order of the lines."""
    assert {e.left: e.right for e in cell} == {e.left: e.right for e in other}
    assert cell.constants == other.constants
    assert set(cell.states) == set(other.states)
    assert set(cell.inputs) == set(other.inputs)


@pytest.mark.parametrize("name", NOTATIONS)
def test_a_notation_means_its_cell(name):
    latex, text = NOTATIONS[name]
    same(parse_latex_cell(latex), read_cell(text))


def test_a_column_of_gates_says_what_became_of_its_weight():
    cell = parse_latex_cell(NOTATIONS["a column of gates"][0])
    assert "f[t] = sigmoid(W_f @ [h[t-1], x[t]])   # row 2 of 4 in the column" in cell.text
    assert list(cell.weights) == ["W_i", "W_f", "W_o", "W_g"]


def test_a_comment_beside_an_equation_is_its_meaning():
    latex = r"\begin{align} h_t &= \tanh(W h_{t-1} + U x_t) && \text{hidden state} \end{align}"
    assert parse_latex_cell(latex).equations[0].meaning == "hidden state"


PASTED = {
    "lstm": (LSTM, from_catalogue("lstm")),
    "lstm_peephole": (PEEPHOLE, from_catalogue("lstm_peephole")),
    "lstm_coupled": (COUPLED, from_catalogue("lstm_coupled")),
    "gru": (GRU, read_cell(GRU_CELL)),
}


@pytest.mark.parametrize("name", PASTED)
def test_a_pasted_cell_is_that_of_the_catalogue(name):
    latex, cell = PASTED[name]
    pasted = parse_latex_cell(latex)
    same(pasted, cell)
    state = cell.states[-1]
    for quantity in (f"d{state}[t]/d{state}[t-1]", "dh[t]/dx[t-2]"):
        assert ls.derive(pasted, quantity).expr == ls.derive(cell, quantity).expr
