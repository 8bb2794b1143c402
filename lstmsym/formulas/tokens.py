r"""The pieces of a written formula: letters, words, numbers and marks, each with its place.

The lexer is lark's, its terminals stand in `tokens.lark`. Unicode becomes the marks of LaTeX here, so
that no later module knows two spellings: ⊙ is \odot, ₜ₋₁ is _{t-1}, C̃ is \tilde{C}.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lark import Lark

from lstmsym.formulas import characters
from lstmsym.formulas.words import is_word, split_run

LETTER, WORD, NUMBER, MARK, PROSE = "letter", "word", "number", "mark", "prose"
GAP, ROW, TAG, END = "gap", "row", "tag", "end"
_OPENING = ("(", "[", r"\left", r"\big", r"\Big")  # tr before one of these is the trace
_FRACTIONS = (r"\frac", r"\dfrac", r"\tfrac", r"\cfrac")
WIDE = 3  # so many spaces part two equations on one line


@dataclass(frozen=True, slots=True)
class Token:
    r"""One piece.

    kind    letter, word, number, mark (everything else that a formula is made of), prose (what \text
            says), gap (a wide space), row (\\), tag, end
    text    letters and words without backslash, marks with it; of a gap its name
    spaced  whether a space stands before it
    """

    kind: str
    text: str
    start: int
    end: int
    spaced: bool = False

    def mark(self, *texts: str) -> bool:
        """Whether this is one of the marks."""
        return self.kind == MARK and self.text in texts

    @property
    def named(self) -> bool:
        """Whether this is a letter or a word."""
        return self.kind in (LETTER, WORD)


def tokens(text: str) -> list[Token]:
    """All pieces of a text; narrow spaces are kept as a flag only."""
    return list(_lexed(text, 0))


@cache
def _lexer() -> Lark:
    grammar = files(__package__).joinpath("tokens.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser=None, lexer="basic")


def _lexed(text: str, offset: int) -> Iterator[Token]:
    spaced = fraction = below = False
    plain = (
        "\\" not in text and "$" not in text
    )  # where W_xf has one index, which in LaTeX it has not
    for piece in _lexer().lex(text):
        start = offset + (piece.start_pos or 0)
        if piece.type == "SPACE" and not _wide(piece):
            spaced = True
            continue
        trace = piece.value == "tr" and text.startswith(_OPENING, piece.end_pos)
        if trace or (plain and below and piece.type == "LETTERS"):
            yield Token(WORD, piece.value, start, start + len(piece.value), spaced)
            below = False
            continue
        below = piece.value == "_"
        found = _pieces(piece.type, piece.value, start, spaced)
        yield from _digits(*found) if fraction and piece.type == "NUMBER" else found
        spaced = piece.type in ("SPACE", "NEWLINE", "COMMENT")
        fraction = piece.value in _FRACTIONS


def _digits(number: Token) -> Iterator[Token]:
    r"""Of \frac12 the first digit stands above the line."""
    middle = number.start + 1
    yield Token(NUMBER, number.text[0], number.start, middle, number.spaced)
    if number.text[1:]:
        yield Token(NUMBER, number.text[1:], middle, number.end)


def _wide(space: str) -> bool:
    return len(space) >= WIDE or "\t" in space


def _pieces(kind: str, text: str, start: int, spaced: bool) -> Iterator[Token]:
    end = start + len(text)
    match kind:
        case "LETTERS":
            yield from _letters(text, start, spaced)
        case "NUMBER":
            yield Token(NUMBER, text, start, end, spaced)
        case "COMMAND" if text == "\\\n":  # a row end that lost a backslash
            yield Token(GAP, "\n", start, end, spaced)
        case "COMMAND":
            yield _command(text, start, end, spaced)
        case "MARKED":
            yield from _accented(text, start, end, spaced)
        case "LOWERED" | "RAISED":
            yield from _script("_" if kind == "LOWERED" else "^", text, start)
        case "ENTITY":
            yield from _entity(text, start, spaced)
        case "ROW":
            yield Token(ROW, r"\\", start, end, spaced)
        case "SPACE":
            yield Token(GAP, " ", start, end, spaced)
        case "NEWLINE":
            yield Token(GAP, "\n\n" if text.count("\n") > 1 else "\n", start, end, spaced)
        case "DOLLARS":
            yield Token(MARK, text, start, end, spaced)
        case "OTHER":
            yield from _other(text, start, end, spaced)


def _entity(text: str, start: int, spaced: bool) -> Iterator[Token]:
    """&lt; as the character that a web page shows; & before a word is a mark of alignment."""
    shown = html.unescape(text)
    end = start + len(text)
    if len(shown) > 1:
        yield Token(MARK, "&", start, start + 1, spaced)
        yield from _lexed(text[1:], start + 1)
    elif not shown.isspace():
        yield from _other(shown, start, end, spaced)


def _letters(run: str, start: int, spaced: bool) -> Iterator[Token]:
    for n, part in enumerate(split_run(run)):
        kind = WORD if is_word(part) else LETTER
        at = start if kind == WORD else start + n
        yield Token(kind, part, at, at + len(part), spaced and n == 0)


def _command(text: str, start: int, end: int, spaced: bool) -> Token:
    name = text[1:]
    if name in characters.GREEK_NAMES:
        return Token(LETTER, name, start, end, spaced)
    return Token(MARK, text, start, end, spaced)


def _accented(text: str, start: int, end: int, spaced: bool) -> Iterator[Token]:
    decomposed = unicodedata.normalize("NFD", text)
    base, marks = decomposed[0], decomposed[1:]
    accents = [characters.ACCENTS.get(a, f"u{ord(a):04x}") for a in marks]
    for name in reversed(accents):
        yield Token(MARK, rf"\{name}", start, end, spaced)
        yield Token(MARK, "{", start, end)
    yield from _other(base, start, end, False)
    for _ in accents:
        yield Token(MARK, "}", start, end)


def _script(sign: str, text: str, start: int) -> Iterator[Token]:
    end = start + len(text)
    yield Token(MARK, sign, start, end)
    yield Token(MARK, "{", start, end)
    yield from _lexed(characters.plain(text), start)
    yield Token(MARK, "}", start, end)


def _other(text: str, start: int, end: int, spaced: bool) -> Iterator[Token]:
    if text in characters.UNSEEN:
        return
    if text in characters.MARKS:
        yield _command(characters.MARKS[text], start, end, spaced)
    elif text in characters.GREEK:
        yield Token(LETTER, characters.GREEK[text], start, end, spaced)
    elif (plain := characters.plain(text)) != text:
        yield from _other(plain, start, end, spaced)
    elif len(unicodedata.normalize("NFD", text)) > 1:
        yield from _accented(text, start, end, spaced)
    elif text.isascii() and text.isalpha():
        yield Token(LETTER, text, start, end, spaced)
    else:
        yield Token(MARK, text, start, end, spaced)
