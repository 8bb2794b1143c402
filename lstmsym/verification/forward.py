"""Forward mode: tangents through the equations themselves, without Jacobians, over any number system.

ṡ_t is the change of a signal when something before it changes in a given direction. It shares with the
derivation the slopes of the activations and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from typing import Any

from lstmsym.calculus.rules import SLOPES
from lstmsym.derivation.graph import carried
from lstmsym.equations.cell import Cell
from lstmsym.equations.structured import (
    Dot,
    Eye,
    Kronecker,
    Maximum,
    Read,
    Shift,
    Softmax,
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
    negative,
    one_minus,
    t,
)  # fmt: skip
from lstmsym.errors import MissingRule
from lstmsym.numerics.arithmetic import Arithmetic
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.translate import evaluate

Array = Any


@dataclass(frozen=True)
class Tangents:
    """The tangents of one right side: `signals` (name, 0 now or 1 before) and `parameters`; absent is zero."""

    env: Environment
    arithmetic: Arithmetic
    signals: Mapping[tuple[str, int], Array] = field(default_factory=dict)
    parameters: Mapping[str, Array] = field(default_factory=dict)

    def of(self, term: Term) -> Array | None:
        """The tangent of a term, None for zero. Raises MissingRule for a term without a line."""
        line = TANGENTS.get(type(term))
        if line is None:
            raise MissingRule(
                f"{type(term).__name__} has no line in the table of verification.forward"
            )
        return line(self, term)

    def value(self, term: Term) -> Array:
        """The value of a part, worked out once a time."""
        key = (term, self.env.times[t], self.arithmetic)
        if key not in self.env.memory:
            self.env.memory[key] = evaluate(term, self.env, self.arithmetic)
        return self.env.memory[key]

    def sum(self, parts: list[Array | None]) -> Array | None:
        known = [p for p in parts if p is not None]
        return reduce(self.arithmetic.add, known) if known else None

    def times(self, tangent: Array | None, *factors: Term) -> Array | None:
        if tangent is None:
            return None
        return reduce(self.arithmetic.multiply, map(self.value, factors), tangent)


def _signal(v: Tangents, term: Signal) -> Array | None:
    return v.signals.get((term.name, 0 if term.time == t else 1))


def _fill(v: Tangents, term: Fill) -> Array | None:
    tangent = v.of(term.value) if isinstance(term.value, Parameter) else None
    return (
        None
        if tangent is None
        else v.arithmetic.multiply(v.value(Fill(1, *term.shape)), tangent.reshape(-1)[:1])
    )


def _hadamard(v: Tangents, term: Hadamard) -> Array | None:
    parts = term.parts
    return v.sum([v.times(v.of(a), *parts[:n], *parts[n + 1 :]) for n, a in enumerate(parts)])


def _quotient(v: Tangents, term: Quotient) -> Array | None:
    above, below = term.parts
    first, second = v.of(above), v.times(v.of(below), term)
    minus = (
        None if second is None else v.arithmetic.multiply(second, v.value(Fill(-1, *term.shape)))
    )
    total = v.sum([first, minus])
    return None if total is None else v.arithmetic.divide(total, v.value(below))


def _matrix_product(v: Tangents, term: MatrixProduct) -> Array | None:
    weight, inside = term.parts
    change, moved = v.of(weight), v.of(inside)
    times = lambda A, x: v.arithmetic.matvec(_matrix(weight, A), x)  # noqa: E731
    first = None if change is None else times(change, v.value(inside))
    second = None if moved is None else times(v.value(weight), moved)
    return v.sum([first, second])


def _transposed(v: Tangents, term: Transposed) -> Array | None:
    tangent = v.of(term.inside)
    return None if tangent is None else v.arithmetic.transpose(_matrix(term.inside, tangent))


def _dot(v: Tangents, term: Dot) -> Array | None:
    (a, b), dot = term.parts, v.arithmetic.dot
    first, second = v.of(a), v.of(b)
    return v.sum([
        None if first is None else dot(first, v.value(b)),
        None if second is None else dot(v.value(a), second),
    ])  # fmt: skip


def _softmax(v: Tangents, term: Softmax) -> Array | None:
    """y ⊙ (ȧ - yᵀȧ)."""
    tangent = v.of(term.inside)
    if tangent is None:
        return None
    a, y = v.arithmetic, v.value(term)
    mean = a.multiply(a.constant(-1, (1,)), a.dot(y, tangent))
    return a.multiply(y, a.add(tangent, mean))


def _maximum(v: Tangents, term: Maximum) -> Array | None:
    first = Elementwise("step", Plus(term.parts[0], negative(term.parts[1])))
    moved = (v.of(a) for a in term.parts)
    return v.sum([v.times(m, s) for m, s in zip(moved, (first, one_minus(first)), strict=True)])


def _kronecker(v: Tangents, term: Kronecker) -> Array | None:
    a, b = term.parts
    shaped = lambda A: A[..., 0] if term.cols == 1 else A  # noqa: E731
    times = lambda A, B: shaped(v.arithmetic.kronecker(_matrix(a, A), _matrix(b, B)))  # noqa: E731
    first, second = v.of(a), v.of(b)
    return v.sum([
        None if first is None else times(first, v.value(b)),
        None if second is None else times(v.value(a), second),
    ])  # fmt: skip


def _read(v: Tangents, term: Read) -> Array | None:
    first, second = v.of(term.stack), v.of(term.by)
    piece = v.env.size(term.rows)
    times = lambda C, q: v.arithmetic.matvec(v.arithmetic.pieces(C, piece), q)  # noqa: E731
    return v.sum([
        None if first is None else times(first, v.value(term.by)),
        None if second is None else times(v.value(term.stack), second),
    ])  # fmt: skip


def _matrix(term: Term, value: Array) -> Array:
    """The value with its columns kept."""
    return value[..., None] if term.cols == 1 else value


def _elementwise(v: Tangents, term: Elementwise) -> Array | None:
    return v.times(v.of(term.inside), _slope(term))


@lru_cache(maxsize=4096)
def _slope(term: Elementwise) -> Term:
    return SLOPES[term.function](term, term.inside)


def _concatenation(v: Tangents, term: Concatenation) -> Array | None:
    moved = [v.of(a) for a in term.parts]
    if all(m is None for m in moved):
        return None
    pairs = zip(term.parts, moved, strict=True)
    return v.arithmetic.concatenate(
        [v.value(Fill(0, *a.shape)) if m is None else m for a, m in pairs]
    )


TANGENTS: dict[type[Term], Callable[[Tangents, Any], Array | None]] = {
    Signal:        _signal,
    Parameter:     lambda v, a: v.parameters.get(a.name),
    Fill:          _fill,
    Plus:          lambda v, a: v.sum([v.of(b) for b in a.parts]),
    Hadamard:      _hadamard,
    Quotient:      _quotient,
    MatrixProduct: _matrix_product,
    Elementwise:   _elementwise,
    Concatenation: _concatenation,
    Eye:           lambda v, a: None,
    Shift:         lambda v, a: None,
    Transposed:    _transposed,
    Dot:           _dot,
    Softmax:       _softmax,
    Maximum:       _maximum,
    Kronecker:     _kronecker,
    Read:          _read,
}  # fmt: skip

Moved = dict[str, Array]


def one_step(cell: Cell, env: Environment, arithmetic: Arithmetic, time: int, before: Moved,
             now: Moved | None = None, parameters: Moved | None = None) -> Moved:  # fmt: skip
    """The tangents of all signals at a time, from those of states before it, and of what moves at it."""
    moved: Moved = {n: v for n, v in (now or {}).items() if n in {x.name for x in cell.inputs}}
    here = env.bind({t: time})
    for e in cell:
        signals = {(n, 1): v for n, v in before.items()} | {(n, 0): v for n, v in moved.items()}
        tangents = Tangents(here, arithmetic, signals, parameters or {})
        found = tangents.sum([tangents.of(e.right), (now or {}).get(e.name)])
        if found is not None:
            moved[e.name] = found
    return moved


def directional(cell: Cell, env: Environment, arithmetic: Arithmetic, above: str, below: str,
                times: tuple[int, int], kind: str, direction: Array) -> Array | None:  # fmt: skip
    """∂above/∂below of a kind, applied to a direction; times = (of below, of above); None for zero."""
    oldest, newest = times
    if kind in ("block", "total"):
        moved = {below: direction} if kind == "block" else one_step(
            cell, env, arithmetic, oldest, {}, {below: direction})  # fmt: skip
        for time in range(oldest + 1, newest + 1):
            moved = one_step(cell, env, arithmetic, time, moved)
        return moved.get(above)
    for time in range(oldest + 1, newest + 1):
        name = above if time == newest else below
        found = _held(cell, env, arithmetic, name, below, time, kind, direction)
        if found is None:
            return None
        direction = found
    return direction


def _held(cell: Cell, env: Environment, arithmetic: Arithmetic, above: str, below: str,
          time: int, kind: str, direction: Array) -> Array | None:  # fmt: skip
    """One step in which only the explicit argument moves, or also the states computed directly from it."""
    if kind == "direct":
        tangents = Tangents(env.bind({t: time}), arithmetic, {(below, 1): direction})
        return tangents.of(cell.by_name[above].right)
    before = {below: direction}
    earlier = Tangents(env.bind({t: time - 1}), arithmetic, {(below, 0): direction})
    for state in carried(cell, below):
        found = earlier.of(cell.by_name[state].right)
        if found is not None:
            before[state] = found
    return one_step(cell, env, arithmetic, time, before).get(above)
