"""Returned gradients beside the true ones: a verdict for each array, with its worst entry.

An entry is right when it differs from the true one by no more than rounding and the method explain:
ten times the estimated error of the method, ten times what the returned gradient itself changes when its
arguments are moved by their last digit, and 1e-9 of the entry.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from lstmsym.verification.handwritten.point import Direction
from lstmsym.verification.handwritten.slopes import Slopes

Array = Any
Noise = Callable[[], dict[str, Array]]
RELATIVE = 1e-9
ROUNDING = 1e-12  # of the largest entry of the array: sums that cancel leave this much
FLOOR = 1e-15  # of the largest entry of all arrays
SAFETY = 10.0
BLIND = 0.1
ENOUGH = 1e-9
SIZED = 2
SMALL, SMALL_IN_ALL = 400, 4000
DIRECTIONS = 2
MODES = ("auto", "entries", "directions")


@dataclass(frozen=True)
class Verdict:
    """What is said of one array.

    verdict    "right", "wrong", "not returned", or "not judged": the method's error is as large as the gradient
    worst      the entry that is farthest off; of an array compared along directions only, None if right
    found      the returned value there, or the returned slope along the direction
    expected   the true one
    error      |found - expected| over the larger of both
    tolerance  the error up to which it would have been called right, in the same measure
    method     how the true one was found
    note       what the difference looks like: transposed, twice the true one, rows 4 to 7 only
    expected_array, returned   all entries, where they are known
    """

    name: str
    verdict: str
    worst: tuple[int, ...] | None = None
    found: float | None = None
    expected: float | None = None
    error: float = 0.0
    tolerance: float = 0.0
    method: str = ""
    note: str = ""
    returned: Array = field(default=None, repr=False, compare=False)
    expected_array: Array = field(default=None, repr=False, compare=False)


class Comparison:
    """The returned gradients of one point against slopes of the loss.

    noise  how far each returned entry moves when the arguments move by their last digit; worked out when
           something differs, or at once where every entry is compared
    """

    def __init__(
        self,
        slopes: Slopes,
        returned: dict[str, Array],
        noise: Noise,
        tolerance: float | None = None,
    ) -> None:
        self.slopes, self.returned, self.tolerance = slopes, returned, tolerance
        self._noise = noise
        self.largest = max((_largest(a) for a in returned.values()), default=0.0)

    @cached_property
    def noise(self) -> dict[str, Array]:
        """By name, where it is known."""
        return self._noise()

    def verdicts(self, mode: str = "auto") -> list[Verdict]:
        """One for each array of floats, in their order."""
        point = self.slopes.point
        sizes = {n: np.size(point.values[n]) for n in self.returned}
        few = mode == "entries" or (mode == "auto" and sum(sizes.values()) <= SMALL_IN_ALL)
        every = [n for n in sizes if few and (mode == "entries" or sizes[n] <= SMALL)]
        by_direction = self._along([n for n in sizes if n not in every])
        every += [n for n, v in by_direction.items() if v is None]
        found = {n: self.by_entries(n) for n in every}
        return [
            (found.get(n) or by_direction.get(n) or Verdict(n, "not returned"))
            for n in point.names
        ]  # fmt: skip

    def failing(self) -> list[str]:
        """The arrays that are wrong, along random directions and without saying where."""
        fits = [n for n in self.returned if self.shaped(n) is not None]
        others = [n for n in self.returned if n not in fits]
        if not fits or self._tried(fits)[0]:
            return others
        return others + [n for n in fits if not self._tried([n])[0]]

    def by_entries(self, name: str) -> Verdict:
        """Every entry of one array."""
        returned = self.shaped(name)
        enough = 1e-11 * max(_largest(returned), FLOOR * self.largest)
        expected, error = self.slopes.every(name, enough)
        if returned is None:
            return self._of_other_shape(name, expected)
        return self._verdict(name, returned, expected, error)

    def shaped(self, name: str) -> Array | None:
        """The returned gradient in the shape of its array; None where only dimensions of one do not explain it."""
        own, found = np.shape(self.slopes.point.values[name]), self.returned[name]
        same = [n for n in own if n != 1] == [n for n in found.shape if n != 1]
        return found.reshape(own) if same else None

    def _verdict(self, name: str, found: Array, expected: Array, error: Array) -> Verdict:
        allowed = self._allowed(name, expected, error)
        difference = np.where(np.isfinite(found), np.abs(found - expected), np.inf)
        wrong = ~(difference <= allowed)
        judged = np.where(wrong, difference, -1.0) if wrong.any() else difference
        worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(judged)), judged.shape))
        size = max(abs(float(expected[worst])), _finite(found[worst]))
        blind = float(np.max(allowed)) > BLIND * max(_largest(expected), _largest(found)) > 0
        return Verdict(
            name,
            "wrong" if wrong.any() else "not judged" if blind else "right",
            worst,
            float(found[worst]),
            float(expected[worst]),
            float(difference[worst]) / size if size else 0.0,
            float(allowed[worst]) / size if size else RELATIVE,
            self.slopes.method,
            returned=found,
            expected_array=expected,
        )

    def _allowed(self, name: str, expected: Array, error: Array) -> Array:
        largest = _largest(expected)
        if self.tolerance is not None:
            return np.full(expected.shape, self.tolerance * largest)
        noise = np.reshape(self.noise.get(name, 0.0), expected.shape) if name in self.noise else 0.0
        pooled = np.maximum(error, float(np.quantile(error, 0.9)))
        return (
            SAFETY * (pooled + noise)
            + RELATIVE * np.abs(expected)
            + max(ROUNDING * largest, FLOOR * self.largest)
        )

    def _of_other_shape(self, name: str, expected: Array) -> Verdict:
        found = self.returned[name]
        return Verdict(
            name, "wrong", None, None, None, math.inf, 0.0, self.slopes.method,
            returned=found, expected_array=expected,
        )  # fmt: skip

    def _along(self, names: list[str]) -> dict[str, Verdict | None]:
        """Verdicts of large arrays: all at once along random directions, one by one if that fails."""
        fits = [n for n in names if self.shaped(n) is not None]
        found: dict[str, Verdict | None] = {n: None for n in names if n not in fits}
        if not fits:
            return found
        tried = [self._tried(fits) for _ in range(DIRECTIONS)]
        if not all(agrees for agrees, _ in tried):
            found |= {n: self._located(n) for n in fits if not self._tried([n])[0]}
        tolerance = max(t for _, t in tried)
        verdict = "not judged" if tolerance > BLIND else "right"
        method = self.slopes.method + ", random directions"
        for name in fits:
            found.setdefault(name, Verdict(name, verdict, tolerance=tolerance, method=method))
        return found

    def _tried(self, names: list[str]) -> tuple[bool, float]:
        """Whether returned and true slope agree along one random direction, and the tolerance."""
        direction = {n: self.slopes.random(n) / (_largest(self.returned[n]) or 1.0) for n in names}
        difference, allowed, size = self._difference(direction)
        if abs(difference) > allowed:
            allowed += SAFETY * self._noise_along(direction)
        return abs(difference) <= allowed, allowed / size if size else RELATIVE

    def _difference(self, direction: Direction) -> tuple[float, float, float]:
        """Returned minus true slope along a direction, what is allowed, and the size of what is summed."""
        products = {n: np.asarray(self.shaped(n)) * v for n, v in direction.items()}
        size = sum(float(np.sum(np.abs(p))) for p in products.values())
        true = self.slopes.along(direction, 1e-11 * size)
        allowed = SAFETY * true.error + RELATIVE * size
        if self.tolerance is not None:
            allowed = self.tolerance * max(size, abs(true.value))
        difference = sum(float(np.sum(p)) for p in products.values()) - true.value
        return (difference if math.isfinite(difference) else math.inf), allowed, size

    def _noise_along(self, direction: Direction) -> float:
        """How far rounding moves the returned slope along a direction; none where a tolerance was given."""
        if self.tolerance is not None:
            return 0.0
        moved = (
            np.reshape(self.noise.get(n, 0.0), -1) * v.reshape(-1) for n, v in direction.items()
        )
        return math.sqrt(sum(float(np.sum(m**2)) for m in moved))

    def _located(self, name: str) -> Verdict:
        """One entry that is wrong, found by halving the array: the half that differs more is kept."""
        shape = np.shape(self.slopes.point.values[name])
        places = np.arange(math.prod(shape))
        direction = self.slopes.random(name).reshape(-1)
        while len(places) > 1:
            halves = np.array_split(places, 2)
            off = [abs(self._difference({name: _only(direction, h, shape)})[0]) for h in halves]
            places = halves[int(off[1] > off[0])]
        worst = tuple(int(i) for i in np.unravel_index(int(places[0]), shape))
        expected = self.slopes.along(self.slopes.point.unit(name, worst))
        found = float(np.asarray(self.shaped(name))[worst])
        size = max(abs(expected.value), _finite(found), 1e-300)
        allowed = SAFETY * expected.error / size + RELATIVE
        return Verdict(
            name, "wrong", worst, found, expected.value, abs(found - expected.value) / size, allowed,
            self.slopes.method + ", random directions", returned=self.shaped(name),
        )  # fmt: skip


def true_gradients(
    slopes: Slopes, returned: dict[str, Array], wanted: Collection[str]
) -> tuple[dict[str, Array], float]:
    """The true gradients by some arrays, and how far off they may be, relative to the largest entry.

    Well enough to tell slips apart: those that are right along a direction are taken as they were returned.
    """
    known = Comparison(slopes, {n: a for n, a in returned.items() if n in wanted}, dict)
    failing = set(known.failing())
    found = {n: known.shaped(n) for n in known.returned if n not in failing}
    errors = [0.0]
    for name in slopes.point.names:
        if name in wanted and found.get(name) is None:
            found[name], error = slopes.every(name, ENOUGH * _size(slopes, name))
            errors.append(float(np.max(error)))
    size = max(map(_largest, found.values()), default=0.0)
    return {n: np.asarray(a) for n, a in found.items()}, max(errors) / (size or 1.0)


def _size(slopes: Slopes, name: str) -> float:
    """About how large the entries of a true gradient are; one that is returned may be larger by any power."""
    return max(abs(slopes.along({name: slopes.random(name)}).value) for _ in range(SIZED))


def _only(direction: Array, places: Array, shape: tuple[int, ...]) -> Array:
    kept = np.zeros_like(direction)
    kept[places] = direction[places]
    return kept.reshape(shape)


def _largest(array: Array | None) -> float:
    if array is None:
        return 0.0
    finite = np.abs(np.asarray(array, dtype=float))
    return float(np.max(finite[np.isfinite(finite)], initial=0.0))


def _finite(value: Any) -> float:
    return abs(float(value)) if math.isfinite(value) else 0.0
