"""What each name is and how large: one walk over the syntax trees that unifies the sizes of everything.

It comes before `build`, which makes the terms from the same trees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lark import Token, Tree
from sympy import Basic

from lstmsym.equations.activations import ACTIVATIONS
from lstmsym.equations.functions import FORMS, ONE
from lstmsym.equations.shapes import Sizes, Width, clash
from lstmsym.equations.syntax import Line
from lstmsym.errors import CellError, nearest

Node = Any  # a lark tree; its children are not typed


@dataclass
class Names:
    """What is declared, and the sizes of every name: a vector has one width, a matrix (rows, columns)."""

    sizes: Sizes = field(default_factory=Sizes)
    declared: dict[str, list[str]] = field(default_factory=dict)
    signals: dict[str, Width] = field(default_factory=dict)
    parameters: dict[str, tuple[Width, ...]] = field(default_factory=dict)
    first_line: dict[str, int] = field(default_factory=dict)
    constants: dict[str, Basic] = field(default_factory=dict)
    clocks: dict[str, tuple[int, int]] = field(default_factory=dict)
    index: str = "t"

    has_scalars: bool = False

    def kind(self, name: str) -> str:
        return next((kind for kind, names in self.declared.items() if name in names), "")


class Walk:
    """A walk over one line's trees that can point at a node."""

    def __init__(self, names: Names, line: Line) -> None:
        self.names, self.line = names, line

    def fail(self, message: str, node: Any) -> CellError:
        column = node.column if isinstance(node, Token) else getattr(node.meta, "column", 0)
        return CellError(message, line=self.line.number, column=column or 0, text=self.line.text)

    def visit(self, node: Node) -> Any:
        return getattr(self, node.data)(*node.children, node=node)


class Sizing(Walk):
    """The width of every node; each visit returns the rows of the vector that the node is."""

    def equation(self, left: Node, right: Node, node: Node) -> None:
        self.agree(
            self.visit(left), self.visit(right), left, f"{left.children[0]}[t] and its right side"
        )

    def moment(self, name: Token, time: Node, node: Node) -> Width:
        offset(self, time)
        self.first(name)
        if self.names.kind(name) == "scalar":
            raise self.fail(f"'{name}' is declared a scalar; a signal needs another name", node)
        if name in self.names.parameters:
            raise self.fail(
                f"'{name}' is a signal here and a parameter on line {self.names.first_line[name]}",
                node,
            )
        return self.names.signals.setdefault(str(name), self.names.sizes.new(str(name)))

    def parameter(self, name: Token, node: Node) -> Width:
        if self.names.kind(name) == "scalar":
            return self.names.sizes.new()
        return self.as_parameter(name, 1, node)[0]

    def matrix_product(self, left: Node, right: Node, node: Node) -> Width:
        if left.data == "moment" and right.data != "parameter":
            return FORMS["read"].size(self, (left, right))
        if left.data not in ("parameter", "transposed"):
            raise self.fail(
                "left of @ stands a parameter matrix, as in W_f @ h[t-1]; * is elementwise", left
            )
        name = left.children[0]
        if self.names.kind(name) == "scalar":
            raise self.fail(f"'{name}' is a scalar: write {name} * …, as @ takes a matrix", left)
        rows, cols = self.as_parameter(name, 2, left)
        if left.data == "transposed":
            rows, cols = cols, rows
        self.agree(
            cols, self.visit(right), node, f"the columns of {name} and what {name} multiplies"
        )
        return rows

    def as_parameter(self, name: Token, sides: int, node: Node) -> tuple[Width, ...]:
        if name in self.names.signals:
            raise self.fail(
                f"'{name}' is a parameter here and a signal elsewhere; write {name}[t] or {name}[t-1]",
                node,
            )
        known = self.names.parameters.get(name)
        if known is not None and len(known) != sides:
            words = {1: "a vector", 2: "a matrix"}
            line = self.names.first_line.get(name, 0)
            raise clash(
                f"'{name}' is used as {words[sides]} here and as {words[len(known)]} on line {line}",
                self.line.number, node.meta.column, self.line.text,
            )  # fmt: skip
        self.first(name)
        return self.names.parameters.setdefault(
            str(name), tuple(self.names.sizes.new() for _ in range(sides))
        )

    def first(self, name: Token) -> None:
        self.names.first_line.setdefault(str(name), self.line.number)

    def plus(self, a: Node, b: Node, node: Node) -> Width:
        """Elementwise; what is declared to have size 1 spreads over the other side."""
        left, right = map(self.names.sizes.resolve, map(self.visit, (a, b)))
        if (left == ONE) != (right == ONE) and not (self.is_number(a) or self.is_number(b)):
            return right if left == ONE else left
        return self.agree(left, right, node, "the two sides of this operation")

    minus = hadamard = quotient = plus

    def is_number(self, node: Node) -> bool:
        """Whether nothing in a node has a size of its own: numbers and scalars alone."""
        named = (str(a.children[0]) for a in node.find_data("parameter"))
        return not any(node.find_data("moment")) and all(
            self.names.kind(name) == "scalar" for name in named
        )

    def transposed(self, name: Token, node: Node) -> Width:
        raise self.fail(f"{name}.T stands left of @, as in {name}.T @ h[t-1]", node)

    def when(self, keyword: Token, letter: Token, period: Token, phase: Token, a: Node, b: Node,
             node: Node) -> Width:  # fmt: skip
        self.names.clocks |= {clock(self, letter, period, phase): (int(period), int(phase))}
        return self.agree(self.visit(a), self.visit(b), node, "the two choices")

    def negative(self, a: Node, node: Node) -> Width:
        return self.visit(a)

    group = negative

    def apply(self, function: Token, *inside: Node, node: Node) -> Width:
        form = FORMS.get(function)
        if form is None and function not in ACTIVATIONS:
            known = {*ACTIVATIONS, *FORMS}
            raise self.fail(f"unknown function '{function}'; {nearest(function, known)}", function)
        usage = form.usage if form else f"{function}(a)"
        if len(inside) != usage.count(",") + 1:
            raise self.fail(f"{function} takes other arguments: {usage}", function)
        return form.size(self, inside) if form else self.visit(inside[0])

    def stack(self, *parts: Node, node: Node) -> Width:
        return tuple(w for part in parts for w in self.visit(part))

    def number(self, token: Token, node: Node) -> Width:
        check_number(self, token)
        return self.names.sizes.new()

    def agree(self, a: Width, b: Width, node: Node, what: str) -> Width:
        sizes = self.names.sizes
        if not sizes.unify(a, b):
            message = f"{what} have different shapes: ({sizes.shown(a)}) and ({sizes.shown(b)})"
            raise clash(message, self.line.number, getattr(node.meta, "column", 0), self.line.text)
        return a


def offset(walk: Walk, time: Node) -> int:
    """0 for [t], 1 for [t-1]; anything else is refused with what to write."""
    name, *rest = time.children
    written = "".join(map(str, time.children))
    letter = walk.names.index
    if name != letter:
        raise walk.fail(f"time is written {letter} or {letter}-1, not '{written}'", name)
    if not rest:
        return 0
    if written == f"{letter}-1":
        return 1
    if rest[0] == "+":
        raise walk.fail(
            f"[{written}] lies in the future; a recurrence reads [{letter}] and [{letter}-1]", name
        )
    if not rest[1].isdigit() or rest[1].startswith("0"):
        raise walk.fail(f"time is written {letter} or {letter}-1, not '{written}'", name)
    raise walk.fail(f"[{written}] is read as a chain: add  d[t] = h[t-1]  and read d[t-1]", name)


MOST_PERIOD = 10_000


def clock(walk: Walk, letter: Token, period: Token, phase: Token) -> str:
    """The name of the clock of when(t % period == phase, …). Raises CellError."""
    if letter != walk.names.index:
        raise walk.fail(f"a choice by time reads when({walk.names.index} % 2 == 0, a, b)", letter)
    if not (period.isdigit() and 1 <= int(period[:6]) <= MOST_PERIOD):
        raise walk.fail(f"a period is a whole number from 1 to {MOST_PERIOD:,}", period)
    if not (phase.isdigit() and int(phase[:6]) < int(period)):
        raise walk.fail(f"the remainder by {period} lies between 0 and {int(period) - 1}", phase)
    return f"clock_{int(period)}" + (f"_{int(phase)}" if int(phase) else "")


def check_number(walk: Walk, token: Token) -> None:
    """Numbers are exact fractions here, so their size is limited."""
    digits, _, exponent = token.lower().partition("e")
    small = len(token) <= 40 and abs(int(exponent or 0)) <= 60
    if not small or (digits.strip("0.") and not 1e-30 <= abs(float(token)) <= 1e30):
        raise walk.fail("a number lies between 1e-30 and 1e30 and has at most 40 digits", token)


def moments(node: Any) -> Iterator[tuple[str, int, Node]]:
    """Every signal mentioned in a tree: name, 0 for [t] or 1 for [t-1], and its node."""
    if isinstance(node, Tree):
        if node.data == "moment":
            yield str(node.children[0]), len(node.children[1].children) > 1, node
        else:
            for child in node.children:
                yield from moments(child)
