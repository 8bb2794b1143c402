r"""Words and bars that say what others write with signs: prod(a, b) is a b, ∂L/∂W|_t the share of step t."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import rewritten
from lstmsym.formulas.times import moment, time_letter

PRODUCT = f.Symbol("prod")


def reworded(equations: Iterable[f.Equation]) -> list[f.Equation]:
    """Equations with signs for these words."""
    given = list(equations)
    letter = time_letter(given) or "t"

    def rule(node: f.Node) -> f.Node | None:
        found = _product(node) or _share(node, letter)
        return rewritten(found, rule) if found is not None else None

    found = [rewritten(e, rule) for e in given]
    return [a for a in found if isinstance(a, f.Equation)]


def _product(node: f.Node) -> f.Node | None:
    """prod(a, b), also with factors beside it."""
    if not isinstance(node, f.Product) or PRODUCT not in node.factors[:-1]:
        return None
    at = node.factors.index(PRODUCT)
    stack = node.factors[at + 1]
    if node.signs[at] or not isinstance(stack, f.Stack):
        return None
    chain = f.Product(stack.parts, ("",) * (len(stack.parts) - 1), place=stack.place)
    if len(node.factors) == 2:
        return chain
    factors = (*node.factors[:at], f.Bracket(chain, "round", place=stack.place))
    signs = (*node.signs[:at], *node.signs[at + 1 :])
    return replace(node, factors=(*factors, *node.factors[at + 2 :]), signs=signs)


def _share(node: f.Node, letter: str) -> f.Node | None:
    """A derivative by a weight behind whose bar a time stands."""
    if not isinstance(node, f.Scripted) or not isinstance(node.inside, f.Derivative):
        return None
    derivative, (bar, *others) = node.inside, node.scripts
    below = derivative.below
    timed = len(bar.inside) == 1 and moment(bar.inside[0], letter) is not None
    if bar.style != "bar" or others or not timed or not isinstance(below, f.Symbol):
        return None
    if any(moment(a, letter) is not None for s in below.scripts for a in s.inside):
        return None
    step = f.Script("above", "round", bar.inside, place=bar.place)
    return replace(derivative, below=replace(below, scripts=(*below.scripts, step)))
