"""From syntax trees to terms, once `sizing` knows what each name is and how large."""

from __future__ import annotations

from typing import Any

from lark import Token
from sympy import Basic, Dummy, Integer, Rational

from lstmsym.equations.functions import FORMS, is_stack
from lstmsym.equations.shapes import Times
from lstmsym.equations.sizing import Sizing, Walk, clock, offset
from lstmsym.equations.structured import Transposed
from lstmsym.equations.terms import (
    Concatenation,
    Elementwise,
    Fill,
    Hadamard,
    MatrixProduct,
    Parameter,
    Plus,
    Quotient,
    Signal,
    Term,
    is_fill,
    negative,
    one_minus,
    t,
)  # fmt: skip

Node = Any  # a lark tree; its children are not typed


class Building(Walk):
    """The term of every node; `rows` is what the context asks of numbers and scalars."""

    def vector(self, node: Node, rows: Basic) -> Term:
        """The term of a node; one of size 1 is spread over the rows that are asked for."""
        if self.names.has_scalars and rows != 1 and self.natural(node) == 1:
            return MatrixProduct(Fill(1, rows), self.vector(node, Integer(1)))
        return getattr(self, node.data)(*node.children, rows=rows)

    def natural(self, node: Node) -> Basic:
        """The rows that a node has by itself; of numbers alone an unknown."""
        return self.names.sizes.value(Sizing(self.names, self.line).visit(node))

    def stack_of(self, node: Node) -> Times:
        """The size of a stack. Raises CellError for what has no pieces."""
        width = self.names.sizes.resolve(Sizing(self.names, self.line).visit(node))
        if not is_stack(width):
            raise self.fail("this is no stack of pieces; declare one as in  signal a : N * m", node)
        assert isinstance(width[0], Times)
        return width[0]

    def moment(self, name: Token, time: Node, rows: Basic) -> Term:
        return Signal(
            name, t - offset(self, time), self.names.sizes.value(self.names.signals[name])
        )

    def parameter(self, name: Token, rows: Basic) -> Term:
        if self.names.kind(name) == "scalar":
            return Fill(Parameter(name, 1, 1), rows)
        return Parameter(name, *map(self.names.sizes.value, self.names.parameters[name]))

    def number(self, token: Token, rows: Basic) -> Term:
        return Fill(Rational(str(token)), rows)

    def matrix_product(self, left: Node, right: Node, rows: Basic) -> Term:
        if left.data == "moment":
            return FORMS["read"].build(self, (left, right), rows)
        weight = self.parameter(left.children[0], rows)
        weight = Transposed(weight) if left.data == "transposed" else weight
        return MatrixProduct(weight, self.vector(right, weight.cols))

    def plus(self, a: Node, b: Node, rows: Basic) -> Term:
        return Plus(*flat("plus", self, a, rows), self.vector(b, rows))

    def minus(self, a: Node, b: Node, rows: Basic) -> Term:
        return Plus(*flat("plus", self, a, rows), negative(self.vector(b, rows)))

    def hadamard(self, a: Node, b: Node, rows: Basic) -> Term:
        for side in (a, b):
            if side.data == "matrix_product":
                raise self.fail(
                    "@ and * side by side can be read two ways; put the matrix product in brackets",
                    side,
                )
        return Hadamard(*flat("hadamard", self, a, rows), self.vector(b, rows))

    def quotient(self, a: Node, b: Node, rows: Basic) -> Term:
        below = self.vector(b, rows)
        if is_fill(below, 0):
            raise self.fail("division by zero", b)
        return Quotient(self.vector(a, rows), below)

    def negative(self, a: Node, rows: Basic) -> Term:
        return negative(self.vector(a, rows))

    def group(self, a: Node, rows: Basic) -> Term:
        return self.vector(a, rows)

    def apply(self, function: Token, *inside: Node, rows: Basic) -> Term:
        if function in FORMS:
            return FORMS[function].build(self, inside, rows)
        return Elementwise(function, self.vector(inside[0], rows))

    def when(self, keyword: Token, letter: Token, period: Token, phase: Token, a: Node, b: Node,
             rows: Basic) -> Term:  # fmt: skip
        """c ⊙ a + (1 - c) ⊙ b, with the clock c one where the time is right and zero elsewhere."""
        c = Signal(clock(self, letter, period, phase), t, 1)
        spread = lambda s: s if rows == 1 else MatrixProduct(Fill(1, rows), s)  # noqa: E731
        first, second = self.vector(a, rows), self.vector(b, rows)
        return Plus(Hadamard(spread(c), first), Hadamard(spread(one_minus(c)), second))

    def stack(self, *parts: Node, rows: Basic) -> Term:
        return Concatenation(*(self.vector(part, self.width(part)) for part in parts))

    def width(self, part: Node) -> Basic:
        """The rows of a part. All sizes have their names by now; what has none is made of numbers alone."""
        rows = self.names.sizes.value(Sizing(self.names, self.line).visit(part))
        if rows.has(Dummy):
            raise self.fail(
                "a number in a concatenation has no length; declare a parameter vector instead",
                part,
            )
        return rows


def flat(kind: str, builder: Building, node: Node, rows: Basic) -> tuple[Term, ...]:
    """The author's a + b + c as one sum of three, a * b * c as one product; brackets are kept."""
    term = builder.vector(node, rows)
    same = node.data in (("plus", "minus") if kind == "plus" else ("hadamard",))
    return term.parts if same else (term,)
