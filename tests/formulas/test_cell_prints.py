"""What lstmsym prints of a cell reads back as the same cell, term by term."""

import pytest
from sympy import Basic

import lstmsym as ls
from lstmsym import printing
from lstmsym.cells import catalogue
from lstmsym.equations.split import split_weights
from lstmsym.equations.terms import (
    Elementwise,
    Fill,
    Hadamard,
    MatrixProduct,
    Parameter,
    Plus,
    Signal,
)
from lstmsym.formulas.cells import parse_latex_cell

# Cells whose print does not say everything, and why.
UNSAID: dict[str, str] = {
    "attention_bahdanau": "its input is a stack of pieces, which only a declaration says",
    "attention_xu": "its input is a stack of pieces, which only a declaration says",
    "clockwork": "a choice by time prints as a product with its clock",
    "depth_gated_lstm": "C_1_tilde prints with the tilde over its number",
    "s4d": "a repeated input prints as a product with ones",
}


def said(term):
    """A term without its sizes, with its names as they print: h1 and h_1 are one, and a ⊙ a is a²."""
    if isinstance(term, Signal):
        return ("signal", printing.latex(term))
    if isinstance(term, Parameter):
        return ("parameter", printing.latex(term))
    if isinstance(term, Fill):
        return said(term.value) if isinstance(term.value, Basic) else str(term.value)
    if isinstance(term, Elementwise) and term.function == "identity":
        return said(term.inside)
    if isinstance(term, Elementwise) and term.function == "square":
        return ("Hadamard", (said(term.inside), said(term.inside)))
    if isinstance(term, Plus | Hadamard):
        return (type(term).__name__, tuple(map(said, term.parts)))
    return (type(term).__name__, getattr(term, "function", ""), tuple(map(said, term.args)))


def stated(cell):
    """What a print leaves open: the numbers of constants, scalars beside vectors, second inputs."""
    found = {x.name: "input" for x in cell.inputs if x.name not in cell.clocks}
    found |= {n: "scalar" for n, p in cell.parameters.items() if p.shape == (1, 1)}
    products = [a for e in cell for a in e.right.atoms(MatrixProduct)]
    fed = {a.args[1] for a in products if isinstance(a.args[0], Parameter)}
    found |= {e.name: "scalar" for e in cell if e.left.rows == 1 and e.left not in fed}
    return found | {n: str(float(value)) for n, value in cell.constants.items()}


def same(read, cell):
    assert [(said(e.left), said(e.right)) for e in read] == [
        (said(e.left), said(e.right)) for e in cell
    ]
    assert {printing.latex(read.signal(s)) for s in read.states} == {
        printing.latex(cell.signal(s)) for s in cell.states
    }


READABLE = [name for name in catalogue() if name not in UNSAID]


@pytest.mark.parametrize("name", READABLE)
def test_latex_reads_back(name):
    cell = ls.cell(name)
    same(parse_latex_cell(printing.latex(cell), stated=stated(cell)), cell)
    split = split_weights(cell)
    if split.splits:
        same(parse_latex_cell(printing.latex(split), stated=stated(split)), split)


# Cells whose head says a formula that is no equation of the cell.
TALKING = {"ltc": "w = 1/tau"}


@pytest.mark.parametrize("name", [name for name in READABLE if name not in TALKING])
def test_markdown_reads_back(name):
    cell = ls.cell(name)
    same(parse_latex_cell(printing.markdown(cell), stated=stated(cell)), cell)


@pytest.mark.parametrize("name", READABLE[::6])
def test_an_article_reads_back(name):
    cell = ls.cell(name)
    same(parse_latex_cell(printing.article(cell), stated=stated(cell)), cell)


@pytest.mark.parametrize("name", UNSAID)
def test_what_is_left_out_has_its_reason(name):
    """Whoever mends the print takes the line out of the list."""
    cell = ls.cell(name)
    with pytest.raises((ls.LstmsymError, AssertionError)):
        same(parse_latex_cell(printing.latex(cell), stated=stated(cell)), cell)
