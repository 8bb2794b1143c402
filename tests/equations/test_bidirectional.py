"""Both directions: two copies of a cell, the second over the sequence in reverse."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import lstmsym as ls
from lstmsym.numerics.initialise import default_sizes, initialise
from lstmsym.numerics.rollout import rollout
from lstmsym.printing import latex


@pytest.mark.parametrize("name", ["rnn", "lstm", "gru_after_keep", "clockwork"])
def test_each_half_is_the_cell(name):
    cell, both = ls.cell(name), ls.bidirectional(name)
    parameters = initialise(both, "pytorch", default_sizes(both, 4, 3), 0)
    x = np.random.default_rng(1).normal(size=(6, 3))
    together = rollout(both, parameters, {"x": x, "x__bwd": x[::-1]})
    halves = []
    for mark, sequence in (("fwd", x), ("bwd", x[::-1])):
        own = {n: parameters[f"{n}__{mark}"] for n in cell.parameters}
        halves.append(rollout(cell, own, sequence).output)
    assert_array_equal(together.output, np.concatenate(halves, axis=1))


def test_the_names_of_both_halves():
    cell = ls.cell("bidirectional(gru)")
    assert cell.states == ("h__fwd", "h__bwd")
    assert [x.name for x in cell.inputs] == ["x", "x__bwd"]
    assert cell.output == "y"
    assert latex(cell.by_name["y"].right) == r"[\overrightarrow{h}_t, \overleftarrow{h}_t]"
    assert "x__bwd[t] = x[T+1-t]" in cell.differs


def test_the_halves_do_not_act_on_each_other():
    cell = ls.bidirectional("rnn")
    forward = ls.derive(cell, "dh__fwd[t]/dh__fwd[t-2]")
    assert forward.checked.passed
    assert ls.derive(cell, "dh__fwd[t]/dh__bwd[t-1]").text().endswith("= 0")


def test_an_output_letter_that_is_taken_is_not_used():
    cell = ls.parse("input y\nh[t] = tanh(W @ h[t-1] + U @ y[t])")
    assert ls.bidirectional(cell).output == "out"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (lambda: ls.bidirectional("rnn"), "from both ends already"),
        (lambda: ls.parse("h[t] = tanh(W @ h[t-1])"), "has no input"),
    ],
)
def test_what_has_no_two_directions(cell, said):
    with pytest.raises(ls.LstmsymError, match=said):
        ls.bidirectional(cell())
