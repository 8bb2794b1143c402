"""The answer for a terminal: a mark, the line, the formula, and beneath what is to be said of it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lstmsym.verification.claims.claim import Judged, Verdict
from lstmsym.verification.marking.boxes import unboxed
from lstmsym.verification.marking.characters import shown
from lstmsym.verification.marking.formulas import corrected, written
from lstmsym.verification.marking.sentences import (
    judged_by,
    mark,
    notes,
    pen_of,
    place,
    remarks,
    summary,
)

Pen = Callable[[str, str], str]
WIDEST, LEAST, LONGEST = 100, 40, 400  # columns; characters of a formula that was not read


def lines(
    judged: Judged, document: str, pen: Pen = lambda words, kind: words, width: int = WIDEST
) -> str:
    """Claim by claim, then the count and the cell; `pen` colours words of a kind: right, wrong, weak or faint."""
    number = max((len(place(v)) for v in judged.verdicts), default=1)
    page = Page(document.splitlines(), pen, min(max(width, LEAST), WIDEST), number)
    found = [
        line
        for verdict, words in zip(judged.verdicts, remarks(judged.verdicts), strict=True)
        for line in page.claim(verdict, words)
    ]
    end = [*notes(judged), f"{summary(judged)}; {judged_by(judged)}"]
    kind = ("right", "wrong", "weak")[judged.exit_code]
    return "\n".join(
        [*found, *[""] * bool(found), *(a for e in end for a in page.sentence(e, kind))]
    )


@dataclass(frozen=True)
class Page:
    """How wide it is, and where formulas begin; `rows` are those of the document."""

    rows: list[str]
    pen: Pen
    width: int
    number: int

    @property
    def margin(self) -> int:
        return self.number + 5

    def claim(self, verdict: Verdict, words: str) -> Iterator[str]:
        """The lines on one claim."""
        kind = pen_of(verdict)
        head = self.pen(f"{mark(verdict):<2} {place(verdict):>{self.number}}", kind)
        formula = written(verdict)
        first, *rest = self.indented(formula.unicode()) if formula else self.pointed(verdict)
        yield f"{head}  {first[self.margin :]}"
        yield from rest
        yield from (self.pen(line, kind) for line in self.indented(words, hanging=0))
        yield from self.correction(verdict)

    def correction(self, verdict: Verdict) -> Iterator[str]:
        """The right formula to be read, and its right side to be copied."""
        formula = corrected(verdict)
        said = formula.unicode() if formula else ""
        yield from (self.pen(line, "right") for line in self.indented(said))
        yield from (self.pen(line, "faint") for line in self.indented(unboxed(verdict.corrected)))

    def pointed(self, verdict: Verdict) -> list[str]:
        """The line of the document with a caret at the place that was not understood, or what was found."""
        claim, room = verdict.claim, self.width - self.margin
        row = (
            "" if claim.cell or not 0 < claim.line <= len(self.rows) else self.rows[claim.line - 1]
        )
        begin = len(row) - len(row.lstrip())
        start = max(begin, min(claim.column - 1 - room // 2, len(row) - room))
        caret = claim.column - 1 - start
        if not row.strip() or caret < 0:
            return self.indented(_short(claim.latex)) or [" " * self.margin]
        inside = shown(row[start : start + room]).rstrip()
        return [" " * self.margin + inside, " " * (self.margin + caret) + "^"]

    def indented(self, words: str, hanging: int = 4) -> list[str]:
        """Words from the margin on, what continues a line further right; no line for no words."""
        return _cut(words, self.width, self.margin, self.margin + hanging)

    def sentence(self, words: str, kind: str) -> list[str]:
        """Words from the left edge on."""
        return [self.pen(line, kind) for line in _cut(words, self.width, 0, 0)]


def _cut(words: str, width: int, first: int, others: int) -> list[str]:
    return textwrap.wrap(
        shown(words), width, initial_indent=" " * first, subsequent_indent=" " * others,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _short(latex: str) -> str:
    words = " ".join(latex.split())
    return shown(words if len(words) <= LONGEST else words[: LONGEST - 2] + " …")
