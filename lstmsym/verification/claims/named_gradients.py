"""Gradients by a letter of their own, g_{h_t} and g_{W_h}: the letter of what they are by stands below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.verification.claims.alternative import Alternative, everywhere
from lstmsym.verification.claims.gradients import is_about_gradients
from lstmsym.verification.claims.letters import LOSSES
from lstmsym.verification.claims.sources import Written
from lstmsym.verification.claims.wording import spoken

LOSS = f.Symbol("L")
NO_GRADIENT = {"delta", "Delta", "nabla", "T", "I", "W", "U", "V", "R", "b", "w", *LOSSES}
NO_SIGNAL = ("t", "T", "k", "i", "j", "star")
SEVERAL = 2  # so many different signals or weights one letter has to name the gradients of


def with_named_gradients(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document with ∂L/∂h_t for g_{h_t}, where g is no signal and h is one."""
    of: dict[str, set[str]] = {}
    for a in (a for w in written for a in f.walk(w.equation) if isinstance(a, f.Symbol)):
        head = _of(a)
        of.setdefault(a.base, set()).add("" if head is None else head.base)
    free = {a for a in of if len(a) == 1 and "" not in of[a]} - NO_GRADIENT
    forward = [w.equation for w in written if not is_about_gradients(w.equation)]
    for e in forward:
        if isinstance(e.left, f.Symbol) and e.left.base not in free:
            free -= {a.base for side in e.sides for a in f.plain_symbols(side)}
    letters = {a for a in free if of[a] <= of.keys() - free}
    if any(len(of[a]) >= SEVERAL for a in letters):
        yield _renamed(written, letters)


def _of(symbol: f.Symbol) -> f.Symbol | None:
    """h_t of g_{h_t}, W_h of g_{W_h}: the first script with the others hanging on it."""
    first, *rest = symbol.scripts or (None,)
    inside = first.inside if first is not None and first.where == "below" else ()
    head = inside[0] if len(inside) == 1 else None
    if not isinstance(head, f.Symbol) or head.base in NO_SIGNAL or len(head.base) > 1:
        return None
    return replace(head, scripts=(*head.scripts, *rest))


def _renamed(written: Sequence[Written], letters: set[str]) -> Alternative:
    """The document with derivatives for these letters, and verdicts with the letters again."""
    names: dict[f.Node, f.Node] = {}

    def rule(node: f.Node) -> f.Node | None:
        if isinstance(node, f.Script):
            return node
        of = _of(node) if isinstance(node, f.Symbol) and node.base in letters else None
        if of is None:
            return None
        words = [a for a in of.scripts if a.where == "above" and spoken(a)]
        of = replace(of, scripts=tuple(a for a in of.scripts if a not in words))
        kind = spoken(words[0]) if words else ""
        found = f.Derivative(LOSS, of, kind=kind, place=node.place)
        names.setdefault(found, node)
        return found

    again = everywhere(written, rule)
    found = [w for w in again if w.equation.sides != (w.equation.left,) * 2]
    return Alternative(found, names.get)
