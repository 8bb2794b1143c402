"""Every cell of the catalogue beside its paper: four steps in float64 against NumPy written by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

import lstmsym as ls
from lstmsym.numerics.initialise import hard_instance
from lstmsym.numerics.rollout import rollout
from lstmsym.numerics.sizes import array_shape
from tests.cells.by_hand import gated, linear, lstms, simple
from tests.witnesses import MODELS

STEPS = simple.STEPS | lstms.STEPS | gated.STEPS | linear.STEPS
TIMES = 4


def test_every_cell_is_written_by_hand_once():
    assert set(STEPS) | set(MODELS) == set(ls.catalogue())
    assert not set(STEPS) & set(MODELS)


@pytest.mark.parametrize("name", sorted(STEPS))
def test_states_and_output_are_those_of_the_step_by_hand(name):
    """All sizes different, no state zero; at every time from the states that the cell had before."""
    cell, rng = ls.cell(name), np.random.default_rng(5)
    weights, initial, sizes = hard_instance(cell, rng)
    drawn = [x for x in cell.inputs if x.name not in cell.clocks]
    inputs = {x.name: rng.normal(size=(TIMES, *(array_shape(x, sizes) or (1,)))) for x in drawn}
    found = rollout(cell, weights, inputs, initial)
    p = SimpleNamespace(**weights)
    for time in range(1, TIMES + 1):
        before = SimpleNamespace(**{s: found.signal(s, time - 1) for s in cell.states})
        x = SimpleNamespace(**{x: values[time - 1] for x, values in inputs.items()})
        expected = STEPS[name](p, before, x, time)
        for signal in dict.fromkeys((*cell.states, cell.output)):
            np.testing.assert_allclose(
                found.signal(signal, time), expected[signal], rtol=1e-12, atol=1e-14
            )
