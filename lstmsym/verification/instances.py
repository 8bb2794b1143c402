"""Hard instances of a cell: all sizes different, weights of size one, nonzero states, several steps.

The cell is run with its pre-activations named, so adjoints of these have values too.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from sympy import Symbol

from lstmsym.derivation.known import Known
from lstmsym.derivation.normal import with_preactivations
from lstmsym.derivation.program import bptt
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Maximum
from lstmsym.equations.terms import Elementwise, T, Term, t, walk
from lstmsym.numerics.arithmetic import Arithmetic
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.rollout import Rollout, rollout
from lstmsym.numerics.translate import FLOATS, evaluate
from lstmsym.verification.field import Field
from lstmsym.verification.running import run

Array = Any
Draw = Callable[..., Array]
Times = dict[Symbol, int]
SCALES = (1.0, 1 / 2, 1 / 4, 1 / 16, 1 / 64)
FARTHEST = {"tanh": 6.0, "sigmoid": 12.0, "softplus": 12.0}  # 1 - y² and 1 - y keep eleven digits


DISCRETE = ("relu", "step", "abs", "sign")


def has_steps(cell: Cell) -> bool:
    """Whether a slope of the cell is 0 or 1: then one instance hides much, and more of them are asked."""
    return any(
        isinstance(a, Maximum) or (isinstance(a, Elementwise) and a.function in DISCRETE)
        for e in cell
        for a in walk(e.right)
    )


class Instance:
    """Random parameters, inputs and initial states, the run they give, and the BPTT program run on it.

    `loss_slopes[t]` is ∂L_t/∂output_t; the loss is the sum over t of its inner product with the output.
    The states `at_rest` begin at zero; with `last_only` the loss is that of the last step.
    """

    def __init__(
        self,
        cell: Cell,
        steps: int,
        arithmetic: Arithmetic,
        draw: Draw,
        at_rest: tuple[str, ...] = (),
        last_only: bool = False,
    ) -> None:
        self.cell, self.steps, self.arithmetic, self.draw = cell, steps, arithmetic, draw
        self.named = with_preactivations(cell)
        self.values: dict[Any, Array] = {}
        self.sizes = dict(
            zip(cell.sizes, itertools.count(3 if len(cell.sizes) == 1 else 2), strict=False)
        )
        shapes = Environment(sizes=self.sizes)
        self.parameters = {n: draw(*self._shape(shapes, p)) for n, p in cell.weights.items()}
        self.inputs = {x.name: draw(steps, shapes.size(x.rows)) for x in cell.inputs}
        self.initial = {s: draw(shapes.size(cell.signals[s].rows)) for s in cell.states}
        zero = arithmetic.constant
        self.initial |= {s: zero(0, self.initial[s].shape) for s in at_rest}
        output = shapes.size(cell.signals[cell.output].rows)
        self.loss_slopes = {time: draw(output) for time in range(1, steps + 1)}
        if last_only:
            self.loss_slopes |= {time: zero(0, (output,)) for time in range(1, steps)}

    @staticmethod
    def _shape(env: Environment, p: Any) -> tuple[int, ...]:
        return (env.size(p.rows),) if p.cols == 1 else (env.size(p.rows), env.size(p.cols))

    @cached_property
    def rollout(self) -> Rollout:
        return rollout(
            self.named,
            self.parameters,
            self.inputs,
            self.initial,
            steps=self.steps,
            arithmetic=self.arithmetic,
        )

    @cached_property
    def environment(self) -> Environment:
        """The names of derived terms: signals, parameters, state Jacobians and partials."""
        env = self.rollout.environment({T: self.steps}, definitions=Known(self.cell))
        joined = {
            weight.name: evaluate(blocks, env, self.arithmetic)
            for weight, blocks in self.cell.splits
        }
        return replace(env, parameters={**env.parameters, **joined})

    @cached_property
    def with_adjoints(self) -> Environment:
        """The same with the adjoints and gradients that the BPTT program gives."""
        return run(bptt(self.cell), self.environment, self.arithmetic, self.loss_slopes)

    def value(self, term: Term, times: Times, adjoints: bool = False) -> Array:
        """The value of a derived term at these times, worked out once."""
        key = (term, tuple(times.items()))
        if key not in self.values:
            env = self.with_adjoints if adjoints else self.environment
            self.values[key] = evaluate(term, env.bind(times), self.arithmetic)
        return self.values[key]


@lru_cache(maxsize=64)
def field_instance(
    cell: Cell,
    steps: int,
    seed: int = 0,
    at_rest: tuple[str, ...] = (),
    last_only: bool = False,
) -> Instance:
    """An instance modulo a prime."""
    field = Field(seed)
    return Instance(cell, steps, field, field.draw, at_rest, last_only)


@lru_cache(maxsize=64)
def float_instance(
    cell: Cell,
    steps: int,
    seed: int = 0,
    at_rest: tuple[str, ...] = (),
    last_only: bool = False,
    nudge: float = 0.0,
) -> Instance:
    """An instance in float64: everything N(0, 1), so that nothing is small by accident.

    Where a run leaves what floats resolve, it is drawn again with smaller numbers. The run alone decides
    that, before anything is compared. `nudge` moves every number by so much of itself.
    """
    at = [(cell, steps, seed, at_rest, last_only, scale * (1 + nudge)) for scale in SCALES]
    resolved = (instance for instance in (_float_instance(*a) for a in at) if _resolved(instance))
    return next(resolved, None) or _float_instance(*at[0])


def _float_instance(
    cell: Cell, steps: int, seed: int, at_rest: tuple[str, ...], last_only: bool, scale: float
) -> Instance:
    rng = np.random.default_rng([seed, steps])
    draw = lambda *shape: scale * rng.normal(size=shape)  # noqa: E731
    return Instance(cell, steps, FLOATS, draw, at_rest, last_only)


@np.errstate(all="ignore")
def _resolved(instance: Instance) -> bool:
    """Whether all is finite, and no activation so far out that its slope in the output has no digits left."""
    env = instance.rollout.environment({})
    times = range(1, instance.steps + 1)
    return all(
        np.all(np.isfinite(instance.rollout.signals[e.name])) for e in instance.named
    ) and all(
        np.max(np.abs(evaluate(a.inside, env.bind({t: time}), FLOATS))) <= FARTHEST[a.function]
        for e in instance.named
        for a in walk(e.right)
        if isinstance(a, Elementwise) and a.function in FARTHEST
        for time in times
    )
