"""The values of terms and mutants on one instance, and how they are compared."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sympy import Rational, Symbol

from lstmsym.equations.terms import Term
from lstmsym.errors import LstmsymError
from lstmsym.verification.field import PRIME, Field
from lstmsym.verification.instances import Instance
from lstmsym.verification.mutants import Mutant
from lstmsym.verification.remembering import Remembering

Array = Any
Times = tuple[tuple[Symbol, int], ...]
LARGEST = 64


class Values:
    """The values of terms on an instance at given times; None for a term that has none there."""

    def __init__(self, instance: Instance, times: Mapping[Symbol, int]) -> None:
        self.instance = instance
        self.exact = isinstance(instance.arithmetic, Field)
        env = instance.with_adjoints.bind(times)
        self.evaluation = Remembering(env, instance.arithmetic)

    def of(self, term: Term) -> Array | None:
        """The value; None where a time or a size has no value."""
        try:
            return self.evaluation.value(term)
        except (
            LstmsymError,
            ValueError,
        ):  # numpy's, of a stack that is cut into pieces of another size
            return None

    def of_mutant(self, mutant: Mutant) -> Array | None:
        """The value of a mutant."""
        assert mutant.change.new is not None
        try:
            return self.evaluation.changed(mutant.true, mutant.site.path, mutant.change.new)
        except (LstmsymError, ValueError):
            return None

    def key(self, value: Array) -> int:
        """Equal for equal values; of floats, for nine equal digits. Dimensions of size one do not count."""
        shape = tuple(n for n in value.shape if n != 1)
        flat = value.reshape(-1)
        entries = (int(a) % PRIME for a in flat) if self.exact else (f"{a + 0.0:.8e}" for a in flat)
        return hash((shape, tuple(entries)))

    def scaled(self, value: Array, number: Rational) -> Array:
        """The value times a number."""
        if self.exact:
            return value * (number.p * pow(number.q, -1, PRIME)) % PRIME
        return value * float(number)


@lru_cache(maxsize=256)
def values_on(instance: Instance, times: Times) -> Values:
    """The values on an instance at times, kept for the next question."""
    return Values(instance, dict(times))


def ratio(value: Array, true: Array, exact: bool) -> Rational | None:
    """The small number c with value = c · true in every entry; None where there is none."""
    a, b = value.reshape(-1), true.reshape(-1)
    places = [n for n, entry in enumerate(b) if entry != 0]
    if len(a) != len(b) or not places:
        return None
    above, below = a[places[0]], b[places[0]]
    if not exact:
        found = Rational(float(above) / float(below)).limit_denominator(LARGEST)
        fits = all(abs(x - float(found) * y) <= 1e-9 * abs(y) for x, y in zip(a, b, strict=True))
    else:
        quotient = int(above) * pow(int(below), -1, PRIME) % PRIME
        small = small_number(quotient)
        if small is None:
            return None
        found = small
        fits = all((int(x) - quotient * int(y)) % PRIME == 0 for x, y in zip(a, b, strict=True))
    return found if fits and abs(found.p) <= LARGEST else None


def small_number(residue: int) -> Rational | None:
    """The fraction with numerator and denominator up to 64 that a residue modulo the prime is."""
    for q in range(1, LARGEST + 1):
        p = residue * q % PRIME
        p = p - PRIME if p > PRIME // 2 else p
        if abs(p) <= LARGEST:
            return Rational(p, q)
    return None
