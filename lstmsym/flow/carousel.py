"""What one-step formulas multiply to, beside the exact ∂C_T/∂C_t.

Only the joint state Jacobian multiplies over time. The product of the four-term matrices (kind
"step") misses the paths through o from the second step on, and ∏ diag(f) (kind "direct") is the
carousel alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from lstmsym.derivation.kinds import one_step
from lstmsym.derivation.known import Known
from lstmsym.equations.cell import Cell
from lstmsym.equations.terms import is_fill, t
from lstmsym.errors import QuantityError, nearest
from lstmsym.flow.measuring import finite_run
from lstmsym.flow.norms import matrices
from lstmsym.flow.setting import setting
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.rollout import Rollout
from lstmsym.numerics.translate import evaluate

Array = Any


@dataclass(frozen=True)
class Carousel:
    """Norms of ∂s_T/∂s_{T-lag} of one run by three formulas; all of shape (K,), spectral norms.

    exact        ln ‖∂s_T/∂s_{T-lag}‖, total
    step         ln ‖∏ one-step matrices of the kind "step"‖
    direct       ln ‖∏ direct local Jacobians‖, for an LSTM ∏ f
    step_error   ‖∏ step - exact‖/‖exact‖
    direct_error ‖∏ direct - exact‖/‖exact‖
    """

    cell: str
    state: str
    lag: Array = field(repr=False)
    exact: Array = field(repr=False)
    step: Array = field(repr=False)
    direct: Array = field(repr=False)
    step_error: Array = field(repr=False)
    direct_error: Array = field(repr=False)


def carousel_state(cell: Cell) -> str | None:
    """The last state that carries itself and is reached by other ways too, as C of an LSTM; None without one."""
    if len(cell.states) == 1:
        return None
    carried = (s for s in reversed(cell.states) if not is_fill(one_step(cell, s, s, "direct"), 0))
    return next(
        (s for s in carried if one_step(cell, s, s, "direct") != one_step(cell, s, s, "total")),
        None,
    )


def carousels(
    cell: Cell, state: str, gains: Sequence[float], *, steps: int = 31, hidden: int = 32,
    seeds: int = 5, rng: int = 0, text: str | Path | None = None,
) -> dict[str, list[Carousel]]:  # fmt: skip
    """Title "gain g" → one Carousel a seed, with gaussian initialisation on noise or on the bytes of a text."""
    found = {}
    with threadpool_limits(1, user_api="blas"):
        for gain in gains:
            chosen = setting(
                steps=steps, hidden=hidden, seeds=seeds, rng=rng, init="gaussian",
                gain=gain, forget_bias=None, dtype="float64", input=None, text=text, loss=None,
            )  # fmt: skip
            runs = (finite_run(cell, chosen, seed) for seed in range(seeds))
            found[f"gain {gain:g}"] = [carousel(run, state) for run in runs]
    return found


def carousel(run: Rollout, state: str) -> Carousel:
    """Exact, `step` and `direct` for lag = 0 … T-1 of one run. Raises QuantityError for no state."""
    if state not in run.cell.states:
        known = nearest(state, run.cell.states)
        raise QuantityError(f"'{state}' is no state of {run.cell.name}; {known}")
    exact, scales = matrices(run, state, state)
    found = {kind: _products(run, state, kind) for kind in ("step", "direct")}
    errors = {kind: _errors(*found[kind], exact, scales) for kind in found}
    return Carousel(
        run.cell.name, state, np.arange(run.steps), _log_norms(exact, scales),
        _log_norms(*found["step"]), _log_norms(*found["direct"]), errors["step"], errors["direct"],
    )  # fmt: skip


def one_step_matrices(run: Rollout, state: str, kind: str) -> Array:
    """∂s_t/∂s_{t-1} of a kind for t = 2 … T, (T - 1, n, n)."""
    term = one_step(run.cell, state, state, kind)
    read = lambda name, time: run.signals[name][1:] if time else run.signals[name][:-1]  # noqa: E731
    env = Environment(run.parameters, read, run.sizes, {t: 1}, definitions=Known(run.cell))
    value = evaluate(term, env)
    n = env.size(run.cell.signals[state].rows)
    return np.broadcast_to(value.reshape(*value.shape[:-2], n, n), (run.steps - 1, n, n))


def _products(run: Rollout, state: str, kind: str) -> tuple[Array, Array]:
    """The products over the last 0 … T-1 steps, newest factor on the left, and their log scales."""
    n = run.signals[state].shape[-1]
    product, scale = np.eye(n), 0.0
    found, scales = [product], [scale]
    for matrix in one_step_matrices(run, state, kind)[::-1]:
        product = product @ matrix
        size = float(np.abs(product).max())
        if size:
            product, scale = product / size, scale + np.log(size)
        found.append(product)
        scales.append(scale)
    return np.stack(found), np.array(scales)


def _log_norms(matrices: Array, scales: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(np.linalg.norm(matrices, ord=2, axis=(-2, -1))) + scales


def _errors(product: Array, logs: Array, exact: Array, scales: Array) -> Array:
    """‖product - exact‖/‖exact‖ by the spectral norm, NaN where exact is zero."""
    size = np.linalg.norm(exact, ord=2, axis=(-2, -1))
    apart = product * np.exp(np.minimum(logs - scales, 700))[:, None, None] - exact
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.linalg.norm(apart, ord=2, axis=(-2, -1)) / size
