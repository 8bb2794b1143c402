"""Backpropagation through time run on an author's arrays, for one program after another.

The program is linear in the slopes ∂L_t/∂output_t; with all unit slopes in front, one run gives the whole
linear map from these slopes to every gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from lstmsym.derivation.known import Known
from lstmsym.derivation.program import bptt
from lstmsym.derivation.steps import Program, Step
from lstmsym.equations.derived import Adjoint, Gradient, ProductOverTime, SumOverTime
from lstmsym.equations.terms import Plus, T, Term, t, walk
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.rollout import Rollout, rollout
from lstmsym.numerics.translate import FLOATS, Evaluation, evaluate
from lstmsym.verification.handwritten.layouts import Space

Array = Any
Key = tuple[str, int, str]


class Sparing(Evaluation):
    """An evaluation that keeps the values of terms without adjoints, which are the same for every program."""

    def __init__(self, env: Environment, kept: dict[Any, Array]) -> None:
        super().__init__(env, FLOATS)
        self.kept = kept

    def value(self, term: Term) -> Array:
        """The number of one node."""
        if not _is_fixed(term):
            return super().value(term)
        key = (term, self.env.times.get(t))
        if key not in self.kept:
            self.kept[key] = super().value(term)
        return self.kept[key]

    def over_time(self, term: Any) -> list[Array]:
        """The body at every time of the range, oldest first."""
        _, index, lower, upper = term.args
        times = range(self.env.time(lower), self.env.time(upper) + 1)
        return [Sparing(self.env.bind({index: j}), self.kept).value(term.body) for j in times]


@lru_cache(maxsize=65536)
def _is_fixed(term: Term) -> bool:
    """Whether a term holds no adjoint and no other time than t."""
    return not any(isinstance(a, Adjoint | SumOverTime | ProductOverTime) for a in walk(term))


class Backward:
    """A cell run forwards at a flat vector of its arrays, and ways to run programs backwards on it.

    seen  the signals that the loss sees: the output, or all states
    """

    def __init__(self, space: Space, flat: Array, seen: tuple[str, ...]) -> None:
        self.space, self.flat, self.seen = space, flat, seen
        self.program = seen_by_the_loss(bptt(space.cell), seen)
        self.steps = space.steps
        self.kept: dict[Any, Array] = {}

    def with_parameters(self, more: Mapping[str, Array]) -> Backward:
        """The same run, for programs that name further arrays."""
        if not more:
            return self
        other = copy(self)
        other.kept = {}
        env = self.environment
        other.__dict__["environment"] = replace(env, parameters={**env.parameters, **more})
        return other

    def with_initial(self, states: Mapping[str, Array]) -> Backward:
        """The same run, for a backward pass that reads other states before the first step."""
        if not states:
            return self
        other = copy(self)
        other.kept = {}

        def read(name: str, time: int) -> Array:
            return states[name] if time == 0 and name in states else self.signal(name, time)

        other.__dict__["environment"] = replace(self.environment, signals=read)
        return other

    @cached_property
    def rollout(self) -> Rollout:
        values = self.space.values(self.flat)
        cell = self.program.cell
        return rollout(
            cell,
            {n: values[n] for n in cell.weights},
            {x.name: values[x.name] for x in cell.inputs},
            {s: values[s] for s in cell.states},
            steps=self.steps,
        )

    @cached_property
    def environment(self) -> Environment:
        env = self.rollout.environment({T: self.steps}, definitions=Known(self.space.cell))
        joined = {w.name: evaluate(blocks, env) for w, blocks in self.space.cell.splits}
        return replace(env, parameters={**env.parameters, **joined}, signals=self.signal)

    def signal(self, name: str, time: int) -> Array:
        """A signal; zeros before the first step and after the last, as in buffers that were never filled."""
        known = 1 <= time <= self.steps or (time == 0 and name in self.rollout.initial)
        if known:
            return self.rollout.signal(name, time)
        return np.zeros_like(self.rollout.signal(name, 1))

    def adjoints(self, program: Program, slopes: Array) -> dict[Key, Array]:
        """The adjoints of every step; slopes (..., T, batch, rows) are ∂L_t/∂output_t."""
        found: dict[Key, Array] = {}
        env = self._reading(found, slopes)
        for time in range(self.steps, 0, -1):
            here = env.bind({t: time})
            for step in program.assignments:
                assert isinstance(step.left, Adjoint)
                found[step.left.of.name, time, "whole"] = Sparing(here, self.kept).value(step.right)
        return found

    def first_step(self, found: Mapping[Key, Array], slopes: Array) -> Callable[[Term], Array]:
        """The value of a term at t = 1, given adjoints; those that are changed later are read as they are then."""
        return Sparing(self._reading(found, slopes).bind({t: 1}), self.kept).value

    def gradient(self, step: Step, found: dict[Key, Array], slopes: Array) -> Array:
        """One gradient (..., batch, shape), not yet summed over the batch."""
        lead = slopes.shape[:-3] + slopes.shape[-2:-1]
        assert isinstance(step.left, Gradient)
        shape = self.space.shapes[step.left.parameter.name]
        return np.broadcast_to(
            Sparing(self._reading(found, slopes), self.kept).value(step.right), (*lead, *shape)
        )

    def signals_gradients(
        self, program: Program, found: dict[Key, Array], slopes: Array
    ) -> dict[str, Array]:
        """The gradients by inputs (..., batch, T, m) and by initial states (..., batch, n)."""
        lead = slopes.shape[:-3] + slopes.shape[-2:-1]
        env = self._reading(found, slopes).bind({t: 0})
        gradients = {}
        for x in self.space.cell.inputs:
            each = [found[x.name, time, "whole"] for time in range(1, self.steps + 1)]
            wide = [np.broadcast_to(a, (*lead, a.shape[-1])) for a in each]
            gradients[x.name] = np.stack(wide, axis=-2)
        for step in program.assignments:
            assert isinstance(step.left, Adjoint)
            name = step.left.of.name
            if name in self.space.cell.states:
                rows = self.space.shapes[name][-1]
                value: Array = sum(
                    (Sparing(env, self.kept).value(a) for a in carried(step)), start=np.zeros(rows)
                )
                gradients[name] = np.broadcast_to(value, (*lead, rows))
        return gradients

    def all_gradients(self, program: Program, slopes: Array) -> Array:
        """Every gradient as a flat vector (..., length)."""
        found = self.adjoints(program, slopes)
        lead = slopes.shape[:-3]
        flat = np.zeros((*lead, self.space.length))
        for step in program.gradients:
            assert isinstance(step.left, Gradient)
            name = step.left.parameter.name
            summed = self.gradient(step, found, slopes).sum(axis=len(lead))
            flat[..., self.space.places[name]] = summed
        for name, value in self.signals_gradients(program, found, slopes).items():
            flat[..., self.space.places[name]] = value
        return flat

    def unit_slopes(self) -> Array:
        """(T · batch · rows, T, batch, rows): every slope by itself."""
        rows = sum(self.space.shapes[name][-1] for name in self.seen)
        shape = (self.steps, self.space.batch, rows)
        count = int(np.prod(shape))
        return np.eye(count).reshape(count, *shape)

    def _place(self, name: str) -> slice:
        """Where the slopes by a signal stand among those by all signals that the loss sees."""
        before = self.seen[: self.seen.index(name)]
        start = sum(self.space.shapes[other][-1] for other in before)
        return slice(start, start + self.space.shapes[name][-1])

    def _reading(self, found: Mapping[Key, Array], slopes: Array) -> Environment:
        """The environment in which adjoints are those found, own ones the slopes, and later ones zero."""

        def adjoint(name: str, time: int, scope: str) -> Array:
            if scope == "own" and name in self.seen and 1 <= time <= self.steps:
                return slopes[..., time - 1, :, self._place(name)]
            if time > self.steps or scope == "own":
                return np.zeros_like(self.rollout.signal(name, 1))
            return found[name, time, scope]

        return replace(self.environment, adjoints=adjoint)


def seen_by_the_loss(program: Program, seen: tuple[str, ...]) -> Program:
    """The program of a loss that sees more signals than the cell's output."""

    def with_own(step: Step) -> Step:
        assert isinstance(step.left, Adjoint)
        own = Adjoint(step.left.of, "own")
        if step.left.of.name not in seen or own in walk(step.right):
            return step
        parts = step.right.parts if isinstance(step.right, Plus) else (step.right,)
        return replace(step, right=Plus(own, *parts))

    return replace(program, assignments=tuple(map(with_own, program.assignments)))


def carried(step: Step) -> list[Term]:
    """The summands of an assignment that come from t+1."""
    parts = step.right.parts if isinstance(step.right, Plus) else (step.right,)
    return [a for a in parts if any(isinstance(b, Adjoint) and b.of.time == t + 1 for b in walk(a))]
