import pytest
from sympy import Rational, Symbol

from lstmsym.equations.terms import T, k, t
from lstmsym.errors import MissingRule
from lstmsym.printing.times import decimal, time

j, n, m = (Symbol(a, integer=True) for a in "jnm")


@pytest.mark.parametrize(
    "expression, written",
    [
        (t, "t"),
        (t - 1, "t-1"),
        (t + 1, "t+1"),
        (t - k, "t-k"),
        (t - k + 1, "t-k+1"),
        (t - 50, "t-50"),
        (t - 50 + 1, "t-49"),
        (j - 1, "j-1"),
        (T, "T"),
        (T - t, "T-t"),
        (k - t, "k-t"),
        (-k, "-k"),
        (2 * k + t, "t+2k"),
        (n + m, "m+n"),
        (t - t, "0"),
    ],
)
def test_times_stand_in_the_order_of_a_reader(expression, written):
    assert time(expression) == written


def test_spaces_between_signs():
    assert time(t - k + 1, between=" ") == "t - k + 1"


def test_a_time_that_is_no_sum_of_symbols_is_refused():
    with pytest.raises(MissingRule, match=r"k\*t.*times\.py"):
        time(t * k)


@pytest.mark.parametrize(
    "value, written",
    [
        (Rational(19, 20), "0.95"),
        (Rational(1, 4), "0.25"),
        (Rational(-1, 100000), "-0.00001"),
        (Rational(7), "7"),
        (Rational(0), "0"),
        (Rational(100), "100"),
        (Rational(1, 3), None),
        (Rational(1, 10**30), None),
    ],
)
def test_decimals_that_end(value, written):
    assert decimal(value) == written
