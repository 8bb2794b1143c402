r"""Where the mathematics stands in a document: LaTeX, Markdown, plain text and notebooks.

Displays ($$ … $$, \[ … \], environments) are always passages, inline mathematics only where it is an
equation. Code, verbatim text and comments are passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lstmsym.errors import InputError
from lstmsym.formulas.plain import is_statement, lines_of_formulas
from lstmsym.formulas.scanning import Found, scanned

LONGEST = 2_000_000  # characters in a document
QUOTED = re.compile(r"(?m)^[ ]{0,3}>(?:[ ]?>)*")  # the marks of a quotation, also within a display
ESCAPED = re.compile(r"(\\tag\{[^}]*\})\\\{\}")  # braces that a site generator puts behind a tag
_BEFORE = 400  # characters of prose that are kept


@dataclass(frozen=True)
class Passage:
    """A piece of mathematics in a document.

    text    with its delimiters, as the reader takes it
    line    where it begins, from 1, in a notebook within its cell; column likewise
    before  what is said before it, since the last passage or empty line
    cell    the number of the notebook's cell, from 1; 0 in other documents
    """

    text: str
    line: int
    column: int
    before: str = ""
    cell: int = 0

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column in the document of an offset in the text."""
        before = self.text[:offset]
        rows = before.count("\n")
        column = len(before) - before.rfind("\n")
        return self.line + rows, column if rows else self.column + offset


def find_mathematics(text: str, kind: str) -> list[Passage]:
    """The passages of a document in order; `kind` is tex, markdown, text or notebook.

    Raises InputError for a kind that nobody knows, a document that is too long or no notebook.
    """
    if kind not in _KINDS:
        raise InputError(f"the kind of document is {kind!r}; known: {', '.join(_KINDS)}")
    if len(text) > LONGEST:
        raise InputError(f"the document has {len(text)} characters; at most {LONGEST} are read")
    return list(_KINDS[kind](text))


def _tex(text: str) -> Iterator[Passage]:
    yield from _passages(text, scanned(text) or _bare(text), start=text.find(r"\begin{document}"))


def _markdown(text: str) -> Iterator[Passage]:
    text = QUOTED.sub(lambda m: " " * len(m[0]), text)
    if "$" not in text:
        text = re.sub(r"\\\\(?=[()])", " \\\\", text)  # \\( … \\), escaped once more for Markdown
    text = ESCAPED.sub(lambda m: f"{m[1]}   ", text)
    found = [*scanned(text, markdown=True), *_in_code(text)]
    yield from _passages(text, sorted(found, key=lambda a: a.start))


def _in_code(text: str) -> Iterator[Found]:
    """The lines with a derivative in blocks of code that are in no language."""
    for block in FENCED.finditer(text):
        for a in lines_of_formulas(block[2]) if "∂" in block[2] else ():
            if "∂" in block[2][a.start : a.end]:
                yield Found(a.start + block.start(2), a.end + block.start(2), True)


FENCED = re.compile(r"(?ms)^[ \t]*(```|~~~)(?:text|txt|plain)?[ ]*\n(.*?)^[ \t]*\1")


def _text(text: str) -> Iterator[Passage]:
    found = scanned(text)
    yield from _passages(
        text, found if any(_counts(text, a) for a in found) else lines_of_formulas(text)
    )


def _notebook(text: str) -> Iterator[Passage]:
    """The passages of the Markdown cells."""
    try:
        cells = json.loads(text)["cells"]
        sources = [(a["cell_type"], "".join(a["source"])) for a in cells]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(f"the notebook is no JSON with cells: {type(error).__name__}") from None
    for number, (kind, source) in enumerate(sources, 1):
        if kind == "markdown":
            yield from (replace(a, cell=number) for a in _markdown(source))


_KINDS: dict[str, Callable[[str], Iterator[Passage]]] = {
    "tex": _tex,
    "markdown": _markdown,
    "text": _text,
    "notebook": _notebook,
}


def _bare(text: str) -> list[Found]:
    """A text without delimiters is mathematics as a whole, if a relation stands in it."""
    lines = lines_of_formulas(text)
    rows = r"\\" in text or "&" in text
    prose = re.search(r"(?m)^\s*(?:\\(?:sub)*section|[A-Z][a-z]+ [a-z]+ [a-z]+)", text)
    return lines if prose or not rows else [Found(0, len(text), True)] * bool(lines)


def _counts(text: str, found: Found) -> bool:
    return found.display or is_statement(text[found.start : found.end])


def _passages(text: str, found: list[Found], start: int = -1) -> Iterator[Passage]:
    after, line, counted = max(start, 0), 1, 0
    for a in found:
        if a.start < start or not _counts(text, a) or not text[a.start : a.end].strip():
            continue
        line += text.count("\n", counted, a.start)
        counted = a.start
        column = a.start - (text.rfind("\n", 0, a.start) + 1) + 1
        said = _said(text[max(after, a.start - 4 * _BEFORE) : a.start])
        yield Passage(text[a.start : a.end], line, column, said)
        after = a.end


def _said(between: str) -> str:
    """The last paragraph of what stands between two passages, without marks of layout."""
    paragraphs = [p for p in re.split(r"\n\s*\n", between) if p.strip()]
    last = " ".join(paragraphs[-1].split()) if paragraphs else ""
    return last[-_BEFORE:]
