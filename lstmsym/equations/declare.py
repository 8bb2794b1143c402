"""Declaration lines: state h, C / input x : m / parameter W : n, n + m / scalar alpha = 0.95 / untied W, b."""

from __future__ import annotations

from typing import Any

from lark import Token, Tree
from sympy import Basic, Integer, Rational, Symbol

from lstmsym.equations.shapes import Width, times
from lstmsym.equations.sizing import Names, Walk, check_number
from lstmsym.equations.syntax import Line


def declare(names: Names, line: Line) -> None:
    """Enter a declaration line: state, input, output, signal, parameter, scalar or untied."""
    kind, *items = line.tree.children
    walk = Walk(names, line)
    for item in items:
        name, *rest = item.children
        _check_once(names, walk, str(kind), name)
        names.declared.setdefault(str(kind), []).append(str(name))
        names.first_line.setdefault(str(name), line.number)
        shape = tuple(_width(walk, size) for size in rest if isinstance(size, Tree))
        number = [a for a in rest if isinstance(a, Token)]
        _enter(names, walk, str(kind), name, shape, number)


def _check_once(names: Names, walk: Walk, kind: str, name: Token) -> None:
    """A name has each kind once, a parameter or a scalar no other, and the loss sees one output."""
    known = [k for k, declared in names.declared.items() if name in declared]
    if kind in known:
        raise walk.fail(f"'{name}' is declared twice", name)
    if known and {kind, *known} & {"parameter", "scalar"}:
        line = names.first_line[str(name)]
        raise walk.fail(f"'{name}' is declared as {known[0]} on line {line} already", name)
    if kind == "output" and names.declared.get("output"):
        first = names.declared["output"][0]
        raise walk.fail(f"a cell has one output, and '{first}' is declared already", name)


def _enter(
    names: Names, walk: Walk, kind: str, name: Token, shape: tuple[Width, ...], number: list[Token]
) -> None:
    if number and kind != "scalar":
        raise walk.fail(f"only a scalar has a number: scalar {name} = {''.join(number)}", name)
    if kind == "scalar":
        if shape:
            raise walk.fail(
                f"a scalar has no size; write  scalar {name}  or  parameter {name} : n", name
            )
        if number:
            check_number(walk, number[-1])
            names.constants[str(name)] = Rational("".join(number))
    elif kind == "parameter":
        if not shape:
            raise walk.fail(
                f"a declared parameter states its shape: parameter {name} : n  or  {name} : n, m",
                name,
            )
        names.parameters[str(name)] = shape
    elif len(shape) > 1:
        raise walk.fail(f"'{name}' is a vector: it has one size", name)
    elif shape:
        known = names.signals.setdefault(str(name), shape[0])
        if known != shape[0]:
            raise walk.fail(f"'{name}' is declared with two sizes", name)


def _width(walk: Walk, size: Any) -> Width:
    return tuple(part for width in size.children for part in _product(walk, width.children))


def _product(walk: Walk, factors: list[Token]) -> Width:
    """N * m is N pieces of size m; three factors are stacks of stacks."""
    first, *rest = factors
    one = (_one_width(walk, first),)
    return times(one, _product(walk, rest)) if rest else one


def _one_width(walk: Walk, token: Token) -> Basic:
    if token.type != "NUMBER":
        return Symbol(str(token), integer=True, positive=True)
    if not token.isdigit() or not 1 <= int(token[:8]) <= 100_000:
        raise walk.fail("a size is a name or a whole number from 1 to 100000", token)
    return Integer(str(token))
