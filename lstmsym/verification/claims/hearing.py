"""Both sides of a claim on hard random instances, in every sense that the marks allow, the plain one first.

A claim is right only if it holds on two instances, with other numbers, times and lags.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce

import numpy as np

from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.claim import Claim
from lstmsym.verification.claims.clock import free_letters
from lstmsym.verification.claims.comparing import TOLERANCE, agreement, error
from lstmsym.verification.claims.court import Court, Moment
from lstmsym.verification.claims.derivatives import GUESSED
from lstmsym.verification.claims.evaluate import Evaluator
from lstmsym.verification.claims.functions import NotExact
from lstmsym.verification.claims.marks import is_chain, mentioned, says_values
from lstmsym.verification.claims.reading import Reading, claim_readings
from lstmsym.verification.claims.symbols import Undefined
from lstmsym.verification.claims.targets import Quantity, Sense, quantity_of, senses
from lstmsym.verification.claims.truth import Outside, Truth
from lstmsym.verification.claims.value import Misfit, Value
from lstmsym.verification.instances import Instance

K = 3  # the number that k is on an instance that somebody else has drawn: one factor too few leaves two


@dataclass(frozen=True)
class Match:
    """A sense of the left side and a reading of the right side that agree."""

    sense: Sense
    reading: Reading
    words: tuple[str, ...]
    exact: bool


@dataclass
class Hearing:
    """One claim before the court, under one reading of the document.

    members  what stands for any weight: theta is each of them in turn
    at_end   whether t is the last step
    direct   whether all ∂ of the document are direct, by what its other claims say
    """

    court: Court
    claim: Claim
    base: Reading
    members: Mapping[str, f.Node] = field(default_factory=dict)
    direct: bool = False
    at_end: bool = False
    matched: Match | None = None

    def match(self) -> Match | None:
        """The plainest way in which the claim is true. Raises Undefined, Unreadable or Misfit if none has a value."""
        try:
            found = self._match(True)
        except NotExact:
            return self._match(False)
        if found is None and (self.error() or 1) < TOLERANCE:
            return self._match(False)  # σ(-a) = 1 - σ(a) is true of numbers, not of atoms
        return found

    def _match(self, exact: bool) -> Match | None:
        first = self.court.moments[0]
        failure: LstmsymError | None = None
        some = False
        idle: set[str] = set()
        for reading in self.readings():
            if any(getattr(reading, a) != getattr(self.base, a) for a in idle):
                continue
            if reading.kind == "direct" and not self.direct:
                continue
            try:
                candidates = list(self.agreeing(first, exact, reading, idle))
                some = True
            except (Misfit, Outside) as problem:
                failure = failure or problem
                continue
            for number, sense, words in candidates:
                if self.allowed(reading, sense) and self.confirmed(exact, reading, number):
                    return Match(sense, reading, words, exact)
        if not some and failure is not None:
            raise failure
        return None

    def readings(self) -> Iterator[Reading]:
        """The readings of the claim; a chain of derivatives from a loss on holds in every layout."""
        yield from claim_readings(self.base, self.marks)
        if self.base.transposed and is_chain(self.claim.right) and not self.is_jacobian:
            yield from claim_readings(replace(self.base, transposed=False), self.marks)

    def allowed(self, reading: Reading, sense: Sense) -> bool:
        """Direct on the left only where it is meant throughout; ∂ on the right of a kind for the true left.

        Block on both sides is the chain rule over all states.
        """
        if reading.kind == "direct":
            return self.direct and sense.kind == "direct"
        return "total" in (reading.kind, sense.kind) or reading.kind == sense.kind == "block"

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

    def agreeing(
        self, moment: Moment, exact: bool, reading: Reading, idle: set[str] | None = None
    ) -> Iterator[tuple[int, Sense, tuple[str, ...]]]:
        """The senses of the left side that have the value of the right side, by number.

        idle  gets the choices that do not matter to the right side
        """
        right, notes, met = self.right(moment, exact, reading)
        if idle is not None and reading == self.base:
            idle |= {"scaled"} - met
        for number, sense in enumerate(self.left_senses(moment, exact, reading)):
            if number and not np.any(np.asarray(sense.value.array) != 0):
                continue  # of nothing anything is true
            words = agreement(right, sense.value, exact, plain=bool(self.entries))
            if words is not None:
                said = (sense.words, words, *reading.words(), *notes)
                yield number, sense, tuple(dict.fromkeys(a for a in said if a))

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

    def confirmed(self, exact: bool, reading: Reading, number: int) -> bool:
        """Whether a sense has the value of the right side on all other runs too."""
        try:
            return all(
                any(n == number for n, *_ in self.agreeing(a, exact, reading))
                for a in self.court.moments[1:]
            )
        except LstmsymError:
            return False

    def quantity(self, n: int = 0) -> Quantity | None:
        """What the claim is about, on one of the runs. Raises Undefined."""
        moment = self.court.moments[n]
        evaluator = self.evaluator(moment, True, self.base)
        whole = replace(evaluator, symbols=replace(evaluator.symbols, entries=None))
        return quantity_of(whole, self.claim.left, self.times(moment))

    def error(self) -> float | None:
        """How far off a claim is under the plain reading, in float64: on the first run on which it is."""
        return self._off

    @cached_property
    def _off(self) -> float | None:
        found = None
        for moment in self.court.moments:
            off = self._error(moment)
            if off:
                return off
            found = off if found is None else found
        return found

    def _error(self, moment: Moment) -> float | None:
        try:
            right, *_ = self.right(moment, False, self.base)
            left = next(self.left_senses(moment, False, self.base))
            return error(right, left.value)
        except (LstmsymError, StopIteration):
            return None

    @property
    def kind(self) -> str:
        """Of a claim that gives the value of a derivative between states over time its kind, else nothing."""
        leaves_open = self.matched is None or not says_values(self.claim.right)
        return "" if leaves_open else self._kind_matched()

    def _kind_matched(self) -> str:
        quantity = self.quantity()
        between = quantity is not None and quantity.is_jacobian and quantity.time != quantity.then
        states = self.court.cell.states
        if not between or quantity is None or {quantity.name, quantity.by} - set(states):
            return ""
        return self.matched.sense.kind if self.matched else ""

    @property
    def is_jacobian(self) -> bool:
        """Whether the claim is about a derivative that is none of the loss."""
        try:
            quantity = self.quantity()
        except LstmsymError:
            return False
        return quantity is not None and quantity.is_jacobian

    @property
    def is_matrix(self) -> bool:
        """Whether the claim is about a matrix that is another one when turned."""
        if self.matched is None:
            return False
        a = np.asarray(self.matched.sense.value.array)
        return a.ndim == 2 and (a.shape[0] != a.shape[1] or bool(np.any(a != a.T)))

    def is_dead(self) -> bool:
        """Whether what the claim is about is zero, as a gradient by something that no loss sees."""
        try:
            return all(
                bool(np.all(next(self.left_senses(moment, exact, self.base)).value.array == 0))
                for moment in self.court.moments
                for exact in (True, False)
            )
        except (LstmsymError, StopIteration):
            return False

    def guessed(self) -> str:
        """What the claim takes on the word of prose alone."""
        evaluator = self.evaluator(self.court.moments[0], False, self.base)
        try:
            for side in (self.claim.left, self.claim.right):
                evaluator.value(side, self.times(self.court.moments[0]))
        except LstmsymError:
            return ""
        notes = evaluator.algebra.notes
        return next((a for a in notes if a.startswith(GUESSED)), "")

    def claimed(self, instance: Instance, time: int) -> Value:
        """The right side on an instance that somebody else has drawn, at t = `time`; what += adds is summed."""
        evaluator = replace(self.court.on(Truth(instance), self.base), members=self.members)
        times = {"t": time, "k": K, "T": instance.steps, self.court.letter: time}
        sides = (self.claim.left, self.claim.right)
        times = free_letters(self.court.glossary, sides, times) | times
        quantity = self.quantity() if self.claim.relation == "+=" else None
        if quantity is None or quantity.is_jacobian or quantity.time is not None:
            return self.assembled(evaluator, times)
        letters = {"t", self.court.letter}
        shares = [
            self.assembled(evaluator, times | dict.fromkeys(letters, τ))
            for τ in range(1, instance.steps + 1)
        ]
        return reduce(evaluator.algebra.add, shares)


def _diagonals(value: Value, letters: str) -> Value:
    """∂h_i/∂a_i names the diagonal."""
    if len(letters) == 2 and letters[0] == letters[1] and value.dims == 2:
        return Value(np.diagonal(value.array))
    return value
