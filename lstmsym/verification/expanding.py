"""A true result multiplied out, so that a slip in one summand alone has a place of its own."""

from __future__ import annotations

from lstmsym.calculus.laws import tidy
from lstmsym.equations.derived import Outer
from lstmsym.equations.terms import Hadamard, MatrixProduct, Plus, Term, is_fill
from lstmsym.verification.slips.sites import joined

MOST_SUMMANDS = 40


def expanded(term: Term) -> Term:
    """A sum of products; sums with a number in them, as 1 − y, stay. The term itself where that is too long."""
    try:
        return tidy(_expanded(term))
    except _TooLong:
        return term


class _TooLong(Exception):
    """More summands than are looked at."""


def _expanded(term: Term) -> Term:
    if isinstance(term, Plus):
        return term if _is_complement(term) else Plus(*map(_expanded, term.parts))
    if not isinstance(term, Hadamard | MatrixProduct | Outer):
        args = (_expanded(a) if isinstance(a, Term) else a for a in term.args)
        return term.func(*args) if term.parts else term
    products: list[tuple[Term, ...]] = [()]
    for factor in term.parts:
        products = [(*p, a) for p in products for a in _summands(tidy(_expanded(factor)))]
        if len(products) > MOST_SUMMANDS:
            raise _TooLong
    return joined(Plus, (joined(type(term), p) for p in products))


def _summands(term: Term) -> tuple[Term, ...]:
    return term.parts if isinstance(term, Plus) and not _is_complement(term) else (term,)


def _is_complement(term: Term) -> bool:
    return any(is_fill(a, 1) for a in term.parts)
