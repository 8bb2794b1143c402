"""The two sides of a claim and their values on the runs of the court."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce

import numpy as np

from lstmsym.formulas import tree as f
from lstmsym.verification.claims.claim import Claim
from lstmsym.verification.claims.clock import free_letters
from lstmsym.verification.claims.court import Court, Moment
from lstmsym.verification.claims.evaluate import Evaluator
from lstmsym.verification.claims.marks import mentioned
from lstmsym.verification.claims.reading import Reading
from lstmsym.verification.claims.senses import Sense, senses
from lstmsym.verification.claims.symbols import Undefined
from lstmsym.verification.claims.targets import Quantity, quantity_of
from lstmsym.verification.claims.truth import Truth
from lstmsym.verification.claims.value import Misfit, Value
from lstmsym.verification.instances import Instance

K = 3  # the number that k is on an instance that somebody else has drawn: one factor too few leaves two


@dataclass
class Sides:
    """A claim, and under which reading of the document its sides have values.

    members  what stands for any weight: theta is each of them in turn
    at_end   whether t is the last step
    """

    court: Court
    claim: Claim
    base: Reading
    members: Mapping[str, f.Node] = field(default_factory=dict)
    at_end: bool = False

    def times(self, moment: Moment) -> dict[str, int]:
        """What the letters of times are: those of the document, and those of this claim alone."""
        if moment not in self._times:
            times = self.court.times(moment)
            last = self.at_end or self.claim.at_end
            times |= dict.fromkeys(("t", self.court.letter), moment.T) if last else {}
            sides = (self.claim.left, self.claim.right)
            self._times[moment] = free_letters(self.court.glossary, sides, times) | times
        return self._times[moment]

    @cached_property
    def _times(self) -> dict[Moment, dict[str, int]]:
        return {}

    @cached_property
    def marks(self) -> frozenset[str]:
        """The choices of a reading that matter to the right side."""
        return frozenset(mentioned(self.claim.right))

    @cached_property
    def entries(self) -> str:
        """The letters of the components that the left side names, in order. Raises Undefined."""
        moment = self.court.moments[0]
        symbols = self.evaluator(moment, True, self.base).symbols
        times = self.times(moment)
        left = "".join(a for a, _ in symbols.components(self.claim.left, times))
        for a, _ in symbols.components(self.claim.right, times):
            if a not in left:
                raise Undefined(
                    self.claim.right,
                    f"the index {a} stands on the right side only; sum over it, or put it on the left",
                )
        return left

    def sizes(self, evaluator: Evaluator, times: Mapping[str, int]) -> list[int]:
        """How many entries each letter of the left side runs over."""
        return [n for _, n in evaluator.symbols.components(self.claim.left, times)]

    def evaluator(self, moment: Moment, exact: bool, reading: Reading) -> Evaluator:
        return replace(self.court.evaluator(moment, exact, reading), members=self.members)

    def right(
        self, moment: Moment, exact: bool, reading: Reading
    ) -> tuple[Value, tuple[str, ...], set[str]]:
        """The value of the right side, what was assumed, and the choices that mattered."""
        evaluator = self.evaluator(moment, exact, reading)
        value = self.assembled(evaluator, self.times(moment))
        return value, tuple(evaluator.algebra.notes), evaluator.algebra.met

    def assembled(self, evaluator: Evaluator, times: Mapping[str, int]) -> Value:
        """The right side; of a claim about components the array of all of them."""
        letters = self.entries
        if not letters:
            return evaluator.value(self.claim.right, times)
        sizes = dict(zip(letters, self.sizes(evaluator, times), strict=True))
        found = np.empty(tuple(sizes.values()), dtype=object)
        for numbers in np.ndindex(*found.shape):
            symbols = replace(evaluator.symbols, entries=dict(zip(sizes, numbers, strict=True)))
            entry = replace(evaluator, symbols=symbols).value(self.claim.right, times)
            if entry.dims and not self._names_entries(evaluator, times):
                raise Undefined(
                    self.claim.left,
                    f"the index {letters} stands on the left side only, and is no signal",
                )
            if entry.dims:
                raise Misfit(f"an entry is claimed, and the right side has the shape {entry.shape}")
            found[numbers] = np.asarray(entry.array, dtype=object)[()]
        return Value(found)

    def _names_entries(self, evaluator: Evaluator, times: Mapping[str, int]) -> bool:
        """Whether the right side names components too."""
        return any(True for _ in evaluator.symbols.components(self.claim.right, times))

    def left_senses(self, moment: Moment, exact: bool, reading: Reading) -> Iterator[Sense]:
        kept = replace(reading, kind="total")
        evaluator = self.evaluator(moment, exact, kept)
        if self.entries:
            evaluator = replace(evaluator, symbols=replace(evaluator.symbols, entries=None))
        times = self.times(moment)
        quantity = quantity_of(evaluator, self.claim.left, times)
        found = senses(evaluator, self.claim, times, quantity)
        return (replace(a, value=_diagonals(a.value, self.entries)) for a in found)

    def quantity(self, n: int = 0) -> Quantity | None:
        """What the claim is about, on one of the runs. Raises Undefined."""
        moment = self.court.moments[n]
        evaluator = self.evaluator(moment, True, self.base)
        whole = replace(evaluator, symbols=replace(evaluator.symbols, entries=None))
        return quantity_of(whole, self.claim.left, self.times(moment))

    def claimed(self, instance: Instance, time: int) -> Value:
        """The right side on an instance that somebody else has drawn, at t = `time`; what += adds is summed."""
        evaluator = replace(self.court.on(Truth(instance), self.base), members=self.members)
        times = {"t": time, "k": K, "T": instance.steps, self.court.letter: time}
        times = self._free_at(time, times) | times
        quantity = self.quantity() if self.claim.adds else None
        if quantity is None or quantity.is_jacobian or quantity.time is not None:
            return self.assembled(evaluator, times)
        letters = {"t", self.court.letter}
        shares = [
            self.assembled(evaluator, times | dict.fromkeys(letters, τ))
            for τ in range(1, instance.steps + 1)
        ]
        return reduce(evaluator.algebra.add, shares)

    def _free_at(self, time: int, times: Mapping[str, int]) -> dict[str, int]:
        """The letters of this claim alone: what is t or later on the court's runs is as much later here."""
        sides, moment = (self.claim.left, self.claim.right), self.court.moments[0]
        found = free_letters(self.court.glossary, sides, times)
        own = free_letters(self.court.glossary, sides, self.court.times(moment))
        later = {a: time + n - moment.t for a, n in own.items() if n >= moment.t}
        return found | later


def _diagonals(value: Value, letters: str) -> Value:
    """∂h_i/∂a_i names the diagonal."""
    if len(letters) == 2 and letters[0] == letters[1] and value.dims == 2:
        return Value(np.diagonal(value.array))
    return value
