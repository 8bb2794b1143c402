"""How far returned gradients move with the last digit of their arguments: what rounding alone may do to them."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstmsym.verification.handwritten.slopes import NOISY, Slopes

Array = Any
LAST_DIGIT = 4 * 2.0**-52
LAST_DIGIT_SINGLE = 2.0**-23
LARGEST_NOISE = 1e-5


def last_digits(
    slopes: Slopes, first: dict[str, Array], second: dict[str, Array]
) -> dict[str, Array]:
    """The change of each entry, at most 1e-5 of the largest of its array; none if gradients move by themselves.

    first, second  the gradients of two calls at the same arrays
    """
    if any(n not in second or not np.array_equal(a, second[n]) for n, a in first.items()):
        return {}
    single = slopes.noise > NOISY or any(is_single(a) for a in first.values() if a.size > 1)
    size, rng = LAST_DIGIT_SINGLE if single else LAST_DIGIT, np.random.default_rng(0)
    point = slopes.point
    moved = {
        n: point.values[n] * (1 + size * rng.choice([-1.0, 1.0], np.shape(point.values[n])))
        for n in point.names
    }
    return bounded(first, slopes.author.at(point).gradients(point.with_values(moved).fresh()))


def bounded(first: dict[str, Array], moved: dict[str, Array]) -> dict[str, Array]:
    """|moved - first| entry by entry, at most 1e-5 of the largest entry of the array."""
    found = {}
    for name, array in first.items():
        other = moved.get(name)
        if other is not None and other.shape == array.shape:
            change = np.nan_to_num(np.abs(other - array), nan=0.0, posinf=0.0)
            finite = np.abs(array[np.isfinite(array)])
            found[name] = np.minimum(change, LARGEST_NOISE * float(np.max(finite, initial=0.0)))
    return found


def is_single(array: Array) -> bool:
    """Whether every entry is a float32, and not all of them numbers such as 0.5 that any format holds."""
    finite = np.asarray(array, dtype=float)
    finite = finite[np.isfinite(finite)]
    with np.errstate(all="ignore"):
        exact = np.array_equal(finite, finite.astype(np.float32).astype(float))
        short = np.array_equal(finite * 2**10, np.round(finite * 2**10))
    return bool(finite.size) and bool(exact) and not bool(short)
