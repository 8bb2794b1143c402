"""What a measurement returns: the norms by lag of each cell, and everything they depend on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = Any
SCHEMA = "lstmsym/flow/1"
QUANTILES = (0.1, 0.5, 0.9)
BURN_IN = 20


@dataclass(frozen=True)
class CellFlow:
    """The norms of one cell; K lags, S seeds. Logarithms are natural, -inf is exactly zero.

    lag          (K,) steps back from the last one, T - t
    by_seed      (S, K) ln of the norm
    log_norm     (K,) their mean
    log_norm_sd  (K,) their standard deviation (n - 1), NaN for one seed or where a norm is zero
    quantiles    (3, K) the 0.1, 0.5 and 0.9 quantiles over seeds, each the value of a seed
    slope_per_step  least-squares slope of log_norm over lag, nats per step, after a burn-in of
                    min(20, K // 4) lags; NaN where fewer than two norms are not zero
    half_life    steps in which the norm halves, ln 2/(-slope); infinite where it does not shrink
    engine       "derived" (backward step lowered from the derivation) or "autograd"
    autograd_max_rel_difference  the largest difference between the two engines on the first seed,
                    relative to the norm at that lag
    """

    cell: str
    init: str
    hidden: int
    steps: int
    seeds: int
    dtype: str
    lag: Array = field(repr=False)
    by_seed: Array = field(repr=False)
    engine: str
    autograd_max_rel_difference: float

    @property
    def log_norm(self) -> Array:
        return self.by_seed.mean(axis=0)

    @property
    def log_norm_sd(self) -> Array:
        if len(self.by_seed) < 2:
            return np.full(len(self.lag), np.nan)
        finite = np.isfinite(self.by_seed).all(axis=0)
        return np.where(finite, np.where(finite, self.by_seed, 0).std(axis=0, ddof=1), np.nan)

    @property
    def quantiles(self) -> Array:
        return np.quantile(self.by_seed, QUANTILES, axis=0, method="inverted_cdf")

    @property
    def slope_per_step(self) -> float:
        return slope(self.lag, self.log_norm)

    @property
    def half_life(self) -> float:
        return half_life(self.slope_per_step)

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers and lists for JSON; null stands for what is not finite."""
        return {
            "cell": self.cell,
            "init": self.init,
            "hidden": self.hidden,
            "steps": self.steps,
            "seeds": self.seeds,
            "dtype": self.dtype,
            "lag": [int(a) for a in self.lag],
            "log_norm": [plain(a) for a in self.log_norm],
            "log_norm_sd": [plain(a) for a in self.log_norm_sd],
            "slope_per_step": plain(self.slope_per_step),
            "half_life": plain(self.half_life),
            "engine": self.engine,
            "autograd_max_rel_difference": plain(self.autograd_max_rel_difference),
        }


@dataclass(frozen=True)
class Flow:
    """How gradients flow back through some cells.

    quantity  "dh[T]/dh[t]", "dC[T]/dC[t]", "dL/dh[t]", …
    kind      "total" or "block"
    norm      "spectral", "frobenius" or "probe"; "euclidean" of a gradient, which is a vector
    """

    quantity: str
    kind: str
    norm: str
    cells: tuple[CellFlow, ...]

    def __getitem__(self, cell: str) -> CellFlow:
        return {one.cell: one for one in self.cells}[cell]

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers and lists for JSON."""
        return {
            "schema": SCHEMA,
            "quantity": self.quantity,
            "kind": self.kind,
            "norm": self.norm,
            "cells": [cell.as_dict() for cell in self.cells],
        }


def slope(lag: Array, log_norm: Array) -> float:
    """The least-squares slope after the burn-in, over the norms that are not zero; nats per step."""
    burn = min(BURN_IN, len(lag) // 4)
    keep = np.isfinite(log_norm) & (np.arange(len(lag)) >= burn)
    if keep.sum() < 2:
        return math.nan
    x, y = np.asarray(lag, float)[keep], log_norm[keep]
    x = x - x.mean()
    return float(x @ (y - y.mean()) / (x @ x))


def half_life(slope_per_step: float) -> float:
    """ln 2/(-slope) steps; infinite where the norm does not shrink, NaN where there is no slope."""
    if math.isnan(slope_per_step):
        return math.nan
    return math.log(2) / -slope_per_step if slope_per_step < 0 else math.inf


def plain(number: float) -> float | None:
    """A number for JSON, None where it is not finite."""
    return float(number) if math.isfinite(number) else None
