"""What the left side of a claim is about, in the project's own letters: ∂L/∂f[t], ∂C[t]/∂C[t-1]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lstmsym.formulas import tree as f
from lstmsym.verification.claims.derivatives import together
from lstmsym.verification.claims.evaluate import Evaluator
from lstmsym.verification.claims.symbols import DELTAS, Found
from lstmsym.verification.claims.truth import Truth

Times = Mapping[str, int]


@dataclass(frozen=True)
class Quantity:
    """A derivative in the project's own letters: 'dL/df[t]' with a time, 'dC[t]/dC[t-1]' with two.

    name    above "L": the signal or parameter it is by. Of a Jacobian the signal above, `by` that below
    time    of the name; None for a parameter
    then    of `by`
    part    of a concatenated weight the part whose columns are meant
    loss    the step whose loss alone is meant: of ∂L_t/∂W
    """

    name: str
    time: int | None = None
    by: str = ""
    then: int | None = None
    part: int | None = None
    loss: int | None = None

    @property
    def is_jacobian(self) -> bool:
        return bool(self.by)

    @property
    def asked(self) -> str:
        """As `read_quantity` takes it, with the newest time as t."""
        if not self.by:
            return f"dL/d{self.name}" + ("" if self.time is None else "[t]")
        assert self.time is not None and self.then is not None
        lag = self.time - self.then
        return f"d{self.name}[t]/d{self.by}[t{f'-{lag}' if lag else ''}]"

    def __str__(self) -> str:
        return self.asked.replace("d", "∂", 1).replace("/d", "/∂")


def quantity_of(evaluator: Evaluator, node: f.Node, times: Times) -> Quantity | None:
    """The derivative that a node names; None for a plain signal or an expression."""
    node = unwrapped(node)
    if isinstance(node, f.Derivative) and node.above is not None:
        return _of_derivative(evaluator, node, times)
    if isinstance(node, f.Product) and len(node.factors) == 2 and node.signs == ("",):
        first, second = node.factors
        if isinstance(first, f.Symbol) and first.base in DELTAS and isinstance(second, f.Symbol):
            symbol = evaluator.substituted(second)
            symbols = evaluator.symbols
            found = symbols.find(symbol, times) or symbols.under_accent(symbol, times)
            found = found or symbols.of_target(symbol, times)
            return None if found is None else _by(evaluator, found, times, first.base)
    if isinstance(node, f.Symbol) and evaluator.symbols.find(node, times) is None:
        return _of_symbol(evaluator, node, times)
    return None


def _of_derivative(evaluator: Evaluator, node: f.Derivative, times: Times) -> Quantity | None:
    assert node.above is not None
    if together(node.below) or together(node.above) or evaluator.collected(node.below, times):
        return None
    loss = evaluator.loss_time(node.above, times)
    if loss is not None and evaluator.loss_time(node.below, times) is not None:
        return None
    below = evaluator.found(node.below, times)
    if loss is not None:
        found = _by(evaluator, below, times)
        return replace(found, loss=loss[1])
    above = evaluator.found(node.above, times)
    if below.meaning.kind != "signal" or above.meaning.kind != "signal":
        return None
    at = times["t"] if above.time is None else above.time
    then = times["t"] if below.time is None else below.time
    return Quantity(above.meaning.name, at, below.meaning.name, then)


def _by(evaluator: Evaluator, found: Found, times: Times, sign: str = "") -> Quantity:
    name = found.meaning.name
    if found.meaning.kind != "signal":
        is_part = found.meaning.kind == "columns"
        return Quantity(name, part=found.meaning.part if is_part else None)
    name = evaluator.symbols.preactivated(name, sign) if sign else name
    return Quantity(name, times["t"] if found.time is None else found.time)


def _of_symbol(evaluator: Evaluator, node: f.Symbol, times: Times) -> Quantity | None:
    """δ_t^o, \\bar h_t, dC_t in one word: the signal whose adjoint has this value."""
    value = evaluator.helper(node, times)
    value = evaluator.symbols.delta(node, times) if value is None else value
    if value is None:
        return None
    truth = evaluator.symbols.truth
    if BY_VALUE not in truth.memory:
        truth.memory[BY_VALUE] = _by_value(truth)
    return truth.memory[BY_VALUE].get(_spelled(value.array))


def _by_value(truth: Truth) -> Any:
    """Every gradient of a run by its value; of two with one value the first, and of signals before weights."""
    found: dict[Any, Quantity] = {}
    for e in truth.named:
        for time in range(1, truth.instance.steps + 1):
            found.setdefault(_spelled(truth.adjoint(e.name, time)), Quantity(e.name, time))
    for name in truth.cell.weights:
        found.setdefault(_spelled(truth.gradient(name)), Quantity(name))
    return found


def _spelled(array: Any) -> Any:
    return np.shape(array), tuple(np.ravel(array).tolist())


BY_VALUE = ("gradients by value",)


def unwrapped(node: f.Node) -> f.Node:
    """What stands inside brackets and transposes."""
    while isinstance(node, f.Bracket | f.Transpose):
        node = node.inside
    return node


def same(a: Any, b: Any) -> bool:
    """Whether two arrays are equal, entry by entry."""
    return np.shape(a) == np.shape(b) and bool(np.all(np.equal(a, b)))
