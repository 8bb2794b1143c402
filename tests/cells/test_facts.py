"""Gates and numbers of weights, counted; and the index that lists them."""

import json
from importlib.resources import files

import numpy as np
import pytest
from sympy import symbols

import lstmsym as ls
from lstmsym.cells.facts import gates, parameter_count, polynomial
from lstmsym.cells.index import entry, index_text
from lstmsym.numerics.initialise import hard_instance

# fmt: off
COUNTED = [
    # cell                      gates              numbers
    ("rnn",                     "",                "n² + nm + n"),
    ("lstm",                    "f i o",           "4n² + 4nm + 4n"),
    ("lstm_coupled",            "f o",             "3n² + 3nm + 3n"),
    ("gru",                     "z r",             "3n² + 3nm + 3n"),
    ("jordan",                  "",                "2pn + mn + p + n"),
    ("scrn",                    "",                "n² + np + nm + pm"),
    ("janet",                   "f i",             "2n² + 2nm + 2n"),
    ("slstm",                   "f o i_hat",       "4d² + 4dp + 4d"),
    ("lem",                     "D D_bar",         "4n² + 4nm + 4n"),
    ("fastgrnn",                "z",               "n² + nm + 2n + 2"),
    ("highway",                 "T",               "2n² + 2n"),
    ("attention_bahdanau",      "z r",             "3n² + 3nm + 3nd + np + dp + p"),
]
# fmt: on


@pytest.mark.parametrize("name, expected, count", COUNTED)
def test_gates_and_numbers(name, expected, count):
    cell = ls.cell(name)
    assert set(gates(cell)) == set(expected.split())
    assert polynomial(parameter_count(cell), cell.sizes) == count


@pytest.mark.parametrize("name", ls.catalogue())
def test_the_polynomial_counts_the_numbers_that_are_drawn(name):
    cell = ls.cell(name)
    weights, _, sizes = hard_instance(cell, 0)
    untied = {x.name: x for x in cell.inputs if x.name in cell.untied}
    drawn = sum(np.size(weights[w]) for w in cell.weights)
    drawn += sum(int(x.rows.subs(sizes)) for x in untied.values())
    assert parameter_count(cell).subs(sizes) == drawn


def test_polynomials_with_longer_names_have_dots():
    n, n_z = symbols("n n_z")
    assert polynomial(3 * n**2 * n_z + n_z + 1, (n, n_z)) == "3·n²·n_z + n_z + 1"
    assert polynomial(parameter_count(ls.parse("h[t] = tanh(h[t-1])")), ()) == "0"


def test_the_index_is_that_of_the_cells():
    """Run scripts/cells_table.py after a change of the catalogue."""
    written = files("lstmsym.cells").joinpath("index.json").read_text(encoding="utf-8")
    assert written == index_text()


def test_an_entry_says_what_the_cell_says():
    for e in json.loads(index_text())["cells"]:
        cell = ls.cell(e["name"])
        assert e == entry(cell)
        assert (e["states"], e["family"], e["year"]) == (list(cell.states), cell.family, cell.year)
