"""Judging a claim: both sides on hard random instances, in every sense that the marks allow, the plain one first.

A claim is right only if it holds on two instances, with other numbers, times and lags.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from lstmsym.equations.cell import Cell
from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.algebra import Algebra, Misfit, Value
from lstmsym.verification.claims.claim import Claim, Verdict
from lstmsym.verification.claims.comparing import agreement, error
from lstmsym.verification.claims.evaluate import Evaluator, NotExact, Unreadable
from lstmsym.verification.claims.glossary import Glossary, Key
from lstmsym.verification.claims.reading import Reading, claim_readings
from lstmsym.verification.claims.symbols import Symbols, Undefined
from lstmsym.verification.claims.targets import SHARE, Quantity, Sense, quantity_of, senses
from lstmsym.verification.claims.truth import Outside, Truth
from lstmsym.verification.instances import Instance, field_instance, float_instance

APPROXIMATE = ("approx", "sim", "simeq", "propto")
EXACT = "exactly, modulo 2^61 - 1, on 2 draws"
FLOAT = "in float64 on 2 draws, to 9 digits"
UNEQUAL = ("le", "lt", "ge", "gt", "to", "leq", "geq", "ll", "gg")


@dataclass(frozen=True)
class Moment:
    """When a claim is evaluated: t and k are these numbers, the run has T steps."""

    t: int
    k: int
    seed: int

    @property
    def T(self) -> int:
        return self.t + 2

    def times(self, letter: str) -> dict[str, int]:
        return {"t": self.t, "k": self.k, "T": self.T, letter: self.t}


@dataclass
class Court:
    """The cell, the letters and the helper symbols of one document, and how it is read."""

    cell: Cell
    glossary: Glossary
    helpers: Mapping[Key, tuple[f.Node, bool]] = field(default_factory=dict)
    letter: str = "t"
    longest: int = 1

    @cached_property
    def moments(self) -> tuple[Moment, Moment]:
        """Two moments inside a run; far enough from its beginning for the longest lag that is written."""
        first = max(3, self.longest + 1)
        return Moment(first, 2, 0), Moment(first + 2, 3, 1)

    def evaluator(self, moment: Moment, exact: bool, reading: Reading) -> Evaluator:
        truth = truth_of(self.cell, moment, exact)
        algebra = Algebra(truth.arithmetic, reading.scaled)
        symbols = Symbols(truth, self.glossary, reading)
        return Evaluator(symbols, algebra, self.helpers, letter=self.letter)

    def times(self, moment: Moment) -> dict[str, int]:
        return moment.times(self.letter)


@lru_cache(maxsize=64)
def truth_of(cell: Cell, moment: Moment, exact: bool) -> Truth:
    """The truth at a moment, worked out once for all claims."""
    make = field_instance if exact else float_instance
    return Truth(make(cell, moment.T, moment.seed))


@dataclass(frozen=True)
class Match:
    """A sense of the left side and a reading of the right side that agree."""

    sense: Sense
    reading: Reading
    words: tuple[str, ...]
    exact: bool


@dataclass
class Hearing:
    """One claim before the court, under one reading of the document."""

    court: Court
    claim: Claim
    base: Reading

    def match(self) -> Match | None:
        """The plainest way in which the claim is true. Raises Undefined, Unreadable or Misfit if none has a value."""
        exact = True
        try:
            return self._match(exact)
        except NotExact:
            return self._match(False)

    def _match(self, exact: bool) -> Match | None:
        first, second = self.court.moments
        failure: LstmsymError | None = None
        some = False
        for reading in self.readings():
            try:
                candidates = list(self.agreeing(first, exact, reading))
                some = True
            except (Misfit, Outside) as problem:
                failure = failure or problem
                continue
            for number, sense, words in candidates:
                if reading.kind == "direct" and sense.kind != "direct":
                    continue
                if self.confirmed(second, exact, reading, number):
                    return Match(sense, reading, words, exact)
        if not some and failure is not None:
            raise failure
        return None

    def readings(self) -> Iterator[Reading]:
        """Readings of this claim that differ in something that it mentions."""
        marks = mentioned(self.claim.right)
        for reading in claim_readings(self.base):
            changed = {n for n in CHANGES if getattr(reading, n) != getattr(self.base, n)}
            if changed <= marks:
                yield reading

    def agreeing(
        self, moment: Moment, exact: bool, reading: Reading
    ) -> Iterator[tuple[int, Sense, tuple[str, ...]]]:
        """The senses of the left side that have the value of the right side, by number."""
        right, notes = self.right(moment, exact, reading)
        for number, sense in enumerate(self.left_senses(moment, exact, reading)):
            words = agreement(right, sense.value, exact)
            if words is not None:
                said = (sense.words, words, *reading.words(), *notes)
                yield number, sense, tuple(dict.fromkeys(a for a in said if a))

    def right(self, moment: Moment, exact: bool, reading: Reading) -> tuple[Value, tuple[str, ...]]:
        evaluator = self.court.evaluator(moment, exact, reading)
        value = evaluator.value(self.claim.right, self.court.times(moment))
        return value, tuple(evaluator.algebra.notes)

    def left_senses(self, moment: Moment, exact: bool, reading: Reading) -> Iterator[Sense]:
        evaluator = self.court.evaluator(moment, exact, replace(reading, kind="total"))
        times = self.court.times(moment)
        quantity = quantity_of(evaluator, self.claim.left, times)
        found = senses(evaluator, self.claim.left, times, quantity)
        if self.claim.relation == "+=":
            found = iter(sorted(found, key=lambda a: a.words != SHARE))
        return found

    def confirmed(self, moment: Moment, exact: bool, reading: Reading, number: int) -> bool:
        try:
            return any(n == number for n, *_ in self.agreeing(moment, exact, reading))
        except LstmsymError:
            return False

    def quantity(self) -> Quantity | None:
        """What the claim is about. Raises Undefined."""
        moment = self.court.moments[0]
        evaluator = self.court.evaluator(moment, True, self.base)
        return quantity_of(evaluator, self.claim.left, self.court.times(moment))

    def error(self) -> float | None:
        """How far off a wrong claim is, in float64."""
        try:
            moment = self.court.moments[0]
            right, _ = self.right(moment, False, self.base)
            left = next(self.left_senses(moment, False, self.base))
            return error(right, left.value)
        except (LstmsymError, StopIteration):
            return None

    def claimed(self, instance: Instance, time: int) -> Value:
        """The value of the right side on an instance that somebody else has drawn; `time` is t."""
        truth = Truth(instance)
        symbols = Symbols(truth, self.court.glossary, self.base)
        evaluator = Evaluator(
            symbols,
            Algebra(truth.arithmetic, self.base.scaled),
            self.court.helpers,
            letter=self.court.letter,
        )
        times = {"t": time, "k": 2, "T": instance.steps, self.court.letter: time}
        return evaluator.value(self.claim.right, times)


CHANGES = ("output_slope", "scaled", "ascending", "kind")


def mentioned(node: f.Node) -> set[str]:
    """Which choices of a reading can matter to a formula."""
    found = set()
    for a in f.walk(node):
        if isinstance(a, f.Apply | f.Symbol) and a.primes:
            found.add("output_slope")
        if isinstance(a, f.Product):
            found.add("scaled")
        if isinstance(a, f.Big) and a.kind == "prod":
            found.add("ascending")
        if isinstance(a, f.Derivative) and not a.kind:
            found.add("kind")
    return found


def judge(court: Court, claim: Claim, base: Reading) -> tuple[Verdict, Hearing]:
    """The verdict on a claim under one reading of the document, without a diagnosis yet."""
    hearing = Hearing(court, claim, base)
    try:
        quantity = hearing.quantity()
        target = str(quantity) if quantity else ""
        match = hearing.match()
    except Undefined as problem:
        return Verdict(claim, "undefined", message=str(problem)), hearing
    except Misfit as problem:
        return Verdict(
            claim, "wrong", target, diagnosis=f"the shapes do not fit: {problem}"
        ), hearing
    except (Unreadable, Outside, LstmsymError) as problem:
        return Verdict(claim, "cannot_read", message=str(problem)), hearing
    if match is None:
        kind = "approximation" if claim.relation in APPROXIMATE else "wrong"
        return Verdict(claim, kind, target, error=hearing.error(), method=EXACT), hearing
    return _agreed(claim, target, match), hearing


def _agreed(claim: Claim, target: str, match: Match) -> Verdict:
    method = EXACT if match.exact else FLOAT
    plain = claim.relation == "+=" and match.sense.words == SHARE
    words = tuple(a for a in match.words if not (plain and a == SHARE))
    special = [a for a in words if a not in PLAIN]
    if claim.relation in APPROXIMATE and match.sense.kind in ("direct", "step", "block"):
        return Verdict(claim, "approximation", target, words, method=method)
    return Verdict(claim, "right_as" if special else "right", target, words, method=method)


# Said of a claim and no reason to call it anything but right.
PLAIN = (
    "a diagonal Jacobian is multiplied elementwise, by its diagonal",
    "vectors in front of a matrix are read as rows",
)
