"""Each law keeps the value of every term, `tidy` reaches a fixed point, `distribute` leaves a sum of products."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

from lstmsym.calculus.laws import LAWS, distribute, summands, tidy
from lstmsym.equations.derived import Diagonal, Dot, Eye, Outer, Transposed
from lstmsym.equations.terms import (
    Fill,
    Hadamard,
    MatrixProduct,
    Parameter,
    Plus,
    Signal,
    is_fill,
    t,
    walk,
    zeros,
)
from lstmsym.numerics.translate import evaluate
from tests.strategies import m, n, random_environment, terms

ENV = random_environment()
SHAPES = (
    (n, 1),
    (m, 1),
    (n, n),
    (n, m),
    (1, 1),
    (n + m, n),
    (n, n + m),
    (n + m, 1),
    (1, n),
    (n * m, 1),
    (n * m, n * m),
)
FIRED: Counter[str] = Counter()


def value(term):
    return evaluate(term, ENV)


def same(a, b):
    """Equal to rounding of values that may be large before they cancel."""
    assert a.shape == b.shape
    left, right = value(a), value(b)
    assert left.shape == right.shape
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9 * (1 + np.max(np.abs(right))))


@settings(max_examples=1500)
@given(terms(SHAPES))
def laws_keep_values(term):
    for part in walk(term):
        for law in LAWS:
            changed = law(part)
            if changed is not part:
                FIRED[law.__name__] += 1
                same(changed, part)


def test_every_law_keeps_the_value_of_random_terms():
    laws_keep_values()
    assert {law.__name__ for law in LAWS} == set(FIRED)
    assert min(FIRED.values()) >= 8, FIRED


@settings(max_examples=600)
@given(terms(SHAPES))
def test_tidy_keeps_the_value_and_tidying_twice_is_tidying_once(term):
    tidied = tidy(term)
    same(tidied, term)
    assert tidy(tidied) is tidied


@settings(max_examples=600)
@given(terms(((n, n), (n, m), (n, 1))))
def test_tidied_terms_hold_nothing_to_tidy(term):
    for part in walk(tidy(term)):
        assert all(law(part) is part for law in LAWS)
        assert type(part) not in (Plus, Hadamard, MatrixProduct) or len(part.args) > 1


@settings(max_examples=600)
@given(terms(((n, n), (n, m), (m, n))))
def test_distribute_keeps_the_value_and_leaves_no_sum_between_matrices(term):
    found = distribute(tidy(term))
    same(found, term)
    for product in summands(found):
        if isinstance(product, MatrixProduct):
            assert not any(isinstance(a, Plus) and not a.is_vector for a in product.parts)


a, b, c = (Signal(name, t, n) for name in "abc")
A, B = Parameter("A", n, n), Parameter("B", n, n)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Diagonal(a) @ Diagonal(b), Diagonal(a * b)),
        (
            Diagonal(a) @ Diagonal(b) @ A @ Diagonal(c),
            MatrixProduct(Diagonal(a * b), A, Diagonal(c)),
        ),
        (Diagonal(a) @ b, a * b),
        (Eye(n) @ A, A),
        (A @ zeros(n, n), zeros(n, n)),
        (Plus(A, zeros(n, n), B), Plus(A, B)),
        (Plus(Plus(A, B), A), Plus(A, B, A)),
        (Hadamard(a, Fill(1, n), b), a * b),
        (Hadamard(a, Fill(2, n), b, Fill(3, n)), Hadamard(Fill(6, n), a, b)),
        (Hadamard(a, Fill(-1, n), Fill(-1, n)), a),
        (Plus(Diagonal(a), A, Diagonal(b)), Plus(Diagonal(a + b), A)),
        (Plus(Eye(n), Diagonal(a)), Diagonal(Fill(1, n) + a)),
        (Diagonal(Fill(1, n)), Eye(n)),
        (Transposed(A @ B), Transposed(B) @ Transposed(A)),
        (Transposed(A @ Diagonal(a)), Diagonal(a) @ Transposed(A)),
        (Transposed(Transposed(A)), A),
        (Transposed(Outer(a, b)), Outer(b, a)),
        (Transposed(Fill(1, n)) @ (a * b * c), Dot(a, b * c)),
        (Transposed(Fill(1, n)) @ a, Dot(Fill(1, n), a)),
    ],
)
def test_laws_by_example(before, after):
    assert tidy(before) == after


@pytest.mark.parametrize(
    "kept", [Hadamard(a, b), Hadamard(b, a), A @ B, B @ A, Plus(a, b), Plus(b, a)]
)
def test_factor_order_is_kept(kept):
    assert tidy(kept) is kept


def test_every_law_says_its_law():
    assert all((law.__doc__ and "=" in law.__doc__) or "is" in law.__doc__ for law in LAWS)


def test_summands_of_zero_are_none():
    assert list(summands(zeros(n, n))) == [] and list(summands(A)) == [A]
    assert list(summands(Plus(A, B))) == [A, B]
    assert is_fill(distribute(A @ zeros(n, n)), 0)
