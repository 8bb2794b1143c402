"""Slices of a concatenation that begin at the wrong column, in the order in which the author concatenates."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from lstmsym.derivation.steps import Program, Step
from lstmsym.equations.derived import Columns
from lstmsym.equations.terms import Parameter, walk
from lstmsym.numerics.environment import affine_value
from lstmsym.verification.handwritten.fitting import Fit
from lstmsym.verification.handwritten.layouts import stack_of
from lstmsym.verification.handwritten.variants import Variant

Array = Any
Columnwise = Callable[[str, str, int], Array]  # weight, label, first column


def sliced(fit: Fit) -> Iterator[Variant]:
    """The programs in which h or x is cut out of the gradient of [h, x] at the wrong end; none without such."""
    order, widths = _columns(fit)
    if order is None:
        return
    weights = fit.space.values(fit.backward.flat)
    own, start = {}, 0
    for label, width in widths.items():
        own[label] = set(range(start, start + width))
        start += width
    windows = {
        label: [s for s in sorted({0, start - w}) if set(order[s : s + w].tolist()) != own[label]]
        for label, w in widths.items()
    }

    def columns(weight: str, label: str, first: int) -> Array:
        return weights[weight][:, order[first : first + widths[label]]]

    labels = list(windows)
    for starts in itertools.product(*([None, *windows[label]] for label in labels)):
        chosen = {label: s for label, s in zip(labels, starts, strict=True) if s is not None}
        if chosen:
            yield from _cut(fit.backward.program, chosen, columns)


def _cut(program: Program, starts: Mapping[str, int], columns: Columnwise) -> Iterator[Variant]:
    changed: dict[int, Step] = {}
    parameters: dict[str, Array] = {}
    for n, step in enumerate(program.assignments):
        instead = {}
        for a in walk(step.right):
            if isinstance(a, Columns) and a.part.label in starts:
                name = f"{a.parameter.name}_at_{a.part.label}"
                instead[a] = Parameter(name, *a.shape)
                parameters[name] = columns(a.parameter.name, a.part.label, starts[a.part.label])
        if instead:
            changed[n] = replace(step, right=step.right.xreplace(instead))
    if changed:
        cut = " and ".join(f"that by {label} from column {n} on" for label, n in starts.items())
        words = f"the gradient of the concatenation is cut at the wrong place: {cut}"
        yield Variant("wrong slice", lambda: words, changed, parameters)


def _columns(fit: Fit) -> tuple[Array | None, dict[str, int]]:
    """The cell's columns in the author's order, and the width of each part; None where they are held apart."""
    space = fit.space
    for weight in space.cell.weights:
        stack = stack_of(space.cell, weight)
        widths = {label: affine_value(size, space.sizes, "size") for label, size in stack}
        if len(widths) < 2:
            continue
        row = space.places[weight][0]
        for layout in fit.layouts.values():
            if np.isin(row, layout).all():
                found = np.array([np.argwhere(layout == place)[0] for place in row])
                axis = int(np.argmax(np.ptp(found, axis=0)))
                return np.argsort(found[:, axis]), widths
    return None, {}
