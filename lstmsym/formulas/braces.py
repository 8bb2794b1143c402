r"""Braces that do not show are taken away: {f_t} \odot c is f_t \odot c, but \frac{a}{b} and {W_f}^T keep theirs."""

from __future__ import annotations

from collections.abc import Sequence

from lstmsym.formulas import macros
from lstmsym.formulas.pairs import mates
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.tokens import GAP, Token
from lstmsym.formulas.words import function_name


def unwrapped(tokens: Sequence[Token], text: Text) -> list[Token]:
    """The tokens without braces that neither hold an argument nor carry a script."""
    pairs = mates(tokens, {"{": "}"}, text)
    dropped: set[int] = set()
    outer: list[
        tuple[int, bool]
    ] = []  # of each open brace: arguments wanted after it, behind a function
    wanted, behind = 0, False
    for at, token in enumerate(tokens):
        if token.kind == GAP:
            continue
        if token.mark("{"):
            if not (wanted or behind or _carries(tokens, at, pairs[at])):
                dropped |= {at, pairs[at]}
            outer.append((max(wanted - 1, 0), behind and wanted > 0))
            wanted, behind = 0, False
        elif token.mark("}"):
            wanted, behind = outer.pop()
        else:
            argument = wanted > 0
            behind = _is_function(token) or (behind and (argument or token.mark("_", "^", "'")))
            wanted = max(wanted - 1, 0) + _arity(token)
    return [a for n, a in enumerate(tokens) if n not in dropped]


def _arity(token: Token) -> int:
    return 0 if token.named else macros.ARITY.get(token.text, 0)


def _carries(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether something hangs on the group as a whole."""
    after = tokens[end + 1] if end + 1 < len(tokens) else None
    return end - start > 2 and after is not None and after.mark("_", "^", "'", r"\at", "|")


def _is_function(token: Token) -> bool:
    return token.named and (token.text == "sigma" or bool(function_name(token.text)))
