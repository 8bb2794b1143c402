"""In which senses a left side may be meant: ∂C_t/∂C_{t-1} has four kinds, ∂L/∂W a share a step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations

import numpy as np

from lstmsym.equations.cell import Cell
from lstmsym.equations.structured import Softmax
from lstmsym.equations.terms import Elementwise, MatrixProduct, walk
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.claim import Claim
from lstmsym.verification.claims.derivatives import KINDS, together
from lstmsym.verification.claims.evaluate import Evaluator
from lstmsym.verification.claims.parts_in_words import is_part
from lstmsym.verification.claims.symbols import Undefined
from lstmsym.verification.claims.targets import Quantity, Times, same, unwrapped
from lstmsym.verification.claims.value import Misfit, Value


@dataclass(frozen=True)
class Sense:
    """One sense of a left side: its true value, and how it is said; no words for the plain sense."""

    value: Value
    words: str = ""
    kind: str = "total"


def senses(
    evaluator: Evaluator, claim: Claim, times: Times, quantity: Quantity | None
) -> Iterator[Sense]:
    """The true values that a left side may mean, the plain one first; each is worked out when it is asked for."""
    node = claim.left
    if quantity is not None and is_part(node):
        yield from _named_part(evaluator, node, times, quantity)
        return
    whole = evaluator.value(node, times)
    if _is_of_next_pass(claim, times, quantity):
        earlier = dict.fromkeys(("t", evaluator.letter), times["t"] - 1)
        yield Sense(whole)
        yield Sense(evaluator.value(node, {**times, **earlier}), NEXT_PASS)
        return
    if quantity is None:
        yield Sense(whole)
        yield from _by_parts(evaluator, node, times)
        yield from _immediate(evaluator, node, times)
        return
    if claim.adds:
        yield from _parts(evaluator, whole, times, quantity)
    yield Sense(whole, kind=stated_kind(node))
    if quantity.is_jacobian:
        yield from _kinds(evaluator, node, times, quantity)
        yield from _gated(evaluator, claim, quantity)
    elif quantity.time is None:
        if claim.stepwise or quantity.loss == times["t"]:
            yield from _shares(evaluator, whole, times, quantity)
    else:
        yield from _losses(evaluator, claim, times, quantity)
        yield from _by_logits(evaluator, node, quantity)


def _named_part(
    evaluator: Evaluator, node: f.Node, times: Times, quantity: Quantity
) -> Iterator[Sense]:
    """∂L/∂h_{t-1}|_{direct} as its words are known, else as what comes through some of the signals that read it."""
    with suppress(Undefined):
        yield Sense(evaluator.value(node, times))
    if quantity.time is not None:
        yield from _some_contributions(evaluator, quantity)


def _some_contributions(evaluator: Evaluator, quantity: Quantity) -> Iterator[Sense]:
    found = evaluator.symbols.truth.contributions(quantity.name, quantity.time or 0)
    for count in range(1, len(found)):
        for some in combinations(found, count):
            yield Sense(Value(reduce(evaluator.algebra.arithmetic.add, some)), CONTRIBUTION)


def _is_of_next_pass(claim: Claim, times: Times, quantity: Quantity | None) -> bool:
    """Whether a claim sets what the loop reads when t is one less: dh_next = Wᵀ da_t, δc_{t+1} ← f_t ⊙ δc_t."""
    left = claim.left
    later = quantity is not None and quantity.time == times["t"] + 1 and claim.relation == ":="
    return later or (isinstance(left, f.Symbol) and bool(NEXT.fullmatch(left.base)))


def _kinds(evaluator: Evaluator, node: f.Node, times: Times, quantity: Quantity) -> Iterator[Sense]:
    """The other kinds; the kind step over one step only, as its product over more is no derivative."""
    if stated_kind(node) != "total" or quantity.time is None or quantity.then is None:
        return
    truth = evaluator.symbols.truth
    lag = quantity.time - quantity.then
    kinds = ("direct", "step", "block") if quantity.by in truth.cell.states and lag > 0 else ()
    if quantity.name not in truth.cell.signals:
        kinds = ()
    for kind in kinds:
        if kind != "step" or lag == 1:
            found = truth.jacobian(quantity.name, quantity.time, quantity.by, quantity.then, kind)
            yield Sense(_laid(evaluator, found), KIND_WORDS[kind], kind)
    if 0 <= lag <= 1:
        local = truth.jacobian(quantity.name, quantity.time, quantity.by, quantity.then, "local")
        yield Sense(_laid(evaluator, local), KIND_WORDS["local"], "direct")


def _gated(evaluator: Evaluator, claim: Claim, quantity: Quantity) -> Iterator[Sense]:
    """∂h_t/∂h_{t-1} = 1 - z_t + z_t ∂h̃_t/∂h_{t-1}: the gates of the equation itself held fixed, the rest moves.

    Only where the rest keeps its name; who works it out has to work out all of it.
    """
    truth = evaluator.symbols.truth
    equation = truth.cell.by_name.get(quantity.name)
    lag = (quantity.time or 0) - (quantity.then or 0)
    named = any(isinstance(a, f.Derivative) for a in f.walk(claim.right))
    if equation is None or lag != 1 or not named or quantity.by not in truth.cell.states:
        return
    at, then = quantity.time, quantity.then
    assert at is not None and then is not None
    gates = [a.name for a in equation.now if _is_gate(truth.cell, a.name)]
    moving = [a.name for a in equation.now if a.name not in gates]
    if not gates or not moving:
        return
    total = truth.jacobian(quantity.name, at, quantity.by, then, "local")
    for name in moving:
        outer = truth.jacobian(quantity.name, at, name, at, "local")
        inner = truth.jacobian(name, at, quantity.by, then, "total")
        total = truth.arithmetic.add(total, truth.arithmetic.matmul(outer, inner))
    said = f"with {' and '.join(gates)} held fixed: the path through {'it' if len(gates) == 1 else 'them'} is missing"
    yield Sense(_laid(evaluator, total), said, "gated")


def _is_gate(cell: Cell, name: str) -> bool:
    right = cell.by_name[name].right if name in cell.by_name else None
    return isinstance(right, Elementwise) and right.function == "sigmoid"


def _laid(evaluator: Evaluator, jacobian: np.ndarray) -> Value:
    """A Jacobian in the layout of the document."""
    value = Value(jacobian)
    return evaluator.algebra.transpose(value) if evaluator.symbols.reading.transposed else value


def _parts(evaluator: Evaluator, whole: Value, times: Times, quantity: Quantity) -> Iterator[Sense]:
    """What += may add: the share of a step, or the contributions of some of the signals that read this one."""
    if quantity.is_jacobian:
        return
    if quantity.time is None:
        yield from _shares(evaluator, whole, times, quantity)
        return
    yield from _some_contributions(evaluator, quantity)


def _shares(
    evaluator: Evaluator, whole: Value, times: Times, quantity: Quantity
) -> Iterator[Sense]:
    share = evaluator.symbols.truth.share(quantity.name, times["t"])
    if quantity.part is not None:
        full = evaluator.symbols.truth.gradient(quantity.name)
        start = next(
            (n for n in range(full.shape[1]) if same(full[:, n : n + whole.shape[1]], whole.array)),
            0,
        )
        share = share[:, start : start + whole.shape[1]]
    yield Sense(Value(share), SHARE)


def _losses(
    evaluator: Evaluator, claim: Claim, times: Times, quantity: Quantity
) -> Iterator[Sense]:
    """What later steps alone send back.

    ∂L/∂C_t of an inner state is more than f_{t+1} ∂L/∂C_{t+1}; ∂L/∂C_{t-1} seen from step t is that part.
    """
    truth = evaluator.symbols.truth
    if quantity.time is None or quantity.time < 1:
        return
    seen_later = quantity.time < times["t"] or claim.adds
    if quantity.name in truth.cell.states and (seen_later or quantity.name == truth.cell.output):
        yield Sense(Value(truth.carried(quantity.name, quantity.time)), CARRIED)


def _by_logits(evaluator: Evaluator, node: f.Node, quantity: Quantity) -> Iterator[Sense]:
    """dŷ_t = ŷ_t - y_t: δ of a softmax is by its argument, as that by itself is free up to a constant."""
    truth = evaluator.symbols.truth
    equation = truth.cell.by_name.get(quantity.name)
    written = isinstance(unwrapped(node), f.Derivative)
    if written or equation is None or not isinstance(equation.right, Softmax):
        return
    argument = evaluator.symbols.argument_of(quantity.name)
    if argument and quantity.time is not None:
        yield Sense(Value(truth.adjoint(argument, quantity.time)), LOGITS)


def _by_parts(evaluator: Evaluator, node: f.Node, times: Times) -> Iterator[Sense]:
    """∂L/∂[h_{t-1}, x_t], of the states what this step sends back."""
    node = unwrapped(node)
    if not isinstance(node, f.Derivative) or node.above is None:
        return
    parts = together(node.below) or evaluator.collected(node.below, times)
    if not parts or evaluator.loss_time(node.above, times) is None:
        return
    truth = evaluator.symbols.truth
    values = []
    for a in parts:
        found = evaluator.found(a, times)
        if found.meaning.kind != "signal":
            return
        name, time = found.meaning.name, times["t"] if found.time is None else found.time
        carried = name in truth.cell.states and time < times["t"]
        values.append(truth.carried(name, time) if carried else truth.adjoint(name, time))
    yield Sense(evaluator.algebra.stack([Value(a) for a in values]), CARRIED)


def _immediate(evaluator: Evaluator, node: f.Node, times: Times) -> Iterator[Sense]:
    """∂a_f/∂W_f as the vector that W_f multiplies."""
    node = unwrapped(node)
    if not isinstance(node, f.Derivative) or node.above is None or together(node.below):
        return
    if evaluator.loss_time(node.above, times) is not None:
        return
    above, below = (evaluator.found(a, times) for a in (node.above, node.below))
    if above.meaning.kind != "signal" or below.meaning.kind == "signal":
        return
    truth = evaluator.symbols.truth
    time = times["t"] if above.time is None else above.time
    equation = truth.named.by_name[above.meaning.name]
    for a in walk(equation.right):
        weight = truth.cell.parameters[below.meaning.name]
        if isinstance(a, MatrixProduct) and a.parts[0] == weight:
            inside = evaluator.term_value(a.parts[1], time)
            yield Sense(Value(inside), OUTER)
    immediate = replace(node, mark="+")
    try:
        found = evaluator.value(immediate, times)
    except Misfit:
        return
    yield Sense(found, IMMEDIATE)
    if below.meaning.kind == "parameter" and not below.entries:
        yield from _unit_by_unit(found.array, np.shape(truth.parameter(below.meaning.name)))


def _unit_by_unit(immediate: np.ndarray, shape: tuple[int, ...]) -> Iterator[Sense]:
    """∂f_t/∂W_f = σ′(a_f) [h_{t-1}, x_t]ᵀ, whose row i is the derivative of unit i by the row i of W_f.

    Where all vectors are of one size, it is also written as their product entry by entry.
    """
    rows = immediate.reshape(len(immediate), *shape)
    if len(shape) != 2 or shape[0] != len(rows):
        return
    apart = ~np.eye(len(rows), dtype=bool)
    if np.any(rows[apart] != 0):
        return
    found = rows[~apart]
    yield Sense(Value(found), ROW_BY_ROW)
    if shape[0] == shape[1]:
        yield Sense(Value(np.diagonal(found)), ROW_BY_ROW)


def stated_kind(node: f.Node) -> str:
    """The kind that a written derivative says: block behind a bar, local of ∂⁺; total where it says none."""
    node = unwrapped(node)
    kind = node.kind if isinstance(node, f.Derivative) else ""
    marked = isinstance(node, f.Derivative) and bool(node.mark)
    return "local" if marked else kind if kind in KINDS else "total"


CONTRIBUTION = "one contribution of the sum"
SHARE = "the share of one time step; the gradient is the sum of these over t"
NEXT = re.compile(r"d[^_]+_(?:next|nxt)")
NEXT_PASS = "as the loop reads it in its next pass, when t is one less"
CARRIED = "what the later steps send back, without the loss of this step"
LOGITS = "δ of a softmax is the gradient by its argument"
OUTER = "the vector that the weight multiplies, for the outer product with δ"
IMMEDIATE = "the immediate derivative, earlier steps held fixed"
ROW_BY_ROW = "the immediate derivative of each unit by its own row of the weight"
KIND_WORDS = {
    "block": "the derivative with the other states of the earlier step held fixed (block)",
    "step": "the derivative over one step with the gates of the step before held fixed (step)",
    "direct": "the direct partial derivative: everything but the explicit argument held fixed",
    "local": "the direct partial derivative: everything but the explicit argument held fixed",
}
