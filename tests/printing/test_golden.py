"""What is printed is approved: tests/golden holds it, and a change must be seen there.

LSTMSYM_UPDATE_GOLDEN=1 writes the files anew; read them before you commit them.
"""

import os
from pathlib import Path

import pytest

from lstmsym import printing
from lstmsym.cells import from_catalogue
from lstmsym.derivation.lag import derive_state
from lstmsym.derivation.loss import derive_loss
from lstmsym.derivation.program import bptt
from lstmsym.derivation.quantity import read_quantity
from lstmsym.derivation.state import state_jacobian
from lstmsym.printing.component_writer import latex_component, text_component
from tests.witnesses import MODELS

GOLDEN = Path(__file__).parents[1] / "golden"

# fmt: off
DERIVATIONS = [
    # cell    quantity           kind      form
    ("lstm",  "dC[t]/dC[t-1]",   "direct", "product"),
    ("lstm",  "dC[t]/dC[t-1]",   "step",   "product"),
    ("lstm",  "dC[t]/dC[t-1]",   "block",  "product"),
    ("lstm",  "dC[t]/dC[t-1]",   "total",  "product"),
    ("lstm",  "dC[t]/dC[t-k]",   "direct", "product"),
    ("lstm",  "dC[t]/dC[t-k]",   "total",  "product"),
    ("lstm",  "dC[t]/dC[t-k]",   "total",  "recursion"),
    ("lstm",  "dC[t]/dC[t-2]",   "block",  "expanded"),
    ("lstm",  "dh[t]/dx[t-2]",   "total",  "product"),
    ("lstm",  "dL/dW_f",         None,     "product"),
    ("lstm",  "dL/dW_f",         None,     "double sum"),
    ("rnn",   "dh[t]/dh[t-k]",   "total",  "product"),
    ("gru",   "dh[t]/dh[t-1]",   "total",  "product"),
]
# fmt: on


def derived(cell, quantity, kind, form):
    asked = read_quantity(from_catalogue(cell), quantity)
    if kind is None:
        return derive_loss(from_catalogue(cell), asked, form=form)
    return derive_state(from_catalogue(cell), asked, kind, form)


def approve(written, name):
    """Exactly what the golden file holds."""
    path = GOLDEN / name
    if os.environ.get("LSTMSYM_UPDATE_GOLDEN"):
        path.write_text(written + "\n", encoding="utf-8")
    assert written + "\n" == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("cell", MODELS)
def test_cells(cell):
    approve(printing.latex(from_catalogue(cell)), f"{cell}.tex")
    approve(printing.text(from_catalogue(cell)), f"{cell}.txt")


@pytest.mark.parametrize("cell", MODELS)
def test_programs(cell):
    approve(printing.latex(bptt(from_catalogue(cell))), f"{cell}-bptt.tex")
    approve(printing.text(bptt(from_catalogue(cell))), f"{cell}-bptt.txt")


@pytest.mark.parametrize("cell, quantity, kind, form", DERIVATIONS)
def test_derivations(cell, quantity, kind, form):
    name = "-".join(filter(None, [cell, quantity.replace("/", "_"), kind, form.replace(" ", "_")]))
    result = derived(cell, quantity, kind, form)
    approve(printing.latex(result), f"{name}.tex")
    approve(printing.text(result), f"{name}.txt")


def test_fifty_steps_in_a_thousand_characters():
    written = printing.latex(derived("lstm", "dC[t]/dC[t-50]", "total", "product"), steps=False)
    approve(written, "lstm-dC[t]_dC[t-50]-compact.tex")
    assert len(written) < 1000


def test_markdown_and_article():
    result = derived("lstm", "dC[t]/dC[t-1]", "total", "product")
    approve(printing.markdown(result).rstrip("\n"), "lstm-dC[t]_dC[t-1].md")
    approve(printing.article(result).rstrip("\n"), "lstm-dC[t]_dC[t-1]-article.tex")


def test_component_form():
    steps = state_jacobian(from_catalogue("lstm"))[1:]
    for written, name in ((latex_component, "tex"), (text_component, "txt")):
        lines = (f"{written(s.left)} = {written(s.right)}" for s in steps)
        approve("\n".join(lines), f"lstm-components.{name}")
