"""Measured curves for the terminal: the norm at a few lags, slope, half-life, and the curve itself."""

from __future__ import annotations

import math
from typing import Any

from lstmsym.cli.terminal import exponential, sparkline, table

TOLERANCE = {"float64": 1e-6, "float32": 1e-2}


def apart(data: dict[str, Any]) -> list[str]:
    """A sentence for each cell whose measurement and autograd differ by more than rounding explains."""
    found = [
        (c["cell"], c["autograd_max_rel_difference"], TOLERANCE[c["dtype"]]) for c in data["cells"]
    ]
    return [
        f"{cell}: derived Jacobians and autograd differ by {difference:.1e} on the first seed, "
        f"more than the {allowed:.0e} that rounding explains"
        for cell, difference, allowed in found
        if difference is not None and difference > allowed
    ]


def page(data: dict[str, Any]) -> str:
    """The table for the terminal, from what --json prints."""
    cells = data["cells"]
    finite = [v for c in cells for v in c["log_norm"] if v is not None and math.isfinite(v)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    lags = _shown_lags(cells[0]["lag"])
    head = ("cell", *(f"k={lag}" for lag in lags), "slope/step", "half-life", "norm by lag")
    rows = [(*_row(c, lags), sparkline(_numbers(c["log_norm"]), low, high)) for c in cells]
    first = cells[0]
    foot = (
        f"{data['quantity']}, {data['kind']}, {data['norm']} norm; weights {first['init']}; hidden {first['hidden']}, "
        f"steps {first['steps']}, seeds {first['seeds']}, {first['dtype']}; slopes in nats"
    )
    return "\n".join(
        [table(head, rows, right=range(1, len(head) - 1)), "", foot, _agreement(cells)]
    )


def _numbers(values: list[Any]) -> list[float]:
    return [math.nan if v is None else v for v in values]


def _row(cell: dict[str, Any], lags: list[int]) -> list[str]:
    at = dict(zip(cell["lag"], cell["log_norm"], strict=True))
    norms = ["0" if at[lag] is None else exponential(at[lag]) for lag in lags]
    return [cell["cell"], *norms, _signed(cell["slope_per_step"]), _steps(cell["half_life"])]


def _shown_lags(lags: list[int]) -> list[int]:
    """The first lag that is not 0, round ones between, and the last."""
    last = lags[-1]
    round_ones = [p * d for d in (10**e for e in range(7)) for p in (1, 2, 5)]
    inner = [lag for lag in round_ones if 0 < lag < last]
    chosen = [inner[i * (len(inner) - 1) // 3] for i in range(4)] if len(inner) > 4 else inner
    return [*chosen, last]


def _signed(slope: float | None) -> str:
    return "—" if slope is None or not math.isfinite(slope) else f"{slope:+.4f}"


def _steps(half_life: float | None) -> str:
    return "—" if half_life is None or not math.isfinite(half_life) else f"{half_life:.3g}"


def _agreement(cells: list[dict[str, Any]]) -> str:
    found = [c["autograd_max_rel_difference"] for c in cells]
    known = [d for d in found if d is not None]
    return f"checked: largest relative difference to autograd {max(known):.1e}" if known else ""
