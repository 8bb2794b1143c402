"""Deep stacks: no recursion too deep, no formula that grows without bound, a clear limit where all is asked."""

import pytest

import lstmsym as ls
from lstmsym.derivation.state import block, within
from lstmsym.equations.terms import walk
from lstmsym.verification.check import check

SHALLOW = ["stack(rnn, 2)", "stack(lstm, 2)", "stack(lstm, gru)", "bidirectional(rnn)"]


@pytest.mark.parametrize("name", SHALLOW)
def test_the_whole_derivation_of_a_shallow_stack(name):
    whole = ls.derive(name)
    assert len(whole.results) > 20
    assert whole.article().startswith("\\documentclass")


# fmt: off
#   cell             quantity                   kind
DEEP = [
    ("stack(rnn, 64)",  "dh__64[t]/dh__64[t-1]",   "block"),
    ("stack(rnn, 30)",  "dh__30[t]/dh__1[t-1]",    "total"),
    ("stack(rnn, 20)",  "dh__20[t]/dh__20[t-k]",   "total"),
    ("stack(lstm, 20)", "dC__20[t]/dC__20[t-1]",   "total"),
    ("stack(lstm, 20)", "dh__20[t]/dC__18[t-1]",   "block"),
    ("stack(lstm, 8)",  "dh__8[t]/dh__1[t-1]",     "total"),
    ("stack(gru, 24)",  "dL/dW_z__1",              "total"),
    ("stack(lstm, 5)",  "dh__5[t]/dx[t]",          "total"),
]
# fmt: on


@pytest.mark.parametrize(("cell", "quantity", "kind"), DEEP)
def test_one_quantity_of_a_deep_stack(cell, quantity, kind):
    found = ls.derive(cell, quantity, kind=kind)
    assert found.checked.passed
    assert found.latex(steps=True)


def test_a_derivative_within_a_step_does_not_grow_with_the_paths():
    """Its size on paper is about that of one layer, since long ones through states are named."""
    cell = ls.cell("stack(lstm, 12)")
    sizes = [sum(1 for _ in walk(within(cell, f"h__{n}", "h__1"))) for n in (4, 8, 12)]
    assert max(sizes) < 1_000


def test_zero_blocks_are_found_without_a_walk():
    cell = ls.cell("stack(lstm, 30)")
    assert block(cell, "h__1", "h__30").value == 0
    assert within(cell, "C__2", "h__3").value == 0


@pytest.mark.parametrize("name", ["stack(rnn, 50)", "stack(lstm, 8)"])
def test_the_whole_of_a_deep_stack_is_refused_with_what_to_ask(name):
    cell = ls.cell(name)
    with pytest.raises(ls.LstmsymError, match=f"'d{cell.output}\\[t\\]/d") as error:
        ls.derive(cell)
    assert "pairs of states, more than 100" in str(error.value)


def test_a_double_sum_through_layers_is_defined_and_checked():
    found = ls.derive("stack(lstm, 4)", "dL/dW_f__1", form="double sum")
    assert found.checked.passed
    assert check(found.derivation, draws=2).passed
