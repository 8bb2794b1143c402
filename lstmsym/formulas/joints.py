r"""Two characters that are one mark: := and +=, also as \mathrel{+}=, <= and ->."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lstmsym.formulas.tokens import MARK, Token

# fmt: off
JOINTS: dict[tuple[str, str], str] = {
    (":", "="): ":=",   ("+", "="): "+=",  ("=", "="): "=",
    ("<", "="): r"\le", (">", "="): r"\ge", ("-", ">"): r"\to",
}
# fmt: on


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
