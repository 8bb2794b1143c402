r"""Shorthand of authors put into the words of the reader: dp\tilde c, and what a bar says is held fixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import rewritten


def written_out(equation: f.Equation) -> f.Equation:
    """An equation without shorthand."""
    for rule in RULES:
        found = rewritten(equation, rule)
        assert isinstance(found, f.Equation)
        equation = found
    return equation


def _of_argument(node: f.Node) -> f.Node | None:
    r"""dp\tilde c, the gradient by what \tilde c is the activation of, is dc̃′."""
    if not isinstance(node, f.Product) or node.signs[:2] != ("", ""):
        return None
    first, second, *rest = node.factors
    if (first, second) != (f.Symbol("d"), f.Symbol("p")) or not isinstance(rest[0], f.Symbol):
        return None
    primed = replace(rest[0], primes=rest[0].primes + 1)
    return f.Product((first, primed, *rest[1:]), node.signs[1:])


def _held(node: f.Node) -> f.Node | None:
    """∂C_t/∂C_{t-1}|_{h_{t-1}}: a state of the older time held fixed is block, something of t direct."""
    if not isinstance(node, f.Scripted) or not isinstance(node.inside, f.Derivative):
        return None
    (script, *more), derivative = node.scripts, node.inside
    if script.style != "bar" or more or derivative.kind:
        return None
    held = {_scripts(a) for part in script.inside for a in _symbols(part)}
    for at, kind in ((derivative.below, "block"), (derivative.above, "direct")):
        if isinstance(at, f.Symbol) and held == {_scripts(at)} != {()}:
            return replace(derivative, kind=kind)
    return None


def _symbols(node: f.Node) -> list[f.Symbol]:
    """The symbols that are listed in a script."""
    if isinstance(node, f.Symbol):
        return [node]
    return [a for child in f.children(node) for a in _symbols(child)]


def _scripts(symbol: f.Symbol) -> tuple[f.Script, ...]:
    return symbol.scripts


RULES: tuple[Callable[[f.Node], f.Node | None], ...] = (_of_argument, _held)
