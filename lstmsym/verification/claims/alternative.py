"""A whole document as it may be meant beside the plain way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lstmsym.formulas.rewriting import Rule, in_equation, rewritten
from lstmsym.verification.claims.claim import Judged, Verdict
from lstmsym.verification.claims.gradients import is_about_gradients
from lstmsym.verification.claims.sources import Written


@dataclass(frozen=True)
class Alternative:
    """A document in other letters, how its formulas are put back into those of the author, and what is said.

    last_only  whether the loss is that of the last step alone
    before     the alternative that this one goes on from
    """

    written: list[Written]
    back: Rule | None = None
    note: str = ""
    last_only: bool = False
    before: Alternative | None = None

    def seen(self, judged: Judged) -> Judged:
        """The verdicts as the author sees them."""
        notes = (*judged.notes, self.note) if self.note else judged.notes
        seen = replace(judged, verdicts=tuple(map(self._put_back, judged.verdicts)), notes=notes)
        return self.before.seen(seen) if self.before else seen

    def _put_back(self, verdict: Verdict) -> Verdict:
        """A verdict with the author's letters in its claim."""
        if self.back is None:
            return verdict
        claim = verdict.claim
        left, right = rewritten(claim.left, self.back), rewritten(claim.right, self.back)
        name = claim.name and rewritten(claim.name, self.back)
        return replace(verdict, claim=replace(claim, left=left, right=right, name=name))

    def after(self, before: Alternative) -> Alternative:
        """The alternative to a document that is meant in another way already."""
        return replace(self, before=before, last_only=self.last_only or before.last_only)


def everywhere(written: Sequence[Written], rule: Rule) -> list[Written]:
    """A document with a rule applied to all of its equations."""
    return [replace(w, equation=in_equation(w.equation, rule)) for w in written]


def in_claims(written: Sequence[Written], rule: Rule) -> list[Written]:
    """A document with a rule applied to its equations about gradients alone."""
    return [
        replace(w, equation=in_equation(w.equation, rule)) if is_about_gradients(w.equation) else w
        for w in written
    ]


def in_forward(written: Sequence[Written], rule: Rule) -> list[Written]:
    """A document with a rule applied to all but its equations about gradients."""
    return [
        w if is_about_gradients(w.equation) else replace(w, equation=in_equation(w.equation, rule))
        for w in written
    ]
