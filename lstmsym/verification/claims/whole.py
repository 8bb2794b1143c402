r"""Forward equations in components for whole vectors: h_{t,i} = tanh(Σ_j W_{ij} h_{t-1,j}) as h_t = tanh(W h_{t-1})."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import rewritten

LETTERS = frozenset("ijklmnpqr")


def in_whole(equations: list[f.Equation]) -> list[f.Equation]:
    """Equations for whole vectors; as they are where none sums over the components of a product."""
    units = {
        unit
        for e in equations
        for unit in _indices(e.left)
        if unit in LETTERS
        for a in f.walk(e.sides[-1])
        if _product(a, unit) is not None
    }
    return [_whole(e, unit) for e in equations for unit in [_unit(e, units)]]


def _unit(equation: f.Equation, units: set[str]) -> str:
    """The component that an equation is about; "" for whole vectors."""
    found = [a for a in _indices(equation.left) if a in units]
    return found[0] if len(found) == 1 and isinstance(equation.left, f.Symbol) else ""


def _whole(equation: f.Equation, unit: str) -> f.Equation:
    if not unit:
        return equation
    right = rewritten(equation.sides[-1], lambda a: _product(a, unit))
    sides = tuple(rewritten(a, lambda b: _without(b, unit)) for a in (equation.left, right))
    names = {a for side in sides for a in _indices(side)}
    whole = unit not in names and not any(isinstance(a, f.Big) for a in f.walk(sides[1]))
    return replace(equation, sides=sides, relations=("=",)) if whole else equation


def matrices(before: f.Equation, after: f.Equation) -> Iterator[str]:
    """The small letters that are matrices in an equation that was one of components."""
    if before is after:
        return
    for a in f.walk(after.sides[-1]):
        if isinstance(a, f.Product) and len(a.factors) == 2:
            first = a.factors[0].inside if isinstance(a.factors[0], f.Transpose) else a.factors[0]
            if isinstance(first, f.Symbol) and first.base.islower() and not first.scripts:
                yield first.base


def _product(node: f.Node, unit: str) -> f.Node | None:
    """Σ_j W_{ij} v_j as W v, Σ_j W_{ji} v_j as Wᵀ v."""
    if not isinstance(node, f.Big) or node.kind != "sum" or len(node.over) != 1:
        return None
    over, body = node.over[0], node.body
    pair = body.factors if isinstance(body, f.Product) and len(body.factors) == 2 else ()
    for n, a in enumerate(pair):
        order = [b for b in _indices(a) if b in (unit, over.index)]
        if isinstance(a, f.Symbol) and order in ([unit, over.index], [over.index, unit]):
            matrix: f.Node = _bare(_bare(a, unit), over.index)
            if order[0] == over.index:
                matrix = f.Transpose(matrix, place=a.place)
            vector = rewritten(pair[1 - n], lambda b: _without(b, over.index))
            return f.Product((matrix, vector), ("",), place=node.place)
    return None


def _without(node: f.Node, index: str) -> f.Node | None:
    return _bare(node, index) if isinstance(node, f.Symbol) else None


def _bare(symbol: f.Symbol, index: str) -> f.Symbol:
    """A symbol without an index."""
    letter = f.Symbol(index)
    scripts = []
    for s in symbol.scripts:
        inside = tuple(_left(a, letter) for a in s.inside)
        kept = tuple(a for a in inside if a is not None)
        if kept:
            scripts.append(replace(s, inside=kept))
    return replace(symbol, scripts=tuple(scripts))


def _left(node: f.Node, letter: f.Symbol) -> f.Node | None:
    """What is left of a script without a letter."""
    if node == letter:
        return None
    if not isinstance(node, f.Product) or any(node.signs):
        return node
    kept = tuple(a for a in node.factors if a != letter)
    if len(kept) == 1:
        return kept[0]
    return replace(node, factors=kept, signs=("",) * (len(kept) - 1)) if kept else None


def _indices(node: f.Node) -> Iterator[str]:
    """The letters in the scripts of a formula, in order."""
    for a in f.walk(node):
        if isinstance(a, f.Symbol):
            for s in a.scripts:
                for part in s.inside:
                    letters = part.factors if isinstance(part, f.Product) else (part,)
                    yield from (b.base for b in letters if isinstance(b, f.Symbol))
