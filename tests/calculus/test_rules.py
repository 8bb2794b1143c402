"""The test walks the rule table: a new line is tested the moment it is written."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from lstmsym.calculus.rules import LEAVES, RULES, SLOPES, local_jacobian
from lstmsym.derivation.bounds import RANGES
from lstmsym.equations.activations import ACTIVATIONS
from lstmsym.equations.derived import (
    CELL_TERMS,
    TERMS,
    Diagonal,
    Dot,
    Eye,
    Kronecker,
    Maximum,
    Read,
    Softmax,
)
from lstmsym.equations.terms import (
    Concatenation,
    Elementwise,
    Fill,
    Hadamard,
    MatrixProduct,
    Parameter,
    Plus,
    Quotient,
    Signal,
    Term,
    t,
)
from lstmsym.errors import MissingRule
from lstmsym.numerics.activations import FUNCTIONS
from lstmsym.numerics.arithmetic import Floats
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.translate import NUMBERS, evaluate
from lstmsym.printing import letters
from lstmsym.verification.forward import TANGENTS
from tests.strategies import m, n
from tests.witnesses import by_differences

a, b, c = (Signal(name, t, n) for name in "abc")
x = Signal("x", t, m)
W, s = Parameter("W", n, m), Parameter("s", 1, 1)
X = Signal("X", t, n * m)  # m pieces of size n

# one term or more for every line of the table
EXAMPLES = {
    Plus: [Plus(a, b), Plus(a, b, c, b)],
    Hadamard: [Hadamard(a, b), Hadamard(a, b, c), Hadamard(Fill(-2, n), b)],
    Quotient: [Quotient(a, b)],
    MatrixProduct: [MatrixProduct(W, x)],
    Elementwise: [Elementwise(function, a) for function in SLOPES],
    Concatenation: [Concatenation(a, x), Concatenation(x, a, b)],
    Fill: [Fill(s, n)],
    Dot: [Dot(a, b)],
    Softmax: [Softmax(a)],
    Maximum: [Maximum(a, b)],
    Kronecker: [Kronecker(a, x), Kronecker(x, a)],
    Read: [Read(X, x)],
}
POSITIVE = ("log", "sqrt")  # functions of positive numbers
CASES = [
    (term, argument)
    for terms in EXAMPLES.values()
    for term in terms
    for argument in range(len(term.parts))
    if not (isinstance(term, MatrixProduct) and argument == 0)  # a matrix: its gradient is outer
]


def environment(xp, extra):
    """Fixed values; `extra` is the value of the argument that moves, under the name z."""
    rng = np.random.default_rng(7)
    values = {
        name: {1: rng.uniform(0.3, 2.0, size=3) * rng.choice((-1, 1), size=3)} for name in "abc"
    }
    values["a"] = {1: np.abs(values["a"][1])}
    values["x"] = {1: rng.normal(size=2)}
    values["X"] = {1: rng.normal(size=6)}
    values["z"] = {1: extra}
    return Environment(
        {"W": rng.normal(size=(3, 2)), "s": np.array([0.7]), "z": extra},
        values,
        {n: 3, m: 2},
        {t: 1},
    )


def moved(term, argument):
    """The term with one argument replaced by a free one, as a function of its value."""
    part = term.parts[argument]
    free = Parameter("z", 1, 1) if part == s else Signal("z", t, part.rows)
    place = [i for i, arg in enumerate(term.args) if isinstance(arg, Term)][argument]
    replaced = type(term)(*term.args[:place], free, *term.args[place + 1 :])
    return lambda xp, value: evaluate(replaced, environment(xp, value), Floats(xp))


def test_the_examples_walk_the_table():
    assert set(EXAMPLES) == set(RULES)
    assert all(type(term) is kind for kind, terms in EXAMPLES.items() for term in terms)
    assert len(CASES) >= 20


@pytest.mark.parametrize(("term", "argument"), CASES)
def test_local_jacobian_equals_autograd_and_differences(term, argument):
    env = environment(np, np.zeros(3))
    at = evaluate(term.parts[argument], env)
    derived = evaluate(local_jacobian(term, term, argument), env)
    derived = derived.reshape(-1, len(at))
    function = moved(term, argument)
    np.testing.assert_allclose(function(np, at), evaluate(term, env))
    expected = autograd.jacobian(lambda z: function(anp, z) + 0.0 * anp.sum(z))(at)
    np.testing.assert_allclose(derived, expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(derived, by_differences(function, at), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("function", SLOPES)
def test_slope_in_the_output_at_many_points(function):
    """σ′ = y(1 − y), tanh′ = 1 − y², … at 40 points, both signs, none at a kink."""
    points = np.concatenate([np.linspace(-6, -0.05, 20), np.linspace(0.05, 6, 20)])
    points = np.abs(points) if function in POSITIVE else points
    argument = Signal("a", t, n)
    y = Elementwise(function, argument)
    env = Environment(signals={"a": {1: points}}, sizes={n: 40}, times={t: 1})
    found = evaluate(SLOPES[function](y, argument), env)
    f = FUNCTIONS[function]
    expected = autograd.elementwise_grad(lambda v: f(anp, v) + 0.0 * v)(points)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    differences = (f(np, points + 1e-6) - f(np, points - 1e-6)) / 2e-6
    np.testing.assert_allclose(found, differences, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(
    ("function", "slope"), [("sigmoid", 0.25), ("tanh", 1.0), ("relu", 0.0), ("square", 0.0)]
)
def test_slope_at_zero(function, slope):
    y = Elementwise(function, a)
    env = Environment(signals={"a": {1: np.zeros(3)}}, sizes={n: 3}, times={t: 1})
    assert evaluate(SLOPES[function](y, a), env).tolist() == [slope] * 3


def test_slopes_are_written_in_the_output():
    """σ′ is f ⊙ (1 − f) and tanh′ is 1 − C̃²: the argument does not appear."""
    f, candidate = Signal("f", t, n), Signal("C_tilde", t, n)
    assert local_jacobian(f, Elementwise("sigmoid", a), 0) == Diagonal(f * (1 - f))
    assert local_jacobian(candidate, Elementwise("tanh", a), 0) == Diagonal(
        1 - Elementwise("square", candidate)
    )
    assert local_jacobian(a, Plus(b, c), 1) == Eye(n)


def test_tables_cover_the_language():
    """Closed sets: every node of a cell has a rule, a tangent and a number; every node has a number."""
    assert set(RULES) | set(LEAVES) == set(CELL_TERMS) and not set(RULES) & set(LEAVES)
    assert set(TANGENTS) == set(CELL_TERMS)
    assert set(NUMBERS) == set(TERMS)


def test_tables_of_activations_have_the_same_names():
    tables = (SLOPES, RANGES, FUNCTIONS, letters.ACTIVATIONS)
    assert all(set(table) == set(ACTIVATIONS) for table in tables)


@pytest.mark.parametrize("function", SLOPES)
def test_ranges_are_least_upper_bounds(function):
    """|f| ≤ first, |f′| ≤ second, and some point comes within 1 % of each that is finite."""
    points = np.linspace(1e-3 if function in POSITIVE else -12, 12, 200_001)
    values = np.abs(FUNCTIONS[function](np, points))
    slopes = np.abs(np.diff(FUNCTIONS[function](np, points)) / np.diff(points))
    if function in ("step", "sign"):
        slopes = np.zeros(1)
    for measured, bound in zip((values, slopes), map(float, RANGES[function]), strict=True):
        assert np.max(measured) <= bound * (1 + 1e-9)
        assert np.isinf(bound) or np.max(measured) >= 0.99 * bound


def test_a_term_outside_the_table_raises_and_says_where():
    with pytest.raises(
        MissingRule, match=r"no rule for Diagonal, argument 1; add a line to .*rules\.py"
    ):
        local_jacobian(a, Diagonal(a), 0)
