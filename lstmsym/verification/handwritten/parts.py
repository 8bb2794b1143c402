"""The gradients in a returned tuple or list: by what they are called there, or in the order of the arrays."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstmsym.errors import InputError
from lstmsym.verification.handwritten.naming import array_named
from lstmsym.verification.handwritten.point import Point

Array = Any
Names = Callable[[Any], Sequence[str]]  # what an object is called where it is returned


@dataclass(frozen=True)
class Parts:
    """Gradients by the names of arrays, or a dict as it was returned.

    by_order  the arrays whose gradients were told from others of the same shape by their places alone
    """

    found: Any
    by_order: tuple[str, ...] = ()


def of_sequence(found: Sequence[Any], point: Point, names_of: Names) -> Parts:
    """A dict inside a sequence, or the sequence itself, read by its labels or in order.

    Raises InputError where there are fewer gradients than arrays and nothing says whose they are.
    """
    names = point.names
    inside = [part for part in found if isinstance(part, Mapping)]
    labels = [_label(names_of(part), names) for part in found]
    if inside:
        named = max(inside, key=lambda part: sum(
            array_named(str(key), names) is not None for key in part))  # fmt: skip
        return Parts({**_beside(found, labels, names), **named})
    shapes = {n: np.shape(point.values[n]) for n in names}
    found = _flat(found, labels, shapes, names_of)
    labels = [_label(names_of(part), names) for part in found]
    labelled = _by_labels(found, labels, names)
    if labelled:
        rest = _rest(found, labels, {n: s for n, s in shapes.items() if n not in labelled})
        return Parts({**labelled, **rest}, _alike(list(rest), shapes))
    gradients = found[1:] if len(found) > 1 and np.ndim(found[0]) == 0 else found
    if len(gradients) == len(names):
        return Parts(dict(zip(names, gradients, strict=True)), _alike(names, shapes))
    fitting = list(itertools.islice(_in_order([np.shape(g) for g in gradients], shapes), 2))
    if len(fitting) == 1:
        return Parts(dict(zip(fitting[0], gradients, strict=True)), _alike(fitting[0], shapes))
    raise InputError(
        f"{len(gradients)} gradients were returned for {len(names)} arrays ({', '.join(names)}), and nothing says "
        f"whose they are; {how_to_name(names[:2])}"
    )


def how_to_name(names: Sequence[str]) -> str:
    """What to write so that gradients are known by name."""
    keys, labels = ", ".join(f"'{n}': …" for n in names), ", ".join(f"d{n}" for n in names)
    return f"return a dict, as {{{keys}}}, or call them so where they are returned, as in return {labels}"


def _label(called: Sequence[str], names: Sequence[str]) -> str:
    """The name of a part that names an array as its gradient, else the first that it has."""
    meant = (n for n in called if _is_gradient(n, names))
    return next(meant, next(iter(called), ""))


def _flat(
    found: Sequence[Any],
    labels: Sequence[str],
    shapes: Mapping[str, tuple[int, ...]],
    names_of: Names,
) -> list[Any]:
    """The sequence with the parts of a list in it, as in `return loss, [dU, dW]`; one array's rows stay a list."""
    names = list(shapes)
    beside = (
        sum(isinstance(part, list | tuple) or getattr(part, "ndim", 0) > 0 for part in found) - 1
    )
    flat: list[Any] = []
    for part, label in zip(found, labels, strict=True):
        one = not isinstance(part, list | tuple) or _is_gradient(label, names)
        if one or not any(isinstance(g, np.ndarray) for g in part):
            flat.append(part)
            continue
        told = any(_is_gradient(_label(names_of(g), names), names) for g in part)
        fits = {(len(part), *np.shape(g)) for g in part} <= {*shapes.values()}
        flat += part if told or not fits or not beside else [part]
    return flat


def _is_gradient(label: str, names: Sequence[str]) -> bool:
    """Whether a name is that of a gradient by an array; a plain h, or H, is none."""
    plain = label.lower() in map(str.lower, names)
    return not plain and array_named(label, names) is not None


def _alike(taken: Sequence[str], shapes: Mapping[str, tuple[int, ...]]) -> tuple[str, ...]:
    """Those of some arrays that have the shape of another."""
    return tuple(
        n for n in taken if any(shapes[n] == shape for other, shape in shapes.items() if other != n)
    )


def _by_labels(
    found: Sequence[Any], labels: Sequence[str], names: Sequence[str]
) -> dict[str, Any] | None:
    """The parts by what the return statement calls them, dx and dW; None where it calls nothing so.

    A part without a name, or with another mark of a gradient (dhnext for hprev), is taken in its place if all
    the others stand in theirs; a plain h is no gradient.
    """
    named = {n: array_named(x, names) for n, x in enumerate(labels) if _is_gradient(x, names)}
    known = {n: name for n, name in named.items() if name is not None}
    if not known or len(set(known.values())) < len(known):
        return None
    first = len(found) - len(names)
    places = dict(zip(range(first, len(found)), names, strict=True)) if first >= 0 else {}
    if all(places.get(n) == name for n, name in known.items()):
        free = {n: name for n, name in places.items() if n not in known}
        known |= {
            n: name
            for n, name in free.items()
            if (labels[n][0] in "dD" if labels[n] else np.ndim(found[n]))
        }
    return {name: found[n] for n, name in known.items()}


def _rest(
    found: Sequence[Any], labels: Sequence[str], shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, Any]:
    """The parts without a name for the arrays that are left, if they are as many and have their shapes in order."""
    parts = [a for a, x in zip(found, labels, strict=True) if not x and isinstance(a, np.ndarray)]
    return (
        dict(zip(shapes, parts, strict=True))
        if [*map(np.shape, parts)] == [*shapes.values()]
        else {}
    )


def _beside(found: Sequence[Any], labels: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """The arrays beside a dict that the return statement calls gradients: `return grads, dx`."""
    return {
        label: part
        for label, part in zip(labels, found, strict=True)
        if isinstance(part, np.ndarray) and _is_gradient(label, names)
    }


def _in_order(
    found: list[tuple[int, ...]], shapes: Mapping[str, tuple[int, ...]]
) -> Iterator[tuple[str, ...]]:
    """The ways to give returned shapes to arrays of the same shapes without changing their order."""
    for names in itertools.combinations(shapes, len(found)):
        if [shapes[n] for n in names] == found:
            yield names
