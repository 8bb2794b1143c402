"""Arithmetic modulo 2^61 − 1: a field, in which activations are random atoms."""

import numpy as np
import pytest
from sympy import Rational

import lstmsym as ls
from lstmsym.equations.activations import ACTIVATIONS
from lstmsym.errors import InputError
from lstmsym.verification.field import EXACT, FEW, PRIME, Field
from lstmsym.verification.instances import field_instance


def test_the_prime_is_the_mersenne_prime():
    """Lucas–Lehmer: s_0 = 4, s ← s² − 2; 2^61 − 1 divides s_59."""
    s = 4
    for _ in range(59):
        s = (s * s - 2) % PRIME
    assert s == 0 and PRIME == 2**61 - 1


def test_field_axioms_on_random_arrays():
    field = Field(1)
    a, b, c = (field.draw(20) for _ in range(3))
    one, zero = field.constant(1, (20,)), field.constant(0, (20,))
    minus = field.constant(-1, (20,))
    same = lambda x, y: np.array_equal(x, y)  # noqa: E731
    assert same(
        field.multiply(a, field.add(b, c)), field.add(field.multiply(a, b), field.multiply(a, c))
    )
    assert same(field.multiply(field.multiply(a, b), c), field.multiply(a, field.multiply(b, c)))
    assert same(field.divide(field.multiply(a, b), b), a)
    assert same(field.add(a, field.multiply(minus, a)), zero) and same(field.divide(a, a), one)
    assert all(0 < v < PRIME for v in a)


def test_fractions_are_exact():
    field = Field()
    third = field.constant(Rational(1, 3), (2,))
    assert np.array_equal(field.multiply(third, field.constant(3, (2,))), field.constant(1, (2,)))
    tenth = field.constant(Rational(-1, 10), (1,))
    assert np.array_equal(
        field.add(tenth, field.constant(Rational(1, 10), (1,))), field.constant(0, (1,))
    )


def test_matrix_products_are_those_of_integers():
    field = Field(2)
    A, B, v = field.draw(3, 4), field.draw(4, 2), field.draw(4)
    expected = [
        [sum(int(A[i, k]) * int(B[k, j]) for k in range(4)) % PRIME for j in range(2)]
        for i in range(3)
    ]
    assert field.matmul(A, B).tolist() == expected
    assert field.matvec(A, v).tolist() == [
        sum(int(a) * int(b) for a, b in zip(r, v, strict=True)) % PRIME for r in A
    ]


@pytest.mark.parametrize("function", sorted(set(ACTIVATIONS) - set(EXACT)))
def test_activations_are_atoms_one_for_each_argument(function):
    field, other = Field(3), Field(4)
    a = np.array([5, 7, 5], dtype=object)
    first = field.apply(function, a)
    assert first[0] == first[2] and np.array_equal(first, field.apply(function, a))
    if function in FEW:
        assert set(field.apply(function, np.arange(50, dtype=object))) == set(FEW[function])
    else:
        assert first[0] != first[1]
        assert not np.array_equal(first, other.apply(function, a))


@pytest.mark.parametrize(("function", "value"), [("identity", 9), ("square", 81)])
def test_polynomial_activations_are_exact(function, value):
    assert Field().apply(function, np.array([9], dtype=object)).tolist() == [value]


def test_division_by_zero_is_one_sentence():
    with pytest.raises(InputError, match="divides by a term that is zero"):
        Field().divide(np.array([1], dtype=object), np.array([0], dtype=object))
    with pytest.raises(InputError, match="divides by a term that is zero"):
        ls.derive(ls.parse("h[t] = h[t-1] / (b - b)"), "dh[t]/dh[t-1]")


def test_instances_have_sizes_that_all_differ():
    cell = ls.cell("lstm")
    instance = field_instance(cell, 4)
    assert (
        len(set(instance.sizes.values())) == len(cell.sizes) and min(instance.sizes.values()) >= 2
    )
    W = instance.parameters["W_f"]
    assert W.shape[0] != W.shape[1] and len(set(W.reshape(-1))) == W.size
