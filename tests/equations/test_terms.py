"""Terms: one object a value, SymPy's substitution and symbols, shapes refused with both named."""

import copy
import pickle

import pytest
import sympy
from sympy import Integer, Symbol

import lstmsym as ls
from lstmsym.equations.derived import (
    CELL_TERMS,
    TERMS,
    Blocks,
    Columns,
    Diagonal,
    Dot,
    Eye,
    Gradient,
    Outer,
    Partial,
    Selector,
    StateJacobian,
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
    at,
    k,
    parameters_in,
    signals_in,
    t,
    walk,
)  # fmt: skip
from lstmsym.errors import ShapeError

n, m = Symbol("n", integer=True, positive=True), Symbol("m", integer=True, positive=True)
h, x, C = Signal("h", t - 1, n), Signal("x", t, m), Signal("C", t, n)
W, b = Parameter("W", n, n + m), Parameter("b", n)
GATE = Elementwise("sigmoid", Plus(MatrixProduct(W, Concatenation(h, x)), b))


def test_equal_terms_are_one_object():
    again = Elementwise("sigmoid", Plus(MatrixProduct(W, Concatenation(h, x)), b))
    assert again is GATE and hash(again) == hash(GATE)
    assert Signal("h", t - 1, n) is h and Signal("h", t, n) is not h
    assert Signal("h", t - 1, m) != h and Parameter("h", n) != h
    assert len({GATE, again, b}) == 2


def test_order_of_factors_and_summands_is_the_authors():
    f = Signal("f", t, n)
    assert (f * C).args == (f, C) and (C * f).args == (C, f) and f * C != C * f
    assert Plus(b, C).args == (b, C) and Plus(b, C) != Plus(C, b)


@pytest.mark.parametrize("name", ["rows", "cols", "args", "name", "time"])
def test_terms_are_immutable(name):
    before = h.args
    with pytest.raises(AttributeError):
        setattr(h, name, 1)
    assert h.args == before


def test_substitution_moves_time_everywhere():
    earlier = GATE.subs(t, t - 1)
    assert {(s.name, s.time) for s in signals_in(earlier)} == {("h", t - 2), ("x", t - 1)}
    assert earlier == at(GATE, t - 1) == GATE.xreplace({t: t - 1})
    assert earlier.subs(t, t + 1) == GATE
    assert GATE.subs(t, 3).atoms(Signal) == {Signal("h", 2, n), Signal("x", 3, m)}


def test_substitution_of_sizes_moves_shapes():
    fixed = GATE.subs({n: 4, m: 3})
    assert fixed.shape == (4, 1)
    assert {p.name: p.shape for p in parameters_in(fixed)} == {"W": (4, 7), "b": (4, 1)}


def test_free_symbols_are_time_and_sizes():
    assert GATE.free_symbols == {t, n, m}
    assert b.free_symbols == {n}
    assert Signal("h", t - k, n).free_symbols == {t, k, n}
    assert GATE.subs({t: 2, n: 3, m: 2}).free_symbols == set()


def test_terms_are_sympy_matrices():
    assert isinstance(GATE, sympy.MatrixExpr) and isinstance(GATE, sympy.Basic)
    assert GATE.func(*GATE.args) is GATE
    assert GATE.has(h) and not GATE.has(C)
    assert all(term.func(*term.args) == term for term in walk(GATE))


def test_walk_is_top_first_and_reaches_every_leaf():
    assert next(walk(GATE)) is GATE
    assert {a for a in walk(GATE) if not a.parts} == {W, h, x, b}


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda a: pickle.loads(pickle.dumps(a))]
)
def test_copies_are_equal(copied):
    assert copied(GATE) == GATE and hash(copied(GATE)) == hash(GATE)


def test_operators_write_the_nodes():
    assert h + C == Plus(h, C) and Plus(Fill(1, n), Hadamard(Fill(-1, n), C)) == 1 - C
    assert Hadamard(Fill(2, n), C) == 2 * C and C / h == Quotient(C, h)
    assert Hadamard(Fill(-1, n), C) == -C and W @ Concatenation(h, x) == MatrixProduct(
        W, Concatenation(h, x)
    )


@pytest.mark.parametrize(
    ("build", "shapes"),
    [
        (lambda: Plus(h, x), r"shapes \(n,\) and \(m,\) cannot be added"),
        (
            lambda: Hadamard(h, W),
            r"shapes \(n,\) and \(n, m \+ n\) cannot be multiplied elementwise",
        ),
        (lambda: Quotient(x, b), r"shapes \(m,\) and \(n,\) cannot be divided elementwise"),
        (
            lambda: MatrixProduct(W, h),
            r"matrix product of shapes \(n, m \+ n\) and \(n,\): m \+ n ≠ n",
        ),
    ],
)
def test_shapes_that_clash_are_named(build, shapes):
    with pytest.raises(ShapeError, match=shapes):
        build()


def test_shapes_of_derived_terms():
    stack = Concatenation(h, x)
    part = part_of(stack, 1)
    assert stack.shape == (n + m, 1) and part.shape == (n + m, m) and part.label == "x"
    assert Columns(W, part).shape == (n, m)
    assert Diagonal(h).shape == Eye(n).shape == StateJacobian(t, n).shape == (n, n)
    assert Transposed(W).shape == Gradient(W).shape[::-1] == (n + m, n)
    assert Outer(h, x).shape == Partial(C, x, "total").shape == (n, m)
    assert Dot(h, C).shape == (1, 1)
    assert Blocks(2, Eye(n), W, Eye(n), W).shape == (2 * n, n + (n + m))


def test_parts_without_a_name_of_their_own_are_numbered():
    assert [part_of(Concatenation(h, h, x), i).label for i in range(3)] == ["1", "2", "x"]


def test_cell_terms_are_a_closed_part_of_all_terms():
    assert set(CELL_TERMS) < set(TERMS) and len(set(TERMS)) == len(TERMS)
    used = {type(term) for name in ls.catalogue() for e in ls.cell(name) for term in walk(e.right)}
    assert used <= set(CELL_TERMS)


def test_selectors_put_a_part_into_its_stack():
    assert Selector("x", 1, n, m).shape == (n + m, m)
    assert Selector("x", Integer(1), n, m).widths == (n, m)
