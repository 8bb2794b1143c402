"""Forward equations as a cell takes them: one link of a chain, named arguments, columns for rows, small weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import below, rewritten
from lstmsym.verification.claims.glossary import letters_of

TIGHT = ("", "dot", "times", "*")


def first_link(equation: f.Equation) -> f.Equation:
    """A chain h_t = tanh(a_t) = … as its first link; the others are claims. h_t = f(h_{t-1}, x_t) says nothing."""
    if len(equation.sides) > 2 and _is_general(equation.sides[1]):
        sides, relations = equation.sides, equation.relations
        equation = replace(equation, sides=(sides[0], *sides[2:]), relations=relations[1:])
    plain = all(isinstance(a, f.Symbol) or _is_call(a) for a in equation.sides[:-1])
    if plain or len(equation.sides) == 2:
        return replace(equation, relations=("=",) * len(equation.relations))
    return replace(equation, sides=equation.sides[:2], relations=("=",))


def _is_general(side: f.Node) -> bool:
    """Whether a side is a function of several things of which nothing more is said."""
    pair = side.factors if isinstance(side, f.Product) and side.signs == ("",) else ()
    return len(pair) == 2 and isinstance(pair[0], f.Symbol) and isinstance(pair[1], f.Stack)


def between_links(equations: list[f.Equation]) -> Iterator[f.Equation]:
    """z_t = W h_{t-1} + … of a chain h_t = σ(z_t) = σ(W h_{t-1} + …), where nothing else says what z is."""
    lefts = {side for e in equations for side in e.sides[:1]}
    for e in equations:
        for a, b in pairwise(e.sides[1:]):
            if not isinstance(a, f.Apply) or not isinstance(b, f.Apply) or a.function != b.function:
                continue
            for name, value in ((a.arguments[0], b.arguments[0]), (b.arguments[0], a.arguments[0])):
                if isinstance(name, f.Symbol) and name not in lefts and name != value:
                    yield replace(e, sides=(name, value), relations=("=",))


def small_weights(equation: f.Equation) -> Iterator[str]:
    """The small letters whose index says that they multiply x or h: w_{xf} x_t is a matrix product."""
    for a in f.walk(equation):
        pairs = zip(pairwise(a.factors), a.signs, strict=True) if isinstance(a, f.Product) else ()
        for (weight, of), sign in pairs:
            if (
                not isinstance(weight, f.Symbol)
                or not isinstance(of, f.Symbol)
                or sign not in TIGHT
            ):
                continue
            letters = [letters_of(b) or "" for s in weight.scripts for b in s.inside]
            if (
                weight.base in ("w", "u", "v")
                and of.base in ("x", "h")
                and of.base in "".join(letters)
            ):
                yield "_".join([weight.base, *letters])


def _is_call(node: f.Node) -> bool:
    """g(x) of a letter that is no time, in the definition of a function."""
    pair = node.factors if isinstance(node, f.Product) and node.signs == ("",) else ()
    inside = pair[1].inside if pair and isinstance(pair[1], f.Bracket) else None
    return isinstance(inside, f.Symbol) and not inside.scripts


def named_parts(equations: list[f.Equation]) -> list[f.Equation]:
    """h_t = tanh(W h + b) beside a_t = W h + b is h_t = tanh(a_t)."""
    names = {
        _unsigned(e.sides[1]): e.left
        for e in equations
        if not isinstance(e.sides[1], f.Symbol | f.Number)
    }

    def named(node: f.Node) -> f.Node | None:
        return names.get(_unsigned(node)) if isinstance(node, f.Sum | f.Product) else None

    inside = [below(e.sides[-1], lambda a: rewritten(a, named)) for e in equations]
    return [replace(e, sides=(*e.sides[:-1], a)) for e, a in zip(equations, inside, strict=True)]


def with_logits(equations: list[f.Equation]) -> list[f.Equation]:
    """ŷ_t = softmax(V h_t + c) as logits_t = V h_t + c and ŷ_t = softmax(logits_t): their gradient gets a name."""
    found: list[f.Equation] = []
    for e in equations:
        right = e.sides[-1]
        plain = isinstance(right, f.Apply) and right.function == "softmax" and not right.primes
        if (
            plain
            and isinstance(right, f.Apply)
            and isinstance(right.arguments[0], f.Sum | f.Product)
            and isinstance(e.left, f.Symbol)
        ):
            logits = f.Symbol("logits", (), e.left.scripts, place=right.place)
            found.append(replace(e, sides=(logits, right.arguments[0]), relations=("=",)))
            e = replace(e, sides=(e.left, replace(right, arguments=(logits,))), relations=("=",))
        found.append(e)
    return found


def _unsigned(node: f.Node) -> f.Node:
    """A formula with W · [h, x] as W [h, x]."""

    def rule(a: f.Node) -> f.Node | None:
        if not isinstance(a, f.Product) or not any(
            sign in ("dot", "times", "*") for sign in a.signs
        ):
            return None
        plain = tuple("" if sign in TIGHT else sign for sign in a.signs)
        return rewritten(replace(a, signs=plain), rule)

    return rewritten(node, rule)


def as_columns(equation: f.Equation) -> f.Equation:
    """An author's row vectors as columns: x W becomes Wᵀ x."""
    return replace(
        equation, sides=(equation.left, *(rewritten(a, _turned) for a in equation.sides[1:]))
    )


def _turned(node: f.Node) -> f.Node | None:
    if not isinstance(node, f.Product) or node.signs[-1] not in TIGHT:
        return None
    *before, last = node.factors
    weight = last.inside if isinstance(last, f.Transpose) else last
    if not _is_matrix(weight) or any(map(_is_matrix, before)):
        return None
    head = before[0] if len(before) == 1 else replace(
        node, factors=tuple(before), signs=node.signs[:-1])  # fmt: skip
    if len(before) > 1:
        head = f.Bracket(head, "round", place=node.place)
    head = rewritten(head, _turned)
    front = weight if isinstance(last, f.Transpose) else f.Transpose(last, place=last.place)
    return replace(node, factors=(front, head), signs=("",))


def _is_matrix(node: f.Node) -> bool:
    return (
        isinstance(node, f.Symbol)
        and len(node.base) == 1
        and node.base.isupper()
        and not any(
            s.style in ("round", "angle") or _is_time(a) for s in node.scripts for a in s.inside
        )
    )


def _is_time(node: f.Node) -> bool:
    """t and t - 1, which no weight has: X_t W is a batch in front of a matrix."""
    return isinstance(node, f.Sum) or node in (f.Symbol("t"), f.Symbol("T"))
