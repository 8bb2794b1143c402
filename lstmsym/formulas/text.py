r"""What \text, \mathrm and \operatorname say: a word, a few letters, or prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lstmsym.formulas.tokens import GAP, LETTER, MARK, NUMBER, PROSE, WORD, Token
from lstmsym.formulas.words import ASIDES, BREAKS, function_name

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)+")


def upright(command: Token, inside: Sequence[Token], end: int) -> Iterator[Token] | None:
    """The tokens of a word or of prose; None where mathematics stands inside, to be read as it is."""
    written = joined(inside).strip()
    if function_name(written) or _IDENTIFIER.fullmatch(written):
        return iter([_word(written.replace("-", "_"), inside, command, end)])
    if _CODE.fullmatch(written):
        return _code(written, command.start, end, command.spaced)
    if not written:
        return iter(())
    if command.text.startswith((r"\text", r"\mbox", r"\hbox", r"\emph")):
        return iter([Token(PROSE, written, command.start, end, command.spaced)])
    return None


def joined(tokens: Sequence[Token]) -> str:
    """Tokens as plain text."""
    return "".join(_written(a) for a in tokens)


def _written(token: Token) -> str:
    space = " " if token.spaced or token.kind == GAP else ""
    name = token.text.removeprefix("\\") if token.text == r"\_" else token.text
    greek = token.kind == LETTER and len(token.text) > 1
    return space + ("" if token.kind == GAP else f"\\{name} " if greek else name)


def _word(word: str, inside: Sequence[Token], command: Token, end: int) -> Token:
    if word.lower() in BREAKS | ASIDES and command.text.startswith(
        (r"\text", r"\mbox", r"\mathrm")
    ):
        return Token(PROSE, word, command.start, end, command.spaced)
    return Token(WORD, word, command.start, end, command.spaced)


def _code(written: str, start: int, end: int, spaced: bool) -> Iterator[Token]:
    r"""dh_next is the word dh with the index next, W_f_t one with two."""
    base, *indices = written.split("_")
    yield Token(WORD, base, start, end, spaced)
    yield Token(MARK, "_", start, end)
    yield Token(MARK, "{", start, end)
    for n, index in enumerate(indices):
        if n:
            yield Token(MARK, ",", start, end)
        yield Token(NUMBER if index.isdigit() else WORD, index, start, end)
    yield Token(MARK, "}", start, end)
