"""The functions of a cell text that are not activations: what sizes they ask for, and the term they make.

Each is two lines of `FORMS`: `size` unifies the widths of its arguments and returns its own, `build`
makes the term from the arguments and the rows that the context asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sympy import Basic, Integer

from lstmsym.equations.shapes import Times, Width, times
from lstmsym.equations.structured import Dot, Eye, Kronecker, Maximum, Read, Shift, Softmax
from lstmsym.equations.terms import Fill, MatrixProduct, Term

if TYPE_CHECKING:
    from lstmsym.equations.build import Building
    from lstmsym.equations.sizing import Sizing

Node = Any
ONE: Width = (Integer(1),)


@dataclass(frozen=True)
class Form:
    """A function of a cell text. `usage` is how it is written; its commas count the arguments."""

    usage: str
    about: str
    size: Callable[[Sizing, tuple[Node, ...]], Width]
    build: Callable[[Building, tuple[Node, ...], Basic], Term]

    @property
    def arguments(self) -> int:
        return self.usage.count(",") + 1


def _size_max(s: Sizing, a: tuple[Node, ...]) -> Width:
    return s.agree(s.visit(a[0]), s.visit(a[1]), a[1], "the two sides of max")


def _size_dot(s: Sizing, a: tuple[Node, ...]) -> Width:
    s.agree(s.visit(a[0]), s.visit(a[1]), a[1], "the two sides of dot")
    return ONE


def _size_sum(s: Sizing, a: tuple[Node, ...]) -> Width:
    s.visit(a[0])
    return ONE


def _size_read(s: Sizing, a: tuple[Node, ...]) -> Width:
    """The stack has as many pieces as the vector that reads it has entries."""
    piece = s.names.sizes.new()
    s.agree(s.visit(a[0]), times(s.visit(a[1]), piece), a[0], "a matrix state and what reads it")
    return piece


def _size_each(s: Sizing, a: tuple[Node, ...]) -> Width:
    weight, stack = a
    if weight.data != "parameter":
        raise s.fail("each(W, a) takes a parameter matrix first", weight)
    rows, cols = s.as_parameter(weight.children[0], 2, weight)
    pieces = s.names.sizes.new()
    s.agree(times(pieces, cols), s.visit(stack), stack, "a stack and the matrix for its pieces")
    return times(pieces, rows)


def _size_repeat(s: Sizing, a: tuple[Node, ...]) -> Width:
    return times(s.names.sizes.new(), s.visit(a[0]))


def _size_outer(s: Sizing, a: tuple[Node, ...]) -> Width:
    v, k = map(s.visit, a)
    return times(k, v)


def _size_shift(s: Sizing, a: tuple[Node, ...]) -> Width:
    whole_number(s, a[1])
    width = s.visit(a[0])
    stack = times(s.names.sizes.new(), s.names.sizes.new())
    return s.agree(width, stack, a[0], "what is shifted and a stack of pieces")


def _build_dot(b: Building, a: tuple[Node, ...], rows: Basic) -> Term:
    width = b.width(a[0])
    return Dot(b.vector(a[0], width), b.vector(a[1], width))


def _build_sum(b: Building, a: tuple[Node, ...], rows: Basic) -> Term:
    width = b.width(a[0])
    return Dot(Fill(1, width), b.vector(a[0], width))


def _build_read(b: Building, a: tuple[Node, ...], rows: Basic) -> Term:
    return Read(b.vector(a[0], b.width(a[0])), b.vector(a[1], b.width(a[1])))


def _build_each(b: Building, a: tuple[Node, ...], rows: Basic) -> Term:
    stack = b.stack_of(a[1])
    weight = b.parameter(a[0].children[0], rows)
    pieces = Eye(b.names.sizes.value(stack.pieces))
    return MatrixProduct(Kronecker(pieces, weight), b.vector(a[1], b.width(a[1])))


def _build_repeat(b: Building, a: tuple[Node, ...], rows: Basic) -> Term:
    v = b.vector(a[0], b.width(a[0]))
    return Kronecker(Fill(1, rows / v.rows), v)


def _build_outer(b: Building, a: tuple[Node, ...], rows: Basic) -> Term:
    v, k = (b.vector(c, b.width(c)) for c in a)
    return Kronecker(k, v)


def _build_shift(b: Building, a: tuple[Node, ...], rows: Basic) -> Term:
    stack = b.stack_of(a[0])
    pieces, piece = map(b.names.sizes.value, (stack.pieces, stack.piece))
    move = Kronecker(Shift(pieces, whole_number(b, a[1])), Eye(piece))
    return MatrixProduct(move, b.vector(a[0], rows))


def whole_number(walk: Any, node: Node) -> int:
    """The number of places, 1 or -1 or so. Raises CellError."""
    sign, inner = (-1, node.children[0]) if node.data == "negative" else (1, node)
    digits = str(inner.children[0]) if inner.data == "number" else ""
    if not digits.isdigit() or not 1 <= int(digits[:5]) <= 1000:
        raise walk.fail("shift(a, 1) takes a whole number of places, as in 1 or -1", node)
    return sign * int(digits)


# fmt: off
FORMS: dict[str, Form] = {
    "softmax": Form("softmax(v)",   "positive entries that sum to one", lambda s, a: s.visit(a[0]),
                    lambda b, a, rows: Softmax(b.vector(a[0], rows))),
    "max":     Form("max(a, b)",    "the larger, entry by entry", _size_max,
                    lambda b, a, rows: Maximum(b.vector(a[0], rows), b.vector(a[1], rows))),
    "dot":     Form("dot(a, b)",    "the inner product, of size 1", _size_dot, _build_dot),
    "sum":     Form("sum(a)",       "the sum of the entries, of size 1", _size_sum, _build_sum),
    "outer":   Form("outer(v, k)",  "v kᵀ as the stack of its columns", _size_outer, _build_outer),
    "read":    Form("read(C, q)",   "C q of a matrix state C, a stack of columns", _size_read, _build_read),
    "each":    Form("each(W, a)",   "W applied to each piece of a stack a", _size_each, _build_each),
    "repeat":  Form("repeat(v)",    "v once for each piece of a stack", _size_repeat, _build_repeat),
    "shift":   Form("shift(a, 1)",  "the pieces of a stack moved on, zeros at the border", _size_shift, _build_shift),
}
# fmt: on


def is_stack(width: Width) -> bool:
    """Whether a resolved width is that of one stack of pieces."""
    return len(width) == 1 and isinstance(width[0], Times)
