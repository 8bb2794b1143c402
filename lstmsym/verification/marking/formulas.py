"""The formulas of a claim as trees: what was written, and what should have been."""

from __future__ import annotations

from dataclasses import dataclass

from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.formulas.reader import read_formula
from lstmsym.verification.claims.claim import Verdict
from lstmsym.verification.marking.boxes import boxes
from lstmsym.verification.marking.mathml import MathMl, display
from lstmsym.verification.marking.unicode import Unicode


@dataclass(frozen=True)
class Formula:
    """left = right, and the places in the LaTeX of the right side that differ from what was written."""

    left: f.Node
    relation: str
    right: f.Node
    changed: tuple[f.Place, ...] = ()

    def unicode(self) -> str:
        """For a terminal, on one line; what differs stands in ⟦ ⟧."""
        return Unicode(self.changed).write_claim(self.left, self.relation, self.right)

    def mathml(self) -> str:
        """For a page; what differs has the class "changed"."""
        return display(MathMl(self.changed).write_claim(self.left, self.relation, self.right))


def written(verdict: Verdict) -> Formula | None:
    """What the document says; None where it could not be read."""
    claim = verdict.claim
    left = claim.left if claim.name is None else claim.name
    return Formula(left, claim.relation, claim.right) if claim.relation else None


def corrected(verdict: Verdict) -> Formula | None:
    """The right formula; None where there is none, or none that reads."""
    if not verdict.corrected:
        return None
    try:
        right = read_formula(verdict.corrected)
    except LstmsymError:
        return None
    relation = verdict.claim.relation
    equal = "=" if relation in ("approx", "propto") else relation
    left = verdict.claim.left if verdict.claim.name is None else verdict.claim.name
    return Formula(left, equal, right, boxes(verdict.corrected))
