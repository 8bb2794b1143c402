"""What is true on an instance: signals, adjoints, gradients and derivatives of every kind, by forward mode.

Nothing here is derived symbolically but the adjoints, which the BPTT program gives and its own check covers.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import part_of
from lstmsym.equations.terms import Concatenation, MatrixProduct, Parameter, t, walk
from lstmsym.errors import LstmsymError
from lstmsym.numerics.arithmetic import Arithmetic
from lstmsym.verification.claims.stacks import Pairs, piece_of, stacks_of
from lstmsym.verification.forward import Tangents, directional, one_step
from lstmsym.verification.instances import Instance

Array = Any
Key = tuple[Any, ...]


BEYOND = 24


class Outside(LstmsymError):
    """A time that the run does not have."""


class Truth:
    """The true values of one instance; Jacobians have outputs as rows."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.cell: Cell = instance.cell
        self.named: Cell = instance.named
        self.arithmetic: Arithmetic = instance.arithmetic
        self.memory: dict[Key, Array] = {}

    @cached_property
    def env(self) -> Any:
        return self.instance.with_adjoints

    @cached_property
    def only_argument(self) -> str | None:
        """The argument of the activation of a cell that has one; None where there are more."""
        own = [e.name for e in self.named if e.name not in self.cell.signals]
        return own[0] if len(own) == 1 else None

    @cached_property
    def stacks(self) -> Pairs:
        """How many pieces the stacks of the cell have, and how large."""
        return stacks_of(self.cell, lambda size: int(self.env.size(size)))

    def laid_out(self, name: str, array: Array) -> Array:
        """A weight of a layer of its own as the matrix that it is; other signals, and their gradients, as they are."""
        piece = piece_of(self.cell, name) if name in self.cell.untied else None
        return array if piece is None else self.arithmetic.pieces(array, int(self.env.size(piece)))

    def rows(self, name: str) -> int:
        return int(self.env.size(self.named.signals[name].rows))

    def signal(self, name: str, time: int) -> Array:
        """Its value; after the last step that of the last one, as it only meets adjoints that are zero there."""
        self._within(time, 0 if name in self.cell.states else 1, beyond=True)
        return self.env.signal(name, time)

    def parameter(self, name: str) -> Array:
        """A weight (n,) or (n, m), a scalar ()."""
        array = self.env.parameter(name)
        return array.reshape(()) if self.cell.parameters[name].shape == (1, 1) else array

    def columns(self, name: str, part: int) -> Array:
        """The columns of a concatenated weight that multiply one part."""
        start, width = self._columns(name, part)
        return self.parameter(name)[:, start : start + width]

    def _columns(self, name: str, part: int) -> tuple[int, int]:
        for e in self.cell:
            for a in walk(e.right):
                stacked = isinstance(a, MatrixProduct) and isinstance(a.parts[1], Concatenation)
                if stacked and isinstance(a.parts[0], Parameter) and a.parts[0].name == name:
                    widths = [self.env.size(w) for w in part_of(a.parts[1], part).widths]
                    return sum(widths[:part]), widths[part]
        raise LstmsymError(f"{name} multiplies no concatenation")

    def adjoint(self, name: str, time: int) -> Array:
        """∂L/∂s_t with everything later counted; zero after the last step."""
        self._within(time, 0 if name in self.cell.states else 1, beyond=True)
        if name in {x.name for x in self.cell.inputs}:
            return self._remember(("input", name, time), lambda: self._summed(name, time, "total"))
        if name in self.cell.states and time == 0:
            return self._remember(("input", name, 0), lambda: self._summed(name, 0, "block"))
        return self.env.adjoint(name, time, "whole")

    def loss_slope(self, time: int) -> Array:
        """∂L_t/∂output_t: what comes down from the loss of one step."""
        self._within(time, 1)
        return self.slopes(time)

    def slopes(self, time: int) -> Array:
        """∂L_t/∂output_t; zero after the last step."""
        zero = self.arithmetic.constant(0, (self.rows(self.cell.output),))
        return self.instance.loss_slopes.get(time, zero)

    def carried(self, name: str, time: int) -> Array:
        """The part of the adjoint of a state that comes from the next step on."""
        self._within(time, 0)
        return self._remember(("carried", name, time), lambda: self._summed(name, time, "block"))

    def contributions(self, name: str, time: int) -> list[Array]:
        """The summands of ∂L/∂s_t: one a signal that reads s, at t and at t+1, and the loss of the step."""
        self._within(time, 0)
        found = []
        if name == self.cell.output and time:
            found.append(self.instance.loss_slopes[time])
        for now in (time, time + 1):
            for e in self.named if 1 <= now <= self.instance.steps else ():
                jacobian = (
                    self.jacobian(e.name, now, name, time, "local")
                    if e.name != name or now > time
                    else None
                )
                if jacobian is not None and np.any(jacobian != 0):
                    turned = self.arithmetic.transpose(jacobian)
                    found.append(self.arithmetic.matvec(turned, self.adjoint(e.name, now)))
        return found

    def own(self, name: str, time: int, loss_time: int) -> Array:
        """∂L_τ/∂s_t: the loss of one step alone."""
        self._within(time, 0 if name in self.cell.states else 1, beyond=True)
        self._within(loss_time, 1, beyond=True)
        slopes = self.slopes(loss_time)
        if loss_time < time:
            return self.arithmetic.constant(0, (self.rows(name),))
        jacobian = self.jacobian(self.cell.output, loss_time, name, time, "total")
        return self.arithmetic.matvec(self.arithmetic.transpose(jacobian), slopes)

    def _summed(self, name: str, time: int, kind: str) -> Array:
        """Σ over the losses after (or at) a time of (∂output_τ/∂s_t)ᵀ ∂L_τ/∂output_τ."""
        total = self.arithmetic.constant(0, (self.rows(name),))
        for τ in range(time + (kind == "block"), self.instance.steps + 1):
            jacobian = self.jacobian(self.cell.output, τ, name, time, kind)
            share = self.arithmetic.matvec(
                self.arithmetic.transpose(jacobian), self.instance.loss_slopes[τ]
            )
            total = self.arithmetic.add(total, share)
        return total

    def gradient(self, name: str) -> Array:
        """∂L/∂W in the shape of W."""
        array = self.env.gradient(name)
        return array.reshape(()) if self.cell.parameters[name].shape == (1, 1) else array

    def share(self, name: str, time: int) -> Array:
        """The share of one time step in ∂L/∂W: the parameter moved at that step alone."""
        return self._remember(("share", name, time), lambda: self._share(name, time))

    def _share(self, name: str, time: int) -> Array:
        shape = np.shape(self.parameter(name))
        entries = []
        for moved in self._directions(shape):
            tangents = one_step(self.named, self.env, self.arithmetic, time, {}, {}, {name: moved})
            change: Any = 0
            for τ in range(time, self.instance.steps + 1):
                if τ > time:
                    tangents = one_step(self.named, self.env, self.arithmetic, τ, tangents)
                if self.cell.output in tangents:
                    slopes = self.instance.loss_slopes[τ]
                    dot = self.arithmetic.dot(slopes, tangents[self.cell.output])[0]
                    change = self.arithmetic.add(change, dot)
            entries.append(change)
        return np.array(
            entries, dtype=np.asarray(self.env.signal(self.cell.output, 1)).dtype
        ).reshape(shape)

    # --- Jacobians --------------------------------------------------------------------------------

    def jacobian(self, above: str, now: int, below: str, then: int, kind: str = "total") -> Array:
        """∂above_now/∂below_then of a kind, (rows, rows); "local" holds all else in the equation fixed."""
        self._within(now, 0 if above in self.cell.states else 1, beyond=True)
        self._within(then, 0 if below in self.cell.states else 1, beyond=True)
        key = (above, now, below, then, kind)
        return self._remember(key, lambda: self._jacobian(*key))

    def _jacobian(self, above: str, now: int, below: str, then: int, kind: str) -> Array:
        rows, cols = self.rows(above), self.rows(below)
        if then > now or now > self.instance.steps:
            return self.arithmetic.constant(0, (rows, cols))
        if then == now and above == below:
            return self.arithmetic.eye(rows)
        if now == 0:
            return self.arithmetic.constant(0, (rows, cols))
        columns: list[Any] = [
            self._column(above, now, below, then, kind, moved)
            for moved in self._directions((cols,))
        ]
        zero = self.arithmetic.constant(0, (rows,))
        return np.stack([zero if c is None else c for c in columns], axis=-1)

    def _column(self, above: str, now: int, below: str, then: int, kind: str, moved: Array) -> Any:
        plain = {above, below} <= set(self.cell.signals)
        cell = self.cell if plain else self.named
        if kind == "local":
            here = self.env.bind({t: now})
            tangents = Tangents(here, self.arithmetic, {(below, now - then): moved})
            right = cell.by_name[above].right if now - then in (0, 1) else None
            return None if right is None else tangents.of(right)
        if then == now:
            if kind == "block" and {above, below} <= set(cell.states):
                return None  # other states of one step are independent coordinates
            kind = "total"
        if kind in ("direct", "step") and below not in self.cell.states:
            return None
        if kind == "block" and below not in self.cell.states:
            kind = "total"
        if then == 0 and kind == "total":
            kind = "block"
        return directional(cell, self.env, self.arithmetic, above, below, (then, now), kind, moved)

    def by_parameter(self, above: str, now: int, name: str, local: bool) -> Array:
        """∂above_now/∂W as (rows, number of entries), entries row by row; local: W moved at that step alone."""
        key = ("parameter", above, now, name, local)
        return self._remember(key, lambda: self._by_parameter(above, now, name, local))

    def _by_parameter(self, above: str, now: int, name: str, local: bool) -> Array:
        zero = self.arithmetic.constant(0, (self.rows(above),))
        columns: list[Array] = []
        if now == 0:
            return np.stack([zero] * int(np.prod(np.shape(self.parameter(name)), dtype=int)), -1)
        for moved in self._directions(np.shape(self.parameter(name))):
            tangents: dict[str, Array] = {}
            for τ in range(now if local else 1, now + 1):
                tangents = one_step(
                    self.named, self.env, self.arithmetic, τ, tangents, {}, {name: moved}
                )
            columns.append(tangents.get(above, zero))
        return np.stack(columns, axis=-1)

    def state_jacobian(self, time: int) -> Array:
        """J_t: all states by all states one step before."""
        states = self.cell.states
        grid = [[self.jacobian(a, time, b, time - 1, "block") for b in states] for a in states]
        return self.arithmetic.blocks(grid)

    def _directions(self, shape: tuple[int, ...]) -> list[Array]:
        """Every entry moved by one, the others held."""
        count = int(np.prod(shape, dtype=int))
        return [row.reshape(shape) for row in self.arithmetic.eye(count)]

    def _remember(self, key: Key, make: Any) -> Array:
        if key not in self.memory:
            self.memory[key] = make()
        return self.memory[key]

    def _within(self, time: int, first: int, beyond: bool = False) -> None:
        if not first <= time <= self.instance.steps + (BEYOND if beyond else 0):
            raise Outside(f"time {time} lies outside the run of {self.instance.steps} steps")
