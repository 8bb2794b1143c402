"""The verdicts on a document, in every form in which they are handed back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstmsym.equations.cell import Cell
from lstmsym.errors import CellError, InputError
from lstmsym.verification.claims.claim import Judged, Verdict
from lstmsym.verification.claims.document import judge_document
from lstmsym.verification.marking.lines import WIDEST, Pen, lines
from lstmsym.verification.marking.markdown import markdown
from lstmsym.verification.marking.page import page
from lstmsym.verification.marking.renames import check_names
from lstmsym.verification.marking.sentences import judged_by, summary
from lstmsym.verification.marking.sources import Document, document_of

SCHEMA = "lstmsym/verify/1"


@dataclass(frozen=True)
class Marked:
    """A document and the verdicts on its claims; str() is what the terminal shows."""

    document: Document
    judged: Judged

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One a claim, in the order of the document."""
        return self.judged.verdicts

    @property
    def counts(self) -> dict[str, int]:
        """How many claims have each verdict: right, right_as, wrong, approximation, cannot_read, undefined."""
        return self.judged.counts

    @property
    def exit_code(self) -> int:
        """0 all right, 1 something wrong, 2 something that could not be judged, or nothing to judge."""
        return self.judged.exit_code

    def text(self, pen: Pen = lambda words, kind: words, width: int = WIDEST) -> str:
        """Line by line; `pen` colours words of a kind: right, wrong, weak or faint."""
        return lines(self.judged, self.document.text, pen, width)

    def __str__(self) -> str:
        return self.text()

    def markdown(self) -> str:
        """Formulas between $$."""
        return markdown(self.judged)

    def _repr_markdown_(self) -> str:
        return self.markdown()

    def html(self) -> str:
        """A page that needs nothing beside itself."""
        return page(self.judged, self.document.name)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "schema": SCHEMA,
            "cell": self.judged.cell.name,
            "claims": [v.as_dict() for v in self.verdicts],
            "summary": {
                "sentence": f"{summary(self.judged)}; {judged_by(self.judged)}",
                "claims": len(self.verdicts),
                "counts": self.counts,
                "notes": list(self.judged.notes),
                "exit_code": self.exit_code,
            },
        }


def verify_document(
    document: str | Path | Document, cell: str | Cell | None = None,
    renames: Mapping[str, str] | None = None, kind: str | None = None,
) -> Marked:  # fmt: skip
    r"""The verdicts on every claim of a document.

    document  a path ending in .tex, .md, .txt or .ipynb, or the text itself
    cell      that the claims are about; None where the document's own forward equations say it
    renames   the document's symbols in the cell's names: {r"\Gamma_u": "i"}
    kind      tex, markdown, text or notebook, where it is not clear

    Raises InputError for what is no document or holds no equation, UnknownName for a name that the cell does
    not have.
    """
    found = document if isinstance(document, Document) else document_of(document, kind)
    try:
        judged = judge_document(found.text, found.kind, cell, renames)
        check_names(judged.cell, (renames or {}).values())
        return Marked(found, judged)
    except InputError as error:
        raise InputError(f"{found.name}: {error}") from None
    except CellError as error:
        raise error.in_file(found.name) from None
