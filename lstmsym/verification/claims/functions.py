"""Functions in a written formula: activations, their slopes, diag, and what has a value in floats alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from lstmsym.equations.activations import ACTIVATIONS
from lstmsym.equations.terms import Elementwise, Signal
from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.verification.claims import stacks
from lstmsym.verification.claims.algebra import Algebra
from lstmsym.verification.claims.scripts import lone_time
from lstmsym.verification.claims.symbols import Symbols, Undefined
from lstmsym.verification.claims.value import Beyond, Misfit, Value
from lstmsym.verification.field import Field

EXACT = {*ACTIVATIONS, "softmax"} - {"exp", "log", "sqrt", "sin", "cos"}


class NotExact(LstmsymError):
    """A function that has no value modulo a prime."""


class Functions:
    """The part of the evaluator that knows functions."""

    symbols: Symbols
    algebra: Algebra

    def value(self, node: f.Node, times: Mapping[str, int]) -> Value:
        """The value of a node at these times."""
        raise NotImplementedError

    def is_output(self, function: str, argument: Value, times: Mapping[str, int]) -> bool:
        """Whether a value is what this activation gives in the cell."""
        raise NotImplementedError

    def plainly(self, node: f.Node, times: Mapping[str, int]) -> Value:
        """The value of an argument, in which W h is a product of a matrix as in the forward equations."""
        inner: Any = replace(self, algebra=replace(self.algebra, scaled=False))  # type: ignore[type-var]
        found: Value = inner.value(node, times)
        return found

    def of_Apply(self, node: f.Apply, times: Mapping[str, int]) -> Value:
        if node.primes > 1:
            raise Beyond("a second derivative stands in no gradient")
        if node.function == "diag":
            return self.algebra.diagonal(self.value(node.arguments[0], times))
        if node.function in EXTREMES and len(node.arguments) == 2:
            return self.extreme(node.function, *(self.plainly(a, times) for a in node.arguments))
        argument = self.argument(node, times)
        if node.primes:
            value = self.slope(node, argument, times)
        else:
            value = self.function(node.function, argument, node.power)
            if node.function in ("sech", "csch"):
                return value
        return self.algebra.power(value, node.power)

    def of_Norm(self, node: f.Norm, times: Mapping[str, int]) -> Value:
        """The length of a vector, the largest singular value of a matrix; of another norm what its index says."""
        value = self.value(node.inside, times)
        if isinstance(self.algebra.arithmetic, Field):
            raise NotExact("a norm has no value modulo a prime")
        if node.index not in NORMS:
            raise Beyond(f"the norm with the index {node.index} is not known here")
        array = np.asarray(value.array, dtype=float)
        order = NORMS[node.index] if array.ndim == 2 or node.index != "F" else 2
        return Value(np.asarray(np.linalg.norm(array, order) if array.ndim else abs(array)))

    def argument(self, node: f.Apply, times: Mapping[str, int]) -> Value:
        """The argument of a function; a letter that nobody defines is that of the only activation of its kind."""
        try:
            return self.plainly(node.arguments[0], times)
        except Undefined:
            found = self.only_argument(node, times)
            if found is None:
                raise
            return found

    def only_argument(self, node: f.Apply, times: Mapping[str, int]) -> Value | None:
        """z_t in tanh′(z_t) where the cell has one tanh of a pre-activation."""
        (symbol,), truth = node.arguments[:1], self.symbols.truth
        if isinstance(symbol, f.Product):
            return self.input_of(symbol, times)
        applied = {
            e.name: e.right.inside.name
            for e in truth.named
            if isinstance(e.right, Elementwise) and e.right.function == node.function
            and isinstance(e.right.inside, Signal) and e.right.inside.name not in truth.cell.signals
        }  # fmt: skip
        of_states = {a for name, a in applied.items() if name in truth.cell.states}
        names = of_states if len(of_states) == 1 else set(applied.values())
        if not isinstance(symbol, f.Symbol):
            return None
        if not symbol.scripts:
            # σ′(z) = σ(z) (1 - σ(z)) is true of any z
            return Value(truth.signal(min(names or truth.named.signals), times["t"]))
        moment = lone_time(symbol, times)
        if symbol.accents or len(names) != 1 or moment is None:
            return None
        self.algebra.note(f"{symbol.base} is the argument of {node.function}")
        return Value(truth.signal(names.pop(), moment))

    def input_of(self, node: f.Product, times: Mapping[str, int]) -> Value | None:
        """The argument of f_t in σ′(f_t input), which words say."""
        first, *rest = node.factors
        said = [getattr(a, "base", getattr(a, "text", "")).strip().lower() for a in rest]
        found = self.symbols.find(first, times) if isinstance(first, f.Symbol) else None
        if found is None or said not in (["input"], ["net"], ["in"], ["pre"], ["preactivation"]):
            return None
        argument = self.symbols.argument_of(found.meaning.name)
        time = times["t"] if found.time is None else found.time
        return Value(self.symbols.truth.signal(argument, time)) if argument else None

    def extreme(self, name: str, a: Value, b: Value) -> Value:
        """The larger or the smaller of two values, entry by entry."""
        if a.dims and b.dims and a.shape != b.shape:
            raise Misfit(f"the larger of values of the shapes {a.shape} and {b.shape}")
        a, b = (a, b) if name == "max" else (self.algebra.negative(a), self.algebra.negative(b))
        first, second = np.broadcast_arrays(a.array, b.array)
        found = Value(self.algebra.arithmetic.maximum(first, second), a.row or b.row)
        return found if name == "max" else self.algebra.negative(found)

    def matrix_of(self, stack: Value) -> Value:
        """mat(S_t): the matrix whose columns are the pieces of a stack; a weight of one layer is that already."""
        if stack.dims == 2:
            return stack
        found = stacks.pieces(stack, self.algebra.stacks, self.algebra.arithmetic)
        if found is None:
            raise Beyond("mat is of a vector that the cell has as a stack of pieces")
        return found

    def trace(self, a: Value) -> Value:
        """The sum of the diagonal; a product of a row and a column is a number already."""
        if a.dims == 2 and a.shape[0] == a.shape[1]:
            ones = self.algebra.arithmetic.constant(1, (a.shape[0],))
            return Value(self.algebra.arithmetic.dot(ones, np.diagonal(a.array)))
        if a.dims:
            raise Misfit(f"the trace of an array of shape {a.shape}")
        return a

    def slope(self, node: f.Apply, argument: Value, times: Mapping[str, int]) -> Value:
        """φ′(a); under one reading φ′ of an activated value is the slope written in that value."""
        if self.symbols.reading.output_slope and self.is_output(node.function, argument, times):
            self.algebra.note(f"{node.function}′ of the activated value is the slope written in it")
            return self.algebra.slope_at(node.function, argument, argument)
        return self.algebra.slope(node.function, argument)

    def function(self, name: str, argument: Value, power: int = 1) -> Value:
        if name == "sech" and power % 2 == 0:
            y = self.algebra.apply("tanh", argument)
            slope = self.algebra.slope_at("tanh", y, argument)
            return self.algebra.power(slope, power // 2)
        if name == "vec":
            return Value(argument.array.reshape(-1, order="F"))
        if name == "mat":
            return self.matrix_of(argument)
        if name == "trace":
            return self.trace(argument)
        exact = isinstance(self.algebra.arithmetic, Field)
        if exact and name not in EXACT:
            raise NotExact(f"{name} has no value modulo a prime")
        if name in FLOATS:
            value = Value(FLOATS[name](np.asarray(argument.array, dtype=float)), argument.row)
            return self.algebra.power(value, power) if name == "sech" else value
        if name not in ACTIVATIONS and name != "softmax":
            raise Beyond(f"the function {name} is not known here")
        return self.algebra.apply(name, argument)


NORMS: dict[str, Any] = {"": 2, "2": 2, "F": "fro", "1": 1, "infty": np.inf, "∞": np.inf}
EXTREMES = ("max", "min")
FLOATS: dict[str, Callable[[Any], Any]] = {
    "sech": lambda a: 1 / np.cosh(a),
    "cosh": np.cosh,
    "sinh": np.sinh,
    "sin": np.sin,
    "cos": np.cos,
    "sqrt": np.sqrt,
    "log": np.log,
    "ln": np.log,
    "exp": np.exp,
}
