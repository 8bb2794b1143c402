"""A slip before the cell: all gradients follow, but from another ∂L_t/∂output_t than the loss has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lstmsym.verification.handwritten.fitting import Fit
from lstmsym.verification.handwritten.relations import close, factor, factor_words

Array = Any


def before_the_cell(fit: Fit, returned: Mapping[str, Array], equal: float) -> str | None:
    """In words, how the slopes that explain the returned gradients differ from those of the loss; None if none do."""
    flat, off = fit.solved(returned)
    entries = sum(np.size(a) for a in returned.values())
    if off > equal or entries < 2 * flat.size or len(fit.backward.seen) > 1:
        return None
    said = _words(flat.reshape(fit.slopes.shape), fit.slopes, fit.space.cell.output)
    return _given(fit, said) if said else None


def multiplied(fit: Fit, returned: Mapping[str, Array], true: Mapping[str, Array]) -> str | None:
    """The same where all gradients, more than one, are the true ones times one factor; None if they are not.

    Asked first: any slip in δ of the output can be read as other slopes, but only this one as a factor.
    """
    if len(returned) < 2:
        return None
    found, expected = (np.concatenate([np.ravel(a[n]) for n in returned]) for a in (returned, true))
    c = factor(found, expected)
    return _given(fit, factor_words(c, _sizes(fit.slopes))) if c is not None else None


def _given(fit: Fit, said: str) -> str:
    output = fit.space.cell.output
    return f"the cell's part is right, but it is given a wrong ∂L_t/∂{output}_t: {said}"


def _sizes(slopes: Array) -> dict[int, str]:
    return {slopes.shape[0]: "the number of steps", slopes.shape[1]: "the batch"}


def _words(found: Array, true: Array, output: str) -> str | None:
    c = factor(found, true)
    if c is not None:
        return factor_words(c, _sizes(true))
    if close(found, true):
        return None
    wrong = [n + 1 for n in range(len(true)) if not close(found[n], true[n])]
    if len(true) > 1 and close(found[:-1], true[1:]):
        return "that of the step after it"
    if len(true) > 1 and close(found[1:], true[:-1]):
        return "that of the step before it"
    zero = [n for n in wrong if not np.any(np.abs(found[n - 1]) > 1e-6 * np.max(np.abs(true)))]
    if zero == wrong:
        return f"zero at t = {', '.join(map(str, wrong))}"
    return f"it differs at t = {', '.join(map(str, wrong))}; several slips in δ{output}_t look the same"
