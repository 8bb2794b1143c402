"""The gradient of a network: each layer's own backpropagation through time, chained.

What a layer's program gives for its input, ∂L/∂x_t, is the loss slope of the layer below.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from lstmsym.calculus.chain import pull
from lstmsym.calculus.laws import tidy
from lstmsym.derivation.graph import local, sources
from lstmsym.derivation.known import Known
from lstmsym.derivation.normal import with_preactivations
from lstmsym.derivation.program import bptt
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Adjoint
from lstmsym.equations.terms import Plus, T, Term, t, zeros
from lstmsym.errors import InputError
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.network import NetworkRun, aligned, read_slopes
from lstmsym.numerics.rollout import Rollout, rollout
from lstmsym.numerics.translate import evaluate
from lstmsym.verification.running import run

Array = Any


@dataclass(frozen=True)
class NetworkGradients:
    """∂L by everything that is learnt or read.

    parameters  of each layer, name → ∂L/∂W in the parameter's shape
    initial     of each layer, state → ∂L/∂s_0, (rows,)
    inputs      ∂L/∂x_t, (T, m)
    """

    parameters: tuple[dict[str, Array], ...]
    initial: tuple[dict[str, Array], ...]
    inputs: Array


def network_gradients(found: NetworkRun, slopes: Array) -> NetworkGradients:
    """The gradients of L = Σ_τ L_τ, for one draw, from slopes ∂L_τ/∂output_τ, (T, rows), in the order of the sequence.

    Raises InputError for slopes of another shape.
    """
    slopes = np.asarray(slopes)
    if slopes.shape != found.output.shape or slopes.ndim != 2:
        raise InputError(f"the slopes have shape {slopes.shape}, expected {found.output.shape}")
    parameters: list[dict[str, Array]] = []
    initial: list[dict[str, Array]] = []
    for layer in reversed(found.rollouts):
        env = _backward(layer, aligned(layer.cell, slopes))
        parameters.insert(0, {name: env.gradient(name) for name in layer.cell.weights})
        initial.insert(0, {s: _before_the_first(layer, env, s) for s in layer.cell.states})
        slopes = read_slopes(layer.cell, _of_inputs(layer, env))
    return NetworkGradients(tuple(parameters), tuple(initial), slopes)


def _backward(layer: Rollout, slopes: Array) -> Environment:
    """The layer's program run on it: all adjoints and gradients."""
    cell = layer.cell
    inputs = {x.name: layer.signals[x.name] for x in cell.inputs}
    weights = {name: layer.parameters[name] for name in cell.weights}
    named = rollout(with_preactivations(cell), weights, inputs, layer.initial, steps=layer.steps)
    env = named.environment({T: layer.steps}, definitions=Known(cell))
    own = {time: slopes[time - 1] for time in range(1, layer.steps + 1)}
    return run(bptt(cell), env, layer.arithmetic, own)


def _of_inputs(layer: Rollout, env: Environment) -> dict[str, Array]:
    times = range(1, layer.steps + 1)
    return {
        x.name: np.stack([env.adjoint(x.name, time, "whole") for time in times])
        for x in layer.cell.data
    }


def _before_the_first(layer: Rollout, env: Environment, state: str) -> Array:
    """∂L/∂ a state at time 0, which acts on the first step alone."""
    term = _carried_back(layer.cell, state)
    return evaluate(term, env.bind({t: 1}), layer.arithmetic)


@lru_cache(maxsize=1024)
def _carried_back(cell: Cell, state: str) -> Term:
    named, before = with_preactivations(cell), cell.signal(state, t - 1)
    users = [e for e in named if before in sources(e, before=True)]
    shares = (pull(local(e, before), Adjoint(e.left)) for e in users)
    return tidy(Plus(zeros(*before.shape), *shares))
