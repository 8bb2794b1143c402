"""What a backward pass returns, by the names of the arrays: a dict, or a sequence in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstmsym.errors import InputError, nearest
from lstmsym.verification.handwritten.naming import array_named
from lstmsym.verification.handwritten.nesting import leaves
from lstmsym.verification.handwritten.parts import Names, of_sequence
from lstmsym.verification.handwritten.point import Point

Array = Any


@dataclass(frozen=True)
class Returned:
    """The gradients by the names of the arrays.

    unknown   the keys that name no array
    by_order  the arrays whose gradients nothing but their places tells from others of the same shape
    """

    gradients: dict[str, Array]
    unknown: list[str]
    by_order: tuple[str, ...] = ()


def by_name(found: Any, point: Point, names_of: Names = lambda part: ()) -> Returned:
    """What was returned, by the names of the arrays.

    A tuple or list is read by what its parts are called where they are returned, dx and dW, or in the order of the
    arrays of floats; of a tuple such as (loss, gradients) or (gradients, cache) the dict that names most arrays is
    taken, with what stands beside it under a name of its own. Raises InputError where it cannot be read.
    """
    by_order: tuple[str, ...] = ()
    if isinstance(found, Sequence) and not isinstance(found, str):
        parts = of_sequence(found, point, names_of)
        found, by_order = parts.found, parts.by_order
    if isinstance(found, np.ndarray) and len(point.names) == 1:
        found = {point.names[0]: found}
    if not isinstance(found, Mapping):
        raise InputError(
            f"the gradients are of type {type(found).__name__}; return a dict with a gradient for each array, "
            f"as in {{'{point.names[0]}': …}}"
        )
    return Returned(*_of_mapping(found, point), by_order)


def _named(path: tuple[str, ...], names: Sequence[str]) -> str | None:
    """The array that nested keys name: by the last of them, or lstm.W by ('lstm', 'dW')."""
    for name in (n for n in names if "." in n and len(path) > 1):
        pieces = name.split(".")
        pairs = zip(path[-len(pieces) :], pieces, strict=False)
        if len(path) >= len(pieces) and all(array_named(key, [p]) == p for key, p in pairs):
            return name
    return array_named(path[-1], names)


def _of_mapping(found: Mapping[Any, Any], point: Point) -> tuple[dict[str, Array], list[str]]:
    known: dict[str, Array] = {}
    unknown = []
    for path, value in leaves(found):
        key = ".".join(map(str, path))
        name = _named(tuple(map(str, path)), point.names)
        if name is None or name in known:
            unknown.append(key)
        elif value is not None:
            known[name] = _array(key, value)
    if not known:
        first = str(next(iter(found), ""))
        raise InputError(
            f"the gradients have the keys {', '.join(map(str, found)) or 'none'}, and none names an array; "
            f"{nearest(first, point.names)}"
        )
    return {name: known[name] for name in point.names if name in known}, unknown


def _array(key: str, value: Any) -> Array:
    try:
        found = value if isinstance(value, np.ndarray) else np.asarray(value)
    except ValueError:
        found = np.asarray(None)
    if found.dtype.kind not in "fiub":
        raise InputError(
            f"the gradient {key} is of type {type(value).__name__} with entries of type {found.dtype}; "
            "an array of real numbers was expected"
        )
    return found if found.dtype.kind == "f" else found.astype(float)
