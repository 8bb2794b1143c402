"""Places in a true form where a slip can happen, and what changing something there gives.

A slip proposes a `Change`: this subterm, that in its stead, and a sentence about it. Put at its site, or
everywhere, it makes a mutant of the form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Adjoint, Gradient, Partial, StateJacobian
from lstmsym.equations.terms import Elementwise, Fill, Signal, Term, signals_in, t
from lstmsym.errors import ShapeError
from lstmsym.verification.slips.slope import Slope, slopes_of

Path = tuple[int, ...]
LEAVES = (Signal, Fill, Adjoint, Gradient, Partial, StateJacobian)  # names have no places inside


@dataclass(frozen=True, eq=False)
class Form:
    """One way of writing a true result.

    whole   the result
    cell    the cell with its pre-activations named
    others  what else of the same shape the cell has, with which the result may be confused
    kinds   derivatives of another kind, each with a sentence
    before  how often each subterm stands in the shorter forms
    """

    whole: Term
    cell: Cell
    others: tuple[Term, ...] = ()
    kinds: tuple[tuple[Term, str], ...] = ()
    before: Mapping[Term, int] = field(default_factory=dict)

    @cached_property
    def slopes(self) -> tuple[Slope, ...]:
        """The slopes that the form can hold, at every time that it mentions."""
        times = dict.fromkeys([t, *(s.time for s in sorted(signals_in(self.whole), key=str))])
        return tuple(slope for time in times for slope in slopes_of(self.cell, time))

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Every place of the form, top first."""
        return tuple(_sites(self, (), self.whole, None))

    @cached_property
    def fresh(self) -> tuple[Site, ...]:
        """The places that the shorter forms do not have; a slip elsewhere gives nothing new."""
        counts = Counter(site.term for site in self.sites)
        return tuple(s for s in self.sites if counts[s.term] > self.before.get(s.term, 0))

    @cached_property
    def inner(self) -> frozenset[str]:
        """The names of the pre-activations."""
        rights = (e.right for e in self.cell)
        return frozenset(
            a.inside.name
            for a in rights
            if isinstance(a, Elementwise) and isinstance(a.inside, Signal)
        )


@dataclass(frozen=True, eq=False)
class Site:
    """A subterm of a form, the argument numbers that lead to it, and the node above."""

    form: Form
    path: Path
    term: Term
    parent: Term | None = None


@dataclass(frozen=True, eq=False)
class Change:
    """What a slip makes of a place.

    new      stands in the stead of the subterm at the site, or of the whole form; None where nothing fits
    said     a sentence with {} for each of `shown`
    changed  the smallest part of the true form that differs, perhaps several factors of a product
    """

    new: Term | None
    said: str
    shown: tuple[Term, ...] = ()
    changed: Term | None = None


def put(term: Term, path: Path, instead: Term) -> Term:
    """The term with another subterm at a place. Raises ShapeError where that does not fit."""
    if not path:
        return instead
    args = list(term.args)
    args[path[0]] = put(args[path[0]], path[1:], instead)
    return term.func(*args)


def everywhere(term: Term, changed: Term, instead: Term) -> Term:
    """The term with one subterm replaced wherever it stands, but not inside names such as δf_t.

    Raises ShapeError where that does not fit.
    """
    if term is changed:
        return instead
    if isinstance(term, LEAVES):
        return term
    args = [everywhere(a, changed, instead) if isinstance(a, Term) else a for a in term.args]
    return (
        term.func(*args) if any(a is not b for a, b in zip(args, term.args, strict=True)) else term
    )


def joined(kind: type[Term], args: Iterable[Term]) -> Term:
    """A sum or a product of what is left, which may be one term alone."""
    first, *rest = args
    return kind(first, *rest) if rest else first


def tried(kind: type[Term], args: Iterable[Term | None]) -> Term | None:
    """The same; None where a part is missing or the shapes do not go together."""
    given = tuple(args)
    try:
        return None if None in given else joined(kind, (a for a in given if a is not None))
    except ShapeError:
        return None


def _sites(form: Form, path: Path, term: Term, parent: Term | None) -> Iterator[Site]:
    yield Site(form, path, term, parent)
    if not isinstance(term, LEAVES):
        for n, a in enumerate(term.args):
            if isinstance(a, Term):
                yield from _sites(form, (*path, n), a, term)
