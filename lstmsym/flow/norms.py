"""Norms of ∂u_T/∂s_t for every t, as natural logarithms; -inf is exactly zero.

spectral    the largest singular value
frobenius   √ of the sum of squares
probe       ‖uᵀ ∂u_T/∂s_t‖₂ for one random unit vector u: what a loss uᵀ u_T sees. Its square is on
            average the squared Frobenius norm divided by the size of u
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

from lstmsym.errors import UnknownName, nearest
from lstmsym.flow.sweep import sweep
from lstmsym.numerics.rollout import Rollout

Array = Any
CHUNK = 64


def log_norms(
    run: Rollout,
    above: str,
    below: str,
    kind: str = "total",
    norm: str = "spectral",
    rng: Generator | int | None = None,
) -> Array:
    """ln ‖∂above_T/∂below_{T-lag}‖ for lag = 0 … T-1, shape (T,), of one run and exact.

    `rng` draws the probe. Raises UnknownName for another norm.
    """
    if norm not in NORMS:
        raise UnknownName(f"no norm '{norm}'; {nearest(norm, NORMS)}")
    seed = None
    if norm == "probe":
        u = np.random.default_rng(rng).normal(size=run.signals[above].shape[-1])
        seed = u / np.linalg.norm(u)
    logs = np.full(run.steps, -np.inf)
    visitor = NORMS[norm](logs)
    sweep(run, above, below, kind, visitor.visit, seed)
    visitor.done()
    return logs


class Frobenius:
    """√ of the sum of squares, lag by lag."""

    def __init__(self, logs: Array) -> None:
        self.logs = logs

    def visit(self, lag: int, A: Array, log_scale: float) -> None:
        flat = A.reshape(-1)
        self.logs[lag] = log_scale + _log_root(float(flat @ flat), flat)

    def done(self) -> None:
        """Nothing is left over."""


class Spectral:
    """√ of the largest eigenvalue of A Aᵀ or Aᵀ A, whichever is smaller; many lags at once."""

    def __init__(self, logs: Array) -> None:
        self.logs, self.lags = logs, range(0)
        self.waiting: list[Array] = []
        self.scales: list[float] = []

    def visit(self, lag: int, A: Array, log_scale: float) -> None:
        size = float(np.abs(A).max())
        unit = A / size if size else A
        self.waiting.append(unit @ unit.T if A.shape[0] <= A.shape[1] else unit.T @ unit)
        self.scales.append(log_scale + math.log(size) if size else -math.inf)
        self.lags = range(lag + 1 - len(self.waiting), lag + 1)
        if len(self.waiting) == CHUNK:
            self.done()

    def done(self) -> None:
        """The eigenvalues of what is waiting."""
        if not self.waiting:
            return
        largest = np.linalg.eigvalsh(np.stack(self.waiting))[:, -1]
        logs = 0.5 * np.log(np.maximum(largest, np.finfo(float).tiny))
        self.logs[self.lags.start : self.lags.stop] = logs + np.array(self.scales)
        self.waiting, self.scales = [], []


NORMS: dict[str, Callable[[Array], Frobenius | Spectral]] = {
    "spectral": Spectral,
    "frobenius": Frobenius,
    "probe": Frobenius,
}


def _log_root(square: float, flat: Array) -> float:
    """½ ln of a sum of squares, worked out anew where it has under- or overflown."""
    if 1e-280 < square < 1e280:
        return 0.5 * math.log(square)
    size = float(np.abs(flat).max())
    if size == 0 or not math.isfinite(size):
        return math.log(size) if size else -math.inf
    return math.log(size) + 0.5 * math.log(float(np.sum((flat / size) ** 2)))


def matrices(
    run: Rollout, above: str, below: str, kind: str = "total", steps: int | None = None
) -> tuple[Array, Array]:
    """∂above_T/∂below_{T-lag} = e^log_scale[lag] J[lag]: J (K, rows, columns) and log_scale (K,)."""
    count = run.steps if steps is None else min(steps, run.steps)
    kept: list[tuple[Array, float]] = []

    def keep(lag: int, A: Array, log_scale: float) -> None:
        if lag < count:
            kept.append((A.T.copy(), log_scale))

    sweep(run, above, below, kind, keep)
    return np.stack([A for A, _ in kept]), np.array([scale for _, scale in kept])
