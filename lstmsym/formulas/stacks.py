r"""Matrix states and stacks of pieces, as Kronecker products say them: (I \otimes W) a, vec(v k^T), mat(S) q.

They become the functions of a cell text: each(W, a), repeat(v), outer(v, k), read(S, q), shift(a, 1).
"""

from __future__ import annotations

from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import below
from lstmsym.formulas.tree import Node


def unstacked(node: Node) -> Node:
    """The tree with the products of stacks as functions; what has not their form stays as it is."""
    node = below(node, unstacked)
    match node:
        case f.Apply(function="vec", arguments=(inside,)):
            return _outer(node, inside)
        case f.Product(factors=(f.Symbol(base="1", scripts=()), piece), signs=("otimes",)):
            return f.Apply("repeat", (_open(piece),), place=node.place)
        case f.Product():
            return _applied(node)
    return node


def _outer(node: Node, inside: Node) -> Node:
    if isinstance(inside, f.Product) and len(inside.factors) == 2 and inside.signs == ("",):
        left, right = inside.factors
        if isinstance(right, f.Transpose):
            return f.Apply("outer", (_open(left), _open(right.inside)), place=node.place)
    return node


def _applied(node: f.Product) -> Node:
    """The matrices of stacks, from the right, applied to what stands behind them."""
    factors, signs = _called(list(node.factors), list(node.signs))
    for n in range(len(factors) - 2, -1, -1):
        found = _form(factors[n], factors[n + 1]) if signs[n] == "" else None
        if found is not None:
            factors[n : n + 2] = [found]
            del signs[n]
    if len(factors) == len(node.factors):
        return node
    several = replace(node, factors=tuple(factors), signs=tuple(signs))
    return several if len(factors) > 1 else factors[0]


def _called(factors: list[Node], signs: list[str]) -> tuple[list[Node], list[str]]:
    """The word mat with its brackets is a function."""
    for n in range(len(factors) - 2, -1, -1):
        behind = factors[n + 1]
        if factors[n] == f.Symbol("mat") and isinstance(behind, f.Bracket):
            place = f.Place(factors[n].place.start, behind.place.end)
            factors[n : n + 2] = [f.Apply("mat", (behind.inside,), place=place)]
            del signs[n]
    return factors, signs


def _form(matrix: Node, vector: Node) -> Node | None:
    place = f.Place(matrix.place.start, vector.place.end)
    if isinstance(matrix, f.Apply) and matrix.function == "mat":
        return f.Apply("read", (matrix.arguments[0], _open(vector)), place=place)
    if isinstance(matrix, f.Grid) and isinstance(vector, f.Stack) and len(matrix.rows) == 1:
        return _blocks(matrix.rows[0], vector.parts, place)
    inside = matrix.inside if isinstance(matrix, f.Bracket) else None
    if not isinstance(inside, f.Product) or inside.signs != ("otimes",):
        return None
    left, right = inside.factors
    if left == f.Symbol("I") and isinstance(right, f.Symbol | f.Transpose):
        return f.Apply("each", (right, _open(vector)), place=place)
    if right == f.Symbol("I") and (places := _places(left)):
        return f.Apply("shift", (_open(vector), places), place=place)
    return None


def _blocks(row: tuple[Node, ...], parts: tuple[Node, ...], place: f.Place) -> Node | None:
    """(W U) (h; x) is W h + U x."""
    if len(row) != len(parts):
        return None
    products = (f.Product((a, b), ("",), place=place) for a, b in zip(row, parts, strict=True))
    return f.Bracket(f.Sum(tuple((1, a) for a in products), place=place), "round", place=place)


def _places(shift: Node) -> Node | None:
    r"""1 of S_1, -1 of S_{-1}."""
    match shift:
        case f.Symbol(base="S", scripts=(f.Script(where="below", inside=(places,)),)):
            return places
    return None


def _open(node: Node) -> Node:
    return node.inside if isinstance(node, f.Bracket) and node.style == "round" else node
