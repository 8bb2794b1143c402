"""The backward step run from the last step to the first.

Every eighth step the carried matrices are renormalised and the logarithm of their scale is kept, so
no length underflows.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

import numpy as np

from lstmsym.flow.lowering import Scaled, lower, needed, watched
from lstmsym.flow.tape import Tape
from lstmsym.numerics.rollout import Rollout

Array = Any
EVERY = 8
WIDE = 1e6
Visit = Callable[[int, Array, float], None]


def sweep(
    run: Rollout, above: str, below: str, kind: str, visit: Visit, seed: Array | None = None
) -> None:
    """Call visit(lag, A, log_scale) for lag = 0 … T-1, where e^log_scale A = (∂above_T/∂below_{T-lag})ᵀ.

    run    one draw; arrays (T, rows)
    seed   (rows of above, c): uᵀ ∂above_T/∂below_t for c vectors u, instead of the whole Jacobian
    A      (rows of below, rows of above or c), valid during the call only
    """
    _Sweep(run, above, seed).over(below, kind, visit)


def sweep_loss(run: Rollout, own: Array, below: str, kind: str = "total") -> Array:
    """∂L/∂below_t for t = 1 … T, (T, rows), of L = Σ L_t given own[t-1] = ∂L_t/∂output_t (T, n)."""
    found = np.zeros((run.steps, run.signals[below].shape[-1]))

    def keep(lag: int, A: Array, _: float) -> None:
        found[run.steps - 1 - lag] = A[:, 0]

    nothing = np.zeros(own.shape[-1])
    _Sweep(run, run.cell.output, nothing, own[::-1, :, None]).over(below, kind, keep)
    return found


class _Sweep:
    """The steps from the last to the first: the seed put in, the scale kept."""

    def __init__(
        self, run: Rollout, above: str, seed: Array | None, given: Array | None = None
    ) -> None:
        self.run, self.plan = run, lower(run.cell, above, given is not None)
        rows = run.signals[above].shape[-1]
        seed = np.eye(rows) if seed is None else np.asarray(seed).reshape(rows, -1)
        self.tape = Tape(run, self.plan, seed.shape[1], given)
        self.tape.pairs[above][0][:] = seed
        self.log_scale = 0.0

    def over(self, below: str, kind: str, visit: Visit) -> None:
        """Run all steps, newest first."""
        place = watched(self.plan, self.run.cell, below, kind)
        for assignment in needed(self.plan, place):
            self.tape.assign(assignment)
        rows = self.run.cell.signal(below).rows
        matrix = self._watch(place, self.tape.new(rows))
        steps = range(self.run.steps)
        told = map(lambda lag, A: visit(lag, A, self.log_scale), steps, matrix)
        balance = map(self._balance, steps)
        deque(zip(steps, *self.tape.program, told, balance, strict=False), maxlen=0)

    def _watch(self, place: Scaled | None, spare: Array) -> Iterator[Array]:
        """The watched matrix at every step."""
        if place is None:
            return repeat(spare)
        if place.by is None:
            return self.tape.at(place.buffer)
        self.tape.scale(place, lambda: repeat(spare))
        return repeat(spare)

    def _balance(self, lag: int) -> None:
        """After a step: forget the seed, renormalise now and then, keep the logarithm."""
        now = (lag + 1) % 2
        if lag < 2:
            self._forget(1 - now)
        if (lag + 1) % EVERY or self.tape.given is not None:
            return
        states = [self.tape.pairs[s][now] for s in self.run.cell.states]
        largest = max(float(np.abs(a).max()) for a in states)
        if 0 < largest < math.inf and not 1 / WIDE < largest < WIDE:
            for a in states:
                a /= largest
            self.log_scale += math.log(largest)

    def _forget(self, used: int) -> None:
        """The carried buffer of a signal that is no state holds the seed once."""
        for name, pair in self.tape.pairs.items():
            if name not in self.run.cell.states:
                pair[used][:] = 0
