"""Derivatives of and by an expression, ∂(i_t ⊙ C̃_t)/∂C_{t-1} and ∂q_t/∂(r_t ⊙ h_{t-1}): it becomes a signal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import Rule
from lstmsym.verification.claims.alternative import Alternative, everywhere
from lstmsym.verification.claims.gradients import is_about_gradients
from lstmsym.verification.claims.sources import Written

NAMES = ("q", "p", "e", "v", "m")
NOW = f.Script("below", "plain", (f.Symbol("t"),))


def with_named_expressions(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document with a name for each product under a derivative that its forward equations have."""
    forward = [n for n, w in enumerate(written) if not is_about_gradients(w.equation)]
    inside = {a for n in forward for side in written[n].equation.sides[1:] for a in f.walk(side)}
    asked = (b for w in written for a in f.walk(w.equation) for b in _ends(a))
    found = [a for a in dict.fromkeys(asked) if a in inside]
    used = {a.base for w in written for a in f.walk(w.equation) if isinstance(a, f.Symbol)}
    free = [a for a in NAMES if a not in used]
    if not found or len(found) > len(free):
        return
    names = {a: f.Symbol(b, (), (NOW,)) for a, b in zip(found, free, strict=False)}
    at = min(n for n in forward if names.keys() & set(f.walk(written[n].equation)))
    given = [
        replace(written[at], equation=replace(written[at].equation, sides=(b, a), relations=("=",)))
        for a, b in names.items()
    ]
    named = everywhere(written, _bare(names))
    back: dict[f.Node, f.Node] = {b: f.Bracket(a, "round") for a, b in names.items()}
    yield Alternative([*named[:at], *given, *named[at:]], back.get)


def _ends(node: f.Node) -> Iterator[f.Node]:
    """The products that a derivative is of or by."""
    if isinstance(node, f.Derivative):
        for end in (node.above, node.below):
            inside = end.inside if isinstance(end, f.Bracket) else end
            if isinstance(inside, f.Product) and set(inside.signs) & {"odot", "circ", "*"}:
                yield inside


def _bare(names: dict[f.Node, f.Symbol]) -> Rule:
    """The rule that puts a name for a product, without the brackets around it."""

    def rule(node: f.Node) -> f.Node | None:
        inside = node.inside if isinstance(node, f.Bracket) else node
        return names.get(inside)

    return rule
