"""Numbers that somebody has worked out beside a formula: ∂L/∂f_t = ∂L/∂C_t C_{t-1} = 0.5 (0.24) = 0.12."""

from __future__ import annotations

from dataclasses import replace

from lstmsym.formulas import tree as f


def without_values(equation: f.Equation) -> tuple[f.Equation | None, bool]:
    """The sides of a chain that are formulas, None where these are fewer than two; whether it ends in a number.

    Beside a number that was worked out, a formula with decimals in it is about the same example.
    """
    worked = any(_is_value(a) for a in equation.sides[1:])
    if not worked:
        return equation, False
    first = next(n for n, a in enumerate(equation.sides) if n and _is_number(a))
    sides = [equation.left, *(a for a in equation.sides[1:first] if not has_decimals(a))]
    if len(sides) < 2:
        return None, True
    return replace(
        equation, sides=tuple(sides), relations=equation.relations[: len(sides) - 1]
    ), True


def _is_value(node: f.Node) -> bool:
    """Whether a side is a decimal number, or a column of them, worked out or not."""
    return _is_number(node) and has_decimals(node)


def _is_number(node: f.Node) -> bool:
    """Whether a side has no letter in it."""
    leaves = [a for a in f.walk(node) if isinstance(a, f.Number | f.Symbol)]
    return bool(leaves) and all(isinstance(a, f.Number) or a == f.Symbol("e") for a in leaves)


def has_decimals(node: f.Node) -> bool:
    """Whether a decimal number stands in a formula."""
    return any(isinstance(a, f.Number) and "." in a.digits for a in f.walk(node))
