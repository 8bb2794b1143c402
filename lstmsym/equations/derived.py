"""The nodes that only derivatives need: structured matrices, names of derivatives, sums over time.

None of them can stand in a cell's equation; the readers never make one.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer

from lstmsym.equations.exact import as_name, exact
from lstmsym.equations.structured import (
    STRUCTURED,
    Dot,
    Eye,
    Kronecker,
    Maximum,
    Pieces,
    Read,
    Shift,
    Softmax,
    Transposed,
)
from lstmsym.equations.terms import (
    PLAIN_TERMS,
    Concatenation,
    Parameter,
    Signal,
    Size,
    Term,
    walk,
)


class Selector(Term):
    """The part `index` of a stacked vector as a matrix: [0; I; 0]. Shape (sum of widths, width of the part).

    The label names the part: the columns W_f @ Selector print as W_{fh}.
    """

    def __new__(cls, label: Any, index: Any, *widths: Any) -> Selector:
        return cls._node(as_name(label), exact(index), *map(exact, widths))

    @property
    def label(self) -> str:
        return str(self.args[0].name)

    @property
    def index(self) -> int:
        return int(self.args[1])

    @property
    def widths(self) -> tuple[Size, ...]:
        return self.args[2:]

    @property
    def shape(self) -> tuple[Size, Size]:
        return sum(self.widths, Integer(0)), self.widths[self.index]


class Columns(Term):
    """The columns of a weight that multiply one part of a concatenation: W_f = [W_{fh} W_{fx}]."""

    def __new__(cls, parameter: Term, part: Selector) -> Columns:
        return cls._node(parameter, part)

    @property
    def parameter(self) -> Parameter:
        return self.args[0]

    @property
    def part(self) -> Selector:
        return self.args[1]

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.parameter.rows, self.part.cols


class Diagonal(Term):
    """diag(v): the square matrix with the vector v on its diagonal."""

    @property
    def inside(self) -> Term:
        return self.args[0]

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[0].rows, self.args[0].rows


class Outer(Term):
    """The outer product a bᵀ of two vectors. Shape (rows of a, rows of b)."""

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[0].rows, self.args[1].rows


class Blocks(Term):
    """A block matrix, row by row: Blocks(2, A, B, C, D) is [A B; C D]."""

    def __new__(cls, across: Any, *blocks: Term) -> Blocks:
        return cls._node(exact(across), *blocks)

    @property
    def across(self) -> int:
        return int(self.args[0])

    @property
    def grid(self) -> list[tuple[Term, ...]]:
        n = self.across
        return [self.args[i : i + n] for i in range(1, len(self.args), n)]

    @property
    def shape(self) -> tuple[Size, Size]:
        return (
            sum((row[0].rows for row in self.grid), Integer(0)),
            sum((block.cols for block in self.grid[0]), Integer(0)),
        )


class StateJacobian(Term):
    """J at a time: the Jacobian of all states by all states one step before. A name, defined by a derivation."""

    def __new__(cls, time: Any, size: Any) -> StateJacobian:
        return cls._node(exact(time), exact(size))

    @property
    def time(self) -> Expr:
        return self.args[0]

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[1], self.args[1]


class Partial(Term):
    """A derivative that is named and not yet worked out: ∂C_t/∂C_{t-1} of one kind, rows outputs.

    The kinds are those of `derivation.kinds`; "local" is the derivative of one equation by one argument.
    """

    def __new__(cls, above: Signal, below: Signal, kind: Any) -> Partial:
        return cls._node(above, below, as_name(kind))

    @property
    def above(self) -> Signal:
        return self.args[0]

    @property
    def below(self) -> Signal:
        return self.args[1]

    @property
    def kind(self) -> str:
        return str(self.args[2].name)

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[0].rows, self.args[1].rows


class Adjoint(Term):
    """δs_t = ∂L/∂s_t, a vector of the signal's shape; scope "whole", or "own" for ∂L_t/∂s_t at step t alone."""

    def __new__(cls, of: Signal, scope: Any = "whole") -> Adjoint:
        return cls._node(of, as_name(scope))

    @property
    def of(self) -> Signal:
        return self.args[0]

    @property
    def scope(self) -> str:
        return str(self.args[1].name)

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.of.shape


class Gradient(Term):
    """∂L/∂W: the gradient by a parameter, in the parameter's own shape."""

    @property
    def parameter(self) -> Parameter:
        return self.args[0]

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.parameter.shape


class SumOverTime(Term):
    """Σ over index = lower … upper. Nothing is summed where upper < lower."""

    def __new__(cls, body: Term, index: Any, lower: Any, upper: Any) -> SumOverTime:
        return cls._node(body, index, exact(lower), exact(upper))

    @property
    def body(self) -> Term:
        return self.args[0]

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.body.shape


class ProductOverTime(Term):
    """∏ over index = lower … upper: of matrices the matrix product, newest factor on the left; of vectors ⊙.

    The empty product is the identity, or ones.
    """

    def __new__(cls, body: Term, index: Any, lower: Any, upper: Any) -> ProductOverTime:
        return cls._node(body, index, exact(lower), exact(upper))

    @property
    def body(self) -> Term:
        return self.args[0]

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.body.shape


CELL_TERMS = (*PLAIN_TERMS, *STRUCTURED)
TERMS = (
    *CELL_TERMS, Pieces, Selector, Columns, Diagonal, Outer, Blocks, StateJacobian, Partial, Adjoint,
    Gradient, SumOverTime, ProductOverTime,
)  # fmt: skip

__all__ = [
    "CELL_TERMS", "TERMS", "Adjoint", "Blocks", "Columns", "Diagonal", "Dot", "Eye", "Gradient", "Kronecker",
    "Maximum", "Outer", "Partial", "Pieces", "ProductOverTime", "Read", "Selector", "Shift", "Softmax",
    "StateJacobian", "SumOverTime", "Transposed", "part_of",
]  # fmt: skip


def part_of(stack: Concatenation, index: int) -> Selector:
    """The selector of one part, labelled by the last signal named in it, or by its place."""
    labels = [_label(a) for a in stack.parts]
    label = labels[index] if labels.count(labels[index]) == 1 else str(index + 1)
    return Selector(label, index, *(a.rows for a in stack.parts))


def _label(term: Term) -> str:
    named = [a.name for a in walk(term) if isinstance(a, Signal)]
    return named[-1] if named else "1"
