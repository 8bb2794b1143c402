"""The answer as Markdown, its formulas between $$."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lstmsym.verification.claims.claim import Judged, Verdict
from lstmsym.verification.marking.characters import shown
from lstmsym.verification.marking.sentences import (
    judged_by,
    mark,
    notes,
    pen_of,
    place,
    remarks,
    summary,
)

_LAYOUT = re.compile(
    r"(?<!\\)&|\\\\(?:\s*\[[^\]]*\])?|\\(?:nonumber|notag)(?![A-Za-z])|\\(?:label|tag)\s*\{[^}]*\}"
)
_MARKS = re.compile(r"([\\`*<>\[\]|$#~])")
_FENCE = "````"
COLOURS = {"right": "green", "wrong": "red", "weak": "orange"}


def markdown(judged: Judged) -> str:
    """A section a claim: what was written, what is to be said of it, and the right formula with what differs boxed."""
    said = zip(judged.verdicts, remarks(judged.verdicts), strict=True)
    parts = [part for verdict, words in said for part in _claim(verdict, words)]
    end = [_prose(note) for note in notes(judged)]
    return "\n\n".join([*parts, *end, f"**{summary(judged)}**; {_prose(judged_by(judged))}"]) + "\n"


def _claim(verdict: Verdict, words: str) -> Iterator[str]:
    colon = f": {_prose(words)}" if words else ""
    yield f"**{mark(verdict).replace('*', chr(92) + '*')} line {place(verdict)}**{colon}"
    latex = _plain(verdict.claim.latex)
    if verdict.claim.relation:
        yield _display(latex, COLOURS[pen_of(verdict)])
    else:
        yield f"{_FENCE}latex\n{latex}\n{_FENCE}"
    if verdict.corrected:
        yield "The right side should read"
        yield _display(_plain(verdict.corrected), COLOURS["right"])


def _display(latex: str, colour: str) -> str:
    r"""The braces behind \color let it end with them, whether it takes an argument or not."""
    return f"$$\n\\color{{{colour}}}{{{latex}}}\n$$"


def _plain(latex: str) -> str:
    """A formula on one line without the marks of its alignment and without what would end the display."""
    words = " ".join(_LAYOUT.sub(" ", shown(latex)).split())
    return words.replace("$", "").replace(_FENCE, "")


def _prose(words: str) -> str:
    """Words in which Markdown finds nothing of its own."""
    return _MARKS.sub(r"\\\1", shown(words))
