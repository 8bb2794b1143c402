"""What is printed is read back, judged against its cell, and right: every equation, in every notation and format.

Of the Unicode text a matrix that is drawn over several lines is not readable, nor a formula cut into rows; the others
are.
"""

from __future__ import annotations

from itertools import islice

import pytest

import lstmsym as ls
from lstmsym import printing
from lstmsym.api import NOTATIONS
from lstmsym.cells import catalogue
from lstmsym.derivation.program import bptt
from lstmsym.derivation.whole import results, whole
from lstmsym.equations.cell import Cell
from lstmsym.verification.claims.claim import Judged
from tests.laws.printed import Print, cells, judged, prints, refused, shown, told

CLASSICS = ("rnn", "gru", "lstm", "lstm_peephole_diagonal")
EVERY = 16  # print in how many of the classics is judged


def right(judgement: Judged, least: int = 1) -> None:
    """All verdicts are right, and there are some."""
    assert not [told(v) for v in refused(judgement)]
    assert len(judgement.verdicts) >= least


@pytest.mark.parametrize("name", catalogue())
def test_backpropagation_of_every_cell(name: str) -> None:
    cell = ls.cell(name)
    program = Print("bptt", shown(printing.latex(bptt(cell))))
    right(judged(program, cell), 3)


@pytest.mark.parametrize("name", catalogue())
def test_jacobians_of_one_step_of_every_cell(name: str) -> None:
    cell = ls.cell(name)
    found = [d for d in results(cell) if "[t-1]" in d.quantity]
    for d in found[len(name) % 3 :: 9]:
        right(judged(Print(d.quantity, shown(printing.latex(d, steps=False))), cell))


@pytest.mark.parametrize(("name", "notation"), list(cells(CLASSICS, tuple(NOTATIONS))))
def test_the_classics_in_all_notations(name: str, notation: str) -> None:
    cell = ls.cell(name, notation)
    first = sum(map(ord, name + notation)) % EVERY
    for a in islice(prints(cell), 1 + first, None, EVERY):
        right(judged(a, cell))


def document(cell: Cell) -> object:
    """The whole derivation."""
    return whole(cell, results(cell), "")


@pytest.mark.parametrize(
    ("name", "kind", "write"),
    [
        ("rnn", "tex", printing.article),
        ("rnn", "markdown", printing.markdown),
        ("gru", "tex", printing.article),
        ("lstm", "markdown", printing.markdown),
        ("rnn_leaky", "markdown", printing.markdown),
    ],
)
def test_whole_documents(name: str, kind: str, write: object) -> None:
    cell = ls.cell(name)
    assert callable(write)
    right(judged(Print("document", write(document(cell)), kind), cell), 12)


@pytest.mark.parametrize("name", ["rnn", "gru", "lstm"])
def test_unicode_text_of_backpropagation(name: str) -> None:
    cell = ls.cell(name)
    program = bptt(cell)
    for step in (*program.assignments, *program.gradients):
        line = f"{printing.line(step.left)} = {printing.line(step.right)}"
        right(judged(Print(line, line, "text"), cell))


# --- the tester under test ---------------------------------------------------------------------


def test_a_print_that_says_something_else_is_not_right() -> None:
    cell = ls.cell("lstm")
    spoilt = [
        (old, new, a.text.replace(old, new))
        for a in islice(prints(cell), 1, 60)
        for old, new in ((" + ", " - "), ("W_{oh}", "W_{fh}"), ("C_{t-1}", "C_t"), ("f_t", "i_t"))
        if old in a.text.split("=", 1)[1]
    ][::20]
    caught = [bool(refused(judged(Print(old, text), cell))) for old, _, text in spoilt]
    assert len(caught) >= 4 and all(caught)
