"""Slips with the summands of a sum: forgotten, counted twice, with the wrong sign, multiplied."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from lstmsym.equations.derived import Adjoint, Partial
from lstmsym.equations.terms import (
    Hadamard,
    Plus,
    Term,
    is_fill,
    negative,
    parameters_in,
    signals_in,
    t,
    walk,
)
from lstmsym.verification.slips.sites import Change, Form, Site, joined

MOST_PAIRED = 8


def carried_lost(site: Site) -> Iterator[Change]:
    """Nothing comes back from t+1."""
    local, later = _by_time(site)
    if local and later:
        kept, gone = joined(Plus, local), joined(Plus, later)
        if len(later) == 1:
            yield Change(kept, "nothing is carried back from t+1: {} is missing", (gone,), gone)
        else:
            said = "nothing is carried back from t+1: only {} is kept"
            yield Change(kept, said, (kept,), gone)


def local_lost(site: Site) -> Iterator[Change]:
    """Only what comes back from t+1 is kept."""
    local, later = _by_time(site)
    if local and later:
        gone = joined(Plus, local)
        said = "only what is carried back from t+1 is kept; {} is missing"
        yield Change(joined(Plus, later), said, (gone,), gone)


def lost(site: Site) -> Iterator[Change]:
    """One summand is forgotten: a path of several."""
    parts = _summands(site)
    for n, a in enumerate(parts):
        kept = joined(Plus, (*parts[:n], *parts[n + 1 :]))
        through = _through(a, site.form)
        if isinstance(through, Adjoint):
            yield Change(kept, "the loss of the step itself, {}, is missing", (a,), a)
        elif through is None:
            yield Change(kept, "the summand {} is missing", (a,), a)
        else:
            yield Change(kept, "the path through {} is missing: {}", (through, a), a)


def only_one(site: Site) -> Iterator[Change]:
    """= for +=: of three or more summands only one is kept."""
    parts = _summands(site)
    for n, a in reversed([*enumerate(parts)]) if len(parts) > 2 else ():
        rest = joined(Plus, (*parts[:n], *parts[n + 1 :]))
        yield Change(a, "only {} is kept: = where += belongs", (a,), rest)


def wide_brackets(site: Site) -> Iterator[Change]:
    """A factor of one summand reaches all of them: a ⊙ (b + c) for a ⊙ b + c."""
    parts = _summands(site)
    for n, a in enumerate(parts):
        for m, factor in enumerate(a.parts if isinstance(a, Hadamard) else ()):
            rest = joined(Hadamard, (b for i, b in enumerate(a.parts) if i != m))
            new = Hadamard(factor, Plus(*parts[:n], rest, *parts[n + 1 :]))
            yield Change(new, "{} multiplies the whole sum, not only {}", (factor, rest), site.term)


def two_lost(site: Site) -> Iterator[Change]:
    """Two summands are forgotten."""
    parts = _summands(site)
    numbers = range(len(parts)) if 3 < len(parts) <= MOST_PAIRED else ()
    for pair in combinations(numbers, 2):
        a, b = (parts[n] for n in pair)
        kept = joined(Plus, (c for n, c in enumerate(parts) if n not in pair))
        yield Change(kept, "the summands {} and {} are missing", (a, b), Plus(a, b))


def wrong_sign(site: Site) -> Iterator[Change]:
    """A summand with the other sign."""
    parts = _summands(site)
    for n, a in enumerate(parts):
        turned = Plus(*parts[:n], _turned(a), *parts[n + 1 :])
        yield Change(turned, "{} has the wrong sign", (a,), a)


def whole_sign(site: Site) -> Iterator[Change]:
    """The whole with the other sign."""
    if not site.path:
        new = negative(site.term)
        yield Change(new, "the whole has the wrong sign", (), site.term)


def twice(site: Site) -> Iterator[Change]:
    """A summand counted twice."""
    parts = _summands(site)
    for a in parts:
        yield Change(Plus(*parts, a), "{} is counted twice", (a,), a)


def multiplied(site: Site) -> Iterator[Change]:
    """A product where a sum belongs."""
    parts = _summands(site)
    if len(parts) > 1 and site.term.is_vector:
        yield Change(
            Hadamard(*parts), "a product stands where the sum {} belongs", (site.term,), site.term
        )


def _summands(site: Site) -> tuple[Term, ...]:
    """The summands of a sum; none where one is a number, as in 1 − y."""
    whole = isinstance(site.term, Plus) and not any(is_fill(a, 1) for a in site.term.parts)
    return site.term.parts if whole else ()


def _turned(term: Term) -> Term:
    if isinstance(term, Hadamard) and is_fill(term.args[0], -1):
        return joined(Hadamard, term.parts[1:])
    return negative(term)


def _by_time(site: Site) -> tuple[list[Term], list[Term]]:
    """The summands of step t, and those that are carried back from t+1."""
    parts = _summands(site)
    return [a for a in parts if not _is_later(a)], [a for a in parts if _is_later(a)]


def _is_later(term: Term) -> bool:
    return any(isinstance(a, Adjoint) and a.of.time == t + 1 for a in walk(term))


def _through(term: Term, form: Form) -> Term | None:
    """The signal by which a summand is told from the others; of the loss of the step itself its adjoint."""
    named = next((a for a in walk(term) if isinstance(a, Adjoint | Partial)), None)
    if isinstance(named, Adjoint):
        return named if named.scope == "own" else named.of
    return named.above if isinstance(named, Partial) else _of_weight(term, form)


def _of_weight(term: Term, form: Form) -> Term | None:
    """The gate in whose equation the only weight of a summand stands."""
    weights = parameters_in(term)
    times = [s.time for s in signals_in(term) if s.time.free_symbols == {t}]
    users = [e.left for e in form.cell if weights & parameters_in(e.right)]
    if len(weights) != 1 or len(users) != 1 or not times:
        return None
    gates = [e.left for e in form.cell if users[0] in e.right.args and users[0].name in form.inner]
    return (gates or users)[0].at(max(times, key=lambda time: time.subs(t, 0)))
