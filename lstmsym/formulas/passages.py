"""The formulas of a text that may be a document: read passage by passage, their places those of the text."""

from __future__ import annotations

import re
from dataclasses import replace

from lstmsym.errors import CellError
from lstmsym.formulas.documents import Passage, find_mathematics
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.reader import read_formulas
from lstmsym.formulas.rewriting import below
from lstmsym.formulas.tree import Formula, Node, Place

_ARTICLE = re.compile(r"\\begin\{document\}|\\documentclass")
_DELIMITER = re.compile(r"(?<!\\)\$|\\\[[^\d]|\\\(")


def formulas_in(text: Text) -> list[Formula]:
    """Every formula of a text, in order. Raises CellError with the place in the text."""
    passages = _passages(text.whole)
    if passages is None:
        return read_formulas(text.whole)
    starts = [0, *(m.end() for m in re.finditer("\n", text.whole))]
    found: list[Formula] = []
    for passage in passages:
        start = starts[passage.line - 1] + passage.column - 1
        try:
            found += [_moved(a, start) for a in read_formulas(passage.text)]
        except CellError as error:
            inside = [0, *(m.end() for m in re.finditer("\n", passage.text))]
            at = start + inside[max(error.line - 1, 0)] + max(error.column - 1, 0)
            raise text.fail(Place(at, at), error.message, type(error)) from None
    return found


def _passages(text: str) -> list[Passage] | None:
    """The passages of a document; None for formulas alone."""
    if _ARTICLE.search(text):
        return find_mathematics(text, "tex")
    return find_mathematics(text, "markdown") if _DELIMITER.search(text) else None


def _moved(node: Node, by: int) -> Node:
    moved = below(node, lambda child: _moved(child, by))
    return replace(moved, place=Place(node.place.start + by, node.place.end + by))
