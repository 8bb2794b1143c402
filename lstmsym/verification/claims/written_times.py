"""The times that a left side is written with, for the right formula beside it: ∂h_{i+1}/∂h_i is about i+1 and i."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer, Symbol

from lstmsym.calculus.laws import tidy
from lstmsym.equations.derived import Adjoint
from lstmsym.equations.terms import T, Term, k, t, walk, zeros
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.glossary import moment
from lstmsym.verification.claims.hearing import Hearing
from lstmsym.verification.claims.targets import unwrapped

KNOWN: dict[str, Expr] = {"t": t, "k": k, "T": T}


def at_written_times(true: Term, hearing: Hearing) -> Term:
    """What is true at t, and of lag k, at the times that the claim is written with; nothing comes from T+1."""
    found = times_of(hearing)
    moved = true.xreplace(found) if found else true
    return without_later(moved) if found.get(t) == T else moved


def times_of(hearing: Hearing) -> dict[Expr, Expr]:
    """t and k in the letters of the left side; nothing for a parameter."""
    quantity = hearing.quantity()
    if quantity is None or quantity.time is None:
        return {}
    times = hearing.times(hearing.court.moments[0])
    left = unwrapped(hearing.claim.left)
    ends: tuple[f.Node | None, ...] = (left, None)
    if isinstance(left, f.Derivative):
        ends = (left.above, left.below) if quantity.is_jacobian else (left.below, None)
    found = _time_in(ends[0], quantity.time, times)
    then = _time_in(ends[1], quantity.then, times)
    if found is None:
        return {}
    mapped = {t: found} if then is None else {t: found, k: found - then}
    return {a: b for a, b in mapped.items() if a != b}


def without_later(true: Term) -> Term:
    """A formula for step T without the gradients of T+1."""
    later = [a for a in walk(true) if isinstance(a, Adjoint) and a.of.time == T + 1]
    return tidy(true.xreplace({a: zeros(*a.shape) for a in later})) if later else true


def _time_in(node: f.Node | None, time: int | None, times: dict[str, int]) -> Expr | None:
    """The time of the last symbol of a node, as an expression; None where it writes none."""
    symbols = [] if node is None or time is None else list(f.plain_symbols(node))
    scripts = (a for s in symbols[-1].scripts for a in s.inside) if symbols else ()
    said = (as_time(a) for a in scripts if moment(a, times) == time)
    return next((a for a in said if a is not None), None)


def as_time(node: f.Node) -> Expr | None:
    """A written time as an expression: t+1, i, T, 3; None for anything else."""
    if isinstance(node, f.Bracket):
        return as_time(node.inside)
    if isinstance(node, f.Number) and node.digits.isdigit():
        return Integer(node.digits)
    if isinstance(node, f.Symbol) and not node.scripts and not node.accents:
        return KNOWN.get(node.base) or Symbol(node.base + "'" * node.primes, integer=True)
    if isinstance(node, f.Sum):
        parts = list(_parts(node))
        return None if None in parts else sum(parts, Integer(0))  # type: ignore[arg-type]
    return None


def _parts(node: f.Sum) -> Iterator[Expr | None]:
    for sign, a in node.parts:
        found = as_time(a)
        yield None if found is None else sign * found
