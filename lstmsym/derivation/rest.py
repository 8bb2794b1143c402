"""The joint Jacobian of a cell at rest: states, inputs and biases zero, so that every gate is one number.

What is left of each block is a polynomial in the recurrent weights, and its eigenvalues can often be read off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import sympy
from sympy import Expr, Integer, Matrix, Symbol

from lstmsym.derivation.state import block
from lstmsym.equations import derived as d
from lstmsym.equations import terms as e
from lstmsym.equations.cell import Cell

MU, LAMBDA = sympy.symbols("mu lambda")

# fmt: off
AT: dict[str, Callable[[Expr], Expr]] = {
    "sigmoid":  lambda a: 1 / (1 + sympy.exp(-a)),
    "tanh":     sympy.tanh,
    "relu":     lambda a: sympy.Max(a, 0),
    "identity": lambda a: a,
    "exp":      sympy.exp,
    "softplus": lambda a: sympy.log(1 + sympy.exp(a)),
    "square":   lambda a: a**2,
    "step":     lambda a: Integer(1) if a > 0 else Integer(0),
    "log":      sympy.log,
    "sqrt":     sympy.sqrt,
    "sin":      sympy.sin,
    "cos":      sympy.cos,
    "abs":      sympy.Abs,
    "sign":     sympy.sign,
    "activation": lambda a: sympy.log(1 + sympy.exp(a)),
    "activation_slope": lambda a: 1 / (1 + sympy.exp(-a)),
}
# fmt: on


class NotUniform(Exception):
    """Some vector at rest has different entries, or a term is none of those that this module reads."""


@dataclass(frozen=True)
class Rest:
    """J at rest, all states by all states, in recurrent weights that do not commute.

    weights       what the symbols in J stand for
    eigenvalues   as formulas in μ, which is any eigenvalue of the only weight; None where they are not found
    """

    blocks: Matrix
    weights: dict[Symbol, e.Term]
    eigenvalues: tuple[Expr, ...] | None


@lru_cache(maxsize=256)
def at_rest(cell: Cell) -> Rest | None:
    """J at rest; None for a cell whose signals are not uniform there."""
    try:
        reader = _Reader(cell)
        rows = [[reader.matrix(block(cell, a, b)) for b in cell.states] for a in cell.states]
    except NotUniform:
        return None
    blocks = Matrix(rows).applyfunc(sympy.expand)
    weights = {s: reader.weights[s] for s in reader.weights if s in blocks.free_symbols}
    square = len({cell.signals[s].rows for s in cell.states}) == 1
    found = _eigenvalues(blocks, weights) if square and len(weights) <= 1 else None
    return Rest(blocks, weights, found)


def _eigenvalues(blocks: Matrix, weights: Iterable[Symbol]) -> tuple[Expr, ...] | None:
    """The roots of det(λ - J), the blocks being polynomials in one matrix that commute."""
    numbers = blocks.subs({w: MU for w in weights})
    roots = sympy.roots(sympy.Poly(numbers.charpoly(LAMBDA).as_expr(), LAMBDA))
    if sum(roots.values()) != numbers.rows:
        return None
    return tuple(sorted((sympy.expand(root) for root in roots), key=lambda a: (a.has(MU), str(a))))


class _Reader:
    """Values at rest: a vector is one number, a matrix a polynomial in weights."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.biases = _biases(cell)
        self.weights: dict[Symbol, e.Term] = {}
        self.at_t: dict[str, Expr] = {x.name: Integer(0) for x in cell.inputs}
        self.at_t |= {clock: Integer(phase == 1) for clock, (_, phase) in cell.clocks.items()}
        for equation in cell:
            self.at_t[equation.name] = self.vector(equation.right)

    def vector(self, term: e.Term) -> Expr:
        """The number that every entry is. Raises NotUniform."""
        match term:
            case e.Signal():
                return self.at_t[term.name] if term.time == e.t else Integer(0)
            case e.Fill():
                return self.number(term)
            case e.Plus():
                return sum(map(self.vector, term.parts), Integer(0))
            case e.Parameter() if term in self.biases:
                return Integer(0)
            case e.Hadamard():
                return self.product(term.parts)
            case e.Quotient() if (below := self.vector(term.parts[1])) != 0:
                return self.vector(term.parts[0]) / below
            case e.Elementwise():
                return AT[term.function](self.vector(term.inside))
            case d.Maximum():
                return sympy.Max(*map(self.vector, term.parts))
            case e.MatrixProduct() if self.vector(term.parts[-1]) == 0:
                return Integer(0)
            case e.Concatenation() | d.Kronecker() if {self.vector(a) for a in term.parts} == {0}:
                return Integer(0)
        raise NotUniform

    def product(self, parts: tuple[e.Term, ...]) -> Expr:
        """Zero as soon as one factor is."""
        found: list[Expr | None] = []
        for a in parts:
            try:
                found.append(self.vector(a))
            except NotUniform:
                found.append(None)
        if 0 in found:
            return Integer(0)
        if None in found:
            raise NotUniform
        return prod(found, start=Integer(1))  # type: ignore[arg-type]

    def number(self, term: e.Fill) -> Expr:
        value = term.value
        if isinstance(value, e.Parameter):
            return self.cell.constants.get(value.name, Symbol(value.name))
        return value

    def diagonal(self, vector: e.Term) -> Expr:
        """diag of a vector: a number, or a weight."""
        if isinstance(vector, e.Parameter):
            return self.weight(d.Diagonal(vector))
        if isinstance(vector, e.Hadamard) and any(isinstance(a, e.Parameter) for a in vector.parts):
            return prod((self.diagonal(a) for a in vector.parts), start=Integer(1))
        return self.vector(vector)

    def matrix(self, term: e.Term) -> Expr:
        """A polynomial in weights; numbers stand for multiples of the identity. Raises NotUniform."""
        match term:
            case d.Eye():
                return Integer(1)
            case e.Fill() if term.value == 0:
                return Integer(0)
            case d.Diagonal():
                return self.diagonal(term.inside)
            case e.Plus():
                return sum(map(self.matrix, term.parts), Integer(0))
            case e.MatrixProduct():
                return prod(map(self.matrix, term.parts), start=Integer(1))
            case e.Hadamard() if isinstance(term.parts[0], e.Fill):
                rest = prod(map(self.matrix, term.parts[1:]), start=Integer(1))
                return self.number(term.parts[0]) * rest
            case e.Parameter() | d.Columns():
                return self.weight(term)
            case d.Transposed() if isinstance(term.inside, e.Parameter):
                return self.weight(term)
            case d.Partial() if term.kind == "block":
                return self.matrix(block(self.cell, term.above.name, term.below.name))
        raise NotUniform

    def weight(self, term: e.Term) -> Symbol:
        """A weight as a symbol that does not commute."""
        symbol = Symbol(str(term), commutative=False)
        self.weights[symbol] = term
        return symbol


def _biases(cell: Cell) -> frozenset[e.Term]:
    """The vectors that are added, and nowhere a factor."""
    nodes = [a for equation in cell for a in e.walk(equation.right)]
    added = {b for a in nodes if isinstance(a, e.Plus) for b in a.parts}
    factors = {b for a in nodes if isinstance(a, e.Hadamard) for b in a.parts}
    return frozenset(b for b in added - factors if isinstance(b, e.Parameter) and b.cols == 1)
