"""Which equations of a document are claims, which define its cell, and which are neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.verification.claims.examples import without_values
from lstmsym.verification.claims.gradients import is_about_gradients
from lstmsym.verification.claims.letters import letter_of
from lstmsym.verification.claims.sources import Written


def sorted_equations(
    equations: Sequence[Written], words: frozenset[str]
) -> tuple[list[Written], list[Written], int]:
    """Equations about gradients, and the others; the number of bounds, updates and values, which are neither."""
    bounds = 0
    about: list[Written] = []
    forward: list[Written] = []
    for written in equations:
        equation = _without_outlook(written.equation)
        formula, worked = without_values(equation)
        bounds += worked and formula is not None  # of ∂L/∂a = h_0 δ_1 = 0.25 the value alone
        equation = equation if formula is None else formula
        written = replace(written, equation=equation, worked=worked)
        judged = formula is not None and not set(equation.relations) & UNJUDGED
        if not judged or _is_update(equation, words) or _is_listing(equation):
            bounds += 1
            continue
        slope = isinstance(equation.left, f.Apply) and equation.left.primes
        (about if slope or is_about_gradients(equation, words) else forward).append(written)
    return about, forward, bounds


UNJUDGED = {"le", "lt", "ge", "gt", "ne", "to", "in", "propto"}


def _is_update(equation: f.Equation, words: frozenset[str]) -> bool:
    """Whether an equation says how training goes on: W ← W - η ∂L/∂W."""
    left, right = equation.left, equation.sides[-1]
    if (
        not isinstance(left, f.Symbol)
        or not isinstance(right, f.Sum)
        or is_about_gradients(left, words)
    ):
        return False
    first, *others = (a for _, a in right.parts)
    same = isinstance(first, f.Symbol) and (first.base, first.accents) == (left.base, left.accents)
    return same and any(is_about_gradients(a, words) for a in others)


def _is_listing(equation: f.Equation) -> bool:
    """Whether an equation says what a letter is made of: x = [x_1, …, x_T], a_t = [a_{t1}, …], x = [1, 0, 0]."""
    left, right = equation.left, equation.sides[-1]
    while isinstance(right, f.Bracket | f.Transpose):
        right = right.inside
    if not isinstance(left, f.Symbol) or not isinstance(right, f.Stack):
        return False
    own = [isinstance(a, f.Symbol) and letter_of(a) == letter_of(left) for a in right.parts]
    plain = [isinstance(a, f.Number | f.Dots) for a in right.parts]
    return any(plain) and all(a or b for a, b in zip(own, plain, strict=True))


def _without_outlook(equation: f.Equation) -> f.Equation:
    """∂L/∂W = δ hᵀ → W = W - η ∂L/∂W without what it leads to."""
    relations = equation.relations
    at = relations.index("to") if "to" in relations[1:] and relations[0] != "to" else 0
    if not at:
        return equation
    return replace(equation, sides=equation.sides[: at + 1], relations=relations[:at])


def without_size(equation: f.Equation) -> f.Equation:
    """∂L/∂W = … ∈ ℝ^{n×m} without what it is an element of."""
    if equation.relations[-1:] != ("in",) or len(equation.sides) < 3:
        return equation
    return _without_last(equation)


def _without_last(equation: f.Equation) -> f.Equation:
    return replace(equation, sides=equation.sides[:-1], relations=equation.relations[:-1])
