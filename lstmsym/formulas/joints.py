r"""Characters that are one mark, as := and +=, also as \mathrel{+}=; letters apart that are one word, as n e t."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lstmsym.formulas.tokens import LETTER, MARK, WORD, Token
from lstmsym.formulas.words import FUNCTIONS

# fmt: off
JOINTS: dict[tuple[str, str], str] = {
    (":", "="): ":=",   ("+", "="): "+=",  ("=", "="): "=",
    ("<", "="): r"\le", (">", "="): r"\ge", ("-", ">"): r"\to",
}
# fmt: on


SPACED = (*FUNCTIONS, "net", "out")  # words that print with a space between their letters


def worded(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with n e t as one word, where a space stands between every two of its letters."""
    kept: list[Token] = []
    for token in tokens:
        kept.append(token)
        for count in range(3, 8):
            run = kept[-count:]
            alone = len(run) == count and all(_is_alone(a) for a in run)
            if alone and all(a.spaced for a in run[1:]) and (word := _said(run)) in SPACED:
                kept[-count:] = [replace(run[0], kind=WORD, text=word, end=token.end)]
                break
    return kept


def _is_alone(token: Token) -> bool:
    return token.kind == LETTER and len(token.text) == 1


def _said(run: Sequence[Token]) -> str:
    return "".join(a.text for a in run)


def joined(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with one mark for every two that belong together and stand side by side."""
    kept: list[Token] = []
    for token in tokens:
        last = kept[-1] if kept else None
        both = JOINTS.get((last.text, token.text)) if last is not None else None
        if last is not None and both and last.kind == token.kind == MARK and not token.spaced:
            kept[-1] = replace(last, text=both, end=token.end)
        else:
            kept.append(token)
    return kept
