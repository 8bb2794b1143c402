r"""Dots in a sum over time, Σ_s Σ_{t≤s} … J_{t+1}^⊤ ⋯ J_s^⊤ …: a product that is empty where t = s."""

from __future__ import annotations

from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import in_equation, rewritten

LETTERS = ("j", "i", "m", "n", "r")


def with_products(equations: list[f.Equation]) -> list[f.Equation]:
    """Equations with ∏ for dots between two factors of one kind, where a sum lets their times meet."""
    return [
        _with_products(e) if any(isinstance(a, f.Dots) for a in f.walk(e)) else e for e in equations
    ]


def _with_products(equation: f.Equation) -> f.Equation:
    used = {a.base for a in f.walk(equation) if isinstance(a, f.Symbol)}
    index = next((a for a in LETTERS if a not in used), "")

    def rule(node: f.Node) -> f.Node | None:
        if not isinstance(node, f.Big) or node.kind != "sum" or not index:
            return None
        body = rewritten(node.body, rule)
        for a in (a for a in node.over if isinstance(a, f.Range)):
            if isinstance(a.upper, f.Symbol) and not a.upper.scripts:
                ends = a.index, a.upper.base, index
                body = rewritten(body, lambda b, ends=ends: _product(b, *ends))  # type: ignore[misc]
        return replace(node, body=body)

    return in_equation(equation, rule)


def _product(node: f.Node, first: str, last: str, index: str) -> f.Node | None:
    """A product with ∏ for its dots; None for others."""
    if not isinstance(node, f.Product):
        return None
    at = next((n for n, a in enumerate(node.factors) if isinstance(a, f.Dots)), 0)
    if not 0 < at < len(node.factors) - 1:
        return None
    whole = _between(node.factors[at - 1], node.factors[at + 1], first, last, index)
    if whole is None:
        return None
    factors = (*node.factors[: at - 1], whole, *node.factors[at + 2 :])
    signs = (*node.signs[: at - 1], *node.signs[at + 1 :])
    return replace(node, factors=factors, signs=signs) if len(factors) > 1 else whole


def _between(a: f.Node, b: f.Node, first: str, last: str, index: str) -> f.Node | None:
    """∏ from a at t+1 to b at s, newest on the left; of transposes the other way round."""
    (bare, start), (other, end) = _timeless(a, first, index), _timeless(b, last, index)
    if isinstance(a, f.Transpose) and bare == other and start and end:
        inner = bare.inside  # type: ignore[attr-defined]
        return f.Transpose(f.Bracket(_big(inner, index, start, end), "round"), place=a.place)
    (bare, end), (other, start) = _timeless(a, last, index), _timeless(b, first, index)
    if bare == other and start and end:
        return _big(bare, index, start, end)
    return None


def _big(body: f.Node, index: str, lower: f.Node, upper: f.Node) -> f.Big:
    return f.Big("prod", (f.Range(index, lower, upper),), body)


def _timeless(node: f.Node, letter: str, index: str) -> tuple[f.Node, f.Node | None]:
    """A factor with an index for its time, and that time, which is a letter or some steps from it."""
    found: list[f.Node] = []

    def rule(a: f.Node) -> f.Node | None:
        if not isinstance(a, f.Script) or len(a.inside) != 1:
            return None
        (inside,) = a.inside
        named = {b.base for b in f.walk(inside) if isinstance(b, f.Symbol)}
        if named != {letter}:
            return None
        found.append(inside)
        return replace(a, inside=(f.Symbol(index),))

    bare = rewritten(node, rule)
    return bare, found[0] if found and all(a == found[0] for a in found) else None
