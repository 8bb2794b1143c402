"""Bounds hold on every draw, are reached where they can be, and need the norm, not the radius."""

from collections import Counter

import numpy as np
import pytest
import sympy
from hypothesis import given, settings

import lstmsym as ls
from lstmsym.derivation.bounds import LARGEST, RADIUS_REMARK, bound
from lstmsym.derivation.state import block
from lstmsym.equations.derived import Partial
from lstmsym.equations.terms import Parameter, is_fill, t
from lstmsym.verification.instances import float_instance
from tests.strategies import cells
from tests.witnesses import MODELS

COMPARED: Counter[str] = Counter()


def bounds(cell):
    """The bound of every block of J_t that is not zero, with the block itself."""
    for above in cell.states:
        for below in cell.states:
            term = block(cell, above, below)
            if not is_fill(term, 0):
                left = Partial(cell.signal(above), cell.signal(below, t - 1), "block")
                yield bound(cell, left, term), term


def norm(symbol, value, of):
    """The largest entry where the symbol says so, else the spectral norm."""
    if symbol.name.startswith(LARGEST):
        return np.max(np.abs(value))
    return np.linalg.norm(value if of.cols != 1 else value.reshape(-1, 1), 2)


def holds(cell, seed, time=3):
    """‖block‖₂ ≤ bound on one draw, with the norms of its own names put in; the number of blocks."""
    instance, compared = float_instance(cell, 4, seed), 0
    for found, term in bounds(cell):
        matrix = instance.value(term, {t: time}).reshape(
            [instance.environment.size(s) for s in term.shape]
        )
        measured = {s: norm(s, instance.value(of, {t: time}), of) for s, of in found.names.items()}
        if found.value == sympy.oo:
            continue
        limit = float(found.value.subs(measured))
        assert np.linalg.norm(matrix, 2) <= limit * (1 + 1e-9), str(found.left)
        compared += 1
    return compared


@pytest.mark.parametrize("name", MODELS)
def test_bounds_hold_on_random_draws(name):
    cell = ls.cell(name)
    assert sum(holds(cell, seed) for seed in range(40)) >= 40


@settings(max_examples=60)
@given(cells())
def bounds_hold_on_random_cells(drawn):
    cell = ls.parse(drawn.text)
    COMPARED["blocks"] += sum(holds(cell, seed) for seed in range(3))


def test_bounds_hold_on_random_cells():
    bounds_hold_on_random_cells()
    assert COMPARED["blocks"] >= 200


def test_the_bound_of_the_rnn_is_the_norm_of_its_weight():
    (found, _), = bounds(ls.cell("rnn"))  # fmt: skip
    (symbol, of), = found.names.items()  # fmt: skip
    assert found.value == symbol and isinstance(of, Parameter) and of.name == "W_h"


def test_a_logistic_rnn_has_a_quarter_of_it():
    (found, _), = bounds(ls.parse("h[t] = sigmoid(W @ h[t-1] + b)"))  # fmt: skip
    assert found.value == sympy.Rational(1, 4) * next(iter(found.names))


def test_the_bound_of_the_rnn_is_reached_at_zero():
    """At h = 0 without bias tanh′ is 1, so ‖J‖₂ = ‖W‖₂."""
    W = np.array([[0.3, 2.0], [0.0, -0.4]])
    found = ls.derive(ls.parse("h[t] = tanh(W @ h[t-1])"), "dh[t]/dh[t-1]").evaluate(
        {"W": W, "h": np.zeros(2)}, time=1
    )
    assert np.linalg.norm(found, 2) == pytest.approx(np.linalg.norm(W, 2), rel=1e-14)


def test_the_power_bounds_k_steps_and_the_radius_does_not():
    """‖∂x_t/∂x_{t-k}‖ ≤ ‖W‖₂^k; with ρ(W) = 0 in its place every lag is a counterexample."""
    cell = ls.parse("x[t] = W @ tanh(x[t-1]) + b")
    W = np.array([[8.0, 8.0], [-8.0, -8.0]])
    fixed = np.array([0.0, np.arctanh(0.5)])
    values = {"W": W, "b": fixed - W @ np.tanh(fixed), "x": fixed}
    radius = np.max(np.abs(np.linalg.eigvals(W)))
    for lag in range(1, 7):
        grown = np.linalg.norm(ls.derive(cell, f"dx[t]/dx[t-{lag}]").evaluate(values, time=lag), 2)
        assert grown <= np.linalg.norm(W, 2) ** lag
        assert grown > max(radius, 1e-7) ** lag * 10


def test_random_contractions_vanish_at_the_bounded_rate():
    rng = np.random.default_rng(5)
    cell = ls.parse("h[t] = tanh(W @ h[t-1] + U @ x[t])")
    for _ in range(10):
        W = rng.normal(size=(4, 4))
        W *= 0.8 / np.linalg.norm(W, 2)
        values = {"W": W, "U": rng.normal(size=(4, 2)), "x": rng.normal(size=(12, 2))}
        for lag in (1, 4, 11):
            J = ls.derive(cell, f"dh[t]/dh[t-{lag}]").evaluate(values)
            assert np.linalg.norm(J, 2) <= 0.8**lag * (1 + 1e-12)


def test_the_document_states_norm_and_not_radius():
    assert "spectral norm" in RADIUS_REMARK and "spectral radius does not do" in RADIUS_REMARK
    assert RADIUS_REMARK in " ".join(
        sentence for s in ls.derive("rnn").document.sections for sentence in s.prose
    )
