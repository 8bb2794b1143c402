"""What `derive` returns: a result or a whole derivation, checked, with its printed forms and its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lstmsym import printing
from lstmsym.derivation.steps import Derivation, Document, Step
from lstmsym.derivation.whole import results, whole
from lstmsym.equations.cell import Cell
from lstmsym.equations.terms import Term
from lstmsym.printing.entrywise import entrywise
from lstmsym.verification.check import Check, check, demand
from lstmsym.verification.valuation import value_of

Array = Any
SCHEMA = "lstmsym/derivation/1"


@dataclass(frozen=True)
class Derived:
    """A derived quantity that its witnesses have confirmed."""

    derivation: Derivation
    checked: Check

    @property
    def expr(self) -> Term:
        """The result as a SymPy object."""
        return self.derivation.expr

    @property
    def steps(self) -> tuple[Step, ...]:
        """The way to it: left, right, because."""
        return self.derivation.steps

    @property
    def kind(self) -> str:
        return self.derivation.kind

    @property
    def terms(self) -> int | None:
        """The number of elementary paths; None for a symbolic lag and for a loss."""
        return self.derivation.terms

    def latex(self, steps: bool = False) -> str:
        """A LaTeX fragment (amsmath): the result with its definitions, or with every step and its reason."""
        return printing.latex(self.derivation, steps=steps)

    def text(self, steps: bool = False) -> str:
        """The same in Unicode for the terminal."""
        return printing.text(self.derivation, steps=steps)

    def markdown(self, steps: bool = True) -> str:
        """The same in Markdown with $$."""
        return printing.markdown(self.derivation, steps=steps)

    def components(self, form: str = "latex", steps: bool = False) -> str:
        """The (i, j) entry of the result, ∂C_t^i/∂C_{t-1}^j; form is latex, text or markdown."""
        return entrywise(self.derivation, form, steps)

    def article(self) -> str:
        """A standalone LaTeX article with every step."""
        return printing.article(self.derivation)

    def check(self, draws: int = 1) -> Check:
        """Ask the witnesses again, on so many draws."""
        return self.checked if draws == self.checked.draws else check(self.derivation, draws)

    def evaluate(self, values: Mapping[str, Array], *, time: int | None = None, lag: int | None = None,
                 loss_slopes: Array | None = None) -> Array:  # fmt: skip
        """The value in float64, shape (rows,) or (rows, columns).

        values       parameters by name; inputs by name, (T, m); states by name, their value (n,) at time 0;
                     or signals at their times, as they stand in the result: {"f[t]": …, "C[t-1]": …}
        time         the step t, 1 … T; the last one unless said
        lag          k, where the quantity has a symbolic one
        loss_slopes  ∂L_t/∂output_t for t = 1 … T, (T, n), for adjoints and gradients; ones unless said

        Raises UnknownName for a name that the cell does not have, InputError for what does not fit.
        """
        return value_of(self.derivation, values, time, lag, loss_slopes)

    def as_dict(self) -> dict[str, Any]:
        """What the command prints with --json."""
        d = self.derivation
        return {
            "schema": SCHEMA,
            "cell": d.cell.name,
            "quantity": d.quantity,
            "kind": d.kind,
            "layout": d.layout,
            "form": d.form,
            "latex": self.latex(),
            "text": self.text(),
            "terms": d.terms,
            "steps": [_step_dict(s) for s in d.steps],
            "definitions": [_step_dict(s) for s in d.definitions],
            "remarks": list(d.remarks),
            "check": self.checked.as_dict(),
        }

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


def _step_dict(step: Step) -> dict[str, str]:
    return {
        "left": printing.latex(step.left),
        "right": printing.latex(step.right),
        "because": step.because,
    }


class WholeDerivation:
    """Everything that follows from a cell: every result, checked, and the document that tells it in order."""

    def __init__(self, cell: Cell, draws: int = 1) -> None:
        self.cell = cell
        self.results = tuple(Derived(d, demand(d, draws)) for d in results(cell))

    @cached_property
    def document(self) -> Document:
        return whole(self.cell, tuple(r.derivation for r in self.results), self._verdict())

    def _verdict(self) -> str:
        worst = max(r.checked.autograd_max_rel_error for r in self.results)
        return (
            f"{len(self.results)} results were checked when they were derived: each, with every line "
            "shown, equals forward mode exactly, modulo the prime 2^61 - 1, and agrees with autograd "
            f"in float64 (largest relative difference {worst:.1e})."
        )

    def latex(self) -> str:
        """The document's fragment, without a preamble."""
        return printing.latex(self.document)

    def article(self) -> str:
        """The document as an article that compiles as it stands."""
        return printing.article(self.document)

    def text(self) -> str:
        """The document for the terminal."""
        return printing.text(self.document)

    def markdown(self) -> str:
        """The document in Markdown with $$."""
        return printing.markdown(self.document)

    def as_dict(self) -> dict[str, Any]:
        """What the command prints with --json."""
        return {
            "schema": SCHEMA,
            "cell": self.cell.name,
            "results": [r.as_dict() for r in self.results],
        }
