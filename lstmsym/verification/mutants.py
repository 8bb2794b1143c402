"""The mutants of a true form: every slip of the table at every place, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lstmsym.calculus.laws import tidy
from lstmsym.equations.terms import Size, Term
from lstmsym.errors import ShapeError
from lstmsym.printing.documents import line
from lstmsym.verification.slips import names
from lstmsym.verification.slips.sites import Change, Form, Site, put
from lstmsym.verification.slips.table import SLIPS, Slip

BY_NAME = {a.name: a for a in SLIPS}
MOST_SHOWN = 160
SHORTER = 4


@dataclass(frozen=True, eq=False)
class Mutant:
    """A true form with one slip in it.

    slip    what was done
    site    the place in the true form
    change  what stands where
    """

    slip: Slip
    site: Site
    change: Change

    @cached_property
    def term(self) -> Term:
        """The form with the change."""
        assert self.change.new is not None
        return put(self.true, self.site.path, self.change.new)

    @property
    def true(self) -> Term:
        """The form without it."""
        return self.site.form.whole

    @property
    def words(self) -> str:
        """The mistake as a sentence."""
        return self.change.said.format(*map(_shown, self.change.shown))

    @property
    def changed(self) -> Term:
        """What of the true form differs."""
        return self.change.changed or self.true


def mutants(forms: Iterable[Form], slips: Iterable[Slip] = SLIPS) -> Iterator[Mutant]:
    """The mutants of equal-valued forms: the simplest slip first, the shortest form first.

    The longer forms come last, and only with the common slips, each at one place.
    """
    given, every = tuple(forms), tuple(slips)
    common = [s for s in every if s.common]
    for slip in (*common, *(s for s in every if not s.common)):
        for form in given[:SHORTER]:
            yield from everywhere(form, slip)
            yield from somewhere(form, slip)
    for slip in common:
        for form in given[SHORTER:]:
            yield from somewhere(form, slip)


def everywhere(form: Form, slip: Slip) -> Iterator[Mutant]:
    """The mutants of a form by a slip that is made wherever it can be."""
    for change in slip.form(form) if slip.form else ():
        yield from _mutant(slip, form.sites[0], change)


def somewhere(form: Form, slip: Slip) -> Iterator[Mutant]:
    """The mutants of a form by a slip at one place. Ill-shaped ones are left out."""
    for site in form.fresh if slip.site else ():
        assert slip.site is not None
        for change in slip.site(site):
            yield from _mutant(slip, site, change)


def of_another_size(form: Form) -> Iterator[Mutant]:
    """The mutants of a form by a signal or a weight of another size, where the whole still has a value."""
    for site in form.fresh:
        for name, change in names.of_another_size(site):
            try:
                assert change.new is not None
                put(form.whole, site.path, change.new)
            except ShapeError:
                continue
            yield Mutant(BY_NAME[name], site, change)


def _mutant(slip: Slip, site: Site, change: Change) -> Iterator[Mutant]:
    """The mutant, where the change fits its place; the whole may also be replaced by its transpose."""
    if change.new is None or change.new is site.term:
        return
    found, wanted = _shape(change.new), _shape(site.term)
    if found == wanted or (not site.path and found == wanted[::-1]):
        yield Mutant(slip, site, change)


@lru_cache(maxsize=16384)
def _shape(term: Term) -> tuple[Size, Size]:
    return term.shape


def _shown(term: Term) -> str:
    written = line(tidy(term))
    return written if len(written) <= MOST_SHOWN else f"{written[: MOST_SHOWN - 2].rstrip()} …"
