"""Two slips at once, found by value without trying all pairs.

Slips in two summands add up: claim + true = one + other. Slips in two factors of vectors multiply:
claim ⊙ true = one ⊙ other. So one look-up for each mutant finds its partner. What neither finds is
tried out, as far as `MOST_TRIED`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from lstmsym.verification.field import PRIME
from lstmsym.verification.mutants import Mutant, mutants
from lstmsym.verification.slips.sites import Form
from lstmsym.verification.slips.table import COMMON, Slip
from lstmsym.verification.values import Values

Array = Any
MOST_TRIED = 2500
TRIED_FORMS = 2


@dataclass(frozen=True, eq=False)
class Pair:
    """A slip, and another one in what the first has made."""

    first: Mutant
    second: Mutant


@dataclass(frozen=True, eq=False)
class Made:
    """Every mutant of a target with its value on one instance."""

    values: Values
    true: Array
    entries: tuple[tuple[Mutant, Array], ...]
    by_key: dict[int, list[Mutant]]


def pairs(made: Made, forms: tuple[Form, ...], claim: Array) -> Iterator[Pair]:
    """Pairs of slips that have the value of the claim."""
    key = made.values.key(claim)
    if made.values.exact and claim.shape == made.true.shape:
        yield from _partners(made, key, lambda value: (claim + made.true - value) % PRIME)
        if made.true.ndim == 1 and np.all(claim) and np.all(made.true):
            yield from _partners(made, key, lambda value: _quotient(claim * made.true, value))
    for form in forms[:TRIED_FORMS]:
        tried = islice(_tried(made.values, form), MOST_TRIED)
        yield from (pair for found, pair in tried if found == key)


def _partners(made: Made, key: int, partner: Callable[[Array], Array | None]) -> Iterator[Pair]:
    """For every mutant those that have the value its partner has to have."""
    for one, value in made.entries:
        wanted = partner(value) if value.shape == made.true.shape else None
        for other in () if wanted is None else made.by_key.get(made.values.key(wanted), ()):
            found = _both(made.values, one, other.slip)
            yield from (pair for at, pair in found if at == key)


def _quotient(above: Array, below: Array) -> Array | None:
    """The quotient modulo the prime, entry by entry; None where that would divide by zero."""
    if not np.all(below):
        return None
    inverse = np.array([pow(int(a), -1, PRIME) for a in below], dtype=object)
    return above * inverse % PRIME


def _both(values: Values, one: Mutant, *slips: Slip) -> Iterator[tuple[int, Pair]]:
    """A mutant with every second slip in it, and the key of its value."""
    form = Form(one.term, one.site.form.cell)
    for other in mutants((form,), slips):
        value = values.of_mutant(other)
        if value is not None:
            yield values.key(value), Pair(one, other)


def _tried(values: Values, form: Form) -> Iterator[tuple[int, Pair]]:
    """Mutants of the mutants of a form, common slips alone."""
    for one in mutants((form,), COMMON):
        yield from _both(values, one, *COMMON)
