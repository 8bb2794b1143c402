"""Every cell × every kind × every pair of states × lags 1, 2, 3, 7: the derived value is what autograd,
central differences and a complex step find on a model of the cell that shares no code with the package."""

import itertools

import numpy as np
import pytest

import lstmsym as ls
from tests.witnesses import (
    MODELS,
    Run,
    by_autograd,
    by_complex_step,
    by_differences,
    jacobian,
    model_of,
    relative,
)

KINDS, LAGS = ("direct", "step", "block", "total"), (1, 2, 3, 7)
SIZES, STEPS = {"n": 4, "m": 3}, 9
TOLERANCE = 1e-10


@pytest.fixture(scope="module")
def runs():
    """One random instance a cell: 4 units, 3 inputs, 9 steps, standard normal weights."""
    rng = np.random.default_rng(17)
    drawn = {name: model_of(name).draw(rng, SIZES, STEPS) for name in MODELS}
    return {name: (Run(model_of(name), v, STEPS), v) for name, v in drawn.items()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", MODELS)
def test_derived_equals_autograd_and_differences(runs, name, kind):
    run, values = runs[name]
    states, compared = run.model.states, 0
    for above, below, lag in itertools.product(states, states, LAGS):
        derived = ls.derive(name, f"d{above}[t]/d{below}[t-{lag}]", kind=kind)
        found = derived.evaluate(values, time=STEPS)
        at = (STEPS - lag, STEPS)
        told = f"{name} d{above}[t]/d{below}[t-{lag}] {kind}"
        expected = jacobian(run, above, below, at, kind, by_autograd)
        assert relative(found, expected) <= TOLERANCE, told
        differences = jacobian(run, above, below, at, kind, by_differences)
        assert np.max(np.abs(found - differences)) <= 1e-7 * np.max(np.abs(found)) + 1e-9, told
        compared += 2
        if name in MODELS:
            analytic = jacobian(run, above, below, at, kind, by_complex_step)
            assert relative(found, analytic) <= TOLERANCE, told
            compared += 1
    assert compared >= 2 * len(states) ** 2 * len(LAGS)


@pytest.mark.parametrize("name", MODELS)
def test_symbolic_lag_is_the_same_at_every_lag_and_time(runs, name):
    run, values = runs[name]
    for above, below in itertools.product(run.model.states, repeat=2):
        derived = ls.derive(name, f"d{above}[t]/d{below}[t-k]")
        for lag, time in [(1, 2), (2, 7), (3, 4), (7, 8)]:
            expected = jacobian(run, above, below, (time - lag, time), "total", by_complex_step
                                if name in MODELS else by_autograd)  # fmt: skip
            assert relative(derived.evaluate(values, time=time, lag=lag), expected) <= TOLERANCE


@pytest.mark.parametrize("name", MODELS)
def test_every_signal_by_every_input_and_state(runs, name):
    """Total derivatives of gates, candidates and states by inputs (lag 0 and 2) and by gates (lag 2)."""
    run, values = runs[name]
    compared = 0
    for above in run.model.equations:
        pairs = [(x, lag) for x in run.model.inputs for lag in (0, 2)]
        pairs += [(below, 2) for below in run.model.equations]
        for below, lag in pairs:
            past = f"t-{lag}" if lag else "t"
            found = ls.derive(name, f"d{above}[t]/d{below}[{past}]").evaluate(values, time=5)
            if lag == 0:
                moved = np.zeros(SIZES["m"])
                expected = by_autograd(
                    lambda xp, d, a=above, b=below: run.step(xp, 5, run.trajectory[4], {b: d})[a],
                    moved,
                )
            else:
                expected = jacobian(run, above, below, (5 - lag, 5), "total", by_autograd)
            assert relative(found, expected) <= TOLERANCE, f"d{above}/d{below} lag {lag}"
            compared += 1
    assert compared >= len(run.model.equations) * (len(run.model.equations) + 2)


@pytest.mark.parametrize(
    ("name", "above", "below"), [("lstm", "h", "C"), ("lstm_peephole", "h", "C"), ("lstm_peephole", "o", "C")]
)  # fmt: skip
def test_a_signal_by_a_state_of_the_same_step(runs, name, above, below):
    """With a peephole the output gate moves along, and is not held fixed."""
    run, values = runs[name]
    found = ls.derive(name, f"d{above}[t]/d{below}[t]").evaluate(values, time=5)
    past, still = run.trajectory[4], np.zeros(SIZES["n"])
    expected = by_autograd(lambda xp, d: run.step(xp, 5, past, {below: d})[above], still)
    assert np.any(expected != 0)
    assert relative(found, expected) <= TOLERANCE


def test_models_by_hand_are_the_catalogue(runs):
    """The witnesses' own run equals the package's equations, so the names above mean the same."""
    for name in MODELS:
        run, values = runs[name]
        other = Run(_translated(name), values, STEPS)
        for time in range(1, STEPS + 1):
            for signal in run.model.equations:
                np.testing.assert_allclose(
                    run.trajectory[time][signal], other.trajectory[time][signal], rtol=1e-12
                )


def _translated(name):
    from tests.witnesses import translated

    return translated(ls.cell(name))
