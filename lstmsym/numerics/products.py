"""Terms rewritten for the fast rollout: products taken apart, sums opened. Values do not change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from lstmsym.equations.derived import Columns, part_of
from lstmsym.equations.terms import (
    Concatenation,
    Hadamard,
    MatrixProduct,
    Parameter,
    Plus,
    Signal,
    Term,
    signals_in,
    t,
)


@lru_cache(maxsize=4096)
def split(term: Term) -> Term:
    """W [a, b] as W_a a + W_b b, everywhere in a term; sums are flattened."""
    if _concatenated(term):
        weight, stack = term.args
        parts = [
            MatrixProduct(Columns(weight, part_of(stack, i)), split(part))
            for i, part in enumerate(stack.parts)
        ]
        return Plus(*parts)
    if not term.parts or isinstance(term, Columns):
        return term
    changed = {a: split(a) for a in term.parts}
    new = term.func(*(changed.get(a, a) for a in term.args))
    return Plus(*addends(new)) if isinstance(new, Plus) else new


def _concatenated(term: Term) -> bool:
    """Whether a term is a weight times a concatenation."""
    product = isinstance(term, MatrixProduct) and isinstance(term.args[-1], Concatenation)
    return product and isinstance(term.args[0], Parameter)


def addends(term: Term) -> tuple[Term, ...]:
    """The terms of a sum, sums inside it opened; another term is its only addend."""
    if not isinstance(term, Plus):
        return (term,)
    return tuple(b for a in term.parts for b in addends(a))


def products_of_state(term: Term) -> Iterable[MatrixProduct]:
    """The products of a weight with a signal at t-1, in reading order."""
    if isinstance(term, MatrixProduct) and isinstance(term.args[-1], Signal):
        if term.args[-1].time != t and len(term.args) == 2 and not signals_in(term.args[0]):
            yield term
        return
    for part in term.parts:
        yield from products_of_state(part)


def product(factors: Sequence[Term]) -> Term:
    """The elementwise product of some factors; one alone is itself."""
    return factors[0] if len(factors) == 1 else Hadamard(*factors)
