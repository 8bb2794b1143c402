"""What a figure shows, as columns: one row a cell and lag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lstmsym.flow.carousel import Carousel
from lstmsym.flow.result import Flow

Columns = dict[str, list[Any]]
LOGS = "natural logarithms of norms; empty where the norm is exactly 0"


def of_flows(flows: Sequence[Flow]) -> Columns:
    """cell, init, lag, and the natural logarithms: mean and 0.1, 0.5 and 0.9 quantiles over seeds."""
    names = ("cell", "init", "lag", "log_norm", "log_norm_q10", "log_norm_q50", "log_norm_q90")
    rows = [
        (one.cell, one.init, *numbers)
        for flow in flows
        for one in flow.cells
        for numbers in zip(one.lag, one.log_norm, *one.quantiles, strict=True)
    ]
    return _transposed(names, rows)


def of_slopes(flows: Sequence[Flow]) -> Columns:
    """cell, init, slope in nats per step, half-life in steps."""
    cells = [one for flow in flows for one in flow.cells]
    rows = [(one.cell, one.init, one.slope_per_step, one.half_life) for one in cells]
    return _transposed(("cell", "init", "slope_per_step", "half_life"), rows)


def of_paths(columns: Mapping[str, Sequence[Carousel]]) -> Columns:
    """setting, run, lag, the three log norms and the two relative errors."""
    names = ("exact", "step", "direct", "step_error", "direct_error")
    rows = [
        (title, number, *numbers)
        for title, runs in columns.items()
        for number, run in enumerate(runs)
        for numbers in zip(run.lag, *(getattr(run, name) for name in names), strict=True)
    ]
    return _transposed(("setting", "run", "lag", *names), rows)


def about(flow: Flow) -> dict[str, Any]:
    """The conditions that all rows share, for the head of a CSV."""
    one = flow.cells[0]
    return {
        "quantity": flow.quantity,
        "kind": flow.kind,
        "norm": flow.norm,
        "hidden": one.hidden,
        "steps": one.steps,
        "seeds": one.seeds,
        "dtype": one.dtype,
        "logarithms": LOGS,
    }


def _transposed(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Columns:
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}
