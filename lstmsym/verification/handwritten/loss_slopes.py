"""A slip before the cell: all gradients follow, but from another ∂L_t/∂output_t than the loss has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lstmsym.verification.handwritten.fitting import Fit
from lstmsym.verification.handwritten.relations import close, factor, factor_words

Array = Any
Said = tuple[str, str]  # the name of the slip, '' where it has none, and what is said
NAME = "slope of the loss"


def before_the_cell(fit: Fit, returned: Mapping[str, Array], equal: float) -> Said | None:
    """How the slopes that explain the returned gradients differ from those of the loss; None if none do.

    A slip is named where these are the true ones in other places or times one factor; else it is only said where
    they differ, since several slips in δ of the output do the same.
    """
    flat, off = fit.solved(returned)
    entries = sum(np.size(a) for a in returned.values())
    if off > equal or entries < 2 * flat.size or len(fit.backward.seen) > 1:
        return None
    found, true = flat.reshape(fit.slopes.shape), fit.slopes
    if close(found, true):
        return None
    said = _words(found, true)
    return (NAME, _given(fit, said)) if said else ("", _differs(found, true, fit.space.cell.output))


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
    steps, batch = slopes.shape[:2]
    if steps == batch:
        return {steps: "the number of steps, the batch"}
    return {steps * batch: "steps · batch", steps: "the number of steps", batch: "the batch"}


def _words(found: Array, true: Array) -> str | None:
    c = factor(found, true)
    if c is not None:
        return factor_words(c, _sizes(true))
    if len(true) > 1 and close(found[:-1], true[1:]):
        return "that of the step after it"
    if len(true) > 1 and close(found[1:], true[:-1]):
        return "that of the step before it"
    wrong = _wrong(found, true)
    if not any(np.any(np.abs(found[n - 1]) > 1e-6 * np.max(np.abs(true))) for n in wrong):
        return f"zero at t = {', '.join(map(str, wrong))}"
    return None


def _differs(found: Array, true: Array, output: str) -> str:
    """Where the output receives something else; at the last step that can only come from the loss or be its own δ."""
    wrong = _wrong(found, true)
    at = f"at t = {', '.join(map(str, wrong))}"
    if len(true) not in wrong:
        return (
            f"not named: δ{output}_t is right at the last step and wrong {at}: what is carried back into {output}_t is "
            f"wrong, in more than one place, or ∂L_t/∂{output}_t before the last step"
        )
    return (
        f"not named: every number follows from another δ{output}_t {at}: what comes to it from the loss is wrong, "
        "or what is made of it"
    )


def _wrong(found: Array, true: Array) -> list[int]:
    return [n + 1 for n in range(len(true)) if not close(found[n], true[n])]
