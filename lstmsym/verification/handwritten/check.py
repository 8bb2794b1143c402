"""check_gradients: is a hand-written backward pass the gradient of its forward pass, and if not, what is wrong?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

import numpy as np

from lstmsym.errors import Disagreement, InputError, LstmsymError, UnknownName, nearest
from lstmsym.verification.handwritten.author import Author, Gradients, Loss, quiet
from lstmsym.verification.handwritten.compare import MODES, Comparison, Verdict
from lstmsym.verification.handwritten.nesting import Nested, is_nested
from lstmsym.verification.handwritten.noise import last_digits
from lstmsym.verification.handwritten.parts import how_to_name
from lstmsym.verification.handwritten.point import Point, read_point
from lstmsym.verification.handwritten.relations import close, only_clipped, sizes_of, with_note
from lstmsym.verification.handwritten.report import GradientCheck
from lstmsym.verification.handwritten.slopes import COMPLEX, Slopes
from lstmsym.verification.handwritten.times import Sequence, find_sequence, where
from lstmsym.verification.handwritten.weak import (
    Findings,
    one_factor,
    weaknesses,
)

Array = Any
Slip = Callable[[Slopes, Sequence | None, str, str], Any]


class GradientsDiffer(Disagreement, AssertionError):
    """A backward pass that is not the gradient of its forward pass; the message is the whole report."""


def check_gradients(
    loss: Loss,
    gradients: Gradients,
    at: Any,
    *,
    cell: Any = None,
    names: Mapping[str, str] | None = None,
    method: str = "auto",
    mode: str = "auto",
    step: float | None = None,
    tolerance: float | None = None,
    sequence: Any = None,
    rng: Any = None,
    beside: Mapping[str, Any] | None = None,
) -> GradientCheck:
    """Compare a hand-written backward pass with slopes of the forward pass beside it.

    loss       arrays → the loss, a number (or a tuple that begins with it); the author's own forward pass
    gradients  arrays → {name: gradient}; the keys may be dW, grad_W, dL_dW for the array W
    at         {name: array, or a shape to be drawn N(0, 1)}; whole numbers are passed on and not moved;
               dicts may stand in it, as {"x": x, "lstm": {"W": W, "b": b}}
    cell       a cell of the catalogue, or a Cell: a wrong gradient is then explained by one slip, if one does
    names      the author's names in the cell's letters, {"Wf": "W_f", "h0": "h"}; see `layouts.read_meaning`
    method     "complex step", "central differences", or "auto": complex step where the loss allows it
    mode       "entries", "directions" (fast, for large arrays), or "auto": by the size of each array
    step       the step of plain central differences; without it they are extrapolated to step zero
    tolerance  relative to the largest entry of each array; without it, from the errors of method and rounding
    sequence   the array over time, or {array: its axis of time}; found by its name if not given
    rng        a generator or a seed, for what is drawn
    beside     what the functions use besides their arguments; the cell's input may be there

    Raises InputError for functions or arrays that cannot be used; a wrong gradient is no error, see
    `assert_gradients`. What the author's functions raise is passed on.
    """
    _check_options(mode, tolerance)
    if is_nested(at):
        tree = Nested(at)
        loss, gradients, at = tree.loss(loss), tree.gradients(gradients), tree.flat
    with quiet():
        point = read_point(at, rng)
        _check_cell(cell, names or {}, point)
        slopes = _slopes(Author(loss, gradients, point), method, step)
        slip = None if cell is None else partial(_slip, cell, names, beside)
        return _checked(slopes, mode, tolerance, sequence, slip)


def _checked(
    slopes: Slopes, mode: str, tolerance: float | None, sequence: Any, slip: Slip | None
) -> GradientCheck:
    """The check, once the method is chosen."""
    author, point = slopes.author, slopes.point
    first, second = (author.gradients(point.fresh()) for _ in range(2))
    noise = partial(last_digits, slopes, first, second)
    compared = Comparison(slopes, first, noise, tolerance)
    verdicts = _judged(compared, mode, point)
    _refuse_order(verdicts, author.by_order)
    wrong = any(v.verdict == "wrong" for v in verdicts)
    clipped = only_clipped(verdicts)
    factor = one_factor(verdicts, {n: np.shape(a) for n, a in point.values.items()})
    scaled = clipped or factor  # at any length
    quick = mode == "directions" and not wrong and sequence is None
    over_time = None if quick else find_sequence(author, sequence)
    values = slopes.value, author.loss(point.fresh())
    findings = Findings(author, slopes, first, second, values, verdicts, over_time)
    return GradientCheck(
        slopes.value,
        tuple(verdicts),
        slopes.method,
        slopes.reason,
        tuple(weaknesses(findings)),
        where(slopes, over_time, verdicts) if wrong and over_time and not scaled else None,
        slip(slopes, over_time, clipped, factor) if slip and wrong else None,
        calls=slopes.calls,
    )


def assert_gradients(loss: Loss, gradients: Gradients, at: Any, **options: Any) -> GradientCheck:
    """check_gradients for tests: raises GradientsDiffer, an AssertionError, with the report."""
    found = check_gradients(loss, gradients, at, **options)
    if not found.passed:
        raise GradientsDiffer(f"\n{found}")
    return found


def _slopes(author: Author, method: str, step: float | None) -> Slopes:
    slopes = Slopes(author, method, step, 0)
    if not math.isfinite(slopes.value):
        raise InputError(
            f"the loss is {slopes.value} at these arrays; a finite number was expected"
        )
    return slopes


def _judged(compared: Comparison, mode: str, point: Point) -> list[Verdict]:
    """The verdicts; a wrong entry found by complex step is asked about once more, by differences."""
    sizes = sizes_of({n: np.shape(a) for n, a in point.values.items()})
    return [with_note(_doubted(compared, v), sizes) for v in compared.verdicts(mode)]


def _refuse_order(verdicts: list[Verdict], by_order: Collection[str]) -> None:
    """Raise InputError where a gradient that only its place names is the right one by another array of its shape."""
    unnamed = [v for v in verdicts if v.name in by_order and v.expected_array is not None]
    for v, other in itertools.permutations(unnamed, 2):
        if v.verdict == "wrong" and close(v.returned, other.expected_array):
            raise InputError(
                f"which gradient is which is not known: they are returned without names, and the one in the place of "
                f"{v.name} is the right one by {other.name}, of the same shape {np.shape(v.returned)}; "
                f"{how_to_name([other.name, v.name])}"
            )


def _doubted(compared: Comparison, verdict: Verdict) -> Verdict:
    slopes = compared.slopes
    if verdict.verdict != "wrong" or verdict.worst is None or slopes.method != COMPLEX:
        return verdict
    plain = slopes.confirmed(slopes.point.unit(verdict.name, verdict.worst))
    assert verdict.expected is not None
    if abs(plain.value - verdict.expected) <= 10 * plain.error + 1e-5 * abs(verdict.expected):
        return verdict
    other = Slopes(slopes.author, "central differences", None, 0)
    again = Comparison(other, compared.returned, lambda: compared.noise, compared.tolerance)
    return again.by_entries(verdict.name)


def _check_options(mode: str, tolerance: float | None) -> None:
    if mode not in MODES:
        raise InputError(f"unknown mode '{mode}'; {nearest(mode, MODES)}")
    if tolerance is not None and not tolerance > 0:
        raise InputError(f"the tolerance is {tolerance}; a positive number was expected")


def _check_cell(cell: Any, names: Mapping[str, str], point: Point) -> None:
    """Refuse an unknown cell, and names that it or the code does not have, before any work."""
    if cell is None and names:
        raise InputError("names are those of a cell; name the cell too, as in cell='lstm'")
    for name, meant in names.items():
        if name not in point.names:
            raise UnknownName(f"no array '{name}' to be {meant}; {nearest(name, point.names)}")
    if cell is not None:
        from lstmsym.cells import find_cell
        from lstmsym.verification.handwritten.layouts import read_meaning

        known = find_cell(cell)
        for meant in names.values():
            read_meaning(meant, known)


def _slip(
    cell: Any,
    names: Mapping[str, str] | None,
    beside: Mapping[str, Any] | None,
    slopes: Slopes,
    sequence: Sequence | None,
    bound: str,
    factor: str,
) -> Any:
    from lstmsym.verification.handwritten.explain import (
        clipped,
        explain,
        scaled,
        unnamed,
    )

    if bound:
        return clipped(cell, bound)
    if factor:
        return scaled(cell, factor)
    try:
        return explain(cell, names, slopes, sequence, beside)
    except LstmsymError:
        raise
    except Exception as error:  # the verdict stands, whatever the search for a name runs into
        return unnamed(cell, f"{type(error).__name__}: {error}")
