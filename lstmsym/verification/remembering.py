"""The values of many terms on one instance, every common subterm worked out once."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from lstmsym.equations.derived import (
    Adjoint,
    Columns,
    Diagonal,
    Outer,
    ProductOverTime,
    Selector,
    SumOverTime,
    Transposed,
)
from lstmsym.equations.terms import (
    Concatenation,
    Elementwise,
    Fill,
    Hadamard,
    MatrixProduct,
    Parameter,
    Plus,
    Quotient,
    Signal,
    Term,
    walk,
)
from lstmsym.numerics.arithmetic import Arithmetic
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.translate import Evaluation, is_column
from lstmsym.verification.field import PRIME, Field
from lstmsym.verification.slips.sites import Path, put

Array = Any
PLAIN = (
    Signal, Parameter, Fill, Plus, Hadamard, Quotient, MatrixProduct, Elementwise, Concatenation,
    Columns, Selector, Diagonal, Transposed, Outer, Adjoint,
)  # fmt: skip


class Remembering(Evaluation):
    """An evaluation that keeps the value of every term it has met."""

    def __init__(self, env: Environment, arithmetic: Arithmetic) -> None:
        super().__init__(env, arithmetic)
        self.known: dict[Term, Array] = {}
        self.bound: dict[tuple[Any, ...], Remembering] = {}

    def value(self, term: Term) -> Array:
        """The number of one node."""
        if term not in self.known:
            self.known[term] = super().value(term)
        return self.known[term]

    def over_time(self, term: SumOverTime | ProductOverTime) -> list[Array]:
        """The body at every time of the range, oldest first; of a sum perhaps all of them at once."""
        return [each.value(term.body) for each in self.inside(term)]

    def total(self, term: SumOverTime) -> Array:
        """The sum over time."""
        if not (_at_once(term) and self._steps(term)):
            return super().total(term)
        (together,) = self.over_time(term)
        own = 1 if is_column(term) else 2
        parts = together if together.ndim > own else [together] * len(self._steps(term))
        return reduce(self.a.add, parts)

    def inside(self, term: SumOverTime | ProductOverTime) -> list[Remembering]:
        """The evaluations of the body: one for all times where that can be, else one for each."""
        index, steps = term.args[1], self._steps(term)
        if not _at_once(term):
            return [self._at((index, time), {index: time}, self.a) for time in steps]
        if not steps:
            return []
        times = np.arange(steps[0], steps[-1] + 1)
        return [self._at((index, *steps), {index: times}, _batched(self.a))]

    def _steps(self, term: SumOverTime | ProductOverTime) -> range:
        _, _, lower, upper = term.args
        return range(self.env.time(lower), self.env.time(upper) + 1)

    def _at(self, key: tuple[Any, ...], times: Any, arithmetic: Arithmetic) -> Remembering:
        if key not in self.bound:
            env = self.env.bind(times)
            if arithmetic is not self.a:
                env = replace(env, signals=_signals(env), adjoints=_adjoints(env))
            self.bound[key] = Remembering(env, arithmetic)
        return self.bound[key]

    def changed(self, term: Term, path: Path, new: Term) -> Array:
        """The value of a term with another subterm of the same shape at a place, which need not be built."""
        if not path:
            return self.value(new)
        below = term.args[path[0]]
        if sum(a is below for a in term.args) > 1:
            return super().value(put(term, path, new))
        over = isinstance(term, SumOverTime | ProductOverTime)
        inside = self.inside(term) if over else [self]
        values = [a.changed(below, path[1:], new) for a in inside]
        return self._with(inside, below, values, term)

    def _with(
        self, inside: list[Remembering], below: Term, values: list[Array], term: Term
    ) -> Array:
        """The value of a node while the node below it has other values.

        Its neighbours get their values first, for they may say the same thing, and are to be kept as they are.
        """
        if inside == [self]:
            for a in term.args:
                if isinstance(a, Term) and a is not below:
                    self.value(a)
        before = [a.known.get(below) for a in inside]
        for a, value in zip(inside, values, strict=True):
            a.known[below] = value
        try:
            return super().value(term)
        finally:
            for a, value in zip(inside, before, strict=True):
                if value is None:
                    del a.known[below]
                else:
                    a.known[below] = value


class AtOnce(Field):
    """The same field for arrays with a dimension of times in front."""

    def __init__(self, field: Field) -> None:
        self.random, self.atoms = field.random, field.atoms

    def matmul(self, A: Array, B: Array) -> Array:
        return np.matmul(A, B) % PRIME

    def matvec(self, A: Array, v: Array) -> Array:
        return np.matmul(A, v[..., None])[..., 0] % PRIME


@lru_cache(maxsize=64)
def _batched(arithmetic: Arithmetic) -> Arithmetic:
    """A number system equal to the given one, for many times at once."""
    return AtOnce(arithmetic) if isinstance(arithmetic, Field) else copy(arithmetic)


@lru_cache(maxsize=4096)
def _at_once(term: SumOverTime | ProductOverTime) -> bool:
    """Whether a body can be worked out for all times in one go: a sum of a body of plain terms."""
    return isinstance(term, SumOverTime) and all(isinstance(a, PLAIN) for a in walk(term.body))


def _signals(env: Environment) -> Callable[[str, Array], Array]:
    return lambda name, times: _stacked(lambda time: env.signal(name, time), times)


def _adjoints(env: Environment) -> Callable[[str, Array, str], Array]:
    return lambda name, times, scope: _stacked(lambda time: env.adjoint(name, time, scope), times)


def _stacked(read: Callable[[int], Array], times: Array) -> Array:
    return np.stack([read(int(time)) for time in times]) if np.ndim(times) else read(int(times))
