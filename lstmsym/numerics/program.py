"""Terms compiled to NumPy calls that write into buffers, one row a step.

The rows of a term are an iterable with one array a step. A program is a list of `map`s over rows;
`zip` over them runs it step by step without a Python loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np

from lstmsym.equations.structured import Dot, Kronecker, Maximum, Read, Softmax
from lstmsym.equations.terms import (
    Concatenation,
    Elementwise,
    Hadamard,
    MatrixProduct,
    Plus,
    Quotient,
    Signal,
    Term,
    is_fill,
    signals_in,
    t,
)  # fmt: skip
from lstmsym.numerics.activations import FUNCTIONS, softmax
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.products import product
from lstmsym.numerics.translate import evaluate

Array = Any
Rows = Iterable[Any]


class Program:
    """The calls of one step. Terms of inputs and parameters alone are worked out beforehand.

    given   input → (T, rows)
    series  signal → (T + 1, rows), row 0 before the first step
    known   term → its rows, once compiled
    """

    series: Mapping[str, Array]

    def __init__(self, env: Environment, given: Mapping[str, Array], dtype: Any) -> None:
        self.env, self.given, self.dtype = env, given, dtype
        self.calls: list[Iterable[Any]] = []
        self.known: dict[Term, Rows] = {}

    def is_own(self, s: Signal) -> bool:
        return s.name not in self.given

    def is_free(self, term: Term) -> bool:
        """Whether a term depends on inputs and parameters only."""
        return all(s.name in self.given for s in signals_in(term))

    def emit(self, call: Callable[..., Any], *rows: Rows) -> None:
        self.calls.append(map(call, *rows))

    def signal(self, s: Signal) -> Rows:
        series = self.series[s.name]
        return list(series[1:] if s.time == t else series[:-1])

    def value(self, term: Term) -> Rows:
        """The rows of a term, compiled on first use."""
        if term not in self.known:
            self.known[term] = self.new_value(term)
        return self.known[term]

    def new_value(self, term: Term) -> Rows:
        if isinstance(term, Signal) and self.is_own(term):
            return self.signal(term)
        if not signals_in(term):
            return repeat(evaluate(term, self.env).astype(self.dtype))
        if self.is_free(term):
            return list(evaluate(term, self.env).astype(self.dtype))
        return self.compile(term, repeat(np.empty(self.env.size(term.rows), self.dtype)))

    def compile(self, term: Term, out: Rows) -> Rows:
        """Emit the calls that write a term into `out`."""
        if type(term) not in LINES:
            self.emit(np.copyto, out, self.value(term))
        else:
            LINES[type(term)](self, term, out)
        return out

    def sum(self, parts: Sequence[Term], out: Rows) -> None:
        first, *rest = parts
        total = self.value(first)
        if not rest:
            self.emit(np.copyto, out, total)
        for part in rest:
            minus = isinstance(part, Hadamard) and is_fill(part.args[0], -1)
            one = product(part.parts[1:]) if minus else part
            self.emit(np.subtract if minus else np.add, total, self.value(one), out)
            total = out

    def hadamard(self, term: Hadamard, out: Rows) -> None:
        product = self.value(term.parts[0])
        for factor in term.parts[1:]:
            self.emit(np.multiply, product, self.value(factor), out)
            product = out

    def activate(self, function: str, inside: Rows, out: Rows) -> None:
        for call, second in STEPS.get(function, ()):
            more = () if second is None else (repeat(second),)
            self.emit(call, inside, *more, out)
            inside = out
        if function not in STEPS:
            apply = FUNCTIONS[function]
            self.emit(lambda a, to: np.copyto(to, apply(np, a)), inside, out)

    def times(self, term: MatrixProduct, out: Rows) -> None:
        """A matrix times a vector; a column times a number is spread."""
        weight, inside = term.parts
        call = np.multiply if weight.cols == 1 else np.dot
        self.emit(call, self.value(weight), self.value(inside), out)

    def store(self, function: Callable[..., Array], term: Term, out: Rows) -> None:
        """A function of the parts that cannot write in place."""
        parts = map(self.value, term.parts)
        self.emit(lambda *rows: np.copyto(rows[-1], function(*rows[:-1])), *parts, out)

    def concatenate(self, term: Concatenation, out: Rows) -> None:
        parts = zip(*map(self.value, term.parts), strict=False)
        self.emit(lambda rows, to: np.concatenate(rows, out=to), parts, out)


# What an activation is, call by call; the others go through numerics.activations.
STEPS: dict[str, tuple[tuple[Callable[..., Any], float | None], ...]] = {
    "tanh":    ((np.tanh, None),),
    "sigmoid": ((np.negative, None), (np.exp, None), (np.add, 1.0), (np.reciprocal, None)),
    "relu":    ((lambda a, least, out: np.maximum(a, least, out=out), 0.0),),
}  # fmt: skip

LINES: dict[type[Term], Callable[[Program, Any, Rows], None]] = {
    Plus:          lambda program, a, out: program.sum(a.parts, out),
    Hadamard:      lambda program, a, out: program.hadamard(a, out),
    Quotient:      lambda program, a, out: program.emit(np.divide, *map(program.value, a.parts), out),
    Elementwise:   lambda program, a, out: program.activate(a.function, program.value(a.inside), out),
    MatrixProduct: lambda program, a, out: program.times(a, out),
    Concatenation: lambda program, a, out: program.concatenate(a, out),
    Maximum:       lambda program, a, out: program.store(np.maximum, a, out),
    Softmax:       lambda program, a, out: program.store(lambda v: softmax(np, v), a, out),
    Dot:           lambda program, a, out: program.store(np.dot, a, out),
    Kronecker:     lambda program, a, out: program.store(np.kron, a, out),
    Read:          lambda program, a, out: program.store(lambda C, q: q @ C.reshape(len(q), -1), a, out),
}  # fmt: skip
