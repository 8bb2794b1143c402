"""Which bracket closes which, found once; what never closes is refused where it opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lstmsym.errors import FormulaError
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.tokens import MARK, Token
from lstmsym.formulas.tree import Place

DEEPEST = 40  # brackets in brackets


def mates(tokens: Sequence[Token], closers: Mapping[str, str], text: Text) -> dict[int, int]:
    """From the place of every bracket to the place of its partner, both ways. Raises FormulaError."""
    opened: list[int] = []
    pairs: dict[int, int] = {}
    closing = frozenset(closers.values())
    for at, token in enumerate(tokens):
        if token.kind != MARK:
            continue
        if closer(token, closers):
            opened.append(at)
            if len(opened) > DEEPEST:
                raise refused(text, token, f"brackets are nested more than {DEEPEST} deep")
        elif token.text in closing or token.text.startswith(r"\end{"):
            _match(tokens, opened, at, closers, text)
            pairs[at] = opened.pop()
            pairs[pairs[at]] = at
    if opened:
        raise refused(text, tokens[opened[-1]], f"{shown(tokens[opened[-1]])} is never closed")
    return pairs


def closer(token: Token, closers: Mapping[str, str]) -> str:
    """What closes a bracket or an environment; "" for other tokens."""
    if token.text.startswith(r"\begin{"):
        return r"\end" + token.text[6:]
    return closers.get(token.text, "")


def _match(
    tokens: Sequence[Token],
    opened: Sequence[int],
    at: int,
    closers: Mapping[str, str],
    text: Text,
) -> None:
    token = tokens[at]
    if not opened:
        raise refused(text, token, f"{shown(token)} closes nothing")
    expected = closer(tokens[opened[-1]], closers)
    if expected != token.text:
        opener = shown(tokens[opened[-1]])
        raise refused(
            text, token, f"{opener} was opened and {shown(token)} closes; write {expected}"
        )


def shown(token: Token) -> str:
    """A token in a message."""
    return f"'{token.text}'" if token.kind != "end" else "the end"


def refused(text: Text, token: Token, message: str) -> FormulaError:
    """An error that points at a token."""
    error = text.fail(Place(token.start, token.end), message, FormulaError)
    assert isinstance(error, FormulaError)
    return error
