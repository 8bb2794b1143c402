"""Derivatives of another kind than the one that is claimed, and which paths tell them apart."""

from __future__ import annotations

from functools import lru_cache

from sympy import Expr

from lstmsym.derivation.graph import count_paths, local, paths, sources
from lstmsym.derivation.quantity import KINDS, Quantity
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Partial
from lstmsym.equations.terms import Signal, Term, at, t
from lstmsym.printing.documents import line

MOST_PATHS = 400
MOST_NAMED = 4

Path = tuple[Term, ...]


@lru_cache(maxsize=256)
def other_kinds(cell: Cell, quantity: Quantity, kind: str) -> tuple[tuple[Term, str], ...]:
    """The same derivative of each other kind, with a sentence that says what differs."""
    if quantity.lag is None or quantity.lag < 1 or quantity.below not in cell.states:
        return ()
    above, below = cell.signal(quantity.above), cell.signal(quantity.below, t - quantity.lag)
    return tuple(
        (Partial(above, below, other), _said(cell, quantity, other, kind))
        for other in KINDS
        if other != kind
    )


def _said(cell: Cell, quantity: Quantity, found: str, asked: str) -> str:
    said = f"this is the kind {found}, not {asked}"
    have, want = (_paths(cell, quantity, kind) for kind in (found, asked))
    if have is None or want is None:
        return said
    missing, added = want - have, have - want
    notes = [
        _note(cell, quantity, missing, have, "missing"),
        _note(cell, quantity, added, want, "added"),
    ]
    return ": ".join([said, "; ".join(filter(None, notes))]) if any(notes) else said


def _paths(cell: Cell, quantity: Quantity, kind: str) -> frozenset[Path] | None:
    """The elementary paths of a kind; None where the lag is no number or there are too many."""
    assert quantity.lag is not None
    if not quantity.lag.is_Integer:
        return None
    asked = cell, quantity.above, quantity.below, int(quantity.lag), kind
    return frozenset(paths(*asked)) if count_paths(*asked) <= MOST_PATHS else None


def _note(
    cell: Cell, quantity: Quantity, some: frozenset[Path], others: frozenset[Path], what: str
) -> str:
    """Which paths are missing or added: through what they go and the others do not."""
    if not some:
        return ""
    are = f"{len(some)} path{'s' * (len(some) > 1)}"
    edges = _edges(cell, quantity.lag)
    through = {edges[a] for path in some for a in path if a in edges}
    through -= {edges[a] for path in others for a in path if a in edges}
    named = sorted(line(s) for s in through)
    if not named or len(named) > MOST_NAMED:
        return f"{are} {'is' if len(some) == 1 else 'are'} {what}"
    return f"{are} through {', '.join(named)} {'is' if len(some) == 1 else 'are'} {what}"


def _edges(cell: Cell, lag: Expr | None) -> dict[Term, Signal]:
    """Where each local Jacobian of the last steps leads."""
    return {
        at(local(e, s), t - delay): e.left.at(t - delay)
        for delay in range(int(lag or 0) + 1)
        for e in cell
        for before in (True, False)
        for s in sources(e, before)
    }
