"""Number systems: what the translation asks of an array, and the floating-point answer to it.

A vector is an array (..., n), a matrix (..., r, c); leading dimensions are draws and broadcast.
Another number system (integers modulo a prime, say) subclasses `Arithmetic` and says what its
entries are: `constant`, `add`, `multiply`, `divide`, `matmul`, `matvec`, `apply`, `softmax`,
`maximum`. The structural operations
below then serve it unchanged, over any array that NumPy can index, object arrays included.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from lstmsym.errors import MissingRule
from lstmsym.numerics.activations import FUNCTIONS, softmax

Array = Any


class Arithmetic(ABC):
    """A number system. `xp` is the namespace with the structural functions, numpy unless said."""

    xp: Any = np

    @abstractmethod
    def constant(self, value: Any, shape: tuple[int, ...]) -> Array:
        """The array of that shape of which every entry is `value`, a SymPy or Python number."""

    @abstractmethod
    def add(self, a: Array, b: Array) -> Array:
        """a + b, entry by entry, broadcast."""

    @abstractmethod
    def multiply(self, a: Array, b: Array) -> Array:
        """a ⊙ b, entry by entry, broadcast."""

    @abstractmethod
    def divide(self, a: Array, b: Array) -> Array:
        """a / b, entry by entry, broadcast."""

    @abstractmethod
    def matmul(self, A: Array, B: Array) -> Array:
        """The matrix product of A (..., r, c) and B (..., c, d)."""

    @abstractmethod
    def matvec(self, A: Array, v: Array) -> Array:
        """A v of A (..., r, c) and v (..., c)."""

    @abstractmethod
    def apply(self, function: str, a: Array) -> Array:
        """The activation of that name, on every entry. Raises MissingRule for an unknown one."""

    @abstractmethod
    def softmax(self, a: Array) -> Array:
        """The softmax of a vector (..., n)."""

    @abstractmethod
    def maximum(self, a: Array, b: Array) -> Array:
        """The larger of two arrays, entry by entry."""

    def kronecker(self, A: Array, B: Array) -> Array:
        """A ⊗ B of matrices (..., r, c) and (..., p, q): (..., r p, c q)."""
        product = self.multiply(A[..., :, None, :, None], B[..., None, :, None, :])
        r, p, c, q = product.shape[-4:]
        return self.xp.reshape(product, (*product.shape[:-4], r * p, c * q))

    def pieces(self, v: Array, piece: int) -> Array:
        """The pieces of a stack (..., N m) as columns: (..., m, N)."""
        rows = self.xp.reshape(v, (*v.shape[:-1], v.shape[-1] // piece, piece))
        return self.transpose(rows)

    def eye(self, n: int) -> Array:
        """The identity (n, n)."""
        return self.diagonal(self.constant(1, (n,)))

    def diagonal(self, v: Array) -> Array:
        """diag(v): (..., n) to (..., n, n)."""
        mask = np.eye(v.shape[-1], dtype=bool)
        return self.xp.where(mask, v[..., None], self.constant(0, mask.shape))

    def transpose(self, A: Array) -> Array:
        """Aᵀ: (..., r, c) to (..., c, r)."""
        return self.xp.swapaxes(A, -1, -2)

    def outer(self, a: Array, b: Array) -> Array:
        """a bᵀ: (..., r) and (..., c) to (..., r, c)."""
        return self.multiply(a[..., :, None], b[..., None, :])

    def dot(self, a: Array, b: Array) -> Array:
        """aᵀ b as a vector of one entry, (..., 1)."""
        return self.matmul(a[..., None, :], b[..., :, None])[..., 0]

    def concatenate(self, vectors: Sequence[Array]) -> Array:
        """[a, b, …]: vectors (..., n_a), (..., n_b), … to one (..., n_a + n_b + …)."""
        return self.xp.concatenate(self._same_draws(vectors, 1), axis=-1)

    def blocks(self, grid: Sequence[Sequence[Array]]) -> Array:
        """A block matrix from its rows of blocks (..., r_i, c_j)."""
        rows = [self.xp.concatenate(self._same_draws(row, 2), axis=-1) for row in grid]
        return self.xp.concatenate(self._same_draws(rows, 2), axis=-2)

    def _same_draws(self, parts: Sequence[Array], inner: int) -> list[Array]:
        """The parts, each repeated over all draws where their leading dimensions differ."""
        leads = [p.shape[:-inner] for p in parts]
        if all(lead == leads[0] for lead in leads):
            return list(parts)
        lead = np.broadcast_shapes(*leads)
        return [self.add(p, self.constant(0, lead + p.shape[-inner:])) for p in parts]


class Floats(Arithmetic):
    """Floating point over numpy or autograd.numpy. `dtype` is that of constants."""

    def __init__(self, xp: Any = np, dtype: Any = np.float64) -> None:
        self.xp, self.dtype = xp, np.dtype(dtype)

    def constant(self, value: Any, shape: tuple[int, ...]) -> Array:
        return np.full(shape, float(value), dtype=self.dtype)

    def add(self, a: Array, b: Array) -> Array:
        return a + b

    def multiply(self, a: Array, b: Array) -> Array:
        return a * b

    def divide(self, a: Array, b: Array) -> Array:
        return a / b

    def matmul(self, A: Array, B: Array) -> Array:
        return self.xp.matmul(A, B)

    def matvec(self, A: Array, v: Array) -> Array:
        if A.ndim == 2:
            return self.xp.dot(v, self.xp.transpose(A))
        return self.xp.matmul(A, v[..., None])[..., 0]

    def softmax(self, a: Array) -> Array:
        return softmax(self.xp, a)

    def maximum(self, a: Array, b: Array) -> Array:
        return self.xp.maximum(a, b)

    def apply(self, function: str, a: Array) -> Array:
        if function not in FUNCTIONS:
            raise MissingRule(
                f"activation '{function}' has no numbers; add it to numerics.activations"
            )
        return FUNCTIONS[function](self.xp, a)
