"""What a backward pass returns, by the names of the arrays: a dict, or a sequence in their order."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from lstmsym.errors import InputError, nearest
from lstmsym.verification.handwritten.nesting import leaves
from lstmsym.verification.handwritten.point import Point

Array = Any

# What authors put around the name of an array to name its gradient; the first that fits is taken.
DECORATIONS = (
    r"(?P<name>.+)",
    r"d_?(?P<name>.+)",
    r"d(?:[LEJC]|loss|cost)_?d?_?(?P<name>.+)",
    r"d[LEJC]/d(?P<name>.+)",
    r"(?:grads?|g|delta|nabla|∂|∇)_?(?P<name>.+)",
    r"(?P<name>.+?)_?(?:grads?|bar|gradient|diff|delta)",
    r"(?P<name>.+)_d",
)


def by_name(
    found: Any, point: Point, labels: Sequence[str] = ()
) -> tuple[dict[str, Array], list[str]]:
    """The gradients by the names of the arrays, and the keys that name no array.

    A tuple or list is read by its labels, as 'dx, dW' in its return statement, or in the order of the arrays of
    floats; of a tuple such as (loss, gradients) or (gradients, cache) the dict that names most arrays is taken,
    with what stands beside it under a name of its own. Raises InputError where it cannot be read.
    """
    if isinstance(found, Sequence) and not isinstance(found, str):
        found = _of_sequence(found, point, labels)
    if isinstance(found, np.ndarray) and len(point.names) == 1:
        found = {point.names[0]: found}
    if not isinstance(found, Mapping):
        raise InputError(
            f"the gradients are of type {type(found).__name__}; return a dict with a gradient for each array, "
            f"as in {{'{point.names[0]}': …}}"
        )
    return _of_mapping(found, point)


def array_named(key: str, names: Sequence[str]) -> str | None:
    """The array whose gradient a key such as dW, dL_dW, grad_W or W_grad names; None if there is none."""
    folded = {name.lower(): name for name in names}
    for pattern in DECORATIONS:
        if (match := re.fullmatch(pattern, key)) and match["name"] in names:
            return match["name"]
    for pattern in DECORATIONS:
        match = re.fullmatch(pattern, key, re.IGNORECASE)
        if match and match["name"].lower() in folded and len(folded) == len(names):
            return folded[match["name"].lower()]
    return None


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


def _of_sequence(found: Sequence[Any], point: Point, labels: Sequence[str]) -> Any:
    """A dict inside a sequence, or the sequence itself, read by its labels or in order."""
    inside = [part for part in found if isinstance(part, Mapping)]
    if inside:
        named = max(inside, key=lambda part: sum(
            array_named(str(key), point.names) is not None for key in part))  # fmt: skip
        return {**_beside(found, labels, point.names), **named}
    labelled = _by_labels(found, labels, point.names)
    if labelled:
        return labelled
    gradients = found[1:] if len(found) > 1 and np.ndim(found[0]) == 0 else found
    if len(gradients) == len(point.names):
        return dict(zip(point.names, gradients, strict=True))
    shapes = {n: np.shape(point.values[n]) for n in point.names}
    fitting = list(itertools.islice(_in_order([np.shape(g) for g in gradients], shapes), 2))
    if len(fitting) == 1:
        return dict(zip(fitting[0], gradients, strict=True))
    raise InputError(
        f"{len(gradients)} gradients were returned for {len(point.names)} arrays "
        f"({', '.join(point.names)}); return a dict with a name for each"
    )


def _by_labels(
    found: Sequence[Any], labels: Sequence[str], names: Sequence[str]
) -> dict[str, Any] | None:
    """The parts by what the return statement calls them, dx and dW; None where it calls nothing so.

    A part without a name, or with another mark of a gradient (dhnext for hprev), is taken in its place if all
    the others stand in theirs; a plain h is no gradient.
    """
    if len(labels) != len(found):
        return None
    named = {n: array_named(label, names) for n, label in enumerate(labels) if label not in names}
    known = {n: name for n, name in named.items() if name is not None}
    if not known or len(set(known.values())) < len(known):
        return None
    first = len(found) - len(names)
    places = dict(zip(range(first, len(found)), names, strict=True)) if first >= 0 else {}
    if all(places.get(n) == name for n, name in known.items()):
        free = {n: name for n, name in places.items() if n not in known}
        known |= {n: name for n, name in free.items() if not labels[n] or labels[n][0] in "dD"}
    return {name: found[n] for n, name in known.items()}


def _beside(found: Sequence[Any], labels: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """The arrays beside a dict that the return statement calls gradients: `return grads, dx`."""
    if len(labels) != len(found):
        return {}
    return {
        label: part
        for label, part in zip(labels, found, strict=True)
        if isinstance(part, np.ndarray) and label not in names and array_named(label, names)
    }


def _in_order(
    found: list[tuple[int, ...]], shapes: Mapping[str, tuple[int, ...]]
) -> Iterator[tuple[str, ...]]:
    """The ways to give returned shapes to arrays of the same shapes without changing their order."""
    for names in itertools.combinations(shapes, len(found)):
        if [shapes[n] for n in names] == found:
            yield names


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
