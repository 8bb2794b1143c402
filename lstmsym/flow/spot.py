"""The two engines against each other: the derived backward step, and autograd's reverse pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad
from numpy.random import Generator

from lstmsym.equations.cell import Cell
from lstmsym.flow.setting import Setting
from lstmsym.flow.sweep import sweep, sweep_loss
from lstmsym.numerics.gradients import Gradients, autograd_gradients
from lstmsym.numerics.loss import Loss, last_step
from lstmsym.numerics.rollout import Rollout, rollout

Array = Any
AT_MOST = 100
SMALLEST = 1e-200


def difference(run: Rollout, above: str, below: str, kind: str, rng: Generator) -> float:
    """The largest ‖derived - autograd‖/‖autograd‖ over the last 100 lags, of uᵀ ∂above_T/∂below_t.

    Lags at which autograd's number is below 10⁻²⁰⁰ are left out: there it loses digits. NaN if
    `below` is an input, which has no tap.
    """
    if below not in run.cell.by_name:
        return float("nan")
    tail = _tail(run, min(run.steps, AT_MOST))
    u = rng.normal(size=run.signals[above].shape[-1])
    found = _taken(_reverse_pass(tail, last_step(u, above)), below, kind)
    derived = np.zeros_like(found)

    def keep(lag: int, A: Array, log_scale: float) -> None:
        derived[tail.steps - 1 - lag] = A[:, 0] * np.exp(log_scale)

    sweep(tail, above, below, kind, keep, u)
    rows = slice(0, tail.steps - 1 if kind == "block" else None)
    return _relative(derived[rows], found[rows])


def loss_gradients(cell: Cell, chosen: Setting, below: str, kind: str) -> tuple[Array, float]:
    """∂L/∂below_t (S, T, rows) by one reverse pass over all seeds, and how far the derived one is.

    All seeds are draws of one rollout; L is the sum of their losses, which share nothing.
    """
    seeds = range(chosen.seeds)
    stack = lambda drawn: {n: np.stack([one[n] for one in drawn]) for n in drawn[0]}  # noqa: E731
    weights = [chosen.weights(cell, s) for s in seeds]
    inputs = [chosen.inputs(cell, s) for s in seeds]
    starts = [chosen.initial(cell, s) or {} for s in seeds]
    losses = [chosen.loss_of(cell, s) for s in seeds]
    whole = autograd_gradients(
        cell, stack(weights), stack(inputs), _sum_of(losses), stack(starts),
        steps=chosen.steps, weights_too=False,
    )  # fmt: skip
    first = rollout(cell, weights[0], inputs[0], starts[0], steps=chosen.steps)
    derived = sweep_loss(first, _own(first, losses[0]), below, kind)
    alone = _taken(_reverse_pass(first, losses[0]), below, kind)
    return _taken(whole, below, kind), _relative(derived, alone)


def _sum_of(losses: list[Loss]) -> Loss:
    """Seed s under loss s."""

    def loss(run: Rollout) -> Array:
        out = run.output
        total = 0.0
        for s, one in enumerate(losses):
            total = total + one(replace(run, signals={run.cell.output: out[s]}))
        return anp.sum(total)

    return loss


def _own(run: Rollout, loss: Loss) -> Array:
    """∂L/∂output_t with the other outputs held fixed, (T, n)."""
    name = run.cell.output
    of_output = lambda series: anp.sum(loss(replace(run, signals={name: series})))  # noqa: E731
    return grad(of_output)(run.output)


def _tail(run: Rollout, steps: int) -> Rollout:
    """The last steps of a run, from the states before them, computed again as autograd will.

    Where a cell is chaotic, two orders of adding up part ways within a hundred steps; both engines have
    to see the same states.
    """
    start = run.steps - steps
    initial = {s: run.signal(s, start) for s in run.cell.states}
    inputs = {s.name: run.signals[s.name][..., start:, :] for s in run.cell.inputs}
    return rollout(run.cell, run.parameters, inputs, initial, steps=steps)


def _reverse_pass(run: Rollout, loss: Loss) -> Gradients:
    inputs = {s.name: run.signals[s.name] for s in run.cell.inputs}
    return autograd_gradients(
        run.cell, run.parameters, inputs, loss, run.initial, steps=run.steps, weights_too=False
    )


def _taken(found: Gradients, below: str, kind: str) -> Array:
    """The gradients of one signal for t = 1 … T; of the kind block, that of T is zero."""
    if kind == "total":
        return found.signals[below]
    carried = found.carried[below]
    return np.concatenate([carried[..., 1:, :], np.zeros_like(carried[..., :1, :])], axis=-2)


def _relative(derived: Array, found: Array) -> float:
    size = np.linalg.norm(found, axis=-1)
    kept = size > SMALLEST
    if not kept.any():
        return 0.0 if not derived[~kept].any() else float("inf")
    return float((np.linalg.norm(derived - found, axis=-1)[kept] / size[kept]).max())
