"""A cell run over time: the equations, one after the other, for t = 1 … T.

Time is the last dimension but one. Inputs are (T, m) or (draws, T, m), a signal comes out as (T, n)
or (draws, T, n). Works over any number system, under autograd too (nothing is written in place).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sympy import Symbol

from lstmsym.equations.cell import Cell
from lstmsym.equations.terms import T, t
from lstmsym.errors import InputError, UnknownName, nearest
from lstmsym.numerics.arithmetic import Arithmetic
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.sizes import infer_sizes
from lstmsym.numerics.translate import FLOATS, evaluate

Array = Any


@dataclass(frozen=True)
class Rollout:
    """One run of a cell.

    signals  name → array (..., T, rows), inputs included; entry τ - 1 is time τ
    initial  state → array (..., rows), the value at time 0
    """

    cell: Cell
    parameters: Mapping[str, Array]
    signals: Mapping[str, Array]
    initial: Mapping[str, Array]
    sizes: Mapping[Symbol, int]
    steps: int
    arithmetic: Arithmetic = field(default=FLOATS, repr=False)

    @property
    def output(self) -> Array:
        """The trajectory (..., T, rows) of the signal that the loss sees."""
        return self.signals[self.cell.output]

    def signal(self, name: str, time: int) -> Array:
        """A signal at time 1 … T, or a state at time 0. Raises InputError outside."""
        if name not in self.signals:
            raise UnknownName(f"{self.cell.name} has no '{name}'; {nearest(name, self.signals)}")
        if time == 0 and name in self.initial:
            return self.initial[name]
        if not 1 <= time <= self.steps:
            raise InputError(f"{name} has no value at time {time}; times run to {self.steps}")
        return self.signals[name][..., time - 1, :]

    def environment(self, times: Mapping[Symbol, int], **more: Any) -> Environment:
        """The environment in which a term of this cell has its value on this run."""
        bound = {T: self.steps, **times}
        return Environment(self.parameters, self.signal, self.sizes, bound, **more)


def rollout(
    cell: Cell,
    parameters: Mapping[str, Array],
    inputs: Array | Mapping[str, Array] | None = None,
    initial: Mapping[str, Array] | None = None,
    *,
    steps: int | None = None,
    arithmetic: Arithmetic = FLOATS,
    taps: Mapping[str, Array] | None = None,
    carry_taps: Mapping[str, Array] | None = None,
) -> Rollout:
    """Run a cell over its inputs.

    parameters  name → (rows,) or (rows, columns), with draws in front or not
    inputs      (..., T, m), or name → such an array; a cell without inputs needs `steps`
    initial     state → (..., rows) at time 0; zeros where not given
    taps        name → (..., T, rows), row τ-1 added to the signal right after its equation at
                time τ: the derivative of anything later by it is of the kind "total"
    carry_taps  state → (..., T, rows), row τ added to the state of time τ = 0 … T-1 only where it
                is read at τ+1: the derivative by it is of the kind "block"

    Raises InputError for shapes that do not fit, UnknownName for names that the cell does not have.
    """
    parameters = with_constants(cell, parameters, arithmetic)
    given, steps = fed(cell, inputs, steps)
    sizes = infer_sizes(cell, {**parameters, **given, **(initial or {})})
    start = initial_states(cell, sizes, initial or {}, arithmetic)
    run = _Run(cell, parameters, given, sizes, arithmetic, taps or {}, carry_taps or {})
    trajectory = run.over(start, steps)
    signals = run.joined(trajectory)
    return Rollout(cell, parameters, {**given, **signals}, start, sizes, steps, arithmetic)


@dataclass
class _Run:
    """The loop over time."""

    cell: Cell
    parameters: Mapping[str, Array]
    inputs: Mapping[str, Array]
    sizes: Mapping[Symbol, int]
    arithmetic: Arithmetic
    taps: Mapping[str, Array]
    carry_taps: Mapping[str, Array]

    def over(self, states: Mapping[str, Array], steps: int) -> list[dict[str, Array]]:
        """The signals of every step, oldest first."""
        trajectory = []
        for time in range(1, steps + 1):
            now = self.step(self.tapped(states, self.carry_taps, time - 1), time)
            states = {name: now[name] for name in self.cell.states}
            trajectory.append(now)
        return trajectory

    def step(self, before: Mapping[str, Array], time: int) -> dict[str, Array]:
        """All equations at one time, from the states before it."""
        given = {name: a[..., time - 1, :] for name, a in self.inputs.items()}
        now: dict[str, Array] = {}
        table: dict[int, dict[str, Array]] = {1: {**given}, 0: dict(before)}
        read = lambda name, when: table[when][name]  # noqa: E731
        env = Environment(self.parameters, read, self.sizes, {t: 1})
        for equation in self.cell:
            name = equation.name
            value = {name: evaluate(equation.right, env, self.arithmetic)}
            table[1][name] = now[name] = self.tapped(value, self.taps, time - 1)[name]
        return now

    def tapped(
        self, values: Mapping[str, Array], taps: Mapping[str, Array], row: int
    ) -> dict[str, Array]:
        add = self.arithmetic.add
        return {n: add(v, taps[n][..., row, :]) if n in taps else v for n, v in values.items()}

    def joined(self, trajectory: list[dict[str, Array]]) -> dict[str, Array]:
        """Every signal over time. What depends on no draw yet, at the first step or ever, is the same for all."""
        shapes = [np.shape(value)[:-1] for value in trajectory[-1].values()]
        draws = max(shapes, key=len)
        over_time = {name: [now[name] for now in trajectory] for name in trajectory[0]}
        if draws:
            over_time = {n: [self.spread(a, draws) for a in own] for n, own in over_time.items()}
        return {n: self.arithmetic.xp.stack(own, axis=-2) for n, own in over_time.items()}

    def spread(self, value: Array, draws: tuple[int, ...]) -> Array:
        """A value for every draw."""
        if np.ndim(value) > len(draws):
            return value
        return self.arithmetic.add(
            value, self.arithmetic.constant(0, (*draws, np.shape(value)[-1]))
        )


def with_constants(
    cell: Cell, parameters: Mapping[str, Array], arithmetic: Arithmetic
) -> dict[str, Array]:
    """The given parameters and the cell's stated numbers. Raises InputError where one is missing."""
    stated = {n: arithmetic.constant(v, (1,)) for n, v in cell.constants.items()}
    known = {**stated, **parameters}
    for name in known:
        cell.parameter(name)
    missing = [name for name in cell.parameters if name not in known]
    if missing:
        raise InputError(f"{cell.name} needs the parameter {missing[0]}; given: {', '.join(known)}")
    return {name: known[name] for name in cell.parameters}


def fed(
    cell: Cell, inputs: Array | Mapping[str, Array] | None, steps: int | None
) -> tuple[dict[str, Array], int]:
    """The inputs by name, clocks included, and T. Raises InputError where they do not fit."""
    given = as_inputs(cell, inputs)
    steps = steps_of(given, steps)
    return given | {n: ticks(n, cell, steps) for n in cell.clocks if n not in given}, steps


def ticks(clock: str, cell: Cell, steps: int) -> Array:
    """A clock at t = 1 … T, (T, 1): one where t % period == phase."""
    period, phase = cell.clocks[clock]
    return (np.arange(1, steps + 1) % period == phase).astype(np.float64)[:, None]


def as_inputs(cell: Cell, inputs: Array | Mapping[str, Array] | None) -> dict[str, Array]:
    """Inputs by name; a single array is that of the only input."""
    names = [signal.name for signal in cell.inputs if signal.name not in cell.clocks]
    if inputs is None:
        inputs = {}
    if not isinstance(inputs, Mapping):
        if len(names) != 1:
            found = ", ".join(names) or "none"
            raise InputError(f"{cell.name} has the inputs {found}: give them by name")
        inputs = {names[0]: inputs}
    for name in names:
        if name not in inputs:
            raise InputError(f"{cell.name} needs the input {name}, an array (steps, size)")
        if len(inputs[name].shape) < 2:
            raise InputError(f"the input {name} has shape {inputs[name].shape}, not (steps, size)")
    return dict(inputs)


def steps_of(inputs: Mapping[str, Array], steps: int | None) -> int:
    """T, from the inputs or as asked. Raises InputError when they differ or there is none."""
    lengths = {a.shape[-2] for a in inputs.values()} | ({steps} if steps is not None else set())
    if len(lengths) != 1:
        told = ", ".join(map(str, sorted(lengths))) or "none"
        raise InputError(f"the number of steps must be told once and alike; found {told}")
    (length,) = lengths
    if length < 1:
        raise InputError(f"the number of steps must be at least 1, not {length}")
    return int(length)


def initial_states(
    cell: Cell, sizes: Mapping[Symbol, int], given: Mapping[str, Array], arithmetic: Arithmetic
) -> dict[str, Array]:
    """The states at time 0: as given, else zeros."""
    env = Environment(sizes=sizes)
    for name in given:
        if name not in cell.states:
            raise UnknownName(f"'{name}' is no state of {cell.name}; {nearest(name, cell.states)}")
    zeros = {s: arithmetic.constant(0, (env.size(cell.signals[s].rows),)) for s in cell.states}
    return {**zeros, **given}
