"""A cell under other names computes the same."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sympy import Symbol

import lstmsym as ls
from lstmsym.equations.rename import Names, copy_of, marks_of, renamed
from lstmsym.numerics.initialise import default_sizes, initialise
from lstmsym.numerics.rollout import rollout


@pytest.mark.parametrize("name", [n for n in ls.catalogue() if not ls.cell(n).untied])
def test_every_cell_of_the_catalogue_under_other_names(name):
    cell = ls.cell(name)
    signals = {s: copy_of(s, "2") for s in cell.signals if s not in cell.clocks}
    parameters = {p: copy_of(p, "2") for p in cell.parameters}
    other = renamed(cell, Names(signals, parameters))
    assert [e.name for e in other] == [signals[e.name] for e in cell]
    values = initialise(cell, "pytorch", default_sizes(cell, 4, 3), 0)
    given = {parameters[p]: a for p, a in values.items()}
    rng = np.random.default_rng(1)
    sizes = default_sizes(cell, 4, 3)
    inputs = {x.name: rng.normal(size=(3, int(x.rows.subs(sizes)))) for x in cell.data}
    found = rollout(other, given, {signals[x]: a for x, a in inputs.items()}, steps=3)
    assert_array_equal(found.output, rollout(cell, values, inputs, steps=3).output)


def test_sizes_are_renamed_too():
    n, m, p = (
        Symbol("n", integer=True, positive=True),
        Symbol("m", integer=True, positive=True),
        Symbol("p"),
    )
    cell = renamed(ls.cell("rnn"), Names(sizes={n: m, m: p}))
    assert cell.parameters["W_x"].shape == (m, p)


def test_marks():
    assert marks_of("W_f__2__bwd") == ("2", "bwd")
    assert marks_of("W_f") == ()
