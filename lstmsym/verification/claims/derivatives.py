"""Written derivatives to their true values: ∂L/∂f_t, ∂C_t/∂C_{t-1}, ∂h_t/∂W, ∂⁺C_t/∂f_t."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from lstmsym.equations.terms import Elementwise, walk
from lstmsym.equations.terms import t as now
from lstmsym.formulas import tree as f
from lstmsym.numerics.translate import evaluate
from lstmsym.verification.claims.algebra import Algebra
from lstmsym.verification.claims.glossary import Meaning, letters_of
from lstmsym.verification.claims.letters import LOSSES
from lstmsym.verification.claims.parts_in_words import INDIRECT, KINDS, PartsInWords
from lstmsym.verification.claims.scripts import split_scripts
from lstmsym.verification.claims.symbols import Found, Symbols, Undefined
from lstmsym.verification.claims.value import Beyond, Misfit, Value


class Derivatives(PartsInWords):
    """The part of the evaluation that knows derivatives."""

    symbols: Symbols
    algebra: Algebra

    def of_Derivative(self, node: f.Derivative, times: Mapping[str, int]) -> Value:
        """The true value of a written derivative."""
        if node.above is None:
            raise Undefined(node, "a derivative of nothing: write what stands above, as in ∂L/∂h_t")
        if stacked := together(node.above):
            return self.of_parts(node, stacked, times)
        if parts := together(node.below) or self.collected(node.below, times):
            return self.by_parts(node, parts, times)
        if None not in (self.loss_time(a, times) for a in (node.above, node.below)):
            return self.algebra.number(1)
        below = self.below(node.below, times)
        loss = self.loss_time(node.above, times)
        if loss is not None:
            part = self.part_of_loss(node, times)
            if part:
                return self.of_part(node, part, below, times)
            return self.of_loss(below, loss[1], times)
        above = self.found(node.above, times)
        if above.meaning.kind != "signal":
            raise Beyond("a weight does not depend on anything")
        kind = self.kind_of(node, above, below, times)
        value = (
            self.indirect(above, below, times)
            if kind == INDIRECT
            else self.between(above, below, kind, times)
        )
        whole = value.dims == 2 and not (above.entries or below.entries)
        return self.algebra.transpose(value) if self.symbols.reading.transposed and whole else value

    def of_parts(
        self, node: f.Derivative, parts: tuple[f.Node, ...], times: Mapping[str, int]
    ) -> Value:
        """∂(h_t, C_t)/∂(h_{t-1}, C_{t-1}): the states of one time are independent coordinates."""
        kind = node.kind or "block"
        rows = [self.of_Derivative(replace(node, above=a, kind=kind), times) for a in parts]
        if any(a.dims != 2 or a.shape[1] != rows[0].shape[1] for a in rows):
            raise Misfit("the parts of this derivative do not fit below each other")
        return Value(self.algebra.arithmetic.blocks([[a.array] for a in rows]))

    def by_parts(
        self, node: f.Derivative, parts: tuple[f.Node, ...], times: Mapping[str, int]
    ) -> Value:
        """∂/∂[h_{t-1}, x_t]: what each part gives, put together."""
        values = [self.of_Derivative(replace(node, below=a), times) for a in parts]
        if all(a.dims == 1 for a in values):
            return self.algebra.stack(values)
        if any(a.dims != 2 or a.shape[0] != values[0].shape[0] for a in values):
            raise Misfit("the parts of this derivative do not fit beside each other")
        return Value(self.algebra.arithmetic.blocks([[a.array for a in values]]))

    def kind_of(
        self, node: f.Derivative, above: Found, below: Found, times: Mapping[str, int]
    ) -> str:
        """The kind that is written, else that of the reading; local is a matter of one step."""
        if node.mark:
            return "local"
        if node.kind in (*KINDS, INDIRECT):
            return node.kind
        if node.kind:
            raise Undefined(node, f"'{node.kind}' names a part of the derivative in words only")
        kind = self.symbols.reading.kind
        if kind == "recursive":  # ∂u_t/∂W + W ∂h_{t-1}/∂W
            own = below.meaning.kind != "signal" and above.time in (None, times["t"])
            return "local" if own else "total"
        ends = [times["t"] if a.time is None else a.time for a in (above, below)]
        lag = ends[0] - ends[1] if below.meaning.kind == "signal" else 0
        if (
            kind == "local"
            and below.meaning.kind == "signal"
            and not self._reads(above, below, lag)
        ):
            kind = "block" if lag == 1 else "total"
        return "total" if kind == "block" and not lag else kind

    def _reads(self, above: Found, below: Found, lag: int) -> bool:
        """Whether a signal is an explicit argument of another, so that all but it can be held fixed."""
        equation = self.symbols.truth.cell.by_name.get(above.meaning.name)
        read = {0: equation.now, 1: equation.before}.get(lag, ()) if equation else ()
        return below.meaning.name in {a.name for a in read}

    def below(self, node: f.Node, times: Mapping[str, int]) -> Found:
        return self.found(node, times)

    def found(self, node: f.Node, times: Mapping[str, int]) -> Found:
        while isinstance(node, f.Bracket | f.Transpose):
            node = node.inside
        if isinstance(node, f.Product) and len(node.factors) == 2:
            node = self.timed(node)
        if isinstance(node, f.Symbol):
            symbol = self.substituted(node)
            found = self.symbols.find(symbol, times) or self.symbols.under_accent(symbol, times)
            if found is not None:
                return found
            raise Undefined(
                node,
                f"'{written(node)}' is defined neither by the cell nor by the text; give its "
                f"equation, or say which signal it is (--rename '{written(node)}=h')",
            )
        return self.signal_of_value(node, times)

    def signal_of_value(self, node: f.Node, times: Mapping[str, int]) -> Found:
        """The signal that an expression is: ∂(f_t ⊙ C_{t-1} + i_t ⊙ C̃_t)/∂C_{t-1} is of C_t. Raises Undefined."""
        truth, value = self.symbols.truth, self.value(node, times)
        for time in range(truth.instance.steps, 0, -1):
            for e in truth.named:
                if _same(truth.signal(e.name, time), value.array):
                    return Found(Meaning("signal", e.name), time)
        raise Undefined(node, "a derivative is of and by signals and weights of the cell")

    def value(self, node: f.Node, times: Mapping[str, int]) -> Value:
        """The value of a node at these times."""
        raise NotImplementedError

    def timed(self, node: f.Product) -> f.Node:
        """h(t-1) as h_{t-1}."""
        first, second = node.factors
        if isinstance(first, f.Symbol) and isinstance(second, f.Bracket):
            script = f.Script("below", "round", (second.inside,))
            return f.Symbol(first.base, first.accents, (*first.scripts, script), first.primes)
        return node

    def substituted(self, node: f.Symbol) -> f.Symbol:
        return node

    def collected(self, node: f.Node, times: Mapping[str, int]) -> tuple[f.Node, ...]:
        """The parts of a name for several things."""
        return ()

    def loss_time(self, node: f.Node, times: Mapping[str, int]) -> tuple[bool, int | None] | None:
        """(True, time) of a loss, the time None for the whole of it; None for a signal."""
        if not isinstance(node, f.Symbol) or node.base not in LOSSES or node.primes:
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
        slopes = truth.slopes(loss)
        if below.meaning.kind == "signal":
            found = Value(truth.own(name, times["t"] if below.time is None else below.time, loss))
            return self.symbols.picked(found, below.entries)
        jacobian = truth.by_parameter(truth.cell.output, loss, name, local=False)
        gradient = truth.arithmetic.matvec(truth.arithmetic.transpose(jacobian), slopes)
        gradient = gradient.reshape(np.shape(truth.parameter(name)))
        if below.meaning.kind == "columns":
            start, width = truth._columns(name, below.meaning.part)
            gradient = gradient[:, start : start + width]
        return self.symbols.picked(Value(gradient), below.entries)

    def plain_adjoint(self, below: Found, times: Mapping[str, int]) -> Value:
        """∂L/∂o_t, which is by the gate whatever δo_t is."""
        if below.meaning.kind == "signal":
            time = times["t"] if below.time is None else below.time
            whole = Value(self.symbols.truth.adjoint(below.meaning.name, time))
            return self.symbols.picked(whole, below.entries)
        return self.symbols.adjoint(below, times)

    def between(self, above: Found, below: Found, kind: str, times: Mapping[str, int]) -> Value:
        """∂above/∂below; "local" of a reading holds for one step, and for weights."""
        truth = self.symbols.truth
        at = times["t"] if above.time is None else above.time
        if below.meaning.kind == "signal":
            then = times["t"] if below.time is None else below.time
            found = truth.jacobian(above.meaning.name, at, below.meaning.name, then, kind)
        else:
            found = self._by_weight(above, below, at, kind == "local")
        if below.entries and not above.entries and self.symbols.entries is not None:
            found = np.moveaxis(found, 0, -1)  # of a whole vector by one entry
        return self.symbols.picked(Value(found), above.entries + below.entries)

    def _by_weight(self, above: Found, below: Found, at: int, local: bool) -> np.ndarray:
        truth, name = self.symbols.truth, below.meaning.name
        found = truth.by_parameter(above.meaning.name, at, name, local)
        whole = found.reshape(len(found), *np.shape(truth.parameter(name)))
        if below.meaning.kind == "columns":
            start, width = truth._columns(name, below.meaning.part)
            whole = whole[:, :, start : start + width]
        return whole if below.entries else whole.reshape(len(found), -1)

    # --- activations ------------------------------------------------------------------------------

    def activation_of(self, argument: Value, times: Mapping[str, int]) -> str | None:
        """The activation that the cell applies to an argument of this value, at any time of the run."""
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

    def activated(self, times: Mapping[str, int]) -> list[tuple[str, Any, int]]:
        """Every activation of the cell with the value of its argument, at all times."""
        truth = self.symbols.truth
        found = []
        for time in range(1, truth.instance.steps + 1):
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


def together(node: f.Node) -> tuple[f.Node, ...]:
    """The parts of [h_{t-1}, x_t]; nothing for a single symbol."""
    while isinstance(node, f.Bracket):
        node = node.inside
    return node.parts if isinstance(node, f.Stack) else ()


def written(node: f.Symbol) -> str:
    """A symbol as a message names it."""
    scripts = "".join(
        ("_" if s.where == "below" else "^") + "{" + ",".join(map(_said, s.inside)) + "}"
        for s in node.scripts
    )
    return node.base + scripts


def _said(node: f.Node) -> str:
    if isinstance(node, f.Sum):
        parts = ((sign, _said(a)) for sign, a in node.parts)
        return "".join(
            ("-" if sign < 0 else "+" if n else "") + a for n, (sign, a) in enumerate(parts)
        )
    return letters_of(node) or "…"


def _same(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and bool(np.all(np.equal(a, b)))
