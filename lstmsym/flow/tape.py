"""One backward step as NumPy calls into buffers.

Coefficients are worked out for all steps at once before the loop; a step is then one scaling of
rows a share, and one matrix product a buffer that weights lead to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import cycle, repeat
from typing import Any

import numpy as np

from lstmsym.equations.terms import Term, signals_in, t
from lstmsym.flow.lowering import Assignment, BackwardStep, Buffer, Scaled, Share
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.rollout import Rollout
from lstmsym.numerics.translate import FLOATS, Evaluation

Array = Any
Place = Callable[[], Iterator[Any]]
MANY = 16  # columns from which summing the weights is faster than scaling the copies
STRETCH = 31  # steps; odd, so that rows do not fall into one cache set


class Tape:
    """The buffers of a backward step, and the calls that fill them, newest step first.

    columns  of every buffer
    given    (T, rows, columns): what one adjoint gains at each step, newest first
    """

    def __init__(
        self, run: Rollout, plan: BackwardStep, columns: int, given: Array | None = None
    ) -> None:
        self.run, self.columns, self.given = run, columns, given
        self.dtype = run.output.dtype
        self.env = Environment(run.parameters, self._series, run.sizes, {t: 1})
        self.arrays: dict[Buffer, Array] = {}
        self.pairs = {s: (self.new(b.rows), self.new(b.rows)) for s, b in plan.carried.items()}
        self.program: list[Iterable[Any]] = []

    def _series(self, name: str, time: int) -> Array:
        """A signal at all times (T, rows): time 1 stands for t, 0 for t-1."""
        series = self.run.signals[name]
        return series if time else np.concatenate([self.run.initial[name][None], series[:-1]])

    def _stretch(self, steps: slice, name: str, time: int) -> Array:
        """A signal at some of the times."""
        return self._series(name, time)[steps]

    def new(self, rows: Any) -> Array:
        return np.zeros((self.env.size(rows), self.columns), self.dtype)

    def at(self, buffer: Buffer) -> Iterator[Array]:
        """The array of a buffer, step by step; the carried ones change places with the next."""
        if buffer.role == "given":
            assert self.given is not None
            return iter(self.given)
        if buffer.role in ("carried", "next"):
            one, other = self.pairs[buffer.name]
            return cycle((one, other) if buffer.role == "carried" else (other, one))
        if buffer not in self.arrays:
            self.arrays[buffer] = self.new(buffer.rows)
        return repeat(self.arrays[buffer])

    def _emit(self, call: Callable[..., Any], *rows: Iterable[Array]) -> None:
        self.program.append(map(call, *rows))

    def _vectors(self, by: Term | None) -> Array:
        """A coefficient for every step, newest first: (T, rows, 1); (1, rows, 1) if it never changes."""
        if by is None:
            return np.ones((1, 1, 1), self.dtype)
        value = Evaluation(self.env, FLOATS).value(by)
        value = value if signals_in(by) else value[None]
        return np.ascontiguousarray(value[::-1, :, None], self.dtype)

    def _rows(self, coefficients: Array) -> Iterable[Array]:
        return (
            list(coefficients) if len(coefficients) == self.run.steps else repeat(coefficients[0])
        )

    def scale(self, scaled: Scaled, out: Place) -> None:
        if scaled.by is None:
            self._emit(np.copyto, out(), self.at(scaled.buffer))
        else:
            rows = self._rows(self._vectors(scaled.by))
            self._emit(np.multiply, self.at(scaled.buffer), rows, out())

    def assign(self, assignment: Assignment) -> None:
        """buffer = stacked product + scaled copies + products with matrices that change."""
        out = lambda: self.at(assignment.to)  # noqa: E731
        weighted = [s for s in assignment.shares if s.weight is not None]
        moving = [s for s in weighted if s.weight is not None and signals_in(s.weight)]
        products = [s for s in weighted if s not in moving]
        copies = [s.of for s in assignment.shares if s.weight is None]
        copies.sort(key=lambda c: c.by is None)
        if products:
            self._multiply(products, out)
        elif copies:
            self.scale(copies.pop(0), out)
        else:
            self._emit(np.copyto, out(), repeat(np.zeros(())))
        for copy in copies:
            self._add(copy, out)
        for share in moving:
            self._move(share, out)

    def _move(self, share: Share, out: Place) -> None:
        """out += W_tᵀ (v ⊙ A), with a matrix of its own at each step."""
        source = lambda: self.at(share.of.buffer)  # noqa: E731
        if share.of.by is not None:
            scaled = self.new(share.of.buffer.rows)
            self.scale(share.of, lambda: repeat(scaled))
            source = lambda: repeat(scaled)  # noqa: E731
        target = self._spare(share.weight)
        self._emit(np.dot, self._moving(share.weight), source(), target())
        self._emit(np.add, out(), target(), out())

    def _moving(self, weight: Any) -> Iterator[Array]:
        """Wᵀ of each step, newest first, worked out for a stretch of steps at once."""
        for end in range(self.run.steps, 0, -STRETCH):
            steps = slice(max(0, end - STRETCH), end)
            env = replace(self.env, signals=partial(self._stretch, steps), memory={})
            value = Evaluation(env, FLOATS).matrix(weight)
            yield from np.swapaxes(value, -1, -2)[::-1].astype(self.dtype, copy=False)

    def _add(self, copy: Scaled, out: Place) -> None:
        if copy.by is None:
            self._emit(np.add, out(), self.at(copy.buffer), out())
            return
        spare = np.empty((self.env.size(copy.buffer.rows), self.columns), self.dtype)
        self.scale(copy, lambda: repeat(spare))
        self._emit(np.add, out(), repeat(spare), out())

    def _multiply(self, products: list[Share], out: Place) -> None:
        """The sum of Wᵀ (v ⊙ A): where one A is scaled often, (Σ Wᵀ diag(v)) A; else stacked."""
        groups = list(_by_buffer(products))
        often = [g for g in groups if len(g) > 1 and self.columns >= MANY]
        seldom = [share for g in groups if g not in often for share in g]
        target = out
        for group in often:
            matrices = self._summed(group)
            self._product(matrices, self.at(group[0].of.buffer), target, out)
            target = self._spare(group[0].weight)
        if seldom:
            self._stacked(seldom, target, out)

    def _product(
        self,
        matrices: Iterable[Array],
        right: Iterable[Array],
        target: Place,
        out: Place,
    ) -> None:
        """target = matrix @ right; added to `out` where target is another buffer."""
        self._emit(np.dot, matrices, right, target())
        if target is not out:
            self._emit(np.add, out(), target(), out())

    def _spare(self, weight: Any) -> Place:
        spare = self.new(weight.cols)
        return lambda: repeat(spare)

    def _summed(self, group: list[Share]) -> Iterator[Array]:
        """Σ Wᵀ diag(v), (rows out, rows in) for each step, worked out for a stretch of steps at once.

        For each row j of the weights that is a product of (steps, shares) and (shares, rows out).
        """
        weights = np.stack([self._weight(s.weight) for s in group], axis=1)
        scale = np.stack(np.broadcast_arrays(*(self._vectors(s.of.by) for s in group)), axis=-1)
        vectors = np.ascontiguousarray(np.swapaxes(scale[:, :, 0], 0, 1))
        if vectors.shape[1] == 1:
            return repeat(np.matmul(vectors, weights)[:, 0].T)
        return _stretches(vectors, np.ascontiguousarray(weights, self.dtype))

    def _stacked(
        self,
        products: list[Share],
        target: Place,
        out: Place,
    ) -> None:
        """[W_1ᵀ W_2ᵀ …] times the scaled copies one under the other."""
        weights = [self._weight(s.weight) for s in products]
        stacked = np.ascontiguousarray(np.concatenate(weights).T, self.dtype)
        if len(products) == 1 and products[0].of.by is None:
            self._product(repeat(stacked), self.at(products[0].of.buffer), target, out)
            return
        under = np.empty((stacked.shape[1], self.columns), self.dtype)
        self._fill(products, under)
        self._product(repeat(stacked), repeat(under), target, out)

    def _fill(self, products: list[Share], under: Array) -> None:
        """Scaled copies into the stack; those of one buffer in one call."""
        start = 0
        for group in _runs(products):
            buffer, rows = group[0].of.buffer, self.env.size(group[0].of.buffer.rows)
            part = under[start : start + rows * len(group)]
            start += len(part)
            if group[0].of.by is None:
                self._emit(np.copyto, repeat(part), self.at(buffer))
                continue
            vectors = np.broadcast_arrays(*(self._vectors(s.of.by) for s in group))
            coefficients = np.stack(vectors, axis=1)
            to = part.reshape(len(group), rows, self.columns)
            self._emit(np.multiply, self.at(buffer), self._rows(coefficients), repeat(to))

    def _weight(self, weight: Any) -> Array:
        return Evaluation(self.env, FLOATS).matrix(weight)


def _by_buffer(products: list[Share]) -> Iterator[list[Share]]:
    """The shares that scale the same buffer."""
    for buffer in dict.fromkeys(s.of.buffer for s in products):
        yield [s for s in products if s.of.buffer == buffer]


def _stretches(vectors: Array, weights: Array) -> Iterator[Array]:
    """Σ_g W_gᵀ diag(v_g) step by step, from vectors (rows in, T, g), weights (rows in, g, rows out)."""
    rows, steps, _ = vectors.shape
    block = np.empty((rows, STRETCH, weights.shape[2]), weights.dtype)
    for start in range(0, steps, STRETCH):
        length = min(STRETCH, steps - start)
        part = block[:, :length]
        np.matmul(vectors[:, start : start + length], weights, out=part)
        for i in range(length):
            yield part[:, i].T


def _runs(products: list[Share]) -> Iterator[list[Share]]:
    """Neighbours that scale one buffer; an unscaled one stands alone."""
    group: list[Share] = []
    for share in products:
        same = group and share.of.buffer == group[0].of.buffer and share.of.by is not None
        if group and not (same and group[0].of.by is not None):
            yield group
            group = []
        group.append(share)
    if group:
        yield group
