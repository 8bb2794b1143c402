"""Peepholes kept on some gates: what is taken off is the reading of the cell state, and nothing else."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lstmsym as ls
from lstmsym.equations.peepholes import peephole_gates
from lstmsym.numerics.initialise import default_sizes, initialise
from lstmsym.numerics.rollout import rollout

WITH_PEEPHOLES = [
    name for name in ls.catalogue() if name.startswith("lstm") and peephole_gates(ls.cell(name))
]
KEPT = [(), ("f",), ("f", "i"), ("o",), ("f", "i", "o")]


def on_the_cell_state(cell, gate):
    """Where the weights of a gate multiply the cell state: a vector, or columns of a matrix."""
    return f"p_{gate}" if f"p_{gate}" in cell.parameters else f"W_{gate}"


@pytest.mark.parametrize("kept", KEPT, ids=str)
@pytest.mark.parametrize("name", ["lstm_peephole", "lstm_peephole_diagonal"])
def test_without_its_peephole_a_gate_is_as_with_zero_weights_on_the_cell_state(name, kept):
    whole, cell = ls.cell(name), ls.cell(name, peepholes=kept)
    parameters = initialise(whole, "pytorch", default_sizes(whole, 4, 3), 0)
    fewer = dict(parameters)
    for gate in {"f", "i", "o"} - set(kept):
        weight = on_the_cell_state(whole, gate)
        if weight.startswith("p_"):
            parameters[weight] = np.zeros(4)
            del fewer[weight]
        else:
            parameters[weight] = parameters[weight].copy()
            parameters[weight][:, :4] = 0
            fewer[weight] = parameters[weight][:, 4:]
    x = np.random.default_rng(1).normal(size=(5, 3))
    expected = rollout(whole, parameters, x).output
    assert_allclose(rollout(cell, fewer, x).output, expected, rtol=0, atol=1e-15)
    assert peephole_gates(cell) == tuple(g for g in "fio" if g in kept)


@pytest.mark.parametrize("name", WITH_PEEPHOLES)
def test_every_cell_with_peepholes_can_lose_them(name):
    cell = ls.cell(name, peepholes=())
    assert cell.name == f"{name}()"
    assert peephole_gates(cell) == ()
    assert not any(p.startswith("p_") for p in cell.parameters)


def test_none_is_all_of_them_and_the_name_says_which():
    assert ls.cell("lstm_peephole", peepholes=None) is ls.cell("lstm_peephole")
    assert ls.cell("lstm_peephole", peepholes=("f", "i")).name == "lstm_peephole(f, i)"
    assert ls.cell("lstm_peephole", peepholes="fio").name == "lstm_peephole"


def test_a_gate_of_a_stack_is_named_once_for_all_layers():
    cell = ls.cell("stack(lstm_peephole_diagonal, 2)", peepholes=("f",))
    assert peephole_gates(cell) == ("f__1", "f__2")


def test_derivations_of_what_is_left_pass_their_checks():
    cell = ls.cell("lstm_peephole", peepholes=("f",))
    assert ls.derive(cell, "dC[t]/dC[t-2]").checked.passed
    assert ls.derive(cell, "dL/dW_o").checked.passed


@pytest.mark.parametrize(
    ("name", "gates", "said"),
    [
        ("lstm", ("f",), "take lstm_peephole"),
        ("rnn", (), "has no peepholes"),
        ("lstm_peephole", ("g",), "no peephole on 'g'.*known: f, i, o"),
        ("lstm_peephole", ("C_tilde",), "no peephole on 'C_tilde'"),
    ],
)
def test_what_has_no_peephole(name, gates, said):
    with pytest.raises(ls.LstmsymError, match=said):
        ls.cell(name, peepholes=gates)
