"""The formulas of a text that may be a document: read passage by passage, their places those of the text."""

from __future__ import annotations

import re
from dataclasses import replace

from lstmsym.errors import CellError
from lstmsym.formulas.documents import find_mathematics
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.reader import read_formulas
from lstmsym.formulas.rewriting import below
from lstmsym.formulas.tree import Formula, Node, Place

_ARTICLE = re.compile(r"\\begin\{document\}|\\documentclass")
_DELIMITER = re.compile(r"(?<!\\)\$|\\\[[^\d]|\\\(")


def formulas_in(text: Text) -> list[Formula]:
    """Every formula of a text, in order. Raises CellError with the place in the text."""
    found: list[Formula] = []
    for start, written in _passages(text.whole):
        try:
            found += [_moved(a, start) for a in read_formulas(written)]
        except CellError as error:
            at = start + _offset(written, error)
            raise text.fail(Place(at, at), error.message, type(error)) from None
    return found


def _passages(text: str) -> list[tuple[int, str]]:
    """The passages of a document, each with where it begins; formulas alone are one."""
    if not _ARTICLE.search(text) and not _DELIMITER.search(text):
        return [(0, text)]
    lines = [0, *(m.end() for m in re.finditer("\n", text))]
    passages = find_mathematics(text, "tex" if _ARTICLE.search(text) else "markdown")
    return [(lines[p.line - 1] + p.column - 1, p.text) for p in passages]


def _offset(text: str, error: CellError) -> int:
    """Where in a text an error points."""
    lines = [0, *(m.end() for m in re.finditer("\n", text))]
    return lines[max(error.line, 1) - 1] + max(error.column, 1) - 1


def _moved(node: Node, by: int) -> Node:
    if not by:
        return node
    moved = below(node, lambda child: _moved(child, by))
    return replace(moved, place=Place(node.place.start + by, node.place.end + by))
