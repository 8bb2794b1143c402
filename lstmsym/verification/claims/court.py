"""What the claims of one document are judged by: its cell, its letters, and two moments of random runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from lstmsym.equations.cell import Cell
from lstmsym.verification.claims.algebra import Algebra
from lstmsym.verification.claims.evaluate import Evaluator
from lstmsym.verification.claims.glossary import Glossary, Key
from lstmsym.verification.claims.own_names import Helpers
from lstmsym.verification.claims.reading import Reading
from lstmsym.verification.claims.symbols import Symbols
from lstmsym.verification.claims.truth import Truth
from lstmsym.verification.instances import field_instance, float_instance, has_steps

MANY = 24  # with two units a slope of 0 or 1 hides a slip in two draws of three


@dataclass(frozen=True)
class Moment:
    """When a claim is evaluated: t and k are these numbers, the run has T steps, two more than t or so many."""

    t: int
    k: int
    seed: int
    steps: int = 0

    @property
    def T(self) -> int:
        return self.steps or self.t + 2

    def times(self, letter: str) -> dict[str, int]:
        return {"t": self.t, "k": self.k, "T": self.T, letter: self.t}


@dataclass
class Court:
    """The cell, the letters and the helper symbols of one document, and how it is read.

    may_be_rows  whether its vectors may be rows; turned: whether its forward equations say so
    in_words     letters that the document explains in words alone, and which so have no value
    last_only    whether the loss is that of the last step alone
    steps        how many steps the run has, where a claim says it; 0 elsewhere
    at_rest      the states of which the document says that they begin at zero; resting: whether they do
    guessed      letters of which nobody said what they are, with the signals they are taken for
    """

    cell: Cell
    glossary: Glossary
    helpers: Helpers = field(default_factory=dict)
    letter: str = "t"
    longest: int = 1
    may_be_rows: bool = False
    guessed: Mapping[Key, str] = field(default_factory=dict)
    at_rest: tuple[str, ...] = ()
    resting: bool = False
    in_words: frozenset[str] = frozenset()
    last_only: bool = False
    steps: int = 0
    turned: bool = False

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """Two moments inside runs, far enough from the beginning for the longest lag that is written.

        More of them where slopes are 0 or 1, which hide what they multiply.
        """
        seeds = range(1, 1 + (MANY if has_steps(self.cell) else 1))
        if self.steps:
            return tuple(Moment(self.steps, self.steps - 1, a, self.steps) for a in (0, *seeds))
        first = max(3, self.longest + 1)
        return Moment(first, 2, 0), *(Moment(first + 2, 3, a) for a in seeds)

    def evaluator(self, moment: Moment, exact: bool, reading: Reading) -> Evaluator:
        at_rest = self.at_rest * self.resting
        return self.on(truth_of(self.cell, moment, exact, at_rest, self.last_only), reading)

    def on(self, truth: Truth, reading: Reading) -> Evaluator:
        """The evaluator on a run."""
        symbols = Symbols(truth, self.glossary, reading, in_words=self.in_words, own=self.helpers)
        algebra = Algebra(
            truth.arithmetic, reading.scaled, reading.rows, reading.outer, truth.stacks
        )
        return Evaluator(symbols, algebra, self.helpers, letter=self.letter)

    def times(self, moment: Moment) -> dict[str, int]:
        return moment.times(self.letter)


@lru_cache(maxsize=256)
def truth_of(
    cell: Cell, moment: Moment, exact: bool, at_rest: tuple[str, ...], last_only: bool
) -> Truth:
    """The truth at a moment, worked out once for all claims."""
    make = field_instance if exact else float_instance
    return Truth(make(cell, moment.T, moment.seed, at_rest, last_only))
