"""Every derivation is checked when it is made, in milliseconds, and the result printed beside it.

* exactly, modulo a 61-bit prime: the derived term applied to a random direction equals forward mode, and
  every step and definition is the equation that it says it is;
* against autograd's reverse mode in float64, on draws with all sizes different and weights of size one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from sympy import Integer

from lstmsym.derivation.lag import derive_state
from lstmsym.derivation.quantity import Quantity, read_quantity
from lstmsym.derivation.steps import Derivation
from lstmsym.equations.terms import k, t
from lstmsym.errors import Disagreement, InputError
from lstmsym.verification.autograd_witness import loss_gradients, pulled_back
from lstmsym.verification.field import PRIME
from lstmsym.verification.forward import directional, one_step
from lstmsym.verification.instances import Instance, Times, field_instance, float_instance

Array = Any
TOLERANCE = 1e-10
NUDGE = 2.0**-46  # of each number: what moves by less than this moves a derivative by rounding
SYMBOLIC_LAG = 3
LONGEST = 64
STEPS, LOSS_TIME = SYMBOLIC_LAG + 1, 2


@dataclass(frozen=True)
class Check:
    """What the witnesses said.

    exact_mod_p             forward mode and the derived term agree modulo 2^61 - 1, all steps included
    autograd_max_rel_error  largest |derived - autograd| over the largest |autograd|, float64
    draws                   the number of random instances for each witness
    lag                     the lag at which it was checked (a symbolic k at 3, a long lag at 64); None for a loss
    """

    exact_mod_p: bool
    autograd_max_rel_error: float
    draws: int
    lag: int | None = None

    @property
    def passed(self) -> bool:
        return self.exact_mod_p and self.autograd_max_rel_error <= TOLERANCE

    def as_dict(self) -> dict[str, Any]:
        return {
            "exact_mod_p": self.exact_mod_p,
            "autograd_max_rel_error": self.autograd_max_rel_error,
            "draws": self.draws,
            "lag": self.lag,
        }

    def __str__(self) -> str:
        exact = "equal" if self.exact_mod_p else "DIFFERENT"
        lag = f", at lag {self.lag}" if self.lag is not None else ""
        return (
            f"forward mode and derived form {exact} modulo 2^61 - 1; largest relative difference to autograd "
            f"{self.autograd_max_rel_error:.1e} ({self.draws} draw{'s' * (self.draws != 1)} each{lag})"
        )


def check(derivation: Derivation, draws: int = 1) -> Check:
    """Ask the witnesses. Never raises for a wrong derivation; see `demand`."""
    if draws < 1:
        raise InputError(f"a check needs at least one draw, not {draws}")
    quantity = read_quantity(derivation.cell, derivation.quantity)
    if quantity.above == "L":
        seeds = range(draws)
        exact = all(_loss_exact(derivation, quantity, seed) for seed in seeds)
        error = max(_loss_error(derivation, quantity, seed) for seed in seeds)
        return Check(exact, error, draws)
    shorter, lag = _at_checkable_lag(derivation, quantity)
    exact = all(_state_exact(shorter, quantity, lag, seed) for seed in range(draws))
    error = max(_state_error(shorter, quantity, lag, seed) for seed in range(draws))
    return Check(exact, error, draws, lag)


def demand(derivation: Derivation, draws: int = 1) -> Check:
    """The check of a derivation. Raises Disagreement with what differed."""
    found = check(derivation, draws)
    if not found.passed:
        raise Disagreement(
            f"{derivation.cell.name} {derivation.quantity} ({derivation.kind}): {found}"
        )
    return found


def _at_checkable_lag(derivation: Derivation, quantity: Quantity) -> tuple[Derivation, int]:
    """The same derivation at a lag that can be run: k as 3, and of a very long lag the formula at 64."""
    assert quantity.lag is not None
    if quantity.lag == k:
        return derivation, SYMBOLIC_LAG
    if quantity.lag <= LONGEST:
        return derivation, int(quantity.lag)
    text = f"d{quantity.above}[t]/d{quantity.below}[t-{LONGEST}]"
    same = replace(quantity, lag=Integer(LONGEST), text=text)
    return derive_state(
        derivation.cell, same, derivation.kind, derivation.form, derivation.layout
    ), LONGEST


def _times(lag: int) -> tuple[int, int]:
    """When the two signals are: the newer at the last step, the older at step 1 or later."""
    newest = max(STEPS, 1 + lag)
    return newest - lag, newest


def _matrix(derivation: Derivation, instance: Instance, newest: int, lag: int) -> Array:
    """The derived matrix with rows as outputs, whatever the layout."""
    found = instance.value(derivation.expr, {t: newest, k: lag})
    matrix = found.reshape([instance.environment.size(s) for s in derivation.expr.shape])
    return matrix.T if derivation.layout == "denominator" else matrix


def _state_exact(derivation: Derivation, quantity: Quantity, lag: int, seed: int) -> bool:
    times = _times(lag)
    instance = field_instance(derivation.cell, times[1], seed)
    matrix = _matrix(derivation, instance, times[1], lag)
    forward = _forward(instance, quantity.above, quantity.below, times, derivation.kind)
    expected = np.zeros(len(matrix), dtype=object) if forward is None else forward
    applied = np.dot(matrix, _field_direction(instance, quantity.below)) % PRIME
    return bool(np.all(applied == expected)) and _lines_hold(
        derivation, instance, {t: times[1], k: lag}
    )


@lru_cache(maxsize=1024)
def _field_direction(instance: Instance, name: str) -> Array:
    return instance.draw(instance.environment.size(instance.named.signals[name].rows))


@lru_cache(maxsize=4096)
def _forward(
    instance: Instance, above: str, below: str, times: tuple[int, int], kind: str
) -> Array | None:
    direction = _field_direction(instance, below)
    return directional(
        instance.cell,
        instance.environment,
        instance.arithmetic,
        above,
        below,
        times,
        kind,
        direction,
    )


def _lines_hold(
    derivation: Derivation, instance: Instance, times: Times, adjoints: bool = False
) -> bool:
    """Whether every line that will be printed is true."""
    sides = ((instance.value(s.left, times, adjoints), instance.value(s.right, times, adjoints))
             for s in (*derivation.steps, *derivation.definitions))  # fmt: skip
    return all(np.all(np.reshape(a, -1) == np.reshape(b, -1)) for a, b in sides)


@np.errstate(all="ignore")
def _state_error(derivation: Derivation, quantity: Quantity, lag: int, seed: int) -> float:
    times = _times(lag)
    instance = float_instance(derivation.cell, times[1], seed)
    matrix = _matrix(derivation, instance, times[1], lag)
    u, expected = pulled_back(instance, quantity.above, quantity.below, times, derivation.kind)

    def nearby() -> Array:
        moved = float_instance(derivation.cell, times[1], seed, nudge=NUDGE)
        return pulled_back(moved, quantity.above, quantity.below, times, derivation.kind)[1]

    return relative(u @ matrix, expected, nearby)


def relative(found: Array, expected: Array, nearby: Callable[[], Array] | None = None) -> float:
    """The largest difference over the largest expected value; exact zeros must be found exactly.

    A derivative may be zero because everything in it cancels; what is left is rounding, and changes altogether
    as soon as the numbers are nudged. Where they do that by more than the difference, as `nearby` says, the
    difference itself is returned. Infinite where a value is not finite.
    """
    if not (np.all(np.isfinite(found)) and np.all(np.isfinite(expected))):
        return math.inf
    difference, size = _largest(found - expected), _largest(expected)
    if difference <= TOLERANCE * size or size == 0.0 or nearby is None:
        return difference if difference == 0.0 or size == 0.0 else difference / size
    rounding = _largest(nearby() - expected)
    return (
        difference if size <= 100 * rounding and difference <= 100 * rounding else difference / size
    )


def _largest(a: Array) -> float:
    return float(np.max(np.abs(a), initial=0.0))


def _loss_exact(derivation: Derivation, quantity: Quantity, seed: int) -> bool:
    """⟨gradient, v⟩ = Σ_t ⟨∂L_t/∂output_t, the output's tangent⟩, with forward mode on the right."""
    instance = field_instance(derivation.cell, STEPS, seed)
    gradient = _in_own_shape(derivation, instance).reshape(-1)
    direction, change = _loss_change(instance, quantity.below, quantity.by_parameter)
    holds = _lines_hold(derivation, instance, {t: LOSS_TIME}, adjoints=True)
    return holds and bool(np.dot(gradient, direction) % PRIME == change)


def _in_own_shape(derivation: Derivation, instance: Instance) -> Array:
    """The gradient in the shape of what it is by, whatever the layout."""
    found = instance.value(derivation.expr, {t: LOSS_TIME}, adjoints=True)
    return found.T if derivation.layout == "numerator" else found


@lru_cache(maxsize=1024)
def _loss_change(instance: Instance, name: str, by_parameter: bool) -> tuple[Array, int]:
    """A direction in a parameter, or in a signal at the checked time, and how the loss changes along it."""
    cell, env, field = instance.named, instance.environment, instance.arithmetic
    shape = (
        np.shape(instance.parameters[name])
        if by_parameter
        else (env.size(cell.signals[name].rows),)
    )
    direction = instance.draw(*shape)
    moved: dict[str, Array] = {}
    change = 0
    for time in range(1, STEPS + 1):
        before = {s: v for s, v in moved.items() if s in cell.states}
        now = {name: direction} if not by_parameter and time == LOSS_TIME else {}
        moved = one_step(
            cell, env, field, time, before, now, {name: direction} if by_parameter else {}
        )
        if cell.output in moved:
            change += int(np.dot(instance.loss_slopes[time], moved[cell.output]))
    return direction.reshape(-1), change % PRIME


@np.errstate(all="ignore")
def _loss_error(derivation: Derivation, quantity: Quantity, seed: int) -> float:
    instance = float_instance(derivation.cell, STEPS, seed)
    found = _in_own_shape(derivation, instance)
    named = quantity.below not in {*instance.cell.signals, *instance.cell.parameters}
    expected = _loss_slope(instance, quantity, named)
    moved = lambda: _loss_slope(  # noqa: E731
        float_instance(derivation.cell, STEPS, seed, nudge=NUDGE), quantity, named
    )
    return relative(found.reshape(expected.shape), expected, moved)


def _loss_slope(instance: Instance, quantity: Quantity, named: bool) -> Array:
    """The gradient that autograd gives, of a signal at the checked time."""
    parameters, signals, inputs = loss_gradients(instance, named)
    if quantity.by_parameter:
        return parameters[quantity.below]
    return (inputs if quantity.below in inputs else signals)[quantity.below][LOSS_TIME - 1]
