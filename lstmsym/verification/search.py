"""The mutants of a target by their values on one instance, made as far as they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from lstmsym.equations.cell import Cell
from lstmsym.equations.terms import k, t
from lstmsym.verification.instances import Instance
from lstmsym.verification.mutants import Mutant, mutants
from lstmsym.verification.truths import Target, forms
from lstmsym.verification.values import Values, values_on

Array = Any
MOST_MUTANTS = 5000
MOST_ALIKE = 6


class Search:
    """The mutants of a target by value on one instance, made as far as they were needed.

    made     the mutants by the key of their value
    entries  all of them with their values
    """

    def __init__(self, cell: Cell, target: Target, values: Values) -> None:
        self.values = values
        self.made: dict[int, list[Mutant]] = {}
        self.entries: list[tuple[Mutant, Array]] = []
        self.rest = islice(mutants(forms(cell, target)), MOST_MUTANTS)
        true = values.of(forms(cell, target)[0].whole)
        self.right = None if true is None else values.key(true)

    def matching(self, key: int) -> Iterator[Mutant]:
        """The mutants whose value has a key, at most `MOST_ALIKE`."""
        yield from tuple(self.made.get(key, ()))
        for found, mutant in self._more():
            if found == key:
                yield mutant

    def _more(self) -> Iterator[tuple[int, Mutant]]:
        """The mutants not made so far, each with the key of its value; not those that are right after all."""
        for mutant in self.rest:
            value = self.values.of_mutant(mutant)
            if value is not None:
                key = self.values.key(value)
                alike = self.made.setdefault(key, [])
                if len(alike) < MOST_ALIKE and key != self.right:
                    alike.append(mutant)
                    self.entries.append((mutant, value))
                    yield key, mutant


@lru_cache(maxsize=32)
def search_on(cell: Cell, target: Target, instance: Instance) -> Search:
    """The search for a target on an instance, kept for the next claim about it."""
    return Search(cell, target, values_of(instance, target))


def values_of(instance: Instance, target: Target) -> Values:
    """The values on an instance at the times of a target."""
    return values_on(instance, ((t, target.time), (k, target.lag)))
