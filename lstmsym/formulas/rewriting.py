"""A tree with some of its nodes replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from lstmsym.formulas.tree import Equation, Node, Product

Rule = Callable[[Node], Node | None]


def rewritten(node: Node, rule: Rule) -> Node:
    """The tree with `rule` applied from the top: what it returns stands, None goes on below."""
    found = rule(node)
    return below(node, lambda child: rewritten(child, rule)) if found is None else found


def in_equation(equation: Equation, rule: Rule) -> Equation:
    """An equation with `rule` applied; it stays one."""
    found = rewritten(equation, rule)
    assert isinstance(found, Equation)
    return found


def joining(pair: Callable[[Node, Node], Node | None]) -> Rule:
    """The rule that puts two neighbours in a product, without a sign between them, into one where `pair` has it."""

    def rule(node: Node) -> Node | None:
        if not isinstance(node, Product):
            return None
        factors, signs = list(node.factors), list(node.signs)
        for n in range(len(factors) - 2, -1, -1):
            one = pair(factors[n], factors[n + 1]) if signs[n] == "" else None
            if one is not None:
                factors[n : n + 2] = [one]
                del signs[n]
        inner = tuple(rewritten(a, rule) for a in factors)
        return inner[0] if len(inner) == 1 else replace(node, factors=inner, signs=tuple(signs))

    return rule


def below(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with every child changed."""
    changed: dict[str, Any] = {
        f.name: _changed(getattr(node, f.name), change) for f in fields(node) if f.init
    }
    kept = {name: value for name, value in changed.items() if value is not getattr(node, name)}
    return replace(node, **kept) if kept else node


def _changed(value: object, change: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return change(value)
    if isinstance(value, tuple):
        parts = tuple(_changed(a, change) for a in value)
        return parts if any(a is not b for a, b in zip(parts, value, strict=True)) else value
    return value
