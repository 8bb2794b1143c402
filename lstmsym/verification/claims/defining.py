"""Which equations of a document define a signal of its cell, and which only speak about signals."""

from __future__ import annotations

from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.times import time_letter
from lstmsym.verification.claims.derivatives import together
from lstmsym.verification.claims.letters import LOSSES
from lstmsym.verification.claims.losses import is_stated_loss
from lstmsym.verification.claims.sources import Written

EQUALS = ("=", ":=", "equiv")


def may_define(written: Written) -> bool:
    """Whether an equation may define a signal, a function or a number."""
    equation = written.equation
    if any(a not in EQUALS for a in equation.relations) or is_stated_loss(equation):
        return False
    left, right = equation.left, equation.sides[-1]
    if isinstance(left, f.Sum):
        return False
    if isinstance(left, f.Derivative | f.Apply | f.Norm | f.Number):
        if not isinstance(left, f.Apply) or left.primes:
            return False
        return isinstance(left.arguments[0], f.Symbol)
    if any(isinstance(a, f.Dots | f.Derivative) for a in f.walk(equation)):
        return False
    if isinstance(left, f.Symbol) and any(
        isinstance(a, f.Number) for s in left.scripts for a in s.inside
    ):
        return False
    timed = isinstance(left, f.Symbol) and bool(left.scripts)
    return timed or not isinstance(right, f.Stack | f.Grid)


def is_assumption(equation: f.Equation) -> bool:
    """Whether an equation sets a gate to a number: z_t = 1 ⇒ h_t = h̃_t says nothing of the network."""
    left = equation.left
    scripts = [a for s in left.scripts for a in s.inside] if isinstance(left, f.Symbol) else []
    timed = scripts and not any(isinstance(a, f.Number) for a in scripts)
    return bool(timed) and isinstance(equation.sides[-1], f.Number)


def losses_of(written: list[Written]) -> list[Written]:
    """Equations that say what the loss is, and so nothing of the network: its letter is read by other losses alone."""
    named = [(a, _loss_letter(a.equation.left)) for a in written]
    rest = (side for a, loss in named if not loss for side in a.equation.sides[1:])
    read = {b.base for side in rest for b in f.plain_symbols(side)}
    return [a for a, loss in named if loss and loss not in read]


def _loss_letter(left: f.Node) -> str:
    """The letter of a loss, also with what it is of: E of E_t(y_t, ŷ_t); a letter of states is none."""
    while isinstance(left, f.Product):
        left = left.factors[0]
    base = left.base if isinstance(left, f.Symbol) else ""
    return base if base in LOSSES and base not in ("C", "S", "l") else ""


def is_general(equation: f.Equation, others: list[Written]) -> bool:
    """Whether an equation says what any gate is like, g = σ(a), and nothing of a time or of another equation."""
    if not isinstance(equation.left, f.Symbol):
        return False
    symbols = [a for side in equation.sides for a in f.plain_symbols(side)]
    rest = [a.equation for a in others if a.equation is not equation]
    again = any(a.left == equation.left and a.sides[1] != equation.sides[1] for a in rest)
    linked = not again and any(a.left in symbols for a in rest)
    return len(symbols) > 1 and not linked and not any(a.scripts for a in symbols)


def first_of_each(written: list[Written]) -> list[Written]:
    """Equations without those that say again what a signal is: they are claims; nor those of another letter of time."""
    letter = time_letter([a.equation for a in written]) or "t"
    seen: set[f.Node] = set()
    kept = []
    for a in written:
        own = time_letter([a.equation]) in ("", letter, "t")
        left = a.equation.left
        if own and not {left, _without_component(left)} & seen:
            kept.append(a)
        seen.add(left)
    return kept


def _without_component(left: f.Node) -> f.Node:
    """y_t of y_{t,i} and y_i^{(t)}."""
    if not isinstance(left, f.Symbol):
        return left
    kept = tuple(s for s in left.scripts if s.inside not in [(f.Symbol(a),) for a in "ijkl"])
    return replace(left, scripts=kept)


def only_collects(equation: f.Equation, others: list[Written]) -> bool:
    """Whether an equation gives several signals one name, as gates_t = (a_t; i_t; f_t), that nothing else reads."""
    left = equation.left
    parts = next(filter(None, map(together, equation.sides[1:])), ())
    if not isinstance(left, f.Symbol) or not all(isinstance(a, f.Symbol) for a in parts):
        return False
    read = (b for a in others for side in a.equation.sides[1:] for b in f.plain_symbols(side))
    return bool(parts) and all((b.base, b.accents) != (left.base, left.accents) for b in read)
