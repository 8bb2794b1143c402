"""Measuring the flow: norms of ∂u_T/∂s_t or of ∂L/∂s_t for every t, over seeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from lstmsym.cells import find_cell
from lstmsym.equations.cell import Cell
from lstmsym.errors import InputError, QuantityError, UnknownName, nearest
from lstmsym.flow.lowering import lower, watched
from lstmsym.flow.norms import NORMS, log_norms
from lstmsym.flow.result import CellFlow, Flow
from lstmsym.flow.setting import Setting, setting
from lstmsym.flow.spot import difference, loss_gradients
from lstmsym.numerics.fused import fused_rollout
from lstmsym.numerics.rollout import Rollout

Array = Any
Progress = Callable[[int, int], None]
FORM = "'dh[T]/dh[t]', 'dC[T]/dC[t]' or 'dL/dh[t]'"
NAME = r"([^\W\d_]\w*)"
BETWEEN = re.compile(rf"[d∂]{NAME}\[(?:T\]/[d∂]{NAME}\[t|t\]/[d∂]{NAME}\[t-k)\]")
OF_LOSS = re.compile(rf"[d∂]L/[d∂]{NAME}\[t\]")


def measure(
    cells: str | Path | Cell | Iterable[str | Path | Cell],
    steps: int = 100,
    hidden: int = 64,
    seeds: int = 10,
    rng: Generator | int | None = None,
    init: str = "pytorch",
    gain: float = 1.0,
    forget_bias: float | str | None = None,
    quantity: str = "dh[T]/dh[t]",
    kind: str = "total",
    norm: str = "spectral",
    input: str | Path | Array | None = None,
    text: str | Path | None = None,
    loss: str | None = None,
    dtype: str = "float64",
    progress: Progress | None = None,
) -> Flow:
    """How the gradients of some cells flow back in time.

    cells     names, paths to .cell files or cells; all see the same seeds and inputs
    quantity  'dh[T]/dh[t]' between two signals (also written 'dh[t]/dh[t-k]'), or 'dL/dh[t]'
    kind      "total", or "block" with the states at t as independent coordinates
    norm      "spectral", "frobenius" or "probe" (‖uᵀ ∂h_T/∂h_t‖ of a random unit vector u)
    init      "pytorch", "keras", "gaussian", "orthogonal" or "identity", with its `gain`
    input     an array (T, m) or (draws, T, m), or an .npy file; standard normal noise with
              m = hidden where neither it nor `text` (a file, its bytes one-hot) is given
    loss      "last" (uᵀ h_T), "quadratic" or, the default with a text, "next byte"
    progress  called with (runs done, runs in all)

    Whole Jacobians come from the derived backward step and are exact at any length, since their
    scale is kept as a logarithm. Gradients of a loss come from one autograd reverse pass. Each cell
    carries how far both differed on its first seed. BLAS runs on one thread: the same `rng` gives
    the same bytes.

    Raises QuantityError, UnknownName or InputError for what cannot be measured.
    """
    asked = read_flow_quantity(quantity)
    chosen = setting(
        steps=steps, hidden=hidden, seeds=seeds, rng=rng, init=init, gain=gain,
        forget_bias=forget_bias, dtype=dtype, input=input, text=text, loss=loss,
    )  # fmt: skip
    found = [find_cell(one) for one in _several(cells)]
    if norm not in NORMS:
        raise UnknownName(f"no norm '{norm}'; {nearest(norm, NORMS)}")
    for cell in found:
        asked.check(cell, kind)
    with threadpool_limits(1, user_api="blas"):
        told = _Told(progress, len(found) * (1 if asked.above == "L" else seeds))
        flows = tuple(_measured(cell, chosen, asked, kind, norm, told) for cell in found)
    return Flow(asked.text, kind, "euclidean" if asked.above == "L" else norm, flows)


@dataclass(frozen=True)
class FlowQuantity:
    """above at T by below at t; above "L" is the loss."""

    above: str
    below: str

    @property
    def text(self) -> str:
        above = "dL" if self.above == "L" else f"d{self.above}[T]"
        return f"{above}/d{self.below}[t]"

    def check(self, cell: Cell, kind: str) -> None:
        """Raise QuantityError unless the cell has such a quantity."""
        above = cell.output if self.above == "L" else self.above
        if above not in cell.by_name:
            known = nearest(above, cell.by_name)
            raise QuantityError(f"{cell.name} computes no signal '{above}'; {known}")
        if self.below not in cell.signals:
            known = nearest(self.below, cell.signals)
            raise QuantityError(f"{cell.name} has no signal '{self.below}'; {known}")
        if self.above == "L" and self.below not in cell.by_name:
            raise QuantityError(f"'{self.below}' is an input of {cell.name}; ask dL by a signal")
        watched(lower(cell, above), cell, self.below, kind)


def read_flow_quantity(text: str) -> FlowQuantity:
    """The quantity that a text asks. Raises QuantityError with what to write instead."""
    packed = re.sub(r"\s+", "", text[:200])
    if match := OF_LOSS.fullmatch(packed):
        return FlowQuantity("L", match[1])
    if match := BETWEEN.fullmatch(packed):
        return FlowQuantity(match[1], match[2] or match[3])
    raise QuantityError(f"unknown quantity '{text[:60]}'; write it {FORM}")


@dataclass
class _Told:
    """Counts runs for the progress bar."""

    progress: Progress | None
    total: int
    done: int = 0

    def one(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total)


def _measured(
    cell: Cell, chosen: Setting, asked: FlowQuantity, kind: str, norm: str, told: _Told
) -> CellFlow:
    """One cell over all seeds."""
    if asked.above == "L":
        gradients, differ = loss_gradients(cell, chosen, asked.below, kind)
        with np.errstate(divide="ignore"):
            logs = np.log(np.linalg.norm(gradients[:, ::-1], axis=-1))
        told.one()
        engine = "autograd"
    else:
        rows = []
        for seed in range(chosen.seeds):
            run = finite_run(cell, chosen, seed)
            probe = chosen.rng(seed, 2)
            rows.append(log_norms(run, asked.above, asked.below, kind, norm, probe))
            if seed == 0:
                differ = difference(run, asked.above, asked.below, kind, chosen.rng(0, 2))
            told.one()
        logs, engine = np.stack(rows), "derived"
    return CellFlow(
        cell.name, _init_text(chosen), chosen.hidden, chosen.steps, chosen.seeds, chosen.dtype,
        np.arange(chosen.steps), logs, engine, differ,
    )  # fmt: skip


def finite_run(cell: Cell, chosen: Setting, seed: int) -> Rollout:
    """The rollout of one seed. Raises InputError where a signal overflows."""
    run = fused_rollout(
        cell,
        chosen.weights(cell, seed),
        chosen.inputs(cell, seed),
        chosen.initial(cell, seed),
        steps=chosen.steps,
    )
    for name, series in run.signals.items():
        bad = np.flatnonzero(~np.isfinite(series).all(axis=-1))
        if len(bad):
            raise InputError(
                f"{name} of {cell.name} overflows at step {bad[0] + 1}; take fewer steps or a smaller gain"
            )
    return run


def _init_text(chosen: Setting) -> str:
    """The initialisation with what was changed in it: "pytorch, gain 1.5, forget bias 2"."""
    gain = f", gain {chosen.gain:g}" if chosen.gain != 1 else ""
    bias = f", forget bias {chosen.forget_bias}" if chosen.forget_bias is not None else ""
    return f"{chosen.init}{gain}{bias}"


def _several(cells: Any) -> list[Any]:
    found = [cells] if isinstance(cells, str | Path | Cell) else list(cells)
    if not found:
        raise InputError("no cell was given")
    return found
