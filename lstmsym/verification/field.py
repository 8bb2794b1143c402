"""Arithmetic modulo a 61-bit prime: exact, so two derivations agree or they do not.

An activation has no value in a field; it is a random atom instead, the same atom for the same argument.
Nothing but its slope rule is then known of it, so an identity that holds for random atoms holds for every
activation with that slope (Schwartz 1980; Zippel 1979: a wrong one passes with probability ~ degree/2^61).
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from lstmsym.errors import InputError
from lstmsym.numerics.arithmetic import Arithmetic

PRIME = 2**61 - 1

Array = Any


class Field(Arithmetic):
    """Integers modulo PRIME on object arrays; `seed` fixes the atoms."""

    def __init__(self, seed: int = 0) -> None:
        self.random = random.Random(seed)
        self.atoms: dict[tuple[str, Any], int] = {}

    def draw(self, *shape: int) -> Array:
        """A random array, no entry zero."""
        entries = [self.random.randrange(1, PRIME) for _ in range(int(np.prod(shape, dtype=int)))]
        return np.array(entries, dtype=object).reshape(shape)

    def constant(self, value: Any, shape: tuple[int, ...]) -> Array:
        above, below = (value.p, value.q) if hasattr(value, "p") else (int(value), 1)
        return np.full(shape, above * pow(below, -1, PRIME) % PRIME, dtype=object)

    def add(self, a: Array, b: Array) -> Array:
        return (a + b) % PRIME

    def multiply(self, a: Array, b: Array) -> Array:
        return a * b % PRIME

    def divide(self, a: Array, b: Array) -> Array:
        if np.any(np.equal(b, 0)):
            raise InputError("this cell divides by a term that is zero")
        inverse = np.frompyfunc(lambda v: pow(int(v), -1, PRIME), 1, 1)
        return a * inverse(b) % PRIME

    def matmul(self, A: Array, B: Array) -> Array:
        return np.dot(A, B) % PRIME

    def matvec(self, A: Array, v: Array) -> Array:
        return np.dot(A, v) % PRIME

    def apply(self, function: str, a: Array) -> Array:
        exact = EXACT.get(function)
        if exact is not None:
            return exact(a)
        return np.frompyfunc(lambda v: self._atom(function, int(v)), 1, 1)(a)

    def softmax(self, a: Array) -> Array:
        """Random atoms, one an entry, the same for the same vector; they do not sum to one."""
        found = [self._atom("softmax", (n, *map(int, a))) for n in range(len(a))]
        return np.array(found, dtype=object)

    def maximum(self, a: Array, b: Array) -> Array:
        """max(a, b) = b + max(a - b, 0), of which the last is an atom."""
        return self.add(b, self.apply("relu", self.add(a, self.multiply(self.constant(-1, ()), b))))

    def _atom(self, function: str, value: Any) -> int:
        """A random entry; of a function with few values a random one of these."""
        key = (function, value)
        if key not in self.atoms:
            few = FEW.get(function)
            self.atoms[key] = (
                self.random.randrange(1, PRIME) if few is None else self.random.choice(few)
            )
        return self.atoms[key]


FEW = {"step": (0, 1), "sign": (1, PRIME - 1)}


EXACT = {
    "identity": lambda a: a,
    "square": lambda a: a * a % PRIME,
}
