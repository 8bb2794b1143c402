"""The split notation: the same numbers, one weight a part, and `splits` says which blocks make which weight."""

import numpy as np
import pytest

import lstmsym as ls
from lstmsym.errors import CellError
from lstmsym.numerics.rollout import rollout
from tests.witnesses import MODELS

SIZES, STEPS = {"n": 4, "m": 3}, 3


def values(cell, seed=0):
    rng = np.random.default_rng(seed)
    number = lambda side: int(side.subs({s: SIZES[str(s)] for s in side.free_symbols}))  # noqa: E731
    parameters = {
        p.name: rng.normal(size=[number(a) for a in p.shape if a != 1])
        for p in cell.weights.values()
    }
    return (
        parameters,
        rng.normal(size=(STEPS, SIZES["m"])),
        {s: rng.normal(size=4) for s in cell.states},
    )


@pytest.mark.parametrize("name", MODELS)
def test_every_catalogue_cell_split_gives_the_same_numbers(name):
    cell, apart = ls.cell(name), ls.cell(name, notation="split")
    parameters, x, initial = values(cell)
    blocks = {p: a for p, a in parameters.items() if p in apart.parameters}
    for weight, grid in apart.splits:
        edges = np.cumsum([SIZES[str(block.cols)] for block in grid.parts])
        assert edges[-1] == parameters[weight.name].shape[1]
        cut = np.split(parameters[weight.name], edges[:-1], axis=1)
        blocks |= {block.name: a for block, a in zip(grid.parts, cut, strict=True)}
    assert set(blocks) == set(apart.parameters)
    ours, theirs = rollout(cell, parameters, x, initial), rollout(apart, blocks, x, initial)
    for e in cell:
        np.testing.assert_allclose(
            theirs.signals[e.name], ours.signals[e.name], rtol=1e-12, atol=1e-14
        )


def test_splits_say_which_blocks_make_which_weight():
    told = {
        w.name: [b.name for b in grid.parts] for w, grid in ls.cell("lstm_peephole", "split").splits
    }
    assert told == {
        "W_f": ["W_fC", "W_fh", "W_fx"],
        "W_i": ["W_iC", "W_ih", "W_ix"],
        "W_C": ["W_Ch", "W_Cx"],
        "W_o": ["W_oC", "W_oh", "W_ox"],
    }


def test_a_cell_without_concatenations_has_no_splits():
    assert ls.cell("rnn", "split").splits == ()
    assert ls.cell("rnn", "split").equations == ls.cell("rnn").equations


def test_the_first_steps_of_a_split_derivation_say_so():
    derived = ls.derive("lstm", "dC[t]/dC[t-1]", notation="split")
    reasons = [s.because for s in derived.steps]
    assert reasons[0] == "concatenated weight written as blocks"
    assert (
        "concatenated weight written as blocks"
        not in reasons[len(ls.cell("lstm", "split").splits) :]
    )


def test_names_that_are_taken_are_not_given_again():
    cell = ls.parse("h[t] = tanh(W_f @ [h[t-1], x[t]] + W_fh * h[t-1])")
    (weight, grid), = ls.cell(cell, "split").splits  # fmt: skip
    assert weight.name == "W_f" and [b.name for b in grid.parts] == ["W_fh2", "W_fx"]


def test_one_weight_cut_at_two_places_cannot_be_split():
    shared = "s[t] = tanh(W @ [s[t-1], h[t-1]])\nh[t] = tanh(V @ h[t-1] + U @ s[t])\n"
    text = shared + "g[t] = W @ [c[t], h[t-1]]\nc[t] = s[t]"
    assert ls.cell(ls.parse(text), "split").splits
    uneven = (
        "s[t] = W @ [s[t-1], h[t-1]]\nh[t] = V @ h[t-1]\nd[t] = [s[t-1], h[t-1]]\ng[t] = W @ [d[t]]"
    )
    with pytest.raises(
        CellError, match="W multiplies concatenations that are cut at different places"
    ):
        ls.cell(ls.parse(uneven), "split")
