"""The true gradient of a forward pass: along a direction, or entry by entry, by the best method that it allows."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from lstmsym.errors import InputError, nearest
from lstmsym.verification.handwritten.author import Author
from lstmsym.verification.handwritten.differences import (
    EPS,
    FIRST,
    TINY,
    Slope,
    central_slope,
    complex_slope,
    noise_of,
    plain_slope,
)
from lstmsym.verification.handwritten.point import Direction, Point

Array = Any
COMPLEX, CENTRAL, PLAIN = "complex step", "central differences, extrapolated", "central differences"
METHODS = ("auto", "complex step", "central differences")
SAME = 1e-9
AGREES = 1e-5
GLANCE = 1e-5  # truncation and rounding of one central difference are both far below AGREES here
NOISY = 1e-11  # a loss in float64 is steadier than this, one with float32 in it is not


class Slopes:
    """Derivatives of the loss at one point.

    method  the one that is used; `reason` says why it is not complex step
    noise   the relative error of a value of the loss; measured where differences have to be taken
    """

    def __init__(
        self, author: Author, method: str = "auto", step: float | None = None, rng: Any = None
    ) -> None:
        if method not in METHODS:
            raise InputError(f"unknown method '{method}'; {nearest(method, METHODS)}")
        if step is not None and not (math.isfinite(step) and step > 0):
            raise InputError(f"the step is {step}; a positive number was expected")
        self.author, self.point, self.step = author, author.point, step
        self.rng = np.random.default_rng(rng)
        self.calls, self.noise, self.reason = 0, EPS, ""
        self.value = author.loss(self.point.fresh())
        self.method = self._chosen(method)

    def along(self, direction: Direction, enough: float = 0.0) -> Slope:
        """d/ds loss(point + s · direction) at s = 0."""
        found = self._taken(direction, enough)
        self.calls += found.calls
        return found

    def every(self, name: str, enough: float = 0.0) -> tuple[Array, Array]:
        """The gradient by one array, entry by entry, and the estimated error of each entry."""
        shape = np.shape(self.point.values[name])
        found = [self.along(self.point.unit(name, i), enough) for i in np.ndindex(shape)]
        values = np.array([s.value for s in found]).reshape(shape)
        return values, np.array([s.error for s in found]).reshape(shape)

    def at(self, point: Point) -> Slopes:
        """The same method at another point, without asking again which one is possible."""
        other = copy.copy(self)
        other.author, other.point = self.author.at(point), point
        return other

    def confirmed(self, direction: Direction) -> Slope:
        """The same slope by central differences, whatever the method: a second opinion."""
        found = self._taken_by(PLAIN if self.step else CENTRAL, direction, 0.0)
        self.calls += found.calls
        return found

    def random(self, name: str) -> Array:
        """A random direction in one array, of length about one."""
        shape = np.shape(self.point.values[name])
        return self.rng.standard_normal(shape) / math.sqrt(max(1, math.prod(shape)))

    def _taken(self, direction: Direction, enough: float) -> Slope:
        return self._taken_by(self.method, direction, enough)

    def _taken_by(self, method: str, direction: Direction, enough: float) -> Slope:
        def real(s: float) -> float:
            return self.author.loss(self.point.along(direction, s))

        if method == COMPLEX:
            return complex_slope(lambda s: self.author.complex_loss(self.point.along(direction, s)))
        if method == PLAIN and self.step is not None:
            return plain_slope(real, self.step, self.noise)
        first = FIRST if self.noise < NOISY else 8 * FIRST
        return central_slope(real, first, enough, self.noise)

    def _chosen(self, asked: str) -> str:
        """Complex step where the forward pass is analytic, else central differences, with the noise measured."""
        if asked != "central differences" and self.step is None:
            self.reason = next(self._objections(), "")
            if not self.reason:
                return COMPLEX
            if asked == COMPLEX:
                raise InputError(f"complex step is not possible: {self.reason}; take method='auto'")
        direction = {name: self.random(name) for name in self.point.names}
        self.noise = noise_of(lambda s: self.author.loss(self.point.along(direction, s)))
        return CENTRAL if self.step is None else PLAIN

    def _objections(self) -> Iterator[str]:
        """What speaks against complex step, the cheapest to find out first."""
        everything = {name: self.random(name) for name in self.point.names}
        try:
            there = self.author.complex_loss(self.point.along(everything, 1j * TINY))
        except Exception as error:  # whatever the author's code raises at complex arrays
            yield f"the forward pass cannot be run at complex arrays ({type(error).__name__}: {_first_line(error)})"
            return
        if not math.isfinite(there.imag) or not _near(there.real, self.value, SAME):
            yield "the forward pass has another value at complex arrays"
            return
        if not self._seconded(everything, there.imag / TINY):
            yield "the forward pass has another slope at complex arrays than at real ones"

    def _seconded(self, direction: Direction, slope: float) -> bool:
        """Whether differences at real arrays give the same slope; one of them is enough where it does."""
        up, down = (self.author.loss(self.point.along(direction, s)) for s in (GLANCE, -GLANCE))
        if _near((up - down) / (2 * GLANCE), slope, AGREES):
            return True
        plain = self._taken_by(CENTRAL, direction, AGREES * abs(slope))
        size = max(abs(slope), abs(plain.value))
        return abs(plain.value - slope) <= AGREES * size + 10 * plain.error


def _near(a: float, b: float, relative: float) -> bool:
    return abs(a - b) <= relative * max(abs(a), abs(b), 1e-300)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:120]
