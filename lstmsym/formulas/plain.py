r"""Formulas in text without delimiters: which lines are mathematics, and what is said before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lstmsym.formulas.scanning import Found
from lstmsym.formulas.words import function_name

_RELATION = re.compile(
    r":=|<-|[=≈≔≜≡≤≥∝]|\\(?:approx|equiv|propto|le|ge|leq|geq|gets|leftarrow|coloneqq|triangleq|doteq)\b"
)
_LABEL = re.compile(r"\s*(?:\(?\d+[.)]\s+|[-*•]\s+)?(?:[A-Za-z][A-Za-z -]*[A-Za-z]:\s+)?")
_COMMAND = re.compile(r"\\[A-Za-z]+\s*(?:\{[A-Za-z ]*\})?|[_^]\{?[A-Za-z]+\}?")
_WORD = re.compile(r"(?<![A-Za-z_])[A-Za-z]{3,}(?![A-Za-z_(\[])")
_SETTING = re.compile(  # T = 100; k = 1, …, 5
    r"\s*\\?[A-Za-z]+(\s*,\s*\\?[A-Za-z]+)*\s*(=|\\[lg]eq?|≤|≥|<|>)\s*"
    r"(\d[\d.]*|[A-Za-z])(\s*[,+-]\s*(\\[lc]?dots|…|\d[\d.]*|[A-Za-z])|\s*(\.\.\.?|\\[lc]?dots|…)\s*\w+)*"
)
_VALUE = re.compile(  # h_0 = 0
    r"\\?[A-Za-z]+\s*(_\s*(\w|\{[^{}]*\}))?\s*(=|\\approx|≈|\\to)[\s\d.]*"
)
_OPENING, _CLOSING = "([{", ")]}"


def lines_of_formulas(text: str) -> list[Found]:
    """The lines, or runs of lines, that are formulas."""
    return list(_runs(text))


def is_statement(text: str) -> bool:
    """Whether inline mathematics says an equation, and not just T = 100 or k = 1, …, 5."""
    if not _RELATION.search(_without_groups(text)):
        return False
    said = text.strip().strip("$").removeprefix(r"\(").removesuffix(r"\)").strip().rstrip(".,;")
    return len(said) > 200 or not (_SETTING.fullmatch(said) or _VALUE.fullmatch(said))


def _without_groups(text: str) -> str:
    """The text without what stands in braces, which is where \\sum_{t=1} has its sign."""
    before = ""
    while before != text and text.count("{") < 500:
        before, text = text, re.sub(r"\{[^{}]*\}", "", text)
    return text


def _runs(text: str) -> Iterator[Found]:
    start, end, depth = -1, 0, 0
    offset = 0
    for line in text.splitlines(keepends=True):
        label = _LABEL.match(line)
        begins = offset + (label.end() if label else 0)
        body = text[begins : offset + len(line)]
        goes_on = start >= 0 and (
            depth > 0 or body.lstrip()[:1] in tuple("=+*/⊙∘·−-)") or body.lstrip()[:2] == "\\\\"
        )
        if body.strip() and (goes_on or _is_formula(body)):
            start = begins if start < 0 else start
            end = offset + len(line.rstrip())
            depth = max(depth + _opened(body), 0)
        elif start >= 0:
            yield Found(start, end, True)
            start, depth = -1, 0
        offset += len(line)
    if start >= 0:
        yield Found(start, end, True)


def _opened(line: str) -> int:
    return sum((a in _OPENING) - (a in _CLOSING) for a in line)


def _is_formula(line: str) -> bool:
    """A relation, and no words but names of functions."""
    if not _RELATION.search(line):
        return False
    words = _WORD.findall(_COMMAND.sub(" ", line))
    return not any(a.islower() and not function_name(a) for a in words)
