"""Both sides of a claim on hard random instances, in every sense that the marks allow, the plain one first.

A claim is right only if it holds on two instances, with other numbers, times and lags.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from lstmsym.errors import LstmsymError
from lstmsym.verification.claims.comparing import TOLERANCE, agreement, error
from lstmsym.verification.claims.court import Moment
from lstmsym.verification.claims.functions import NotExact
from lstmsym.verification.claims.marks import is_chain, says_values
from lstmsym.verification.claims.parts_in_words import GUESSED
from lstmsym.verification.claims.reading import Reading, claim_readings
from lstmsym.verification.claims.senses import Sense
from lstmsym.verification.claims.sides import Sides
from lstmsym.verification.claims.summands import dropped
from lstmsym.verification.claims.truth import Outside
from lstmsym.verification.claims.value import Misfit


@dataclass(frozen=True)
class Match:
    """A sense of the left side and a reading of the right side that agree."""

    sense: Sense
    reading: Reading
    words: tuple[str, ...]
    exact: bool


@dataclass
class Hearing(Sides):
    """One claim before the court, under one reading of the document.

    direct   whether all ∂ of the document are direct, by what its other claims say
    """

    direct: bool = False
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
                if not self.allowed(reading, sense) or self.drops(exact, reading):
                    continue
                if self.confirmed(exact, reading, number):
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

    def drops(self, exact: bool, reading: Reading) -> bool:
        """Whether a summand counts for nothing because ∂ on the right side is not meant in full."""
        if reading.kind == "total":
            return False
        moment = self.court.moments[0]
        kinds = (reading, replace(reading, kind="total"))
        meant, full = (self.evaluator(moment, exact, a) for a in kinds)
        return dropped(meant, full, self.claim.right, self.times(moment))

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

    def confirmed(self, exact: bool, reading: Reading, number: int) -> bool:
        """Whether a sense has the value of the right side on all other runs too."""
        try:
            return all(
                any(n == number for n, *_ in self.agreeing(a, exact, reading))
                for a in self.court.moments[1:]
            )
        except LstmsymError:
            return False

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

    def is_about_something(self) -> bool:
        """Whether the left side has a value on the run."""
        try:
            self.quantity()
        except LstmsymError:
            return False
        return True

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
