"""The nodes of cells beyond gates: vector functions, products of two signals, and stacks of pieces.

A stack of N pieces of size m is a vector of N m entries, piece after piece; as a matrix (`Pieces`) its
columns are the pieces. A matrix state is the stack of its columns: vec C.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer

from lstmsym.equations.exact import exact
from lstmsym.equations.terms import Size, Term, same_shape
from lstmsym.errors import ShapeError


class Eye(Term):
    """The identity matrix. Shape (size, size)."""

    def __new__(cls, size: Any) -> Eye:
        return cls._node(exact(size))

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[0], self.args[0]


class Transposed(Term):
    """The transpose Aᵀ."""

    @property
    def inside(self) -> Term:
        return self.args[0]

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[0].cols, self.args[0].rows


class Dot(Term):
    """The inner product aᵀ b of two vectors. Shape (1, 1)."""

    @property
    def shape(self) -> tuple[Size, Size]:
        return Integer(1), Integer(1)


class Softmax(Term):
    """e^{v_i} / Σ_j e^{v_j}: positive entries that sum to one."""

    @property
    def inside(self) -> Term:
        return self.args[0]

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.inside.shape


class Maximum(Term):
    """The larger of two terms of one shape, entry by entry."""

    def __new__(cls, a: Term, b: Term) -> Maximum:
        same_shape("compared", (a, b))
        return cls._node(a, b)

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[0].shape


class Kronecker(Term):
    """A ⊗ B, every entry of A times B. Shape (rows A · rows B, columns A · columns B).

    1 ⊗ v repeats a vector, k ⊗ v is vec(v kᵀ), I ⊗ W applies W to each piece of a stack.
    """

    def __new__(cls, a: Term, b: Term) -> Kronecker:
        return cls._node(a, b)

    @property
    def shape(self) -> tuple[Size, Size]:
        a, b = self.args
        return (a.rows * b.rows).expand(), (a.cols * b.cols).expand()


class Pieces(Term):
    """A stack of pieces as the matrix whose columns they are. Shape (piece, number of pieces)."""

    def __new__(cls, stack: Term, piece: Any) -> Pieces:
        return cls._node(stack, exact(piece))

    @property
    def stack(self) -> Term:
        return self.args[0]

    @property
    def shape(self) -> tuple[Size, Size]:
        piece = self.args[1]
        return piece, count(self.stack.rows, piece)


class Read(Term):
    """C q of a matrix state C given as the stack of its columns. Shape (piece, 1)."""

    def __new__(cls, stack: Term, by: Term) -> Read:
        if by.cols != 1 or not divides(by.rows, stack.rows):
            raise ShapeError(f"a stack of {stack.rows} entries cannot be read by {by.rows} weights")
        return cls._node(stack, by)

    @property
    def stack(self) -> Term:
        return self.args[0]

    @property
    def by(self) -> Term:
        return self.args[1]

    @property
    def shape(self) -> tuple[Size, Size]:
        return count(self.stack.rows, self.by.rows), Integer(1)


class Shift(Term):
    """The matrix that moves each piece of a stack `places` on; what comes in is zero. Shape (count, count)."""

    def __new__(cls, pieces: Any, places: Any) -> Shift:
        return cls._node(exact(pieces), exact(places))

    @property
    def places(self) -> int:
        return int(self.args[1])

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[0], self.args[0]


STRUCTURED = (Eye, Transposed, Dot, Softmax, Maximum, Kronecker, Read, Shift)


def count(rows: Expr, piece: Expr) -> Expr:
    """The number of pieces of a stack: N m / m = N."""
    return (rows / piece).expand()


def divides(piece: Expr, rows: Expr) -> bool:
    """Whether a stack of so many rows can be cut into such pieces, whatever the sizes."""
    return bool(count(rows, piece).as_numer_denom()[1] == 1)
