"""Which choices of a reading can matter to a document, and to each of its claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from lstmsym.equations.terms import Elementwise, Signal
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.claim import Claim
from lstmsym.verification.claims.court import Court
from lstmsym.verification.claims.letters import LOSSES
from lstmsym.verification.claims.own_names import asked
from lstmsym.verification.claims.scripts import split_components, split_scripts
from lstmsym.verification.claims.symbols import DELTAS


def own_marks(claim: Claim, court: Court, marks: set[str]) -> list[str]:
    """The choices for the document on which the verdict on a claim depends; a helper symbol may hide any."""
    own = document_marks([claim], court)
    sides = [a for side in (claim.left, claim.right) for a in f.walk(side)]
    times = court.times(court.moments[0])
    helped = any(next(asked(court.helpers, a, times), None) is not None for a in sides)
    layout = {"rows"} if own else set()
    return sorted(marks if helped and own else marks & (own | layout))


def document_marks(claims: list[Claim], court: Court) -> set[str]:
    """Which choices can matter to the document."""
    found: set[str] = set()
    for claim in claims:
        every = [*f.walk(claim.left), *f.walk(claim.right)]
        before = {id(b) for a in every if isinstance(a, f.Product) for b in _prefixes(a)}
        for a in every:
            if isinstance(a, f.Symbol):
                found |= _marks_of(a, court)
                lone = a.base == "delta" and not a.scripts and id(a) not in before
                found |= {"alone"} if lone else set()
            if isinstance(a, f.Derivative) and getattr(a.above, "base", "L") not in LOSSES:
                found.add("transposed")
            if court.may_be_rows and isinstance(a, f.Transpose):
                found.add("rows")
    return found - {"delta", "differential"} if _names_arguments(claims, court) else found


def _prefixes(node: f.Product) -> Iterator[f.Node]:
    """The δ of δ h_t, which is not alone."""
    for (first, second), sign in zip(pairwise(node.factors), node.signs, strict=True):
        if sign == "" and isinstance(second, f.Symbol | f.Transpose):
            yield first


def _names_arguments(claims: list[Claim], court: Court) -> bool:
    """Whether δ or d of a pre-activation stands on the page, beside which that of its gate is by the gate."""
    arguments = {
        e.right.inside.name
        for e in court.cell
        if isinstance(e.right, Elementwise) and isinstance(e.right.inside, Signal)
        and e.right.inside.time == e.left.time
    }  # fmt: skip
    if not arguments:
        return False
    times = court.times(court.moments[0])
    every = (of for c in claims for side in (c.left, c.right) for of in _differentials(side))
    return any(
        (found := court.glossary.find(a.base, a.accents, letters)) is not None
        and found.name in arguments
        for a in every
        for _, power, letters in split_scripts(a, times)
        if power is None
    )


def _differentials(node: f.Node) -> Iterator[f.Symbol]:
    """The symbols behind a d or a δ."""
    for a in f.walk(node):
        if isinstance(a, f.Product):
            for first, second in pairwise(a.factors):
                plain = isinstance(first, f.Symbol) and first.base in DELTAS and not first.scripts
                if plain and isinstance(second, f.Symbol):
                    yield second
        elif isinstance(a, f.Symbol) and len(a.base) > 1 and a.base[0] == "d":
            yield replace(a, base=a.base[1:])


def _marks_of(a: f.Symbol, court: Court) -> set[str]:
    known = any(key[:2] == (a.base, a.accents) for key in court.glossary.meanings)
    if a.base == "delta":
        times = court.times(court.moments[0])
        alone = a.scripts and any(not name for _, _, name in split_scripts(a, times))
        return {"delta", "alone"} if alone or (not known and _is_component(a)) else {"delta"}
    if a.base == "Delta":
        return {"delta"} if a.scripts else {"delta", "capital"}
    if not known and ("bar" in a.accents or a.base[:1] == "d"):
        return {"differential", "remembered"}
    return set()


def _is_component(a: f.Symbol) -> bool:
    return any(True for _ in split_components(a, {"t": 1}))
