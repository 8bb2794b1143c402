"""The reader is the mirror of the printers: all that lstmsym prints in LaTeX reads."""

from pathlib import Path

import pytest

from lstmsym import printing
from lstmsym.cells import catalogue, from_catalogue
from lstmsym.derivation.lag import derive_state
from lstmsym.derivation.loss import derive_loss
from lstmsym.derivation.quantity import read_quantity
from lstmsym.equations.split import split_weights
from lstmsym.formulas.documents import find_mathematics
from lstmsym.formulas.reader import read_formulas
from lstmsym.formulas.tree import Derivative, Equation, Symbol, Words, walk

GOLDEN = Path(__file__).parents[1] / "golden"
PRINTED = sorted(a.name for a in GOLDEN.iterdir() if a.suffix in (".tex", ".md"))

# fmt: off
DERIVATIONS = [
    # cell              quantity           kind      form
    ("lstm_peephole",   "dC[t]/dC[t-1]",   "total",  "product"),
    ("lstm_peephole",   "dh[t]/dC[t-k]",   "block",  "recursion"),
    ("lstm_coupled",    "dC[t]/dC[t-2]",   "total",  "expanded"),
    ("gru_after",       "dh[t]/dh[t-3]",   "total",  "expanded"),
    ("gru",             "dh[t]/dx[t-k]",   "total",  "product"),
    ("rnn",             "dh[t]/dh[t-k]",   "step",   "product"),
    ("gru",             "dL/dW_h",         None,     "double sum"),
]
# fmt: on


def equations(document: str, kind: str = "tex") -> list[Equation]:
    """The equations of a document; nothing else may be in its mathematics."""
    found = [a for p in find_mathematics(document, kind) for a in read_formulas(p.text)]
    said = [a for a in found if isinstance(a, Equation)]
    assert not any(isinstance(a, Words) for e in said for side in e.sides for a in walk(side))
    assert said
    return said


@pytest.mark.parametrize("name", PRINTED)
def test_approved_prints_read(name: str) -> None:
    text = (GOLDEN / name).read_text(encoding="utf-8")
    equations(text, "tex" if name.endswith(".tex") else "markdown")


@pytest.mark.parametrize("name", catalogue())
def test_every_cell_reads_in_both_notations(name: str) -> None:
    for cell in (from_catalogue(name), split_weights(from_catalogue(name))):
        found = equations(printing.latex(cell))[: len(cell.equations)]
        assert len(found) == len(cell.equations)
        assert all(isinstance(a.left, Symbol) and len(a.sides) == 2 for a in found)


@pytest.mark.parametrize(("name", "quantity", "kind", "form"), DERIVATIONS)
def test_derivations_read(name: str, quantity: str, kind: str | None, form: str) -> None:
    cell = from_catalogue(name)
    asked = read_quantity(cell, quantity)
    found = derive_state(cell, asked, kind, form) if kind else derive_loss(cell, asked, form=form)
    first = equations(printing.latex(found))[0]
    assert isinstance(first.left, Derivative)
