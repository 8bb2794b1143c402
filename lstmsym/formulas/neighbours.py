r"""Marks that their neighbours make one thing or another: a point is a product or an end, \mid parts two blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lstmsym.formulas import macros
from lstmsym.formulas.tokens import MARK, Token


def point(before: Sequence[Token], token: Token, after: Token) -> str:
    """A . B and A.B are products; a point right behind a formula ends it."""
    ends = bool(before) and (before[-1].named or before[-1].mark("}", ")", "]"))
    product = ends and _begins(after) and token.spaced == after.spaced
    return r"\cdot" if product else "."


def bigodot(before: Sequence[Token], token: Token, after: Token) -> str:
    r"""\bigodot_t is a product over t, a \bigodot b one of two."""
    return r"\prod" if after.mark("_") else r"\odot"


def mid(before: Sequence[Token], token: Token, after: Token) -> str:
    r"""[A \mid B] puts two blocks side by side; elsewhere it is a bar."""
    opened = [a.text for a in before if a.mark("[", "]")]
    return "," if opened.count("[") > opened.count("]") else "|"


def _begins(token: Token) -> bool:
    """Whether a factor may begin with a token."""
    command = token.kind == MARK and token.text[:1] == "\\" and token.text[1:].isalpha()
    signs = macros.RELATIONS.keys() | macros.PRODUCTS.keys() | macros.GAPS | {r"\right", r"\end"}
    return token.named or token.mark("(", "[", "{") or (command and token.text not in signs)


#   mark, and how it is read behind some tokens and in front of one
SETTLED: dict[str, Callable[[Sequence[Token], Token, Token], str]] = {
    ".":         point,
    r"\bigodot": bigodot,
    r"\mid":     mid,
}  # fmt: skip
