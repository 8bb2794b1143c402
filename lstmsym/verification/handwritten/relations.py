"""What a wrong gradient has to do with the true one: its negative, a multiple, right but for some rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from lstmsym.verification.handwritten.compare import Verdict
from lstmsym.verification.handwritten.naming import is_sequence, is_target

Array = Any
Sizes = Mapping[int, str]
Relation = Callable[[Array, Array, Sizes], str]
CLOSE = 1e-6
MOST_PLACES = 3
CLIPPED = "the true one clipped to ±"


def with_note(verdict: Verdict, sizes: Sizes) -> Verdict:
    """The verdict with what its difference looks like; one that is right stays as it is.

    sizes  number → where it is a size, "the first size of x"
    """
    if verdict.verdict != "wrong" or verdict.expected_array is None or verdict.note:
        return verdict
    found, expected = verdict.returned, verdict.expected_array
    said = (relation(found, expected, sizes) for relation in RELATIONS)
    return replace(verdict, note=next((words for words in said if words), ""))


def factor(found: Array, expected: Array) -> float | None:
    """The number c with found = c · expected, if there is one that is not 1."""
    size = float(np.sum(expected * expected)) if found.shape == expected.shape else 0.0
    if not size or not np.all(np.isfinite(found)):
        return None
    c = float(np.sum(found * expected)) / size
    return c if c and abs(c - 1) > CLOSE and close(found, c * expected) else None


def factor_words(c: float, sizes: Sizes) -> str:
    """'twice', '1/5 of', 'minus' the true one, and where such a number is a size."""
    fraction = Fraction(c).limit_denominator(1000)
    plain = abs(float(fraction) - c) <= CLOSE * abs(c)
    shown = str(fraction) if plain else f"{c:.6g}"
    if plain and fraction == -1:
        return "the negative of the true one"
    number = max(fraction.numerator, fraction.denominator)
    known = plain and min(abs(fraction.numerator), fraction.denominator) == 1 and number in sizes
    where = f" ({number} is {sizes[number]})" if known else ""
    return f"{shown} times the true one, in every entry{where}"


def clip_bound(gradients: Iterable[Array]) -> tuple[float, int] | None:
    """The bound to which several entries were cut, and how many; None where the largest stands out or all are one."""
    flat = np.concatenate([np.abs(a).reshape(-1) for a in gradients] or [np.zeros(1)])
    flat = flat[np.isfinite(flat)]
    bound = float(np.max(flat, initial=0.0))
    several = int(np.sum(flat == bound)) if bound else 0
    return (bound, several) if 2 < several < int(np.sum(flat > 0)) else None


def only_clipped(verdicts: Iterable[Verdict]) -> str:
    """The bound, in words, if all that is wrong is that gradients were clipped to it; else nothing."""
    notes = {v.note for v in verdicts if v.verdict == "wrong"}
    note = notes.pop() if len(notes) == 1 else ""
    return f"±{note.removeprefix(CLIPPED)}" if note.startswith(CLIPPED) else ""


def close(found: Array, expected: Array) -> bool:
    """Equal within a millionth of the largest entry."""
    largest = float(np.max(np.abs(expected), initial=0.0))
    return found.shape == expected.shape and bool(
        np.all(np.abs(found - expected) <= CLOSE * largest)
    )


def _not_finite(found: Array, expected: Array, sizes: Sizes) -> str:
    bad = int(np.sum(~np.isfinite(found)))
    return f"{bad} of {found.size} entries are not finite" if bad else ""


def _shape(found: Array, expected: Array, sizes: Sizes) -> str:
    if found.shape == expected.shape:
        return ""
    said = f"has shape {found.shape} where the array has {expected.shape}"
    if close(found.T, expected):
        return f"{said}: it is the transpose of the true one"
    if found.shape == expected.shape[::-1] and expected.ndim > 1:
        return f"{said}, the transposed shape; transposed it is wrong too"
    for axis in range(expected.ndim):
        if close(np.squeeze(found), np.squeeze(expected.sum(axis=axis))):
            return f"{said}: it is summed over axis {axis}"
    return said


def _zero(found: Array, expected: Array, sizes: Sizes) -> str:
    return "zero in every entry" if not np.any(found) else ""


def _multiple(found: Array, expected: Array, sizes: Sizes) -> str:
    c = factor(found, expected)
    return factor_words(c, sizes) if c is not None and expected.size > 1 else ""


def _transposed(found: Array, expected: Array, sizes: Sizes) -> str:
    if found.ndim != 2 or found.shape[0] != found.shape[1]:
        return ""
    if close(found.T, expected):
        return "the transpose of the true one"
    return "the negative of the transposed true one" if close(-found.T, expected) else ""


def _clipped(found: Array, expected: Array, sizes: Sizes) -> str:
    bound = float(np.max(np.abs(found), initial=0.0))
    cut = np.abs(expected) > bound * (1 + CLOSE)
    if bound and cut.any() and close(found, np.clip(expected, -bound, bound)):
        return f"{CLIPPED}{bound:.6g}"
    return ""


def _constant(found: Array, expected: Array, sizes: Sizes) -> str:
    same = found.size > 1 and close(found, np.broadcast_to(found.reshape(-1)[0], found.shape))
    if same and close(found, np.full(found.shape, np.sum(expected))):
        return "the sum of the true one in every entry: summed over the wrong axis"
    return "the same number in every entry" if same and not close(found, expected) else ""


def _part(found: Array, expected: Array, sizes: Sizes) -> str:
    """Right but for one run of rows or columns."""
    wrong = np.abs(found - expected) > CLOSE * float(np.max(np.abs(expected), initial=0.0))
    for axis, word in enumerate(("rows", "columns")[: wrong.ndim]):
        others = tuple(a for a in range(wrong.ndim) if a != axis)
        off = np.flatnonzero(wrong.any(axis=others))
        length = wrong.shape[axis]
        if 0 < len(off) < length and length > 2 and wrong.size > 2:
            return f"wrong in {word if wrong.ndim > 1 else 'entries'} {_runs(off)} of 0–{length - 1} only"
    return ""


def _runs(places: Array) -> str:
    """0–3, 8–11"""
    groups = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    return ", ".join(f"{g[0]}–{g[-1]}" if len(g) > 1 else f"{g[0]}" for g in groups)


RELATIONS: tuple[Relation, ...] = (
    _not_finite,
    _shape,
    _zero,
    _multiple,
    _transposed,
    _clipped,
    _constant,
    _part,
)


def sizes_of(shapes: Mapping[str, tuple[int, ...]]) -> dict[int, str]:
    """Every size above 1 with the arrays that have it, data before weights: {5: "the first size of x"}.

    Of data also the first size times the second, as of a batch of sequences.
    """
    data = [n for n in shapes if is_sequence(n) or is_target(n)]
    places: dict[int, list[str]] = {}
    for name in (*data, *(n for n in shapes if n not in data)):
        for n in dict.fromkeys(shapes[name]):
            places.setdefault(n, []).append(f"the {_place(shapes[name].index(n))} size of {name}")
    found = {n: ", ".join(where[:MOST_PLACES]) for n, where in places.items() if n > 1}
    for name in (n for n in data if min(shapes[n][:2], default=1) > 1 and len(shapes[n]) > 1):
        a, b = shapes[name][:2]
        found.setdefault(a * b, f"{a} · {b}, the first and the second size of {name}")
    return found


def _place(place: int) -> str:
    return ("first", "second", "third")[place] if place < 3 else f"{place + 1}th"
