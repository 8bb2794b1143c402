"""What a wrong result has of the true summands: claim = Σ c_j summand_j, solved exactly modulo the prime.

This finds any number of summands that are missing, counted twice or have the wrong sign, where single slips
do not explain the claim. The numbers c_j are found on some instances and confirmed on others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Rational

from lstmsym.calculus.laws import summands, tidy
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import SumOverTime
from lstmsym.equations.terms import Fill, Hadamard, Plus, Term, k, t
from lstmsym.printing.documents import line
from lstmsym.verification.field import PRIME
from lstmsym.verification.instances import Instance, field_instance, float_instance
from lstmsym.verification.slips.sites import joined
from lstmsym.verification.truths import Target, forms
from lstmsym.verification.values import small_number, values_on

Array = Any
Claim = Callable[[Instance], Array]
MOST_SUMMANDS = 24
SPARE = 4  # more equations than unknowns: a wrong fit then has probability ~ 2^-244
FIRST_SEED = 100
SAID = {0: "is missing", 2: "is counted twice", -1: "has the wrong sign"}


@dataclass(frozen=True, eq=False)
class Difference:
    """A claim as a sum of the true summands with other numbers before them.

    words     the summands that are missing, counted twice or have the wrong sign
    summands  of the true result, in order
    numbers   what stands before each in the claim: 1 is right, 0 is missing
    true      the form that they are summands of
    """

    words: str
    summands: tuple[Term, ...]
    numbers: tuple[Rational, ...]
    true: Term

    @property
    def mutant(self) -> Term:
        """The sum with the claim's numbers, a term of the claimed value."""
        pairs = zip(self.numbers, self.summands, strict=True)
        return tidy(Plus(*(Hadamard(Fill(n, *a.shape), a) for n, a in pairs)))

    @property
    def wrong(self) -> Term:
        """The summands that are not there once."""
        pairs = zip(self.numbers, self.summands, strict=True)
        return joined(Plus, (a for n, a in pairs if n != 1))


def name_difference(target: Target, value: Claim, cell: Cell) -> Difference | None:
    """Which of the true summands a wrong result has; None where it has anything else in it, or is right.

    The shortest form of the true result with summands that fit is told.
    """
    for form in forms(cell, target):
        parts = tuple(_summands(form.whole))
        if 1 < len(parts) <= MOST_SUMMANDS:
            numbers = _fit(target, value, cell, parts)
            if numbers is not None:
                right = all(n == 1 for n in numbers)
                return (
                    None
                    if right
                    else Difference(_words(parts, numbers), parts, numbers, form.whole)
                )
    return None


def _summands(whole: Term) -> Iterator[Term]:
    """The summands of a sum, also of one under a sum over time."""
    if isinstance(whole, SumOverTime):
        yield from (SumOverTime(a, *whole.args[1:]) for a in summands(whole.body))
    else:
        yield from summands(whole)


def _fit(
    target: Target, value: Claim, cell: Cell, parts: tuple[Term, ...]
) -> tuple[Rational, ...] | None:
    """The numbers c_j; None where there are none, or none that is small."""
    rows: list[list[int]] = []
    times = ((t, target.time), (k, target.lag))
    for seed in range(FIRST_SEED, FIRST_SEED + len(parts) + SPARE):
        instance = field_instance(cell, target.steps, seed)
        claim = np.reshape(value(instance), -1)
        columns = [values_on(instance, times).of(a) for a in parts]
        flat = [np.reshape(c, -1) for c in columns if c is not None]
        if len(flat) != len(parts) or any(c.size != claim.size for c in flat):
            return None
        rows += [[*map(int, row)] for row in zip(*flat, claim, strict=True)]
        if len(rows) >= len(parts) + SPARE:
            break
    solved = solve(rows)
    numbers = None if solved is None else [small_number(c) for c in solved]
    return (
        None if numbers is None or None in numbers else tuple(n for n in numbers if n is not None)
    )


def solve(rows: list[list[int]]) -> list[int] | None:
    """The x with a · x = b modulo the prime for every row (a, b), by elimination; None where none or several fit."""
    unknowns = len(rows[0]) - 1
    rows = [list(row) for row in rows]
    for n in range(unknowns):
        pivot = next((m for m in range(n, len(rows)) if rows[m][n] % PRIME), None)
        if pivot is None:
            return None
        rows[n], rows[pivot] = rows[pivot], rows[n]
        inverse = pow(rows[n][n], -1, PRIME)
        rows[n] = [a * inverse % PRIME for a in rows[n]]
        for m, row in enumerate(rows):
            if m != n and row[n]:
                rows[m] = [(a - row[n] * b) % PRIME for a, b in zip(row, rows[n], strict=True)]
    fits = all(row[-1] % PRIME == 0 for row in rows[unknowns:])
    return [row[-1] for row in rows[:unknowns]] if fits else None


def _words(parts: tuple[Term, ...], numbers: tuple[Rational, ...]) -> str:
    wrong = [(line(a), n) for a, n in zip(parts, numbers, strict=True) if n != 1]
    return "; ".join(f"{a} {SAID.get(n, f'is there {n} times')}" for a, n in wrong)


def relative_error(target: Target, value: Claim, cell: Cell) -> float:
    """max |claim − true| / max |true| on a hard instance in floats; infinite where that has no number."""
    instance = float_instance(cell, target.steps)
    times = ((t, target.time), (k, target.lag))
    true = values_on(instance, times).of(forms(cell, target)[0].whole)
    claim = value(instance)
    if true is None or np.size(claim) != np.size(true):
        return float("inf")
    expected = np.reshape(true, -1)
    found = np.reshape(claim if np.shape(claim) == np.shape(true) else np.transpose(claim), -1)
    size = float(np.max(np.abs(expected), initial=0.0))
    difference = float(np.max(np.abs(found - expected), initial=0.0))
    return difference if difference == 0.0 or size == 0.0 else difference / size
