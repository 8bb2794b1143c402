"""Running a BPTT program over any number system: adjoints for t = T … 1, then the sums over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lstmsym.derivation.steps import Program
from lstmsym.equations.derived import Adjoint, Gradient
from lstmsym.equations.terms import T, t
from lstmsym.numerics.arithmetic import Arithmetic
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.translate import evaluate

Array = Any
Key = tuple[str, int, str]


class Adjoints(Mapping[Key, Array]):
    """The adjoints found so far; those after the last step are zero."""

    def __init__(
        self, env: Environment, arithmetic: Arithmetic, program: Program, own: Mapping[int, Array]
    ) -> None:
        self.env, self.arithmetic, self.own = env, arithmetic, own
        self.steps = env.times[T]
        self.shapes = {n: s.rows for n, s in program.cell.signals.items()}
        self.found: dict[Key, Array] = {}

    def __getitem__(self, key: Key) -> Array:
        name, time, scope = key
        if scope == "own" and time in self.own:
            return self.own[time]
        if time > self.steps:
            return self.arithmetic.constant(0, (self.env.size(self.shapes[name]),))
        return self.found[key]

    def __iter__(self) -> Any:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def run(
    program: Program, env: Environment, arithmetic: Arithmetic, own: Mapping[int, Array]
) -> Environment:
    """The environment with all adjoints and gradients of the program.

    env   values of all signals of program.cell at 0 … T, with T bound
    own   ∂L_t/∂output_t for every t, arrays (rows,)
    """
    adjoints = Adjoints(env, arithmetic, program, own)
    env = replace(env, adjoints=adjoints, signals=_padded(env))
    for time in range(adjoints.steps, 0, -1):
        here = env.bind({t: time})
        for step in program.assignments:
            assert isinstance(step.left, Adjoint)
            adjoints.found[step.left.of.name, time, "whole"] = evaluate(
                step.right, here, arithmetic
            )
    gradients = {_name(s.left): evaluate(s.right, env, arithmetic) for s in program.gradients}
    return replace(env, gradients=gradients)


def _padded(env: Environment) -> Callable[[str, int], Array]:
    """Signals after the last step as those of the last: they only ever multiply adjoints that are zero there.

    Not as zeros, for some of them are divided by.
    """
    steps = env.times[T]
    return lambda name, time: env.signal(name, min(time, steps))


def _name(gradient: Any) -> str:
    assert isinstance(gradient, Gradient)
    return gradient.parameter.name
