"""Slips in summing a gradient up: over the wrong axis, over too few, with a factor. They change one array alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lstmsym.verification.handwritten.relations import Sizes, factor, factor_words

Array = Any


def wrongly_summed(found: Array, each: Array, sizes: Sizes) -> str | None:
    """The slip that makes `found` of the gradients of every draw (batch, *shape), in words; None if none does."""
    said = (
        words for words, made in _sums(each) if made.shape == found.shape and _equal(found, made)
    )
    words = next(said, None)
    if words is not None:
        return words
    total = each.sum(axis=0)
    c = factor(found, total) if total.size > 1 else None
    return factor_words(c, sizes) if c is not None else None


def _sums(each: Array) -> Iterator[tuple[str, Array]]:
    """What summing in other ways gives."""
    batch, shape = each.shape[0], each.shape[1:]
    total = each.sum(axis=0)
    vector = each.reshape(batch, -1)
    yield "it is summed over the wrong axis, over all its entries", np.full(shape, total.sum())
    if vector.shape[1] == batch:
        yield (
            "it is summed over the wrong axis, over the units of each draw",
            vector.sum(axis=1).reshape(shape),
        )
    if batch > 1:
        yield "only the last draw of the batch is counted", each[-1]
        yield "only the first draw of the batch is counted", each[0]
    if total.ndim == 2 and shape[0] == shape[1]:
        yield "it is transposed", total.T
    for axis in range(total.ndim if total.ndim > 1 else 0):
        summed = np.broadcast_to(total.sum(axis=axis, keepdims=True), shape)
        yield f"it is summed over axis {axis}", summed


def _equal(a: Array, b: Array) -> bool:
    size = max(float(np.max(np.abs(a), initial=0.0)), float(np.max(np.abs(b), initial=0.0)))
    return bool(size) and bool(np.max(np.abs(a - b)) <= 1e-6 * size)


Words = Mapping[str, str]
