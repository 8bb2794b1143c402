"""Slips with the slope of an activation: forgotten, doubled, of another function or at another value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from lstmsym.equations.cell import Cell
from lstmsym.equations.terms import (
    Elementwise,
    Fill,
    Hadamard,
    Plus,
    Signal,
    Term,
    is_fill,
    negative,
    one_minus,
    walk,
)
from lstmsym.verification.slips.sites import Change, Form, Site
from lstmsym.verification.slips.slope import Slope

Replace = Callable[[Term], Term]


def missing(site: Site) -> Iterator[Change]:
    """f ⊙ (1 − f) left out at one place."""
    for s, put in _slopes_at(site):
        yield Change(
            put(_one(s)), f"the slope {s.sign}({{}}) = {{}} is missing", (s.inside, s.term), s.term
        )


def all_missing(form: Form) -> Iterator[Change]:
    """The same left out wherever it stands, where that is more than once."""
    for s in form.slopes:
        if _occurrences(form, s) > 1:
            said = f"the slope {s.sign}({{}}) = {{}} is missing everywhere"
            yield Change(_replaced(form.whole, s, _one(s)), said, (s.inside, s.term), s.term)


def doubled(site: Site) -> Iterator[Change]:
    """The slope twice."""
    for s, put in _slopes_at(site):
        twice = Hadamard(*s.factors, *s.factors)
        yield Change(
            put(twice), f"the slope {s.sign}({{}}) = {{}} stands twice", (s.inside, s.term), s.term
        )


def activated(site: Site) -> Iterator[Change]:
    """σ′(f) = σ(f) (1 − σ(f)): the slope at the activated value."""
    for s, put in _slopes_at(site):
        said = (
            f"the slope is taken at the activated value, {s.sign}({{}}) for {s.sign}({{}}) = {{}}"
        )
        yield Change(put(s.activated), said, (s.y, s.inside, s.term), s.term)


def of_argument(site: Site) -> Iterator[Change]:
    """a (1 − a): the argument where the value belongs."""
    for s, put in _slopes_at(site):
        said = (
            f"the slope {s.sign}({{}}) = {{}} is written with the argument {{}} where {{}} belongs"
        )
        yield Change(put(s.of_argument), said, (s.inside, s.term, s.inside, s.y), s.term)


def other_function(site: Site) -> Iterator[Change]:
    """1 − y² for y (1 − y), and the reverse."""
    for s, put in _slopes_at(site):
        for function, sign in (("sigmoid", "σ′"), ("tanh", "tanh′")):
            if function != s.function:
                said = f"{{}}, the slope {sign}, stands where {s.sign} = {{}} belongs"
                new = s.of(function)
                yield Change(put(new), said, (new, s.term), s.term)


def mistaken(site: Site) -> Iterator[Change]:
    """1 − y and (1 − y)² for 1 − y²; 1 − y² beside the y of y (1 − y)."""
    for s, put in _slopes_at(site):
        for new in _mistaken(s):
            yield Change(put(new), "{} stands where {} belongs", (new, s.term), s.term)


def complement(site: Site) -> Iterator[Change]:
    """y, 1, 1 + y or y − 1 for 1 − y; 1 − y for a y that the cell has both of."""
    y = complemented(site.term)
    if y is None:
        if isinstance(site.term, Signal) and site.term.name in _coupled(site.form.cell):
            new = one_minus(site.term)
            yield Change(new, "{} stands where {} belongs", (new, site.term), site.term)
        return
    ones = Fill(1, *y.shape)
    for new in (y, ones, Plus(ones, y), Plus(y, negative(ones))):
        yield Change(new, "{} stands where {} belongs", (new, site.term), site.term)


@lru_cache(maxsize=64)
def _coupled(cell: Cell) -> frozenset[str]:
    """The gates z of a cell that shares out z and 1 − z."""
    found = (complemented(a) for e in cell for a in walk(e.right))
    return frozenset(y.name for y in found if isinstance(y, Signal))


def complemented(term: Term) -> Term | None:
    """y of 1 − y; None for anything else."""
    if isinstance(term, Plus) and len(term.args) == 2 and is_fill(term.args[0], 1):
        taken = term.parts[1]
        if isinstance(taken, Hadamard) and is_fill(taken.args[0], -1) and len(taken.args) == 2:
            return taken.parts[1]
    return None


def all_mistaken(form: Form) -> Iterator[Change]:
    """The slope of another function, or at another value, wherever it stands."""
    for s in form.slopes:
        if _occurrences(form, s) > 1:
            others = (s.of(f) for f in ("sigmoid", "tanh") if f != s.function)
            for new in (s.activated, s.of_argument, *others, *_mistaken(s)):
                said = "{} stands where {} belongs, everywhere"
                yield Change(_replaced(form.whole, s, new), said, (new, s.term), s.term)


def _mistaken(s: Slope) -> tuple[Term, ...]:
    y = s.y
    square = lambda a: Elementwise("square", a)  # noqa: E731
    return {
        "tanh": (one_minus(y), square(one_minus(y)), Plus(Fill(1, *y.shape), square(y)), square(y)),
        "sigmoid": (
            Hadamard(y, one_minus(square(y))),
            Hadamard(y, square(one_minus(y))),
            Hadamard(square(y), one_minus(y)),
            square(one_minus(y)),
        ),
    }.get(s.function, ())


def _one(s: Slope) -> Term:
    return Fill(1, *s.y.shape)


def _slopes_at(site: Site) -> Iterator[tuple[Slope, Replace]]:
    """The slopes that stand at a site, each with what putting something in its stead gives."""
    for s in site.form.slopes:
        found = _slope_in(site.term, s)
        if found is not None:
            yield s, found


def _slope_in(term: Term, s: Slope) -> Replace | None:
    if len(s.factors) == 1:
        return (lambda new: new) if term == s.factors[0] else None
    if not isinstance(term, Hadamard) or not set(s.factors) <= set(term.args):
        return None
    rest = list(term.parts)
    place = rest.index(s.factors[0])
    for a in s.factors:
        rest.remove(a)
    return lambda new: Hadamard(*rest[:place], new, *rest[place:]) if rest else new


def _occurrences(form: Form, s: Slope) -> int:
    return sum(_slope_in(site.term, s) is not None for site in form.sites)


def _replaced(term: Term, s: Slope, new: Term) -> Term:
    """The term with a slope replaced wherever it stands."""
    here = _slope_in(term, s)
    if here is not None:
        return here(new)
    args = [_replaced(a, s, new) if isinstance(a, Term) else a for a in term.args]
    return term.func(*args) if args != list(term.args) else term
