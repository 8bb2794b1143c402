"""The point at which gradients are checked: arrays as they were given, or drawn for given shapes."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstmsym.errors import InputError

Array = Any
Direction = Mapping[str, Array]


@dataclass(frozen=True)
class Point:
    """Values by name, in the order in which they were given.

    values  floats as float64 arrays; whole numbers, words and the like as they were given
    names   the arrays that can be moved: those of floats
    single  the arrays that were given in float32 or less
    drawn   the arrays that were drawn because only their shape was given
    """

    values: Mapping[str, Any]
    names: tuple[str, ...]
    single: tuple[str, ...] = ()
    drawn: tuple[str, ...] = ()

    def fresh(self) -> dict[str, Any]:
        """Copies of all values, for a function that may write into them."""
        return {n: _copied(value) for n, value in self.values.items()}

    def along(self, direction: Direction, step: complex) -> dict[str, Any]:
        """Copies, moved by step · direction. With a complex step every array of floats becomes complex."""
        found = self.fresh()
        for name in self.names:
            moved = found[name].astype(complex) if isinstance(step, complex) else found[name]
            found[name] = np.asarray(moved + step * direction[name] if name in direction else moved)
        return found

    def with_values(self, values: Mapping[str, Any]) -> Point:
        """The same point with some values replaced."""
        return Point({**self.values, **values}, self.names, self.single, self.drawn)

    def unit(self, name: str, index: tuple[int, ...]) -> Direction:
        """The direction of one entry."""
        found = np.zeros_like(self.values[name])
        found[index] = 1.0
        return {name: found}


def read_point(at: Any, rng: Any = None) -> Point:
    """The point that a dict of arrays or of shapes (tuples of whole numbers) says.

    A shape is drawn N(0, 1) by `rng`, a generator or a seed. Raises InputError for anything else.
    """
    if not isinstance(at, Mapping) or not at:
        raise InputError(
            f"the arrays to check at are {_shown(at)}; expected a dict such as "
            "{'W': (3, 5), 'x': x}, with a shape or an array for each name"
        )
    if wrong := [name for name in at if not isinstance(name, str)]:
        raise InputError(f"the arrays to check at have the name {wrong[0]!r}; names are words")
    generator = np.random.default_rng(0 if rng is None else rng)
    drawn = tuple(name for name, value in at.items() if is_shape(value))
    values = {
        name: _draw(name, value, generator) if name in drawn else _value(name, value)
        for name, value in at.items()
    }
    names = tuple(n for n, a in values.items() if isinstance(a, np.ndarray) and a.dtype.kind == "f")
    if not names:
        raise InputError("none of the arrays to check at holds floats; nothing can be moved")
    single = tuple(n for n in names if n not in drawn and _bits(at[n]) < 64)
    return Point(values, names, single, drawn)


def _copied(value: Any) -> Any:
    plain = isinstance(value, np.ndarray) and not value.dtype.hasobject
    return value.copy() if plain else copy.deepcopy(value)


def is_shape(value: Any) -> bool:
    """Whether a value is a shape: a tuple of whole numbers."""
    return isinstance(value, tuple) and all(isinstance(n, int | np.integer) for n in value)


def _draw(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    if any(n < 1 for n in shape):
        raise InputError(f"{name}: a shape {shape} holds no numbers; every size is at least 1")
    return np.asarray(rng.standard_normal(shape))


def _value(name: str, value: Any) -> Any:
    """Floats as a float64 array, whole numbers as an array of them, the rest as it is."""
    if isinstance(value, int | str | bytes):
        return value
    try:
        found = np.array(value)
    except ValueError:
        return value
    if found.dtype.kind == "c":
        raise InputError(f"{name} holds complex numbers; gradients are checked at real arrays")
    if found.dtype.kind == "f":
        if not found.size:
            raise InputError(f"{name} has shape {found.shape} and holds no numbers")
        return found.astype(np.float64)
    return found if found.dtype.kind in "iub" else value


def _bits(value: Any) -> int:
    dtype = getattr(value, "dtype", np.dtype(float))
    return 8 * dtype.itemsize if isinstance(dtype, np.dtype) else 64


def _shown(value: Any) -> str:
    return "empty" if isinstance(value, Mapping) else f"of type {type(value).__name__}"
