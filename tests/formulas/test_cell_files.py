"""Cells in files and on standard input, in LaTeX, in Markdown or as a cell text."""

import io
import sys

import pytest
from click.testing import CliRunner

import lstmsym as ls
from lstmsym.cells import find_cell
from lstmsym.cli.group import lstmsym
from lstmsym.equations.reader import read_cell
from lstmsym.formulas.cells import parse_latex_cell
from lstmsym.formulas.files import is_latex
from tests.formulas.notations import LSTM, RNN_CELL

LATEX = r"h_t = \tanh(W h_{t-1} + U x_t + b)"
FILES = {
    "mine.tex": LATEX,
    "article.tex": "\\documentclass{article}\n\\begin{document}\nThe state is\n\\begin{equation}\n"
    f"{LATEX}\n\\end{{equation}}\nas in Elman's network.\n\\end{{document}}\n",
    "notes.md": f"# A cell\n\nThe state is\n\n$$\n{LATEX}\n$$\n\nand starts at zero.\n",
    "unicode.txt": "hₜ = tanh(W hₜ₋₁ + U xₜ + b)\n",
    "own.txt": f"# my cell\n{RNN_CELL}\n",
    "own.cell": RNN_CELL,
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_found(tmp_path, name):
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    cell = find_cell(tmp_path / name)
    assert [e.right for e in cell] == [e.right for e in read_cell(RNN_CELL)]
    assert cell.name == name.partition(".")[0]


@pytest.mark.parametrize("text", [LATEX, RNN_CELL], ids=["LaTeX", "cell text"])
def test_standard_input(monkeypatch, text):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert [e.right for e in find_cell("-")] == [e.right for e in read_cell(RNN_CELL)]


# name: (what stands in the file, words of the refusal)
REFUSED = {
    "empty.tex": (b"  \n", "nothing stands there"),
    "bytes.md": (b"\xff\xfe h_t", "this is not UTF-8 text"),
    "question.tex": (rb"h_t = g(W h_{t-1})", "question.tex, line 1: 'g(…)' may be an activation"),
    "deep.md": (
        b"# Title\n\nFirst.\n\n$$h_t = \\tanh(w h_{t-1} + U x_t)$$\n",
        "line 5: 'w' may be a scalar",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_by_name_and_line(tmp_path, name):
    data, said = REFUSED[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ls.LstmsymError) as refused:
        find_cell(tmp_path / name)
    assert said in str(refused.value)


def test_a_file_that_is_missing(tmp_path):
    with pytest.raises(ls.LstmsymError, match="No such file"):
        find_cell(tmp_path / "missing.tex")


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        (LATEX, True),
        (RNN_CELL, False),
        ("h_t = tanh(W h_{t-1})", True),
        ("hₜ = tanh(hₜ₋₁)", True),
        ("# $x$ in a comment\nh[t] = tanh(h[t-1])", False),
        ("state h\nh[t] = relu(W_t @ h[t-1])", False),
    ],
)
def test_the_language_is_told_from_the_text(text, latex):
    assert is_latex(text) is latex


def test_the_command_line_shows_how_it_was_read():
    shown = CliRunner().invoke(lstmsym, ["show", "-"], input=LATEX)
    assert shown.exit_code == 0
    assert "h_t = tanh(W h_{t-1} + U x_t + b)" in shown.output
    assert "read as" in shown.output
    assert "h[t] = tanh(W @ h[t-1] + U @ x[t] + b)" in shown.output


def test_a_cell_of_the_catalogue_is_not_read_as_anything():
    assert "read as" not in CliRunner().invoke(lstmsym, ["show", "rnn"]).output


def test_the_command_line_derives_what_is_piped_in():
    derived = CliRunner().invoke(
        lstmsym, ["derive", "-", "dC[t]/dC[t-1]", "--kind", "direct"], input=LSTM
    )
    assert derived.exit_code == 0
    assert "diag(f_t)" in derived.output


# --- what is left out is said ------------------------------------------------------------------

# what stands beside the equation: what the note says
LEFT_OUT = {
    r"h_0 = 0": "h_0 = 0 (an initial state)",
    r"h^{(0)} = 0": "h^{(0)} = 0 (an initial state)",
    r"W \in \mathbb{R}^{n \times n}": r"W \in \mathbb{R}^{n \times n} (sizes)",
    r"L = \sum_t L_t": r"L = \sum_t L_t (the loss)",
    r"T = 100": "T = 100 (not used)",
    r"\sigma(a) = \frac{1}{1 + e^{-a}}": "(the definition of sigmoid)",
    r"\frac{\partial h_t}{\partial h_{t-1}} = W": "(a derivative)",
    r"g(a) = 2 \tanh(a)": "(a function that is not used)",
}


@pytest.mark.parametrize("row", LEFT_OUT)
def test_a_row_that_is_no_equation_of_a_signal_is_noted(row):
    cell = parse_latex_cell(f"{LATEX}\n{row}")
    assert [e.right for e in cell] == [e.right for e in read_cell(RNN_CELL)]
    assert LEFT_OUT[row] in cell.differs
    assert LEFT_OUT[row] in cell.text


def test_a_definition_that_differs_is_taken_at_its_word():
    cell = parse_latex_cell(r"\sigma(a) = 2 \tanh(a)" "\n" r"h_t = \sigma(W h_{t-1})")
    assert [e.right for e in cell] == [e.right for e in read_cell("h[t] = (2 * tanh(W @ h[t-1]))")]


# --- what the caller states --------------------------------------------------------------------


def test_the_caller_states_what_is_open():
    text = r"h_t = g(w h_{t-1} + U u_t + V v_t)"
    cell = parse_latex_cell(text, stated={"g": "tanh", "w": "diagonal", "u": "input", "v": "input"})
    own = read_cell("input u, v\nh[t] = tanh(w * h[t-1] + U @ u[t] + V @ v[t])")
    assert [e.right for e in cell] == [e.right for e in own]


def test_names_are_stated_as_they_are_written():
    text = r"c_t = \sigma_c(W_{cc} c_{t-1} + \tilde{w} x_t)"
    cell = parse_latex_cell(text, stated={r"\sigma_c": "tanh", r"\tilde{w}": "vector"})
    own = read_cell("c[t] = tanh(W_cc @ c[t-1] + w_tilde * x[t])")
    assert [e.right for e in cell] == [e.right for e in own]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"g": "tahn"}, "g cannot be 'tahn'; did you mean 'tanh'"),
        ({"q": "tanh"}, "nothing is called 'q' in this text"),
    ],
)
def test_a_statement_that_says_nothing_is_refused(stated, said):
    with pytest.raises(ls.LstmsymError) as refused:
        parse_latex_cell(LATEX, stated=stated)
    assert said in str(refused.value)
