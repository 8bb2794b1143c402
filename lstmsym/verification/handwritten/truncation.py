"""Truncated backpropagation: what each step receives from the loss is carried back a few steps and no further."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lstmsym.verification.handwritten.matching import Matching
from lstmsym.verification.handwritten.program_run import Key

Array = Any


def truncated(matching: Matching) -> str | None:
    """After how many steps the returned gradients are cut off, in words; None if they are not."""
    steps = matching.fit.backward.steps
    if matching.lead or steps < 3:
        return None
    apart = np.zeros((steps, *matching.slopes.shape))  # the slopes of each step by themselves
    apart[range(steps), range(steps)] = matching.slopes
    found = matching.fit.backward.adjoints(matching.fit.backward.program, apart)
    for kept in range(1, steps - 1):
        flat = _gradients(matching, found, apart, kept)
        if all(
            matching.same(a, flat[matching.fit.layouts[n]]) for n, a in matching.returned.items()
        ):
            by = f"{kept} step{'s' if kept > 1 else ''}"
            return f"what each step receives from the loss is carried back {by} and no further"
    return None


def _gradients(matching: Matching, found: Mapping[Key, Array], apart: Array, kept: int) -> Array:
    """All gradients as a flat vector, of a backward pass that goes so many steps back."""
    backward, space = matching.fit.backward, matching.fit.space
    near = _cut(found, kept)
    flat = np.zeros(space.length)
    for step in backward.program.gradients:
        name = step.left.parameter.name
        flat[space.places[name]] = backward.gradient(step, near, apart).sum(axis=(0, 1))
    inputs = backward.signals_gradients(backward.program, near, apart)
    states = backward.signals_gradients(backward.program, _cut(found, kept - 1), apart)
    for name in inputs:
        by = states if name in space.cell.states else inputs
        flat[space.places[name]] = by[name].sum(axis=0)
    return flat


def _cut(found: Mapping[Key, Array], kept: int) -> dict[Key, Array]:
    """The adjoints without what comes from further away; the steps of the loss stand in front."""
    near = {}
    for (name, time, scope), value in found.items():
        far = np.arange(1, len(value) + 1) > time + kept
        near[name, time, scope] = np.where(far.reshape(-1, *[1] * (value.ndim - 1)), 0.0, value)
    return near
