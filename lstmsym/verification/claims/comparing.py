"""Whether two values are the same thing, and what had to be overlooked to say so."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstmsym.verification.claims.value import Value

Array = Any
TOLERANCE = 1e-9
NOISE = 1e-16  # of what would be zero but for rounding, on instances with numbers of size one
TRANSPOSED = "transposed: rows and columns the other way round"
AS_DIAGONAL = "a diagonal Jacobian written as the vector on its diagonal"
PART = "of the right side the entries for this part of the concatenation alone"
AS_MATRIX = "a vector written as the diagonal matrix with its entries"


def agreement(found: Value, true: Value, exact: bool, plain: bool = False) -> str | None:
    """The words for how two values agree: "" as they stand, a sentence in another layout, None not at all.

    plain  only as they stand
    """
    a, b = np.asarray(found.array), np.asarray(true.array)
    for words, one, other in [("", a, b)] if plain else _views(a, b):
        if one.shape == other.shape and equal(one, other, exact):
            return words
    return None


def _views(a: Array, b: Array) -> Any:
    yield "", a, b
    if a.size == b.size and {a.ndim, b.ndim} == {1, 2} and 1 in (*a.shape, *b.shape):
        yield "", a.reshape(-1), b.reshape(-1)
    if a.size == b.size == 1:
        yield "", a.reshape(()), b.reshape(())
    square = b.ndim == 2 and b.shape[0] == b.shape[1]
    if a.ndim == 0 and (b.ndim == 1 or square or (b.ndim == 2 and a == 0)):
        spread = a * np.eye(len(b), dtype=int) if square else np.broadcast_to(a, b.shape)
        yield "", spread, b
    if a.ndim == b.ndim == 2:
        yield TRANSPOSED, a.T, b
    if a.ndim == 1 and b.ndim == 2 and b.shape == (len(a), len(a)):
        diagonal = np.zeros_like(b)
        np.fill_diagonal(diagonal, a)
        yield AS_DIAGONAL, diagonal, b
    if a.ndim == 2 and b.ndim == 1 and a.shape == (len(b), len(b)):
        diagonal = np.zeros_like(a)
        np.fill_diagonal(diagonal, b)
        yield AS_MATRIX, a, diagonal
    if a.ndim == b.ndim == 1 and len(a) > len(b):
        yield PART, a[: len(b)], b
        yield PART, a[-len(b) :], b
    if a.ndim == 1 and b.ndim == 2 and a.size == b.size:
        yield "", a, b.reshape(-1)
        yield "", a, b.T.reshape(-1)


def laid_as(a: Array, shape: tuple[int, ...]) -> Array:
    """A value with the shape of another where both can be the same thing: a diagonal, a matrix row by row."""
    square = len(shape) == 2 and shape[0] == shape[1]
    if a.shape == shape:
        return a
    if a.size == 1 and square:
        return a.reshape(()) * np.eye(shape[0], dtype=int)
    if a.shape == shape[:1] and square:
        return a * np.eye(shape[0], dtype=int)
    if a.ndim == 2 and a.shape == (*shape, *shape) and not np.any(a - np.diag(np.diagonal(a))):
        return np.diagonal(a)
    return a.reshape(shape) if a.ndim < len(shape) and a.size == np.prod(shape) else a


def equal(a: Array, b: Array, exact: bool) -> bool:
    """Entry by entry, modulo the prime, or to nine digits of the largest entry."""
    if exact:
        return bool(np.all(np.equal(a, b)))
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
        return False
    return bool(
        np.max(np.abs(a - b), initial=0) <= TOLERANCE * np.max(np.abs(b), initial=0) + NOISE
    )


def error(found: Value, true: Value) -> float | None:
    """The largest difference over the largest true entry; None where the shapes differ."""
    a, b = np.asarray(found.array, dtype=float), np.asarray(true.array, dtype=float)
    best = None
    for _, one, other in _views(a, b):
        if one.shape == other.shape:
            size = float(np.max(np.abs(other), initial=0.0))
            away = float(np.max(np.abs(one - other), initial=0.0))
            off = away / size if size else away
            best = off if best is None else min(best, off)
    return best
