"""Cells that nobody wrote, stacked and run both ways: the layers' numbers, and derivations that pass their checks."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from numpy.testing import assert_array_equal

import lstmsym as ls
from lstmsym.errors import ShapeError
from lstmsym.numerics.initialise import default_sizes, initialise
from lstmsym.numerics.rollout import rollout
from tests.strategies import cells

STEPS = 3


def run(cell):
    """A run of the cell on fixed small numbers, and what it was given."""
    sizes = default_sizes(cell, 3, 2)
    parameters = initialise(cell, "gaussian", sizes, 0)
    rng = np.random.default_rng(1)
    inputs = {x.name: rng.normal(size=(STEPS, int(x.rows.subs(sizes)))) for x in cell.data}
    return rollout(cell, parameters, inputs, steps=STEPS), parameters


@np.errstate(all="ignore")
@settings(max_examples=15, deadline=None)
@given(cells())
def test_a_stack_is_its_layers(drawn):
    cell = ls.parse(drawn.text)
    assume(cell.data)
    try:
        joined = ls.stack(cell, 2)
    except ShapeError:
        assume(False)
    found, parameters = run(joined)
    read, fed = "x" if "x" in cell.signals else cell.data[0].name, None
    for layer in (1, 2):
        own = {name: parameters[f"{name}__{layer}"] for name in cell.parameters}
        inputs = {x.name: found.signals.get(f"{x.name}__{layer}") for x in cell.data}
        inputs[read] = found.signals[read] if fed is None else fed
        fed = rollout(cell, own, inputs, steps=STEPS).output
    assert_array_equal(found.output, fed)


@pytest.mark.parametrize("wrap", [lambda cell: ls.stack(cell, 2), ls.bidirectional])
@settings(max_examples=8, deadline=None)
@given(drawn=cells())
def test_derivations_of_wrapped_cells_pass_their_checks(wrap, drawn):
    cell = ls.parse(drawn.text)
    assume(cell.data)
    try:
        wrapped = wrap(cell)
    except ShapeError:
        assume(False)
    state = wrapped.states[-1]
    assert ls.derive(wrapped, f"d{state}[t]/d{state}[t-1]").checked.passed
    assert ls.derive(wrapped, f"dL/d{wrapped.output}[t]").checked.passed
