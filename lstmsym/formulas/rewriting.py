"""A tree with some of its nodes replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from lstmsym.formulas.tree import Node

Rule = Callable[[Node], Node | None]


def rewritten(node: Node, rule: Rule) -> Node:
    """The tree with `rule` applied from the top: what it returns stands, None goes on below."""
    found = rule(node)
    return below(node, lambda child: rewritten(child, rule)) if found is None else found


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
