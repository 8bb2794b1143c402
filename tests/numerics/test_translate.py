"""The translation against the same formulas written in NumPy, node by node."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sympy import Symbol

from lstmsym.cells import from_catalogue
from lstmsym.equations.activations import ACTIVATIONS
from lstmsym.equations.derived import (
    TERMS,
    Adjoint,
    Blocks,
    Columns,
    Diagonal,
    Dot,
    Eye,
    Gradient,
    Outer,
    Partial,
    ProductOverTime,
    StateJacobian,
    SumOverTime,
    Transposed,
    part_of,
)  # fmt: skip
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
)  # fmt: skip
from lstmsym.errors import InputError, MissingRule, QuantityError, UnknownName
from lstmsym.numerics.activations import FUNCTIONS
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.translate import NUMBERS, evaluate

n, m = Symbol("n", integer=True, positive=True), Symbol("m", integer=True, positive=True)
j = Symbol("j", integer=True)
h, x, c = Signal("h", t - 1, n), Signal("x", t, m), Signal("c", t, n)
W, b, s = Parameter("W", n, n + m), Parameter("b", n), Parameter("s", 1, 1)
U = Parameter("U", n, n)
DRAW = np.random.default_rng(3)
VALUES = {
    "W": DRAW.normal(size=(3, 5)), "b": DRAW.normal(size=3), "U": DRAW.normal(size=(3, 3)),
    "s": np.array([0.7]),
}  # fmt: skip
SIGNALS = {
    name: {time: DRAW.normal(size=size) for time in range(6)}
    for name, size in [("h", 3), ("x", 2), ("c", 3)]
}
ENV = Environment(VALUES, SIGNALS, {n: 3, m: 2}, {t: 4})
STACK = Concatenation(h, x)
H, X, C = SIGNALS["h"][3], SIGNALS["x"][4], SIGNALS["c"][4]
Wv, bv, Uv = VALUES["W"], VALUES["b"], VALUES["U"]

CASES = {
    "signal": (h, H),
    "parameter": (W, Wv),
    "number": (Fill(2, n), np.full(3, 2.0)),
    "scalar": (Fill(s, n, n), np.full((3, 3), 0.7)),
    "sum": (Plus(h, c, b), H + C + bv),
    "elementwise": (Hadamard(Fill(-1, n), h, c), -H * C),
    "quotient": (Quotient(h, c), H / C),
    "matrix on vector": (MatrixProduct(U, W, STACK), Uv @ Wv @ np.r_[H, X]),
    "matrices": (MatrixProduct(U, U, W), Uv @ Uv @ Wv),
    "activation": (Elementwise("tanh", h), np.tanh(H)),
    "stack": (STACK, np.r_[H, X]),
    "identity": (Eye(n), np.eye(3)),
    "selector": (part_of(STACK, 1), np.eye(5)[:, 3:]),
    "columns": (Columns(W, part_of(STACK, 0)), Wv[:, :3]),
    "diagonal": (Diagonal(h), np.diag(H)),
    "transpose": (Transposed(W), Wv.T),
    "outer": (Outer(h, x), np.outer(H, X)),
    "dot": (Dot(h, c), np.array([H @ C])),
    "row": (MatrixProduct(Transposed(h), U), (H @ Uv)[None]),
    "blocks": (Blocks(2, U, Diagonal(h), Eye(n), U), np.block([[Uv, np.diag(H)], [np.eye(3), Uv]])),
    "sum over time": (SumOverTime(h.at(j), j, 1, t), sum(SIGNALS["h"][a] for a in (1, 2, 3, 4))),
    "empty sum": (SumOverTime(Diagonal(h.at(j)), j, t, t - 1), np.zeros((3, 3))),
    "product": (ProductOverTime(c.at(j), j, t - 1, t), SIGNALS["c"][4] * SIGNALS["c"][3]),
    "empty product": (ProductOverTime(Diagonal(h.at(j)), j, t, t - 1), np.eye(3)),
    "empty ⊙": (ProductOverTime(h.at(j), j, t, t - 1), np.ones(3)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_node_is_its_formula(name):
    term, expected = CASES[name]
    value = evaluate(term, ENV)
    assert value.shape == expected.shape
    assert_allclose(value, expected, rtol=1e-14, atol=1e-14)


def test_every_term_has_one_line():
    assert set(NUMBERS) == set(TERMS)
    assert set(FUNCTIONS) == set(ACTIVATIONS)


def test_an_unknown_node_is_refused():
    class Novel(Term):
        shape = (n, n)

    with pytest.raises(MissingRule, match="Novel"):
        evaluate(Novel(h), ENV)
    with pytest.raises(MissingRule, match="gelu"):
        evaluate(Elementwise("gelu", h), ENV)


def test_a_product_of_matrices_has_the_newest_factor_on_the_left():
    body = Plus(U, Diagonal(h.at(j)))
    factors = [Uv + np.diag(SIGNALS["h"][time]) for time in (4, 3, 2)]
    value = evaluate(ProductOverTime(body, j, t - 2, t), ENV)
    assert_allclose(value, factors[0] @ factors[1] @ factors[2], rtol=1e-14)


def test_a_named_derivative_is_its_definition_at_its_own_time():
    jacobian, step = StateJacobian(t, n), Partial(c, c.at(t - 1), "step")
    definitions = {jacobian: Plus(U, Diagonal(h)), step: Diagonal(c.at(t - 1))}
    env = Environment(VALUES, SIGNALS, {n: 3, m: 2}, {t: 4, j: 2}, definitions=definitions)
    one = lambda time: Uv + np.diag(SIGNALS["h"][time - 1])  # noqa: E731
    assert_allclose(evaluate(StateJacobian(j, n), env), one(2))
    chain = ProductOverTime(StateJacobian(j, n), j, t - 1, t)
    assert_allclose(evaluate(chain, env), one(4) @ one(3), rtol=1e-14)
    shifted = Partial(c.at(j), c.at(j - 1), "step")
    assert_allclose(evaluate(shifted, env), np.diag(SIGNALS["c"][1]))
    with pytest.raises(QuantityError):
        evaluate(Partial(c, c.at(t - 1), "block"), env)


def test_adjoints_and_gradients_are_looked_up():
    env = Environment(
        times={t: 2}, adjoints={("c", 3, "whole"): np.ones(3)}, gradients={"W": Wv}, sizes={n: 3}
    )
    assert_allclose(evaluate(Adjoint(c.at(t + 1)), env), np.ones(3))
    assert_allclose(evaluate(Gradient(W), env), Wv)


def test_draws_in_front_broadcast():
    """Seven weights, and signals of another seven draws, give the seven answers one by one."""
    many = np.random.default_rng(5)
    weights = {"W": many.normal(size=(7, 3, 5)), "b": many.normal(size=(7, 3))}
    signals = {"h": {3: many.normal(size=(7, 3))}, "x": {4: X}}
    term = Elementwise("sigmoid", Plus(MatrixProduct(W, STACK), b))
    jacobian = MatrixProduct(Diagonal(term), Columns(W, part_of(STACK, 0)))
    env = Environment(weights, signals, {n: 3, m: 2}, {t: 4})
    values, jacobians = evaluate(term, env), evaluate(jacobian, env)
    for draw in range(7):
        one = Environment(
            {name: w[draw] for name, w in weights.items()},
            {"h": {3: signals["h"][3][draw]}, "x": {4: X}}, env.sizes, env.times,
        )  # fmt: skip
        assert_allclose(values[draw], evaluate(term, one), rtol=1e-14)
        assert_allclose(jacobians[draw], evaluate(jacobian, one), rtol=1e-13)


def test_a_matrix_with_one_column_and_an_input_of_one_entry():
    V, u = Parameter("V", n, 1), Signal("u", t, 1)
    env = Environment({"V": bv}, {"u": {4: np.array([2.0])}}, {n: 3}, {t: 4})
    assert_allclose(evaluate(MatrixProduct(V, u), env), 2 * bv)
    assert_allclose(evaluate(MatrixProduct(Diagonal(u), Eye(1)), env), [2.0])


@pytest.mark.parametrize("cell", ["lstm", "gru_after", "lstm_peephole_diagonal", "rnn"])
def test_every_equation_of_a_cell_has_numbers(cell):
    cell = from_catalogue(cell)
    sizes = dict(zip(cell.sizes, (3, 2), strict=True))
    shape = lambda p: tuple(int(a.subs(sizes)) for a in p.shape)  # noqa: E731
    parameters = {
        name: np.ones(shape(p)[0] if shape(p)[1] == 1 else shape(p))
        for name, p in cell.parameters.items()
    }
    env = Environment(
        parameters, lambda name, _: np.ones(shape(cell.signals[name])[0]), sizes, {t: 1}
    )
    for equation in cell:
        assert evaluate(equation.right, env).shape == (3,)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_activations_have_the_slope_of_their_differences(name):
    import autograd.numpy as xp
    from autograd import elementwise_grad

    a = np.array([-30.0, -2.0, -0.3, 0.4, 3.0])
    a = np.abs(a) if name in ("log", "sqrt") else a
    slope = elementwise_grad(lambda v: FUNCTIONS[name](xp, v) + 0 * v)(a)
    f = lambda v: FUNCTIONS[name](np, v)  # noqa: E731
    assert_allclose(slope, (f(a + 1e-6) - f(a - 1e-6)) / 2e-6, rtol=1e-6, atol=1e-9)


def test_activations_are_accurate_in_their_tails_and_do_not_overflow():
    far = np.array([-740.0, -700.0, -40.0])
    assert_allclose(FUNCTIONS["sigmoid"](np, far), np.exp(far) / (1 + np.exp(far)), rtol=1e-15)
    assert_allclose(FUNCTIONS["softplus"](np, far[2:]), np.exp(far[2:]), rtol=1e-14)
    huge = np.array([-1e5, 1e5])
    assert_allclose(FUNCTIONS["sigmoid"](np, huge), [0, 1])
    assert_allclose(FUNCTIONS["softplus"](np, huge), [0, 1e5])
    assert_allclose(FUNCTIONS["exp"](np, huge), [0, np.inf])
    assert FUNCTIONS["step"](np, np.zeros(1, np.float32)).dtype == np.float32


def test_the_slope_of_sigmoid_at_0_is_a_quarter():
    import autograd.numpy as xp
    from autograd import grad

    assert grad(lambda a: FUNCTIONS["sigmoid"](xp, a))(0.0) == 0.25


def test_what_is_missing_is_named():
    with pytest.raises(UnknownName, match="did you mean 'W'"):
        evaluate(Parameter("w", n, n), ENV)
    with pytest.raises(InputError, match="size q has no value"):
        evaluate(Fill(1, Symbol("q")), ENV)
    with pytest.raises(UnknownName, match="value of h at time 9"):
        evaluate(h.at(9), ENV)
