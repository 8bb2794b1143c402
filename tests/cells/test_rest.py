"""The joint Jacobian at rest: formulas beside numbers, for every cell that has them."""

import numpy as np
import pytest
import sympy

import lstmsym as ls
from lstmsym.derivation.known import Known
from lstmsym.derivation.rest import AT, MU, at_rest
from lstmsym.equations.activations import ACTIVATIONS
from lstmsym.equations.derived import StateJacobian
from lstmsym.equations.terms import t
from lstmsym.flow.rest import spectrum_at_rest
from lstmsym.numerics.initialise import default_sizes, initialise
from lstmsym.numerics.rollout import rollout
from lstmsym.numerics.translate import evaluate

RESTING = [name for name in ls.catalogue() if at_rest(ls.cell(name)) is not None]
SOLVED = [name for name in RESTING if at_rest(ls.cell(name)).eigenvalues is not None]
HIDDEN = 4


def run(name):
    """A cell with every size four, at rest, with the values of its weights by their symbols."""
    cell = ls.cell(name)
    sizes = default_sizes(cell, HIDDEN, HIDDEN)
    weights = initialise(cell, "gaussian", sizes, np.random.default_rng(0))
    for scalar in (w for w, p in cell.weights.items() if p.shape == (1, 1)):
        weights[scalar] = np.array([0.7])
    inputs = {x.name: np.zeros((1, int(x.rows.subs(sizes)))) for x in cell.data}
    env = rollout(cell, weights, inputs).environment({}, definitions=Known(cell)).bind({t: 1})
    columns = {s: evaluate(term, env) for s, term in at_rest(cell).weights.items()}
    known = {s: W[:, None] if W.ndim == 1 else W for s, W in columns.items()}
    known |= {
        sympy.Symbol(n): float(weights[n][0]) for n, p in cell.weights.items() if p.shape == (1, 1)
    }
    return cell, evaluate(StateJacobian(t, cell.state_size), env), known


def number(expr, known):
    """A polynomial in matrices as one matrix; a number is a multiple of the identity."""
    if expr.is_Add:
        return sum(number(a, known) for a in expr.args)
    if expr.is_Mul or (expr.is_Pow and not expr.is_commutative):
        factors = expr.args if expr.is_Mul else [expr.base] * int(expr.exp)
        return np.linalg.multi_dot(
            [np.eye(HIDDEN), np.eye(HIDDEN), *(number(a, known) for a in factors)]
        )
    value = known[expr] if expr in known else complex(expr).real
    return value if np.ndim(value) == 2 else value * np.eye(HIDDEN)


def test_many_cells_rest_and_the_functions_are_all_there():
    assert set(AT) == set(ACTIVATIONS)
    assert len(RESTING) > 50 and len(SOLVED) > 40
    assert {"rnn", "lstm", "lstm_1997", "gru", "mgu"} <= set(SOLVED)


@pytest.mark.parametrize("name", RESTING)
def test_blocks_at_rest_are_those_of_the_run(name):
    cell, J, known = run(name)
    rest = at_rest(cell)
    rows = [
        np.hstack([number(a, known) for a in rest.blocks.row(i)]) for i in range(len(cell.states))
    ]
    np.testing.assert_allclose(J, np.vstack(rows), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", SOLVED)
def test_eigenvalues_are_those_of_the_formulas(name):
    cell, J, known = run(name)
    rest = at_rest(cell)
    weight = [known[s] for s in rest.weights]
    mus = np.linalg.eigvals(weight[0]) if weight else [0.0]
    numbers = {s: v for s, v in known.items() if np.ndim(v) == 0}
    formulas = {complex(a.subs(numbers).subs(MU, mu)) for a in rest.eigenvalues for mu in mus}
    for found in np.linalg.eigvals(J):
        assert min(abs(found - a) for a in formulas) < 1e-6


@pytest.mark.parametrize(
    "name, expected",
    [("rnn", "[mu]"), ("lstm", "[0, mu/4 + 1/2]"), ("lstm_1997", "[0, mu/8 + 1]"),
     ("lstm_nig", "[0, mu/2 + 1/2]"), ("gru", "[mu/4 + 1/2]"), ("ran", "[0, 1/2]"), ("brc", "[1]")],
)  # fmt: skip
def test_eigenvalues_known_by_hand(name, expected):
    assert str(list(at_rest(ls.cell(name)).eigenvalues)) == expected


def test_what_is_not_uniform_at_rest_has_no_formula():
    assert at_rest(ls.cell("jordan")) is None, "σ(0) = 1/2 goes through a matrix"
    assert at_rest(ls.parse("h[t] = tanh(W @ exp(h[t-1]))\ny[t] = exp(V @ exp(h[t]))")) is None


def test_spectra_are_sorted_and_stay():
    found = spectrum_at_rest(ls.cell("lstm"))
    assert len(found) == 32 and np.all(np.diff(np.abs(found)) <= 0)
    np.testing.assert_array_equal(found, spectrum_at_rest(ls.cell("lstm")))
    assert np.abs(found[0]) == pytest.approx(0.727, abs=5e-4)
