"""The value of a derivation in float64, on arrays that somebody gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from lstmsym.derivation.known import Known
from lstmsym.derivation.normal import with_preactivations
from lstmsym.derivation.program import bptt
from lstmsym.derivation.steps import Derivation
from lstmsym.equations.cell import Cell
from lstmsym.equations.terms import Parameter, T, k, t
from lstmsym.errors import InputError, UnknownName, nearest
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.rollout import rollout
from lstmsym.numerics.sizes import infer_sizes
from lstmsym.numerics.translate import FLOATS, evaluate
from lstmsym.verification.running import run

Array = Any
AT_TIME = re.compile(r"([^\W\d_]\w*)\[t(?:-(\d{1,6}))?\]")


def value_of(derivation: Derivation, values: Mapping[str, Array], time: int | None, lag: int | None,
             loss_slopes: Array | None) -> Array:  # fmt: skip
    """The value of a derivation: on a run from the start, or on signals given at their times."""
    if any("[" in name for name in values):
        return _on_signals(derivation, values, lag)
    return _on_run(derivation, values, time, lag, loss_slopes)


def _on_signals(derivation: Derivation, values: Mapping[str, Array], lag: int | None) -> Array:
    """Nothing is run: every signal of the result is given, by a name such as C[t-1]."""
    cell = derivation.cell
    arrays = {name: np.asarray(a, dtype=float) for name, a in values.items()}
    matches = {name: AT_TIME.fullmatch(name.replace(" ", "")) for name in arrays}
    moments = {name: (m[1], int(m[2] or 0)) for name, m in matches.items() if m}
    named = {name: a for name, a in arrays.items() if name not in moments}
    sizes = infer_sizes(cell, named | {moments[n][0]: arrays[n] for n in moments}, all_known=False)
    now = max(delay for _, delay in moments.values())
    signals: dict[str, dict[int, Array]] = {}
    for name, (signal, delay) in moments.items():
        signals.setdefault(signal, {})[now - delay] = arrays[name]
    times = {t: now} | ({} if lag is None else {k: lag})
    parameters = _with_constants(cell, named)
    return evaluate(
        derivation.expr,
        Environment(parameters, signals, sizes, times, definitions=Known(cell)),
        FLOATS,
    )


def _with_constants(cell: Cell, parameters: Mapping[str, Array]) -> dict[str, Array]:
    """The given parameters and the cell's stated numbers; what the result does not use may be missing."""
    return {n: FLOATS.constant(v, (1,)) for n, v in cell.constants.items()} | dict(parameters)


def _on_run(derivation: Derivation, values: Mapping[str, Array], time: int | None, lag: int | None,
            loss_slopes: Array | None) -> Array:  # fmt: skip
    cell = derivation.cell
    known = {*cell.parameters, *cell.states, *(x.name for x in cell.inputs)}
    for name in values:
        if name not in known:
            raise UnknownName(f"{cell.name} has no '{name}'; {nearest(name, known)}")
    named = with_preactivations(cell)
    parameters = {n: _own_shape(p, values[n]) for n, p in cell.parameters.items() if n in values}
    inputs = {x.name: np.asarray(values[x.name]) for x in cell.inputs if x.name in values}
    initial = {s: np.asarray(values[s]) for s in cell.states if s in values}
    told = time if loss_slopes is None else len(loss_slopes)
    found = rollout(named, parameters, inputs, initial, steps=None if inputs else told)
    if time is not None and not 1 <= time <= found.steps:
        raise InputError(f"time {time} is outside 1 … {found.steps}, the steps of the inputs")
    env = found.environment({T: found.steps}, definitions=Known(cell))
    if derivation.quantity.startswith("dL/"):
        slopes = _loss_slopes(found.output, loss_slopes)
        env = run(bptt(cell), env, FLOATS, {τ: slopes[τ - 1] for τ in range(1, found.steps + 1)})
    bound = {t: found.steps if time is None else time} | ({} if lag is None else {k: lag})
    return evaluate(derivation.expr, env.bind(bound), FLOATS)


def _own_shape(parameter: Parameter, given: Array) -> Array:
    """The array of a parameter; where it has one column, that may be a dimension or not."""
    array = np.atleast_1d(np.asarray(given))
    return array[:, 0] if parameter.cols == 1 and array.ndim == 2 and array.shape[1] == 1 else array


def _loss_slopes(output: Array, given: Array | None) -> Array:
    """∂L_t/∂output_t for t = 1 … T, ones where nothing is said."""
    slopes = np.ones_like(output) if given is None else np.asarray(given)
    if slopes.shape != output.shape:
        raise InputError(f"loss_slopes has shape {slopes.shape}, expected {output.shape}")
    return slopes
