"""Written derivatives to their true values: ∂L/∂f_t, ∂C_t/∂C_{t-1}, ∂h_t/∂W, ∂⁺C_t/∂f_t."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lstmsym.equations.terms import Elementwise, walk
from lstmsym.equations.terms import t as now
from lstmsym.formulas import tree as f
from lstmsym.numerics.translate import evaluate
from lstmsym.verification.claims.algebra import Algebra, Misfit, Value
from lstmsym.verification.claims.symbols import Found, Symbols, Undefined, split_scripts

LOSSES = (
    "L",
    "E",
    "J",
    "ell",
    "loss",
    "Loss",
    "Err",
    "cost",
    "Cost",
    "l",
    "mathcalL",
    "error",
    "S",
)
KINDS = ("total", "block", "step", "direct")


class Derivatives:
    """The part of the evaluation that knows derivatives."""

    symbols: Symbols
    algebra: Algebra

    def of_Derivative(self, node: f.Derivative, times: Mapping[str, int]) -> Value:
        """The true value of a written derivative."""
        if node.above is None:
            raise Undefined(node, "a derivative of nothing: write what stands above, as in ∂L/∂h_t")
        below = self.below(node.below, times)
        loss = self.loss_time(node.above, times)
        if loss is not None:
            return self.of_loss(below, loss[1], times)
        above = self.found(node.above, times)
        if above.meaning.kind != "signal":
            raise Misfit("a weight does not depend on anything")
        kind = node.kind if node.kind in KINDS else self.symbols.reading.kind
        value = self.between(above, below, "local" if node.mark else kind, times)
        return self.algebra.transpose(value) if self.symbols.reading.transposed else value

    def below(self, node: f.Node, times: Mapping[str, int]) -> Found:
        return self.found(node, times)

    def found(self, node: f.Node, times: Mapping[str, int]) -> Found:
        while isinstance(node, f.Bracket | f.Transpose):
            node = node.inside
        if isinstance(node, f.Product) and len(node.factors) == 2:
            node = self.timed(node)
        if isinstance(node, f.Symbol):
            found = self.symbols.find(self.substituted(node), times)
            if found is not None:
                return found
        raise Undefined(node, "a derivative is of and by signals and weights of the cell")

    def timed(self, node: f.Product) -> f.Node:
        """h(t-1) as h_{t-1}."""
        first, second = node.factors
        if isinstance(first, f.Symbol) and isinstance(second, f.Bracket):
            script = f.Script("below", "round", (second.inside,))
            return f.Symbol(first.base, first.accents, (*first.scripts, script), first.primes)
        return node

    def substituted(self, node: f.Symbol) -> f.Symbol:
        return node

    def loss_time(self, node: f.Node, times: Mapping[str, int]) -> tuple[bool, int | None] | None:
        """(True, time) of a loss, the time None for the whole of it; None for a signal."""
        if not isinstance(node, f.Symbol) or node.base not in LOSSES:
            return None
        if self.symbols.find(node, times) is not None:
            return None
        for time, power, letters in split_scripts(node, times):
            if power is None and not letters:
                return True, time
        return True, None

    def of_loss(self, below: Found, loss: int | None, times: Mapping[str, int]) -> Value:
        truth, name = self.symbols.truth, below.meaning.name
        if loss is None:
            return self.plain_adjoint(below, times)
        slopes = truth.instance.loss_slopes[loss]
        if below.meaning.kind == "signal":
            return Value(truth.own(name, times["t"] if below.time is None else below.time, loss))
        jacobian = truth.by_parameter(truth.cell.output, loss, name, local=False)
        gradient = truth.arithmetic.matvec(truth.arithmetic.transpose(jacobian), slopes)
        return Value(gradient.reshape(np.shape(truth.parameter(name))))

    def plain_adjoint(self, below: Found, times: Mapping[str, int]) -> Value:
        """∂L/∂o_t, which is by the gate whatever δo_t is."""
        if below.meaning.kind == "signal":
            time = times["t"] if below.time is None else below.time
            return Value(self.symbols.truth.adjoint(below.meaning.name, time))
        return self.symbols.adjoint(below, times)

    def between(self, above: Found, below: Found, kind: str, times: Mapping[str, int]) -> Value:
        truth = self.symbols.truth
        at = times["t"] if above.time is None else above.time
        if below.meaning.kind == "signal":
            then = times["t"] if below.time is None else below.time
            return Value(truth.jacobian(above.meaning.name, at, below.meaning.name, then, kind))
        jacobian = truth.by_parameter(above.meaning.name, at, below.meaning.name, kind == "local")
        if below.meaning.kind == "columns":
            start, width = truth._columns(below.meaning.name, below.meaning.part)
            whole = jacobian.reshape(len(jacobian), *np.shape(truth.parameter(below.meaning.name)))
            jacobian = whole[:, :, start : start + width].reshape(len(jacobian), -1)
        return Value(jacobian)

    # --- activations ------------------------------------------------------------------------------

    def activation_of(self, argument: Value, times: Mapping[str, int]) -> str | None:
        """The activation that the cell applies to an argument of this value, at t-1, t or t+1."""
        for function, inside, _ in self.activated(times):
            if _same(inside, argument.array):
                return function
        return None

    def is_output(self, function: str, argument: Value, times: Mapping[str, int]) -> bool:
        """Whether a value is what this activation gives in the cell."""
        outputs = (
            self.algebra.arithmetic.apply(name, inside)
            for name, inside, _ in self.activated(times)
            if name == function
        )
        return any(_same(y, argument.array) for y in outputs)

    def activated(self, times: Mapping[str, int]) -> list[tuple[str, object, int]]:
        """Every activation of the cell with the value of its argument, about the present time."""
        truth = self.symbols.truth
        found = []
        for time in {times["t"] + d for d in (0, -1, 1)} & set(range(1, truth.instance.steps + 1)):
            key = ("activated", time)
            truth.memory.setdefault(key, None)
            if truth.memory[key] is None:
                env = truth.env.bind({now: time})
                truth.memory[key] = [
                    (a.function, evaluate(a.inside, env, truth.arithmetic), time)
                    for e in truth.cell
                    for a in walk(e.right)
                    if isinstance(a, Elementwise)
                ]
            found += truth.memory[key]
        return found


def _same(a: object, b: object) -> bool:
    return np.shape(a) == np.shape(b) and bool(np.all(np.equal(a, b)))
