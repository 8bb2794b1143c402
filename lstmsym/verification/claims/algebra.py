"""What a product, a sum or a function of written formulas is worth, by the shapes of what stands in it.

A value is a number (), a vector (n,) or a matrix (r, c), over any number system. A vector has no direction
until somebody transposes it. Sizes of an instance are all different, so shapes decide what a sign means;
what was assumed beyond the letter of the formula is noted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from lstmsym.calculus.rules import SLOPES
from lstmsym.equations.terms import Signal, t
from lstmsym.numerics.arithmetic import Arithmetic
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.translate import evaluate
from lstmsym.verification.claims import stacks
from lstmsym.verification.claims.value import Beyond, Misfit, Unsized, Value

Array = Any
ELEMENTWISE = ("odot", "circ", "bullet")


AS_OUTER = "a product of two vectors of different sizes is read as their outer product"


@dataclass
class Algebra:
    """Sums, products and functions of values; `notes` collects what had to be assumed, `met` the choices that mattered.

    scaled  whether v M and M v of a vector and a matrix are diag(v) M and M diag(v)
    rows    whether vectors are rows, so that xᵀ δ is an outer product
    outer   whether a ⊗ b is one too
    stacks  the stacks of pieces that the cell has: how many, and how large
    """

    arithmetic: Arithmetic
    scaled: bool = False
    rows: bool = False
    outer: bool = False
    stacks: stacks.Pairs = ()
    notes: dict[str, None] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    def note(self, words: str) -> None:
        self.notes[words] = None

    def number(self, value: Any) -> Value:
        return Value(self.arithmetic.constant(value, ()))

    # --- sums -------------------------------------------------------------------------------------

    def add(self, a: Value, b: Value) -> Value:
        """a + b; a number is added to every entry, a vector beside a matrix is its diagonal."""
        if a.dims < b.dims:
            return self.add(b, a)
        eye = a.eye and b.eye
        if a.dims == 2 and b.dims == 1 and a.shape == (*b.shape, *b.shape):
            self.note("a vector stands for the diagonal matrix with its entries")
            b = self.diagonal(b)
        if a.dims == 2 and b.dims == 0:
            if not b.eye and b.array == 0:
                return a
            if a.shape[0] != a.shape[1]:
                raise Misfit(f"a number is added to a matrix of shape {a.shape}")
            if not b.eye:
                self.note("a number beside a matrix stands for that multiple of the identity")
            b = Value(self.arithmetic.multiply(b.array, self.arithmetic.eye(a.shape[0])))
        if b.dims and a.shape != b.shape:
            raise Misfit(f"shapes {a.shape} and {b.shape} cannot be added")
        return Value(self.arithmetic.add(a.array, b.array), a.row and (b.row or b.dims == 0), eye)

    def negative(self, a: Value) -> Value:
        minus = self.arithmetic.constant(-1, ())
        return replace(a, array=self.arithmetic.multiply(minus, a.array))

    # --- products ---------------------------------------------------------------------------------

    def multiply(self, a: Value, b: Value, sign: str) -> Value:
        """a b with what stands between them. Raises Misfit."""
        if sign == "otimes" and (a.eye or b.eye or a.ones or b.ones or (a.row and b.row)):
            return self._kronecker(a, b)
        a, b = _scalar_beside(a, b, sign)
        if sign not in ELEMENTWISE and (summed := self._entries_summed(a, b)) is not None:
            return summed
        if not (a.dims and b.dims):
            ones = (a.ones or b.ones) and not (a.dims or b.dims)
            row = (a.row or b.row) and (ones or max(a.dims, b.dims) == 1)
            array = self.arithmetic.multiply(a.array, b.array)
            return Value(array, row, a.eye or b.eye, ones)
        return {
            (1, 1): self._vectors,
            (2, 1): self._matrix_vector,
            (1, 2): self._vector_matrix,
            (2, 2): self._matrices,
        }[a.dims, b.dims](a, b, sign)

    def _kronecker(self, a: Value, b: Value) -> Value:
        found = stacks.kronecker(a, b, self.stacks, self.arithmetic)
        if found is None:
            raise Unsized(
                "the size of I or 1 in a Kronecker product is not said; write the matrix in full"
            )
        return found

    def _entries_summed(self, a: Value, b: Value) -> Value | None:
        """1ᵀ v and W 1 of a vector of ones; None for other products."""
        if a.ones and a.row and b.dims == 1:
            return Value(self.arithmetic.multiply(a.array, b.array.sum()))
        if a.ones and a.row and b.dims == 2:
            return Value(self.arithmetic.multiply(a.array, b.array.sum(axis=0)), True)
        if b.ones and not b.row and a.dims == 2:
            return Value(self.arithmetic.multiply(b.array, a.array.sum(axis=1)))
        return None

    def _vectors(self, a: Value, b: Value, sign: str) -> Value:
        column, row = (a.row, not b.row) if self.rows else (not a.row, b.row)
        if row and column and sign not in ELEMENTWISE:
            return Value(self.arithmetic.outer(a.array, b.array))
        if a.shape == b.shape and not (row or column) and sign not in ELEMENTWISE:
            return Value(self.arithmetic.dot(a.array, b.array)[..., 0])
        if sign == "otimes" and (self.outer or a.shape != b.shape):
            return Value(self.arithmetic.outer(a.array, b.array))
        if a.shape == b.shape:
            return Value(self.arithmetic.multiply(a.array, b.array), a.row and b.row)
        if sign in ELEMENTWISE:
            raise Misfit(
                f"vectors of {a.shape[0]} and {b.shape[0]} entries, multiplied elementwise"
            )
        self.note(AS_OUTER)
        if a.row and not b.row:
            return Value(self.arithmetic.outer(b.array, a.array))
        return Value(self.arithmetic.outer(a.array, b.array))

    def _matrix_vector(self, a: Value, b: Value, sign: str) -> Value:
        self.met.add("scaled")
        cols, n = a.shape[1], b.shape[0]
        if sign in ELEMENTWISE or (n != cols and self.scaled):
            return self._elementwise(b, a)
        if n == cols and self.scaled and not b.row:
            return Value(self.arithmetic.multiply(a.array, b.array[None, :]))
        if n == cols and not b.row:
            return Value(self.arithmetic.matvec(a.array, b.array))
        if n == cols and self.is_diagonal(a):
            return Value(self.arithmetic.matvec(a.array, b.array), True)
        if cols == 1:
            return Value(self.arithmetic.outer(a.array[:, 0], b.array))
        raise Misfit(f"a matrix of shape {a.shape} and a vector of {n} entries behind it")

    def _vector_matrix(self, a: Value, b: Value, sign: str) -> Value:
        self.met.add("scaled")
        rows, n = b.shape[0], a.shape[0]
        if sign in ELEMENTWISE or (self.scaled and not a.row):
            return self._elementwise(a, b)
        if n == rows:
            if not a.row:
                self.note("vectors in front of a matrix are read as rows")
            return Value(self.arithmetic.matvec(self.arithmetic.transpose(b.array), a.array), True)
        if rows == 1 and not a.row:
            return Value(self.arithmetic.outer(a.array, b.array[0]))
        raise Misfit(f"a vector of {n} entries in front of a matrix of shape {b.shape}")

    def _elementwise(self, v: Value, matrix: Value) -> Value:
        """A vector ⊙ a diagonal matrix written in full, or v scaling the rows of a matrix."""
        n = v.shape[0]
        if matrix.shape == (n, n) and self.is_diagonal(matrix):
            self.note("a diagonal Jacobian is multiplied elementwise, by its diagonal")
            return Value(self.arithmetic.multiply(v.array, np.diagonal(matrix.array)), v.row)
        if n == matrix.shape[0]:
            self.note("a vector multiplies the rows of a matrix, as diag(v) does")
            return Value(self.arithmetic.multiply(v.array[:, None], matrix.array))
        raise Misfit(f"a vector of {n} entries and a matrix of shape {matrix.shape}, elementwise")

    def _matrices(self, a: Value, b: Value, sign: str) -> Value:
        if sign in ELEMENTWISE and a.shape == b.shape:
            return Value(self.arithmetic.multiply(a.array, b.array))
        if a.shape[1] != b.shape[0]:
            raise Misfit(f"matrices of shapes {a.shape} and {b.shape}")
        return Value(self.arithmetic.matmul(a.array, b.array))

    def divide(self, a: Value, b: Value) -> Value:
        if a.dims and b.dims and a.shape != b.shape:
            raise Misfit(f"shapes {a.shape} and {b.shape} cannot be divided")
        if b.dims == 2:
            raise Misfit("nothing is divided by a matrix")
        above, below = np.broadcast_arrays(a.array, b.array)
        return Value(self.arithmetic.divide(above, below), a.row or b.row)

    # --- structure --------------------------------------------------------------------------------

    def is_diagonal(self, a: Value) -> bool:
        """Whether all that is off the diagonal is zero."""
        off = np.eye(a.shape[0], a.shape[1]) == 0
        return not np.any(a.array[off] != 0)

    def diagonal(self, a: Value) -> Value:
        """diag(v); a matrix stays as it is, a number is that multiple of I."""
        if a.dims == 2:
            return a
        if a.dims == 0:
            return replace(a, eye=True, ones=False)
        return Value(self.arithmetic.diagonal(a.array))

    def transpose(self, a: Value) -> Value:
        if a.dims == 2:
            return Value(self.arithmetic.transpose(a.array))
        return replace(a, row=(a.dims == 1 or a.ones) and not a.row)

    def stack(self, parts: list[Value]) -> Value:
        if any(a.dims != 1 for a in parts):
            raise Misfit("only vectors are put together in [a, b]")
        return Value(self.arithmetic.concatenate([a.array for a in parts]))

    def power(self, base: Value, exponent: int) -> Value:
        """Of numbers and vectors entry by entry, of a square matrix as a matrix."""
        if exponent == 1:
            return base
        if exponent < 0:
            if base.dims == 2:
                raise Misfit("the inverse of a matrix stands in no gradient")
            return self.divide(self.number(1), self.power(base, -exponent))
        if base.dims == 2 and base.shape[0] != base.shape[1]:
            raise Misfit(f"a power of a matrix of shape {base.shape}")
        one = Value(self.arithmetic.eye(base.shape[0])) if base.dims == 2 else self.number(1)
        for _ in range(exponent):
            one = self.multiply(one, base, "") if base.dims == 2 else Value(
                self.arithmetic.multiply(one.array, base.array), base.row)  # fmt: skip
        return one

    # --- functions --------------------------------------------------------------------------------

    def apply(self, function: str, a: Value) -> Value:
        if function == "softmax":
            return Value(self.arithmetic.softmax(a.array))
        if np.ndim(a.array) == 0:
            return Value(self.arithmetic.apply(function, np.asarray(a.array).reshape(1))[0])
        return Value(self.arithmetic.apply(function, a.array), a.row)

    def slope(self, function: str, a: Value) -> Value:
        """φ′(a)."""
        y = self.apply(function, a)
        return self.slope_at(function, y, a)

    def slope_at(self, function: str, y: Value, a: Value) -> Value:
        """φ′ from the output y and the argument a."""
        if function not in SLOPES:
            raise Beyond(f"the slope of {function} is not known")
        arrays = {n: {0: np.atleast_1d(v.array)} for n, v in (("y", y), ("a", a))}
        env = Environment({}, arrays, {}, {t: 0})
        found = evaluate(_slope(function, len(arrays["y"][0])), env, self.arithmetic)
        return Value(found if y.dims else found[0], y.row)


def _scalar_beside(a: Value, b: Value, sign: str) -> tuple[Value, Value]:
    """A vector of one entry before or behind a longer one is a number, where nothing stands between them."""
    if a.ones and b.shape == (1,):
        return a, Value(b.array[0], ones=True)
    if b.ones and a.shape == (1,):
        return Value(a.array[0], ones=True), b
    if sign not in ("", "dot", "*") or a.dims != 1 or b.dims != 1 or a.shape == b.shape:
        return a, b
    if a.shape == (1,) and not a.row:
        return Value(a.array[0]), b
    if b.shape == (1,):
        return a, Value(b.array[0])
    return a, b


@lru_cache(maxsize=64)
def _slope(function: str, rows: int) -> Any:
    y, a = Signal("y", t, rows), Signal("a", t, rows)
    return SLOPES[function](y, a)
