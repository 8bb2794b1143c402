"""Cells beside each other: rows by meaning, marks that are true, the same in every format."""

import json

import pytest
from click.testing import CliRunner

import lstmsym as ls
from lstmsym.cli import lstmsym as command
from lstmsym.cli.terminal import width
from lstmsym.derivation.comparison import equations, jacobians
from lstmsym.derivation.state import block
from lstmsym.equations.terms import is_fill


def run(*args, code=0):
    found = CliRunner().invoke(command, ["cells", "--compare", *args])
    assert found.exit_code == code, found.output
    return found.output


def test_rows_of_equations():
    rows = {row.about: row for row in equations([ls.cell("lstm"), ls.cell("lstm_coupled")])}
    assert list(rows) == [
        "forget gate", "input gate", "candidate", "cell state", "output gate", "hidden state",
    ]  # fmt: skip
    assert {about for about, row in rows.items() if row.same} == set(rows) - {
        "input gate",
        "cell state",
    }
    assert rows["input gate"].entries[1] is None


@pytest.mark.parametrize("names", [("lstm", "gru"), ("rnn", "mgu", "ran"), ("gru", "gru")])
def test_every_equation_and_every_block_has_its_place_once(names):
    cells = [ls.cell(name) for name in names]
    found, blocks = equations(cells), jacobians(cells)
    for n, cell in enumerate(cells):
        assert sorted(e.name for row in found if (e := row.entries[n])) == sorted(cell.by_name)
        nonzero = {
            (a, b) for a in cell.states for b in cell.states if not is_fill(block(cell, a, b), 0)
        }
        shown = [row.entries[n].right for row in blocks if row.entries[n]]
        assert shown == [
            block(cell, a, b) for a in cell.states for b in cell.states if (a, b) in nonzero
        ]
    assert all(row.same for row in (*found, *blocks)) == (len(set(names)) == 1)


def test_text_has_columns_that_fit():
    shown = run("lstm", "lstm_coupled")
    lines = shown.splitlines()
    assert "cell state — differs" in lines and "forget gate — same" in lines
    assert "input gate — only lstm" in lines and "cell state by hidden state — differs" in lines
    pair = next(line for line in lines if line.startswith("C_t = "))
    assert "f_t ⊙ C_{t-1} + i_t ⊙" in pair and "(1 - f_t)" in pair
    assert max(map(width, lines)) <= 120


def test_formats_say_the_same():
    facts = json.loads(run("lstm", "gru", "--json"))
    assert facts["schema"] == "lstmsym/comparison/1" and facts["cells"] == ["lstm", "gru"]
    rows = [*facts["equations"], *facts["jacobians"]]
    latex, markdown = (run("lstm", "gru", "--format", form) for form in ("latex", "markdown"))
    for row in rows:
        for written in row["cells"].values():
            assert written["latex"] in latex
            assert written["latex"].replace("|", r"\vert ") in markdown
    assert latex.count(r"\begin{array}") == latex.count(r"\end{array}") == 2
    assert {row["mark"] for row in rows} == {"differs", "only gru", "only lstm"}


def test_one_cell_is_no_comparison():
    assert "two cells or more" in run("lstm", code=2)
    assert "did you mean 'lstm'?" in run("lstm", "lsmt", code=2)
