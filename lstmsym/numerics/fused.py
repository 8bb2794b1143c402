"""The fast rollout of one draw: what can be worked out for all steps at once is, the rest in place.

Three things are found in the equations, whatever the cell:
* addends that depend on inputs and parameters only are worked out for all T steps before the loop;
* all products of weights with one state at t-1 are one product of the stacked weights;
* gates, the equations φ(…) that read nothing of their own step, are laid side by side, sorted by φ,
  so that each φ is applied once.

A step is a list of NumPy calls into buffers; `zip` over `map`s runs them without a Python loop.
The numbers are those of `rollout` up to rounding.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import Any

import numpy as np
from sympy import Symbol

from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.terms import Elementwise, Signal, Term, t
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.products import addends, products_of_state, split
from lstmsym.numerics.program import Program
from lstmsym.numerics.rollout import (
    Rollout,
    fed,
    initial_states,
    with_constants,
)  # fmt: skip
from lstmsym.numerics.sizes import infer_sizes
from lstmsym.numerics.translate import FLOATS, Evaluation, evaluate

Array = Any
Rows = Iterable[Array]


def fused_rollout(
    cell: Cell,
    parameters: Mapping[str, Array],
    inputs: Array | Mapping[str, Array] | None = None,
    initial: Mapping[str, Array] | None = None,
    *,
    steps: int | None = None,
) -> Rollout:
    """As `rollout`, for one draw of weights and inputs (T, m), floats only and without taps.

    Signals that overflow are infinite or NaN, without a warning.
    """
    parameters = with_constants(cell, parameters, FLOATS)
    given, steps = fed(cell, inputs, steps)
    sizes = infer_sizes(cell, {**parameters, **given, **(initial or {})})
    start = initial_states(cell, sizes, initial or {}, FLOATS)
    tape = _Tape(cell, parameters, given, start, sizes, steps)
    with np.errstate(over="ignore", invalid="ignore"):
        deque(zip(range(steps), *tape.calls, strict=False), maxlen=0)
    signals = {name: series[1:] for name, series in tape.series.items()}
    return Rollout(cell, parameters, {**given, **signals}, start, sizes, steps)


class _Tape(Program):
    """The program of one step and the arrays it writes: `series` name → (T + 1, rows), row 0 before."""

    def __init__(
        self,
        cell: Cell,
        parameters: Mapping[str, Array],
        given: Mapping[str, Array],
        start: Mapping[str, Array],
        sizes: Mapping[Symbol, int],
        steps: int,
    ) -> None:
        env = Environment(parameters, lambda name, _: given[name], sizes, {t: 1})
        super().__init__(env, given, np.result_type(*parameters.values(), *given.values()))
        self.cell, self.steps = cell, steps
        self.right = {e.name: split(e.right) for e in cell}
        gates = sorted(filter(self._is_gate, cell), key=self._function)
        self.series = self._storage(gates)
        for name, value in start.items():
            self.series[name][0] = value
        self._products(gates)
        self._gates(gates)
        for e in cell:
            if e not in gates:
                self.compile(self.right[e.name], list(self.series[e.name][1:]))

    def _is_gate(self, e: Equation) -> bool:
        return isinstance(e.right, Elementwise) and not any(map(self.is_own, e.now))

    def _function(self, e: Equation) -> str:
        return e.right.function

    def _rows(self, e: Equation) -> int:
        return self.env.size(e.left.rows)

    def _storage(self, gates: list[Equation]) -> dict[str, Array]:
        """An array (T + 1, rows) a signal; those of the gates are columns of one array."""
        total = sum(map(self._rows, gates))
        self.act = np.empty((self.steps + 1, total), self.dtype)
        self.place, end = {}, 0
        for e in gates:
            self.place[e.name] = slice(end, end + self._rows(e))
            end += self._rows(e)
        return {
            e.name: self.act[:, self.place[e.name]]
            if e in gates
            else np.empty((self.steps + 1, self._rows(e)), self.dtype)
            for e in self.cell
        }

    def _products(self, gates: list[Equation]) -> None:
        """One product a state: its weights stacked, those of the gates in the order of the gates."""
        in_order = [self.right[e.name] for e in gates]
        in_order += [right for right in self.right.values() if right not in in_order]
        stacks: dict[Signal, dict[Term, None]] = {}
        for right in in_order:
            for one in products_of_state(right):
                stacks.setdefault(one.args[1], {})[one] = None
        self.buffer = np.empty(self.act.shape[1], self.dtype)
        self.done: set[Term] = set()
        for state, products in stacks.items():
            weights = [Evaluation(self.env, FLOATS).matrix(p.args[0]) for p in products]
            stacked = np.concatenate(weights).astype(self.dtype)
            out = np.empty(len(stacked), self.dtype)
            if gates and not self.done and self._one_each(gates, list(products)):
                self.buffer, self.done = out[: len(self.buffer)], set(list(products)[: len(gates)])
            self.emit(np.dot, repeat(stacked), self.signal(state), repeat(out))
            ends = np.cumsum([len(w) for w in weights])
            for one, part in zip(products, np.split(out, ends[:-1]), strict=True):
                self.known[one] = repeat(part)

    def _one_each(self, gates: list[Equation], products: list[Term]) -> bool:
        """Whether each gate adds one of these products, in order, and nothing else reads those.

        Then they land in the gates' buffer, which is added to in place.
        """
        used = Counter(p for right in self.right.values() for p in products_of_state(right))
        inside = [addends(self.right[e.name].inside) for e in gates]
        return len(products) >= len(gates) and all(
            sum(p in own for p in products) == used[own_one] == 1 and own_one in own
            for own, own_one in zip(inside, products, strict=False)
        )

    def _gates(self, gates: list[Equation]) -> None:
        """All arguments of the gates into one buffer, then one call a function."""
        if not gates:
            return
        buffer = self.buffer
        hoisted = np.zeros((self.steps, len(buffer)), self.dtype)
        for e in gates:
            self._argument(e, buffer[self.place[e.name]], hoisted[:, self.place[e.name]])
        self.emit(np.add, repeat(buffer), list(hoisted), repeat(buffer))
        for function in dict.fromkeys(map(self._function, gates)):
            own = [self.place[e.name] for e in gates if e.right.function == function]
            whole = slice(own[0].start, own[-1].stop)
            self.activate(function, repeat(buffer[whole]), list(self.act[1:, whole]))

    def _argument(self, e: Equation, out: Array, hoisted: Array) -> None:
        """The addends of one gate: into `hoisted` for all steps, or into `out` step by step."""
        moving: list[Term] = []
        for addend in addends(self.right[e.name].inside):
            if self.is_free(addend):
                hoisted += evaluate(addend, self.env)
            else:
                moving.append(addend)
        placed = [a for a in moving if a in self.done]
        moving = [a for a in moving if a not in self.done]
        if not placed:
            self.emit(np.copyto, repeat(out), repeat(np.zeros_like(out)))
        for addend in moving:
            self.emit(np.add, repeat(out), self.value(addend), repeat(out))
