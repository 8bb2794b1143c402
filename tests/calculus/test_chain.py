"""The chain rule within one equation: as a Jacobian, as a pull, and against SymPy's own calculus."""

import numpy as np
import pytest
import sympy
from numpy.testing import assert_allclose

import lstmsym as ls
from lstmsym.calculus.chain import equation_jacobian, jacobian, parameter_pull, pull
from lstmsym.equations.derived import Diagonal, Eye, Outer, Transposed
from lstmsym.equations.terms import (
    Elementwise,
    Fill,
    Hadamard,
    MatrixProduct,
    Plus,
    Signal,
    is_fill,
    t,
)
from lstmsym.numerics.translate import evaluate
from tests.strategies import n
from tests.witnesses import MODELS, Run, by_complex_step

RNN, LSTM, GRU = ls.cell("rnn"), ls.cell("lstm"), ls.cell("gru")


@pytest.fixture(scope="module")
def values():
    """A run of the LSTM by hand, and the environment of its step 3."""
    from lstmsym.numerics.environment import Environment

    model = MODELS["lstm"]
    drawn = model.draw(np.random.default_rng(2), {"n": 4, "m": 3}, 3)
    run = Run(model, drawn, 3)
    read = lambda name, time: run.trajectory[time][name]  # noqa: E731
    return run, Environment(
        run.parameters, read, dict(zip(LSTM.sizes, (4, 3), strict=True)), {t: 3}
    )


def test_rnn_by_its_state_is_diag_slope_times_weight():
    h, W = RNN.signal("h"), RNN.parameter("W_h")
    found = equation_jacobian(RNN.by_name["h"], h.at(t - 1))
    assert found == MatrixProduct(Diagonal(1 - Elementwise("square", h)), W)


def test_other_signals_are_held_fixed():
    """∂⁺C_t/∂C_{t-1} = diag(f_t): the gates are signals of their own."""
    C, f = LSTM.signal("C", t - 1), LSTM.signal("f")
    assert equation_jacobian(LSTM.by_name["C"], C) == Diagonal(f)
    assert is_fill(equation_jacobian(LSTM.by_name["C"], LSTM.signal("h", t - 1)), 0)
    assert equation_jacobian(LSTM.by_name["C"], LSTM.signal("C_tilde")) == Diagonal(
        LSTM.signal("i")
    )


def test_a_signal_by_itself_is_the_identity_and_at_another_time_zero():
    h = RNN.signal("h")
    assert jacobian(h, h) == Eye(n) and is_fill(jacobian(h, h.at(t - 1)), 0)


@pytest.mark.parametrize("name", ls.catalogue())
def test_jacobians_of_equations_are_sums_of_products(name):
    for e in ls.cell(name):
        for s in (*e.now, *e.before):
            found = equation_jacobian(e, s)
            assert found.shape == (e.left.rows, s.rows)
            for part in found.parts if isinstance(found, Plus) else [found]:
                if isinstance(part, MatrixProduct):
                    assert not any(isinstance(a, Plus) for a in part.parts)


def test_pull_writes_the_adjoint_first():
    """diag(a)ᵀ δ = δ ⊙ a, (W)ᵀ δ = Wᵀ δ."""
    delta, a = Signal("d", t, n), Signal("a", t, n)
    W = RNN.parameter("W_h")
    assert pull(Diagonal(a), delta) == Hadamard(delta, a)
    assert pull(W, delta) == MatrixProduct(Transposed(W), delta)


def test_a_weight_matrix_gives_an_outer_product():
    delta = Signal("d", t, LSTM.signal("f").rows)
    found = parameter_pull(LSTM.by_name["f"], LSTM.parameter("W_f"), delta)
    stack = LSTM.by_name["f"].right.inside.parts[0].parts[1]
    assert isinstance(found, Outer) and found.args[1] == stack
    assert found.shape == LSTM.parameter("W_f").shape


@pytest.mark.parametrize("name", ["f", "i", "C_tilde", "o"])
def test_parameter_pull_equals_a_complex_step(values, name):
    """⟨δ, ∂left/∂W⟩ of one equation, for its matrix and its bias."""
    run, env = values
    delta = Signal("C", t - 1, LSTM.signal("C").rows)
    weights = np.array([v for v in env.signal("C", 2)])
    for parameter in (
        p for p in LSTM.parameters.values() if p in LSTM.by_name[name].right.atoms(type(p))
    ):
        found = evaluate(parameter_pull(LSTM.by_name[name], parameter, delta), env)

        def value(xp, moved, p=parameter.name):
            now, old = run.trajectory[3], run.trajectory[2]
            return run.model.equations[name](xp, {**run.parameters, p: moved}, now, old) @ weights

        assert_allclose(
            found, by_complex_step(value, run.parameters[parameter.name]), rtol=1e-12, atol=1e-15
        )


def test_a_scalar_parameter_gathers_all_entries():
    """∂/∂α of α ⊙ v is 1ᵀ (δ ⊙ v)."""
    cell = ls.parse("scalar alpha\nh[t] = alpha * tanh(W @ h[t-1])")
    found = ls.derive(cell, "dL/dalpha").evaluate(
        {"alpha": np.array([0.3]), "W": np.diag([1.0, 2.0]), "h": np.array([0.5, -0.25])}, time=1
    )
    assert_allclose(found, [2 * 0.0 + np.tanh(0.5) + np.tanh(-0.5)], atol=1e-15)


# --- SymPy's calculus on entries as an oracle ----------------------------------------------------


def test_sympy_finds_the_same_jacobian_entry_by_entry():
    """∂tanh(W h + U x + b)_i/∂h_j by IndexedBase, against diag(1 − y²) W."""
    i, j, p, q = sympy.symbols("i j p q", integer=True)
    size, inputs = 3, 2
    Wi, Ui, hi, xi, bi = map(sympy.IndexedBase, ("W", "U", "h", "x", "b"))
    inside = (
        sympy.Sum(Wi[i, p] * hi[p], (p, 0, size - 1))
        + sympy.Sum(Ui[i, q] * xi[q], (q, 0, inputs - 1))
        + bi[i]
    )
    entry = sympy.tanh(inside).diff(hi[j])
    rng = np.random.default_rng(0)
    numbers = {
        "W": rng.normal(size=(size, size)), "U": rng.normal(size=(size, inputs)),
        "h": rng.normal(size=size), "x": rng.normal(size=inputs), "b": rng.normal(size=size),
    }  # fmt: skip

    def number(row, column):
        return float(entry.subs({i: row, j: column}).doit().subs(_entries(numbers)).evalf())

    expected = [[number(row, column) for column in range(size)] for row in range(size)]
    y = np.tanh(numbers["W"] @ numbers["h"] + numbers["U"] @ numbers["x"] + numbers["b"])
    cell = ls.parse("h[t] = tanh(W @ h[t-1] + U @ x[t] + b)")
    given = {**numbers, "x": numbers["x"][None, :]}
    found = ls.derive(cell, "dh[t]/dh[t-1]", kind="block").evaluate(given)
    assert_allclose(found, expected, rtol=1e-12)
    assert_allclose(found, np.diag(1 - y**2) @ numbers["W"], rtol=1e-12)


def test_sympy_finds_the_same_weight_gradient_entry_by_entry():
    """∂(Σ_i u_i tanh(W h + b)_i)/∂W_{ab} at one step, against δ hᵀ."""
    size = 3
    Wi, hi, bi, ui = map(sympy.IndexedBase, ("W", "h", "b", "u"))
    rows = range(size)
    loss = sum(ui[i] * sympy.tanh(sum(Wi[i, p] * hi[p] for p in rows) + bi[i]) for i in rows)
    rng = np.random.default_rng(1)
    numbers = {
        name: rng.normal(size=shape)
        for name, shape in (("W", (3, 3)), ("h", 3), ("b", 3), ("u", 3))
    }
    table = _entries(numbers)
    expected = [[float(loss.diff(Wi[a, b]).subs(table)) for b in rows] for a in rows]
    cell = ls.parse("h[t] = tanh(W @ h[t-1] + b)")
    values = {name: numbers[name] for name in "Whb"}
    found = ls.derive(cell, "dL/dW").evaluate(values, loss_slopes=numbers["u"][None, :])
    assert_allclose(found, expected, rtol=1e-12)


def _entries(numbers):
    return {
        sympy.IndexedBase(name)[index]: value
        for name, a in numbers.items()
        for index, value in np.ndenumerate(a)
    }


def test_constants_do_not_move():
    assert is_fill(jacobian(Fill(2, n), Signal("h", t, n)), 0)
