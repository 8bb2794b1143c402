"""What stands beside an equation and is none of it: its number, remarks in brackets, words about its letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from lstmsym.formulas import macros
from lstmsym.formulas.tokens import LETTER, MARK, NUMBER, PROSE, Token
from lstmsym.formulas.words import ASIDES

_BOUNDS = ("<", ">", r"\le", r"\ge", r"\leq", r"\geq", r"\lt", r"\gt")


def relates(token: Token) -> bool:
    """Whether a token is a relation."""
    return token.kind == MARK and token.text in macros.RELATIONS


def needs_object(token: Token) -> bool:
    """Whether words end with one that the formula behind them belongs to."""
    words = token.text.lower().split()
    return (
        token.kind == PROSE
        and len(words) > 1
        and words[-1] in ("of", "to", "wrt", "w.r.t.", "von", "de", "del")
    )


def names_gradient(token: Token) -> bool:
    r"""Whether words name a gradient of the letter behind them: \text{Future error } C_t."""
    words = token.text.lower()
    return token.kind == PROSE and ":" not in words and bool(_GRADIENT.search(words))


_GRADIENT = re.compile(
    r"\b(error|gradient|grad|derivative|sensitivity|contribution|influence|part|effect)\b"
)


def in_brackets(tokens: Sequence[Token]) -> bool:
    """Whether tokens are one number, or one relation, in round brackets: (3), (y = V h)."""
    if len(tokens) < 3 or not tokens[0].mark("(") or not tokens[-1].mark(")"):
        return False
    depth = 0
    for a in tokens[:-1]:
        depth += a.mark("(") - a.mark(")")
        if not depth:
            return False
    return (len(tokens) == 3 and tokens[1].kind == NUMBER) or any(map(relates, tokens))


def is_numbered(tokens: Sequence[Token]) -> bool:
    r"""Whether the number of the equation stands behind it, apart: \ (2)."""
    if len(tokens) < 6 or not (tokens[-3].mark("(") and tokens[-1].mark(")")):
        return False
    before, number = tokens[-4], tokens[-2]
    ends = before.named or before.mark("}", ")", "]")
    return ends and tokens[-3].spaced and number.kind == NUMBER and number.text.isdigit()


def opens_aside(token: Token) -> bool:
    """Whether all to the end of the row is said beside: \\forall, for, if, a bracket that stays open."""
    first = token.text.lower().split()[0] if token.text.split() else ""
    remark = first.startswith("(") and ")" not in token.text
    return token.mark(r"\forall") or (token.kind == PROSE and (first in ASIDES or remark))


def counts(tokens: Sequence[Token]) -> bool:
    """Whether tokens are a list as 1, …, T, or a bound as t > 0."""
    bare = all(a.kind in (LETTER, NUMBER) or a.mark("+", "-", *_BOUNDS) for a in tokens)
    if bare and len(tokens) < 8:
        return any(a.mark(*_BOUNDS) for a in tokens)
    return any(a.mark(",") and b.mark(r"\dots") for a, b in pairwise(tokens))
