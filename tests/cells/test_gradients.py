"""Each cell, each pair of states, k = 1, 2 and 5, and each weight: derived, autograd and central differences agree.

`ls.derive` has autograd for a witness already and raises Disagreement; the differences are taken here, through
`ls.rollout` alone.
"""

from __future__ import annotations

import numpy as np
import pytest

import lstmsym as ls

SPREAD = 0.6  # of what is drawn: nothing saturates, and exp stays small
STEP = 1e-6
ROUNDING = 1e-9  # of a difference of numbers of size one over twice the step


def drawn(cell, steps, seed):
    """Weights, inputs and initial states of different sizes; what is divided by or taken a logarithm of is positive."""
    rng = np.random.default_rng(seed)
    number = {s: n for n, s in enumerate(cell.sizes, 2)}
    size = lambda side: int(side.xreplace(number))  # noqa: E731
    shape = lambda p: (size(p.rows),) if p.cols == 1 else (size(p.rows), size(p.cols))  # noqa: E731
    weights = {n: SPREAD * rng.normal(size=shape(p)) for n, p in cell.weights.items()}
    inputs = {
        x.name: rng.normal(size=(steps, size(x.rows)))
        for x in cell.inputs
        if x.name not in cell.clocks
    }
    states = {s: np.abs(rng.normal(size=size(cell.signals[s].rows))) + 0.5 for s in cell.states}
    return weights, inputs, states


def slope(function, array, direction):
    """The central difference of a function along a direction."""
    return (function(array + STEP * direction) - function(array - STEP * direction)) / (2 * STEP)


@pytest.mark.parametrize("k", [1, 2, 5])
@pytest.mark.parametrize("name", ls.catalogue())
def test_every_pair_of_states(name, k):
    cell = ls.cell(name)
    weights, inputs, states = drawn(cell, k, seed=k)
    rng = np.random.default_rng(0)
    direction = {s: rng.normal(size=a.shape) for s, a in states.items()}
    for below in cell.states:

        def moved(array, below=below):
            run = ls.rollout(cell, weights, inputs, states | {below: array}, steps=k)
            return np.concatenate([run.signals[s][-1] for s in cell.states])

        expected = slope(moved, states[below], direction[below])
        derived = [
            ls.derive(cell, f"d{above}[t]/d{below}[t-{k}]", kind="block").evaluate(
                weights | inputs | states, time=k
            )
            for above in cell.states
        ]
        found = np.concatenate([J.reshape(len(J), -1) @ direction[below] for J in derived])
        np.testing.assert_allclose(found, expected, rtol=2e-6, atol=ROUNDING)


@pytest.mark.parametrize("name", [n for n in ls.catalogue() if ls.cell(n).weights])
def test_every_weight(name):
    cell, steps = ls.cell(name), 4
    weights, inputs, states = drawn(cell, steps, seed=7)
    rng = np.random.default_rng(1)
    slopes = rng.normal(size=ls.rollout(cell, weights, inputs, states, steps=steps).output.shape)
    for weight, array in weights.items():
        direction = rng.normal(size=array.shape)

        def loss(a, weight=weight):
            run = ls.rollout(cell, weights | {weight: a}, inputs, states, steps=steps)
            return np.sum(slopes * run.output)

        found = ls.derive(cell, f"dL/d{weight}").evaluate(
            weights | inputs | states, loss_slopes=slopes
        )
        expected = slope(loss, array, direction)
        np.testing.assert_allclose(np.sum(found * direction), expected, rtol=2e-6, atol=1e-8)
