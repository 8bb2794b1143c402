"""Slices of a concatenation that begin at the wrong column, in the order in which the author concatenates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lstmsym.numerics.environment import affine_value
from lstmsym.verification.handwritten.fitting import Fit
from lstmsym.verification.handwritten.layouts import stack_of
from lstmsym.verification.handwritten.variants import Variant, wrong_slices

Array = Any


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

    yield from wrong_slices(fit.backward.program, windows, columns)


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
