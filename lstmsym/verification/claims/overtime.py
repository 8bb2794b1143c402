"""Sums and products in a written formula: over time, over names as q in {f, i, o}, over entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import rewritten
from lstmsym.verification.claims.entries import Entries, Unreadable
from lstmsym.verification.claims.glossary import moment
from lstmsym.verification.claims.scripts import BATCH
from lstmsym.verification.claims.truth import Outside
from lstmsym.verification.claims.value import Value


class Overtime(Entries):
    """The part of the evaluator that knows what an index runs over."""

    members: Mapping[str, f.Node]

    def from_left(self, values: list[Value], signs: list[str]) -> Value:
        """A product from the left."""
        result = values[0]
        for value, sign in zip(values[1:], signs, strict=True):
            result = self.algebra.multiply(result, value, sign)
        return result

    def of_Big(self, node: f.Big, times: Mapping[str, int]) -> Value:
        if not node.over and node.kind == "sum":
            self.algebra.note("Σ without an index goes over time")
            return self.of_Big(f.Big("sum", (f.Range(self.letter, None, None),), node.body), times)
        if not node.over:
            raise Unreadable(node, f"a {node.kind} without an index; write what it runs over")
        over = node.over[0] if len(node.over) == 1 else None
        if (
            isinstance(over, f.Range)
            and not _is_step(over.index, node.body)
            and self.is_component(over, times)
        ):
            size = self.size_of(over.index, node.body, times)
            if size:
                return self.over_components(node, over.index, size, times)
        if node.kind == "sum" and isinstance(over, f.Range) and over.index in BATCH:
            return self.value(node.body, times)
        if node.kind == "sum" and isinstance(over, f.Range) and (one := _of_a_sample(node, over)):
            self.algebra.note(f"Σ_{over.index} goes over the samples of a batch")
            return self.value(one, times)
        values = self.values(node, times)
        if not values:
            return self.algebra.number(0 if node.kind == "sum" else 1)
        if node.kind == "sum":
            return reduce(self.algebra.add, values)
        ordered = values if self.symbols.reading.ascending else values[::-1]
        return self.from_left(ordered, [""] * (len(ordered) - 1))

    def values(self, node: f.Big, times: Mapping[str, int]) -> list[Value]:
        """The body for every choice of the indices; a sum from 0 of what begins at 1 begins there, to T-1 at T."""
        found: list[Value] = []
        bindings = self.bindings(node.over, times)
        for n, bound in enumerate(bindings):
            try:
                found.append(self.value_with(node.body, bound))
            except Outside:
                if n or node.kind != "sum" or not _begins_at_0(node.over) or len(bindings) == 1:
                    raise
                last, members = bindings[-1]
                if last[node.over[0].index] == times["T"] - 1:
                    self.algebra.note("steps are counted from 0")
                    bindings.append(({**last, node.over[0].index: times["T"]}, members))
                else:
                    self.algebra.note("steps are counted from 1")
        return found

    def value_with(self, body: f.Node, bound: tuple[dict[str, int], dict[str, f.Node]]) -> Value:
        times, members = bound
        inner: Any = replace(self, members={**self.members, **members})  # type: ignore[type-var]
        found: Value = inner.value(body, times)
        return found

    def bindings(
        self, over: tuple[Any, ...], times: Mapping[str, int]
    ) -> list[tuple[dict[str, int], dict[str, f.Node]]]:
        """Every choice of the indices, oldest first."""
        found: list[tuple[dict[str, int], dict[str, f.Node]]] = [(dict(times), {})]
        for one in over:
            if isinstance(one, f.Members):
                found = [(a, {**b, one.index: m}) for a, b in found for m in one.members]
            else:
                found = [({**a, one.index: j}, b) for a, b in found for j in self.range(one, a)]
        return found

    def last(self, upper: f.Node, times: Mapping[str, int]) -> int | None:
        """An upper limit; a letter that stands for nothing else is the last step."""
        found = moment(upper, times)
        return times["T"] if found is None and _is_last(upper) else found

    def range(self, over: f.Range, times: Mapping[str, int]) -> range:
        lower = 1 if over.lower is None else moment(over.lower, times)
        upper = times["T"] if over.upper is None else self.last(over.upper, times)
        if lower is None or upper is None:
            raise Unreadable(over, f"the limits of the index {over.index} are no times")
        return range(lower, upper + 1)


def _is_step(letter: str, body: f.Node) -> bool:
    """Whether an index is the time of a signal by which it is derived itself later on: k of ∂s_3/∂s_k."""
    return any(
        isinstance(a.above, f.Symbol) and isinstance(a.below, f.Symbol)
        and (a.above.base, a.above.accents) == (a.below.base, a.below.accents)
        and [s.inside for s in a.below.scripts] == [(f.Symbol(letter),)]
        for a in f.walk(body) if isinstance(a, f.Derivative)
    )  # fmt: skip


def _of_a_sample(node: f.Big, over: f.Range) -> f.Node | None:
    """The summand of Σ_{i=1}^N (δ_t)_i without its sample; None where i is something else."""
    if over.upper not in (f.Symbol("N"), f.Symbol("B"), f.Symbol("M")):
        return None
    index = (f.Symbol(over.index),)

    def rule(a: f.Node) -> f.Node | None:
        hangs = isinstance(a, f.Scripted) and [s.inside for s in a.scripts] == [index]
        return rewritten(a.inside, rule) if isinstance(a, f.Scripted) and hangs else None

    found = rewritten(node.body, rule)
    left = any(a == index[0] for a in f.walk(found))
    return None if left or found == node.body else found


def _is_last(node: f.Node) -> bool:
    """Whether a limit is a letter for the number of steps: τ, N, T_x."""
    return isinstance(node, f.Symbol) and not node.accents and node.base in LAST


LAST = ("T", "tau", "N", "S", "K", "M", "n", "m")


def _begins_at_0(over: tuple[Any, ...]) -> bool:
    return len(over) == 1 and isinstance(over[0], f.Range) and over[0].lower == f.Number("0")
