"""What a format must give: letters, scripts, brackets, fractions, grids. The writers do the rest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from lstmsym.equations.terms import Term
from lstmsym.printing.letters import Letter
from lstmsym.printing.precedence import LEVELS
from lstmsym.printing.times import TIME_ABOVE


class Marks(ABC):
    """The marks of one format; every string may carry places to break."""

    kronecker: str
    hadamard: str  # signs with the spaces around them
    dot: str
    thin: str
    partial: str
    delta: str
    ones: str
    infinity: str
    levels: ClassVar[dict[type[Term], int]] = LEVELS

    @property
    def time_above(self) -> bool:
        """Whether times stand above the line, h^{(t)}, in the notation that is being printed."""
        return TIME_ABOVE.get()

    @abstractmethod
    def letter(self, letter: Letter, *, subscript: bool = False) -> str:
        """One letter or word with its accent."""

    @abstractmethod
    def scripts(self, base: str, below: str, above: str = "") -> str:
        """A base with what stands below and above the line; either may be empty."""

    @abstractmethod
    def power(self, base: str, exponent: int | str) -> str:
        """y²."""

    @abstractmethod
    def norm(self, inside: str, index: str, height: int = 0) -> str:
        """‖W‖₂, ‖v‖_∞."""

    @abstractmethod
    def transpose(self, base: str) -> str:
        """Aᵀ; the base is in brackets already where it needs them."""

    @abstractmethod
    def bracket(self, inside: str, height: int = 0) -> str:
        """Round brackets as tall as `precedence.HEIGHTS` asks."""

    @abstractmethod
    def function(self, name: str) -> str:
        """An activation's letter, or the name of an operator."""

    @abstractmethod
    def fraction(self, above: str, below: str) -> str:
        """One thing over another."""

    @abstractmethod
    def of_kind(self, derivative: str, kind: str) -> str:
        """A derivative with the kind that it is of."""

    @abstractmethod
    def kind(self, name: str) -> str:
        """What stands behind the bar of a kind."""

    @abstractmethod
    def operator(self, sign: str, below: str, above: str = "") -> str:
        """Σ or ∏ with its limits."""

    @abstractmethod
    def cases(self, parts: list[tuple[str, str]]) -> str:
        """Expressions by condition; the last condition is empty: otherwise."""

    @abstractmethod
    def widths(self, term: Any) -> list[float]:
        """How wide the pieces of a term are between its places to break."""

    @abstractmethod
    def continued(self, row: str, badness: int) -> str:
        """A row after the first, indented, beginning with its sign."""

    @abstractmethod
    def stacked(self, rows: list[str]) -> str:
        """Rows one below the other, in a block of a matrix."""

    @abstractmethod
    def grid(self, rows: list[list[str]]) -> str:
        """A matrix in brackets."""
