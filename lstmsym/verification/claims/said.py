"""What a document says in words: which states begin at zero, which letters words alone explain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.formulas.reader import read_formula

IN_WORDS = re.compile(
    r"\b(?:where|here|let)\b[^$]{0,24}\$\s*\\(Delta|delta)(?:_\{?\w+\}?)?\s*\$\s+"
    r"(?:collects?|denotes?|contains?|captures?|summari[sz]es?|gathers?|represents?|stands for|is the sum|are the)"
)
INITIAL = r"(?:\\[a-zA-Z]+\{[A-Za-z]\}|[A-Za-z])(?:_\{?0\}?|\^\{?[(<]?0[)>]?\}?|\^\{\\langle 0 \\rangle\})"
ZEROS = re.compile(
    rf"({INITIAL}(?:\s*=\s*{INITIAL})*)\s*=\s*(?:0(?![\d.])|\\(?:mathbf|boldsymbol|vec)\s*\{{?0\}}?)"
)


def explained_in_words(text: str) -> frozenset[str]:
    """The letters Δ and δ that a document explains in words: where Δ_s collects …"""
    return frozenset(a[1] for a in IN_WORDS.finditer(text))


def zeros_of(text: str) -> Iterator[f.Symbol]:
    """The initial states that a document sets to zero, in prose or in a display: h_0 = c_0 = 0."""
    for chain in ZEROS.finditer(text):
        for written in chain[1].split("="):
            try:
                symbol = read_formula(written)
            except LstmsymError:
                continue
            if isinstance(symbol, f.Symbol):
                yield symbol


def last_sentence(prose: str) -> str:
    """What is said right before a formula."""
    return re.split(r"(?<=[.;!?])\s+(?=[A-Z])", prose.strip())[-1]
