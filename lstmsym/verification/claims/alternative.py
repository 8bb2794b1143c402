"""A whole document as it may be meant beside the plain way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from lstmsym.verification.claims.claim import Judged, Verdict
from lstmsym.verification.claims.sources import Written


@dataclass(frozen=True)
class Alternative:
    """A document in other letters, how its verdicts are put back into those of the author, and what is said.

    last_only  whether the loss is that of the last step alone
    before     the alternative that this one goes on from
    """

    written: list[Written]
    back: Callable[[Verdict], Verdict] = lambda verdict: verdict
    note: str = ""
    last_only: bool = False
    before: Alternative | None = None

    def seen(self, judged: Judged) -> Judged:
        """The verdicts as the author sees them."""
        notes = (*judged.notes, self.note) if self.note else judged.notes
        seen = replace(judged, verdicts=tuple(map(self.back, judged.verdicts)), notes=notes)
        return self.before.seen(seen) if self.before else seen

    def after(self, before: Alternative) -> Alternative:
        """The alternative to a document that is meant in another way already."""
        return replace(self, before=before, last_only=self.last_only or before.last_only)
