"""Which slip a wrong result is: the mutant of the true result that has the value of what is claimed.

Mutants are compared by value on a hard random instance, and a match is confirmed on others. One slip is
tried before two; see `slips.table` for the order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy import Rational

from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import SumOverTime, Transposed
from lstmsym.equations.terms import Fill, Hadamard, Quotient, Term
from lstmsym.errors import InputError
from lstmsym.verification.instances import Instance, field_instance, has_steps
from lstmsym.verification.mutants import Mutant, of_another_size
from lstmsym.verification.pairs import Made, pairs
from lstmsym.verification.regression import name_difference
from lstmsym.verification.search import Search, search_on, values_of
from lstmsym.verification.truths import Target, forms
from lstmsym.verification.values import Values, ratio

Array = Any
Claim = Callable[[Instance], Array]
CONSTANT = "constant factor"
TRANSPOSED = "transposed"
MEAN = "mean over time"
SUMMANDS = "several summands"
MANY = 8
NUMBERS = (Rational(-1), Rational(2), Rational(1, 2))


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What a wrong result is.

    slips    the names of one or two slips: those of the table, or one of the names above
    words    the mistake as a sentence
    mutant   the true form with the slips in it: a term of the value that is claimed
    true     the form without them
    changed  what of the true form differs
    """

    slips: tuple[str, ...]
    words: str
    mutant: Term
    true: Term
    changed: Term | None


def searched(cell: Cell, target: Target) -> tuple[Instance, ...]:
    """The instances on which a diagnosis is found and confirmed: other numbers, and another number of steps.

    A slope that is 0 or 1 hides much on one instance, so a cell with such a slope has more of them.
    """
    confirming = MANY if has_steps(cell) else 1
    first = field_instance(cell, target.steps, 0)
    steps = target.run or target.steps + 1
    return first, *(field_instance(cell, steps, n + 1) for n in range(confirming))


def diagnose(
    target: Target,
    value: Claim,
    cell: Cell,
    instances: Sequence[Instance] = (),
    *,
    two: bool = True,
) -> Diagnosis | None:
    """The slip, or the two slips, that make the true result what is claimed.

    target     what is claimed; its truth has to be known
    value      the value claimed on an instance at target.time, given the true values of what it mentions
    instances  the first for the search, the others to confirm; `searched` where none is given
    two        whether two slips at once are looked for, which takes seconds
    None where the claim is right, or where no slip of the table explains it. Raises InputError for a time
    that is too early for the lag.
    """
    where = tuple(instances) or searched(cell, target)
    question = Question(target, cell, where, tuple(map(value, where)), value)
    if question.values(0).of(question.true) is None:
        raise InputError(
            f"{target.quantity} has no value at time {target.time}; ask for a later time"
        )
    if question.is_right:
        return None
    return next(question.turned().answers(two), None)


@dataclass(frozen=True, eq=False)
class Question:
    """A claim with its values on the instances."""

    target: Target
    cell: Cell
    instances: tuple[Instance, ...]
    claims: tuple[Array, ...]
    value: Claim

    def values(self, n: int) -> Values:
        """The values of terms on instance n."""
        return values_of(self.instances[n], self.target)

    @property
    def true(self) -> Term:
        """The true result in its shortest form."""
        return forms(self.cell, self.target)[0].whole

    @property
    def is_right(self) -> bool:
        """Whether the claim has the true value everywhere."""
        return self.holds(self.true)

    def turned(self) -> Question:
        """The same with an instance first on which the claim is not the truth: there it is searched."""
        wrong = next((n for n in range(len(self.claims)) if not self._agrees(n, self.true)), 0)
        turn = lambda a: (*a[wrong:], *a[:wrong])  # noqa: E731
        return replace(self, instances=turn(self.instances), claims=turn(self.claims))

    def holds(self, what: Term | Mutant) -> bool:
        """Whether a term, or a mutant that is not built yet, has the claimed value on every instance."""
        return all(self._agrees(n, what) for n in range(len(self.claims)))

    def _agrees(self, n: int, what: Term | Mutant) -> bool:
        values = self.values(n)
        found = values.of_mutant(what) if isinstance(what, Mutant) else values.of(what)
        return found is not None and values.key(found) == values.key(self.claims[n])

    def answers(self, two: bool = True) -> Iterator[Diagnosis]:
        """Every explanation, the simplest first; with two slips at once only where asked."""
        yield from self._constant()
        if self._is_misshapen:
            yield from self._of_another_size()
            return
        yield from self._single()
        yield from self._scaled()
        yield from self._summands()
        if two:
            yield from self._pairs()

    @property
    def search(self) -> Search:
        """The mutants of the target on the first instance."""
        return search_on(self.cell, self.target, self.instances[0])

    @property
    def _is_misshapen(self) -> bool:
        """Whether the claim has not the shape of the truth."""
        true = self.values(0).of(self.true)
        plain = lambda a: [n for n in a.shape if n != 1]  # noqa: E731
        return true is not None and plain(self.claims[0]) != plain(true)

    def _of_another_size(self) -> Iterator[Diagnosis]:
        """A signal or a weight of another size, which gives the result another shape."""
        for form in forms(self.cell, self.target):
            for mutant in of_another_size(form):
                if self.holds(mutant.term):
                    yield Diagnosis(
                        (mutant.slip.name,), mutant.words, mutant.term, mutant.true, mutant.changed
                    )

    def _constant(self) -> Iterator[Diagnosis]:
        """The truth times a number, or transposed, or its mean over time."""
        values, claim = self.values(0), self.claims[0]
        true = values.of(self.true)
        if true is None:
            return
        if isinstance(self.true, SumOverTime):
            steps = SumOverTime(Fill(1, *self.true.shape), *self.true.args[1:])
            said = "the mean over time stands where the sum belongs"
            yield from self._whole(MEAN, Quotient(self.true, steps), said)
        number = ratio(claim, true, values.exact) if claim.size == true.size else None
        if number not in (None, 0, -1):
            yield from self._whole(CONSTANT, _times(number, self.true), _said(number))
        yield from self._whole(TRANSPOSED, Transposed(self.true), "the whole is transposed")

    def _whole(self, slip: str, mutant: Term, words: str) -> Iterator[Diagnosis]:
        if self.holds(mutant):
            yield Diagnosis((slip,), words, mutant, self.true, self.true)

    def _single(self) -> Iterator[Diagnosis]:
        key = self.values(0).key(self.claims[0])
        for mutant in self.search.matching(key):
            if self.holds(mutant):
                yield Diagnosis(
                    (mutant.slip.name,), mutant.words, mutant.term, mutant.true, mutant.changed
                )

    def _scaled(self) -> Iterator[Diagnosis]:
        """A mutant times a number, or transposed."""
        values, claim = self.values(0), self.claims[0]
        for number in NUMBERS:
            for found in self.search.matching(values.key(values.scaled(claim, 1 / number))):
                yield from self._also(found, CONSTANT, _times(number, found.term), _said(number))
        if claim.ndim == 2:
            for found in self.search.matching(values.key(claim.T)):
                said = "the whole is transposed"
                yield from self._also(found, TRANSPOSED, Transposed(found.term), said)

    def _also(self, found: Mutant, slip: str, mutant: Term, words: str) -> Iterator[Diagnosis]:
        if self.holds(mutant):
            both, said = (found.slip.name, slip), f"{found.words}; and {words}"
            yield Diagnosis(both, said, mutant, found.true, found.changed)

    def _summands(self) -> Iterator[Diagnosis]:
        """Any number of the true summands missing, counted twice or with the wrong sign."""
        found = (
            name_difference(self.target, self.value, self.cell) if self.values(0).exact else None
        )
        if found is not None and self.holds(found.mutant):
            yield Diagnosis((SUMMANDS,), found.words, found.mutant, found.true, found.wrong)

    def _pairs(self) -> Iterator[Diagnosis]:
        true = self.values(0).of(self.true)
        if true is None:
            return
        made = Made(self.values(0), true, tuple(self.search.entries), self.search.made)
        for pair in pairs(made, forms(self.cell, self.target), self.claims[0]):
            one, other = pair.first, pair.second
            if self.holds(other):
                names, said = (one.slip.name, other.slip.name), f"{one.words}; and {other.words}"
                yield Diagnosis(names, said, other.term, one.true, one.changed)


def _times(number: Rational, term: Term) -> Term:
    return Hadamard(Fill(number, *term.shape), term)


def _said(number: Rational) -> str:
    return "the whole has the wrong sign" if number == -1 else (
        f"the whole is {number} times what it has to be"
    )  # fmt: skip
