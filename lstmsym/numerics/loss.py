"""Losses: functions of a rollout, one number a draw; autograd differentiates them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp

from lstmsym.numerics.rollout import Rollout

Array = Any
Loss = Callable[[Rollout], Array]


def next_byte(readout: Array, targets: Array) -> Loss:
    """L = Σ_t −ln softmax(V y_t)[target_t], in nats, summed over steps.

    readout V (symbols, n) or (draws, symbols, n); targets (..., T) of whole numbers.
    """

    def loss(run: Rollout) -> Array:
        scores = anp.matmul(run.output, anp.swapaxes(readout, -1, -2))
        largest = anp.max(scores, axis=-1, keepdims=True)
        scores = scores - largest
        chosen = anp.sum(scores * (anp.arange(scores.shape[-1]) == targets[..., None]), axis=-1)
        return anp.sum(anp.log(anp.sum(anp.exp(scores), axis=-1)) - chosen, axis=-1)

    return loss


def quadratic(target: Array | float = 0.0) -> Loss:
    """L = ½ Σ_t ‖y_t − target_t‖², summed over steps; target broadcasts to (..., T, n)."""

    def loss(run: Rollout) -> Array:
        return 0.5 * anp.sum((run.output - target) ** 2, axis=(-1, -2))

    return loss


def last_step(direction: Array, name: str | None = None) -> Loss:
    """L = uᵀ y_T: a loss at the end only. `direction` (n,) or (draws, n); `name` another signal."""

    def loss(run: Rollout) -> Array:
        series = run.output if name is None else run.signals[name]
        return anp.sum(series[..., -1, :] * direction, axis=-1)

    return loss
