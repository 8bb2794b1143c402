"""The right formula in the letters of the document, with what differs marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic

from lstmsym.equations import derived as d
from lstmsym.equations.terms import Hadamard, Plus, Term, walk
from lstmsym.printing.breaks import flat
from lstmsym.printing.latex import LatexWriter

MARK = r"\boxed{%s}"


@dataclass(frozen=True)
class Letters:
    """How a document writes: its names for those of the cell, and its way to write gradients.

    by_derivative  ∂L/∂C_t rather than δC_t
    gates          δo_t where the cell's letter is a_o
    above          the time above the line: h^{(t)}
    """

    names: Mapping[str, str] = field(default_factory=dict)
    by_derivative: bool = False
    gates: bool = False
    above: bool = False


class AuthorsWriter(LatexWriter):
    """LaTeX in the letters of a document; a chosen part of the formula is boxed."""

    def __init__(self, letters: Letters, changed: Term | None = None, whole: bool = True) -> None:
        self.letters, self.changed, self.whole = letters, changed, whole

    @property
    def time_above(self) -> bool:
        return self.letters.above

    def named(self, name: str, *more: str, above: str = "") -> str:
        return super().named(self.letters.names.get(name, name), *more, above=above)

    def write(self, term: Basic) -> str:
        written = super().write(term)
        return MARK % flat(written) if self.is_changed(term) else written

    def is_changed(self, term: Basic) -> bool:
        """Whether a term is what differs, or one of the factors or summands that differ together."""
        if self.changed is None:
            return False
        together = isinstance(self.changed, Plus | Hadamard) and term in self.changed.parts
        return term == self.changed or (together and not self.whole)

    def write_Adjoint(self, term: d.Adjoint, above: str = "") -> str:
        name = term.of.name
        if self.letters.by_derivative and term.scope == "whole":
            return self.loss_by(self.write_Signal(term.of, above))
        if self.letters.gates and name.startswith("a_"):
            term = d.Adjoint(type(term.of)(name.removeprefix("a_"), *term.of.args[1:]), term.scope)
        return super().write_Adjoint(term, above)


def corrected(term: Term, letters: Letters, changed: Term | None = None) -> str:
    """A true right side as the author would have written it."""
    whole = changed is None or changed in set(walk(term))
    written: Any = AuthorsWriter(letters, changed, whole).write(term)
    return flat(written)
