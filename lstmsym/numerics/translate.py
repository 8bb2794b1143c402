"""From terms to numbers: one line a node, over any number system.

The same table runs over floats, over autograd's boxes and over integers modulo a prime; see
`arithmetic`. A term with one column is an array (..., rows), any other (..., rows, columns).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, reduce
from typing import Any

import numpy as np
from sympy import Basic

from lstmsym.equations import derived as d
from lstmsym.equations import terms as e
from lstmsym.equations.terms import Term, t
from lstmsym.errors import MissingRule
from lstmsym.numerics.arithmetic import Arithmetic, Floats
from lstmsym.numerics.environment import Environment

Array = Any
FLOATS = Floats()


def evaluate(term: Term, env: Environment, arithmetic: Arithmetic = FLOATS) -> Array:
    """The value of a term: (..., rows) where it has one column, else (..., rows, columns).

    Raises MissingRule for a node without a line in `NUMBERS`, UnknownName or InputError for a name
    or a size that the environment does not have.
    """
    return Evaluation(env, arithmetic).value(term)


class Evaluation:
    """One number system and one environment; the lines of `NUMBERS` call these."""

    def __init__(self, env: Environment, arithmetic: Arithmetic) -> None:
        self.env, self.a = env, arithmetic

    def value(self, term: Term) -> Array:
        """The number of one node."""
        line = NUMBERS.get(type(term))
        if line is None:
            name = type(term).__name__
            raise MissingRule(f"{name} has no line in the table of numerics.translate")
        return line(self, term)

    def all(self, term: Term) -> list[Array]:
        """The numbers of the parts of a node."""
        return [self.value(part) for part in term.parts]

    def matrix(self, term: Term) -> Array:
        """The number of a node with its columns kept: (..., rows, 1) of a vector."""
        value = self.value(term)
        return value[..., None] if is_column(term) else value

    def shaped(self, term: Term, matrix: Array) -> Array:
        """A matrix as the array of its term: a single column loses its last dimension."""
        return matrix[..., 0] if is_column(term) else matrix

    def sizes(self, term: Term) -> tuple[int, ...]:
        """The array dimensions of a term without its draws."""
        rows, cols = term.shape
        own = (self.env.size(rows),)
        return own if is_column(term) else (*own, self.env.size(cols))

    def fill(self, term: e.Fill) -> Array:
        """A constant; a scalar parameter is spread over the shape."""
        if not isinstance(term.value, e.Parameter):
            return self.a.constant(term.value, self.sizes(term))
        scalar, shape = self.env.parameter(term.value.name), self.sizes(term)
        spread = scalar.reshape(scalar.shape[:-1] + (1,) * len(shape))
        return self.a.multiply(self.a.constant(1, shape), spread)

    def product(self, term: e.MatrixProduct) -> Array:
        """Matrices onto a vector from the right, or matrices from the left."""
        *first, last = term.parts
        if is_column(term):
            vector = self.value(last)
            return reduce(lambda v, A: self.a.matvec(self.matrix(A), v), reversed(first), vector)
        return reduce(self.a.matmul, map(self.matrix, term.parts))

    def slice(self, part: d.Selector) -> slice:
        """Where a part lies in its stack."""
        start = sum(map(self.env.size, part.widths[: part.index]))
        return slice(start, start + self.env.size(part.widths[part.index]))

    def blocks(self, term: d.Blocks) -> Array:
        return self.a.blocks([[self.matrix(block) for block in row] for row in term.grid])

    def pieces(self, stack: Term, piece: Any) -> Array:
        return self.a.pieces(self.value(stack), self.env.size(piece))

    def shift(self, term: d.Shift) -> Array:
        """Ones at (i, i - places)."""
        n = self.env.size(term.rows)
        chosen = np.eye(n, k=-term.places, dtype=bool)
        return np.where(chosen, self.a.constant(1, (n, n)), self.a.constant(0, (n, n)))

    def named(self, term: d.StateJacobian | d.Partial) -> Array:
        """A named derivative: its definition at its own time, worked out once a time."""
        definition, time = self.env.definition(term)
        env = self.env.bind({t: time})
        bound = tuple((s, env.times[s]) for s in times_in(definition) if s in env.times)
        key = (definition, bound, self.a)
        if key not in env.memory:
            env.memory[key] = Evaluation(env, self.a).value(definition)
        return env.memory[key]

    def over_time(self, term: d.SumOverTime | d.ProductOverTime) -> list[Array]:
        """The body at every time of the range, oldest first."""
        _, index, lower, upper = term.args
        times = range(self.env.time(lower), self.env.time(upper) + 1)
        body = term.body
        return [Evaluation(self.env.bind({index: j}), self.a).value(body) for j in times]

    def total(self, term: d.SumOverTime) -> Array:
        values = self.over_time(term)
        return reduce(self.a.add, values) if values else self.a.constant(0, self.sizes(term))

    def chain(self, term: d.ProductOverTime) -> Array:
        """The newest factor on the left; of vectors elementwise; empty: identity or ones."""
        values = self.over_time(term)
        if is_column(term):
            return (
                reduce(self.a.multiply, values) if values else self.a.constant(1, self.sizes(term))
            )
        newest_first = values[::-1]
        return (
            reduce(self.a.matmul, newest_first) if values else self.a.eye(self.env.size(term.rows))
        )


NUMBERS: dict[type[Term], Callable[[Evaluation, Any], Array]] = {
    e.Signal:          lambda v, a: v.env.signal(a.name, v.env.time(a.time)),
    e.Parameter:       lambda v, a: v.env.parameter(a.name),
    e.Fill:            lambda v, a: v.fill(a),
    e.Plus:            lambda v, a: reduce(v.a.add, v.all(a)),
    e.Hadamard:        lambda v, a: reduce(v.a.multiply, v.all(a)),
    e.Quotient:        lambda v, a: v.a.divide(*v.all(a)),
    e.MatrixProduct:   lambda v, a: v.product(a),
    e.Elementwise:     lambda v, a: v.a.apply(a.function, v.value(a.inside)),
    e.Concatenation:   lambda v, a: v.a.concatenate(v.all(a)),
    d.Eye:             lambda v, a: v.shaped(a, v.a.eye(v.env.size(a.rows))),
    d.Selector:        lambda v, a: v.shaped(a, v.a.eye(v.env.size(a.rows))[:, v.slice(a)]),
    d.Columns:         lambda v, a: v.shaped(a, v.matrix(a.parameter)[..., v.slice(a.part)]),
    d.Diagonal:        lambda v, a: v.shaped(a, v.a.diagonal(v.value(a.inside))),
    d.Transposed:      lambda v, a: v.shaped(a, v.a.transpose(v.matrix(a.inside))),
    d.Outer:           lambda v, a: v.shaped(a, v.a.outer(*v.all(a))),
    d.Dot:             lambda v, a: v.a.dot(*v.all(a)),
    d.Softmax:         lambda v, a: v.a.softmax(v.value(a.inside)),
    d.Maximum:         lambda v, a: v.a.maximum(*v.all(a)),
    d.Kronecker:       lambda v, a: v.shaped(a, v.a.kronecker(*map(v.matrix, a.parts))),
    d.Pieces:          lambda v, a: v.shaped(a, v.pieces(a.stack, a.rows)),
    d.Read:            lambda v, a: v.a.matvec(v.pieces(a.stack, a.rows), v.value(a.by)),
    d.Shift:           lambda v, a: v.shaped(a, v.shift(a)),
    d.Blocks:          lambda v, a: v.shaped(a, v.blocks(a)),
    d.StateJacobian:   lambda v, a: v.named(a),
    d.Partial:         lambda v, a: v.named(a),
    d.Adjoint:         lambda v, a: v.env.adjoint(a.of.name, v.env.time(a.of.time), a.scope),
    d.Gradient:        lambda v, a: v.env.gradient(a.parameter.name),
    d.SumOverTime:     lambda v, a: v.total(a),
    d.ProductOverTime: lambda v, a: v.chain(a),
}  # fmt: skip


@lru_cache(maxsize=8192)
def is_column(term: Term) -> bool:
    """Whether a term is written as a vector: one column, whatever the number of rows."""
    return bool(term.cols == 1)


@lru_cache(maxsize=8192)
def times_in(term: Basic) -> tuple[Any, ...]:
    """The symbols on which a term depends, sizes included, in a fixed order."""
    return tuple(sorted(term.free_symbols, key=str))
