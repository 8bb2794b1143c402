r"""Commands that an author defines: \newcommand{\bh}{\mathbf{h}} and those with arguments, put in where they are used.

Nothing is executed: a use becomes the tokens of its definition, at the place of the use, within limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lstmsym.errors import FormulaError
from lstmsym.formulas.pairs import mates, refused
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.tokens import GAP, MARK, NUMBER, Token, tokens

MOST_TOKENS = 40_000  # after everything is put in
DEEPEST = 12  # definitions within definitions
_COMMANDS = (r"\newcommand", r"\renewcommand", r"\providecommand", r"\DeclareMathOperator", r"\def")
_WRITTEN = re.compile(
    r"(?m)^[^%\n]*?((?:\\(?:re)?newcommand|\\providecommand|\\DeclareMathOperator)\*?\s*"
    r"(?:\{\s*\\[A-Za-z]+\s*\}|\\[A-Za-z]+)[^\n]*|\\def\s*\\[A-Za-z]+[^\n]*)"
)


@dataclass(frozen=True)
class Definition:
    """What a command stands for: #1 in its body is its first argument."""

    arguments: int
    body: tuple[Token, ...]


def definitions(document: str) -> dict[str, Definition]:
    """The commands that a document defines, each on a line; a line that is not understood is passed over."""
    found: dict[str, Definition] = {}
    for match in _WRITTEN.finditer(document):
        line = Text(match[1])
        try:
            found |= taken(tokens(line.whole), line)[1]
        except FormulaError:
            continue
    return found


def expanded(pieces: Sequence[Token], text: Text, known: Mapping[str, Definition]) -> list[Token]:
    """The tokens with every defined command put in. Raises FormulaError beyond the limits."""
    rest, own = taken(pieces, text)
    every = {**known, **own}
    if not any(a.kind == MARK and a.text in every for a in rest):
        return rest
    return _Expansion(every, text).all(rest, 0)


def taken(pieces: Sequence[Token], text: Text) -> tuple[list[Token], dict[str, Definition]]:
    """The tokens without the definitions among them, and the definitions."""
    if not any(a.mark(*_COMMANDS) for a in pieces):
        return list(pieces), {}
    pairs = mates(pieces, {"{": "}"}, text)
    rest: list[Token] = []
    found: dict[str, Definition] = {}
    at = 0
    while at < len(pieces):
        if pieces[at].mark(*_COMMANDS):
            name, definition, at = _definition(pieces, pairs, at, text)
            found[name] = definition
        else:
            rest.append(pieces[at])
            at += 1
    return rest, found


def _definition(
    pieces: Sequence[Token], pairs: Mapping[int, int], at: int, text: Text
) -> tuple[str, Definition, int]:
    """One definition: its name, what it says, and the place behind it."""
    command = pieces[at]
    at = _past(pieces, at + 1, "*")
    braced = at < len(pieces) and pieces[at].mark("{")
    inside = pieces[at + 1 : pairs[at]] if braced else pieces[at : at + 1]
    at = pairs[at] + 1 if braced else at + 1
    count = 0
    if (
        at + 2 < len(pieces)
        and pieces[at].mark("[")
        and pieces[at + 1].kind == NUMBER
        and pieces[at + 2].mark("]")
    ):
        count, at = int(pieces[at + 1].text[:1]), at + 3
    while at + 1 < len(pieces) and pieces[at].mark("#"):
        count, at = count + 1, at + 2
    if len(inside) != 1 or at >= len(pieces) or not pieces[at].mark("{"):
        raise refused(
            text, command, rf"this definition is not understood; write {command.text}{{\name}}{{…}}"
        )
    body = tuple(pieces[at + 1 : pairs[at]])
    if command.text == r"\DeclareMathOperator":
        body = (replace(command, text=r"\operatorname"), *pieces[at : pairs[at] + 1])
    return inside[0].text, Definition(count, body), pairs[at] + 1


def _past(pieces: Sequence[Token], at: int, text: str) -> int:
    while at < len(pieces) and (pieces[at].kind == GAP or pieces[at].mark(text)):
        at += 1
    return at


class _Expansion:
    """Puts definitions in, one within the other up to a limit."""

    def __init__(self, known: Mapping[str, Definition], text: Text) -> None:
        self.known, self.text = known, text
        self.count = 0

    def all(self, pieces: Sequence[Token], depth: int) -> list[Token]:
        return list(self.walk(pieces, depth))

    def walk(self, pieces: Sequence[Token], depth: int) -> Iterator[Token]:
        pairs = mates(pieces, {"{": "}"}, self.text)
        at = 0
        while at < len(pieces):
            token = pieces[at]
            definition = self.known.get(token.text) if token.kind == MARK else None
            if definition is None:
                self.counted(token)
                yield token
                at += 1
                continue
            if depth == DEEPEST:
                raise refused(
                    self.text, token, f"definitions stand in each other more than {DEEPEST} deep"
                )
            arguments, at = self.arguments(pieces, pairs, at + 1, definition.arguments)
            yield from self.walk(self.body(definition, arguments, token), depth + 1)

    def counted(self, token: Token) -> None:
        self.count += 1
        self.bounded(self.count, token)

    def bounded(self, count: int, token: Token) -> None:
        if count > MOST_TOKENS:
            raise refused(
                self.text, token, f"the definitions put in make more than {MOST_TOKENS} tokens"
            )

    def arguments(
        self, pieces: Sequence[Token], pairs: Mapping[int, int], at: int, count: int
    ) -> tuple[list[Sequence[Token]], int]:
        found: list[Sequence[Token]] = []
        for _ in range(count):
            if at >= len(pieces):
                raise refused(self.text, pieces[-1], "an argument of a defined command is missing")
            end = pairs[at] if pieces[at].mark("{") else at
            found.append(pieces[at + 1 : end] if end > at else pieces[at : at + 1])
            at = end + 1
        return found, at

    def body(
        self, definition: Definition, arguments: Sequence[Sequence[Token]], use: Token
    ) -> list[Token]:
        """The body with its arguments, all at the place of the use; braces keep it one thing."""
        out = [Token(MARK, "{", use.start, use.end, use.spaced)]
        body = list(definition.body)
        at = 0
        while at < len(body):
            number = body[at + 1].text if body[at].mark("#") and at + 1 < len(body) else ""
            if number.isdigit() and 0 < int(number[:2]) <= len(arguments):
                out += arguments[int(number[:2]) - 1]
                self.bounded(len(out), use)
                at += 2
            else:
                out.append(replace(body[at], start=use.start, end=use.end))
                at += 1
        return [*out, Token(MARK, "}", use.start, use.end)]
