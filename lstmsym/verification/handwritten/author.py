"""The author's two functions: run on copies, their answers read, what they change in place remembered."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from lstmsym.errors import InputError
from lstmsym.verification.handwritten.labels import watching
from lstmsym.verification.handwritten.point import Point
from lstmsym.verification.handwritten.returned import by_name

Array = Any
Loss = Callable[[dict[str, Any]], Any]
Gradients = Callable[[dict[str, Any]], Any]

SCALARS = (float, int, np.floating, np.integer)


class Author:
    """A forward and a backward pass.

    changed   "loss" or "gradients" → the arrays that it wrote into
    unknown   keys of the returned gradients that no array has
    clipped   the gradients that np.clip returned, whether or not it cut them
    by_order  the arrays whose gradients are told from others by their places alone
    shared    pairs of returned gradients, or a gradient and an argument, that are one piece of memory
    """

    def __init__(self, loss: Loss, gradients: Gradients, point: Point) -> None:
        self._loss, self._gradients, self.point = loss, gradients, point
        self.changed: dict[str, set[str]] = {"loss": set(), "gradients": set()}
        self.unknown: list[str] = []
        self.clipped: list[str] = []
        self.by_order: tuple[str, ...] = ()
        self.shared: list[tuple[str, str]] = []

    def at(self, point: Point) -> Author:
        """The same functions for another point."""
        return Author(self._loss, self._gradients, point)

    def loss(self, arrays: dict[str, Any]) -> float:
        """The loss at real arrays. Raises InputError where it is no single real number."""
        with quiet():
            found = self._watched("loss", self._loss, arrays)
        value = scalar(found)
        if isinstance(value, complex):
            raise InputError("the loss is complex at real arrays; a real number was expected")
        return value

    def complex_loss(self, arrays: dict[str, Any]) -> complex:
        """The loss at complex arrays; raises whatever the forward pass raises there.

        A cast that would drop the imaginary part raises too.
        """
        with quiet():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            return complex(scalar(self._loss(arrays)))

    def gradients(self, arrays: dict[str, Any]) -> dict[str, Array]:
        """The returned gradients by the names of the arrays, copied. Raises InputError for another form."""
        with quiet(), watching() as watched:
            found = self._watched("gradients", self._gradients, arrays)
        returned = by_name(found, self.point, watched.names)
        named = returned.gradients
        self.unknown, self.by_order = returned.unknown, returned.by_order
        self.clipped = [n for n, a in named.items() if watched.is_clipped(a)]
        self.shared = [*_shared(named, named), *_shared(named, arrays)]
        return {name: np.array(value) for name, value in named.items()}

    def _watched(self, which: str, function: Callable[..., Any], arrays: dict[str, Any]) -> Any:
        """The answer; arrays that the function changed are remembered."""
        given = {n: a for n, a in arrays.items() if isinstance(a, np.ndarray)}
        before = {n: a.tobytes() for n, a in given.items()}
        found = function(arrays)
        self.changed[which] |= {n for n, a in given.items() if a.tobytes() != before[n]}
        return found


@contextmanager
def quiet() -> Iterator[None]:
    """What NumPy has to say about overflow and the like is for the report, not for the terminal."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def scalar(found: Any) -> float | complex:
    """The number that a loss is: itself, or the one number in a tuple (loss, cache, …), (scores, loss, …)."""
    place = number_among(found)
    if place is None:
        raise InputError(
            f"forward returns {kinds(found)}; a single number was expected, the loss, alone or in a tuple: "
            "write loss = np.sum(…), as of the outputs times fixed numbers, and hand these to the backward pass"
        )
    first = found[place] if isinstance(found, tuple | list) else found
    value = np.asarray(first).item()
    return value if isinstance(value, complex) else float(value)


def number_among(found: Any) -> int | None:
    """The place of the loss: 0 for a number, in a tuple the first part if it is one, else the first that is."""
    if not isinstance(found, tuple | list):
        return 0 if _sized_one(found) else None
    if len(found) and _sized_one(found[0]):
        return 0
    return next((n for n, part in enumerate(found) if _sized_one(part) and not np.ndim(part)), None)


def _sized_one(part: Any) -> bool:
    """Whether something is a number, or an array of one."""
    if isinstance(part, SCALARS):
        return True
    return isinstance(part, np.ndarray | complex) and (
        np.size(part) == 1 and np.asarray(part).dtype.kind in "fciu"
    )


def kinds(found: Any) -> str:
    """What something is, in words: an array of shape (2, 3), a dict, (dict, float)."""
    if isinstance(found, tuple) and found:
        return f"({', '.join(map(kinds, found))})"
    if isinstance(found, np.ndarray):
        return f"an array of shape {found.shape} and type {found.dtype}"
    return type(found).__name__


def _shared(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Pairs of names whose arrays overlap in memory."""
    names = list(left)
    return [
        (a, b)
        for n, a in enumerate(names)
        for b in (names[n + 1 :] if left is right else right)
        if isinstance(left[a], np.ndarray)
        and isinstance(right[b], np.ndarray)
        and _overlap(left[a], right[b])
    ]


def _overlap(a: Array, b: Array) -> bool:
    try:
        return bool(np.shares_memory(a, b, max_work=1000))  # type: ignore[arg-type]  # any number is taken
    except np.exceptions.TooHardError:
        return False
