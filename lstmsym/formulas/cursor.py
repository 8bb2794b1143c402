"""A place in a list of tokens: what comes next, what was taken, and the errors that point there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from lstmsym.errors import FormulaError
from lstmsym.formulas import macros
from lstmsym.formulas.pairs import mates, refused, shown
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.tokens import END, Token
from lstmsym.formulas.tree import Node, Place

DEEPEST = 50  # factors within factors


class Cursor:
    """Reads tokens from left to right; `end` is where the part ends that is being read."""

    def __init__(self, tokens: Sequence[Token], text: Text) -> None:
        self.tokens, self.text = tokens, text
        self.pairs = mates(tokens, macros.BRACKETS, text)
        self.at, self.end = 0, len(tokens)
        self.depth = 0
        self.bars: list[str] = []  # of |a| and ‖a‖ that are open

    def sum(self) -> Node:
        """Everything up to the next comma, relation or closing bracket."""
        raise NotImplementedError

    def factor(self) -> Node:
        """One factor with what hangs on it."""
        raise NotImplementedError

    def peek(self, ahead: int = 0) -> Token:
        """The token that comes, or the end."""
        at = self.at + ahead
        if at < self.end:
            return self.tokens[at]
        stop = self.tokens[self.end].start if self.end < len(self.tokens) else self.last_end()
        return Token(END, "", stop, stop)

    def last_end(self) -> int:
        """Where the last token ends."""
        return self.tokens[-1].end if self.tokens else 0

    def take(self) -> Token:
        """The token that comes; the next call gives the one after it."""
        token = self.peek()
        self.at += token.kind != END
        return token

    def accept(self, *texts: str) -> bool:
        """Whether one of these marks comes; if so it is taken."""
        found = self.peek().mark(*texts)
        self.at += found
        return found

    def expect(self, text: str, where: str) -> None:
        """Takes a mark, or refuses what stands in its place."""
        if not self.accept(text):
            raise self.refuse(f"{where}: '{text}' was expected, found {shown(self.peek())}")

    def mate(self) -> int:
        """The place of the bracket that closes the one that comes."""
        return self.pairs[self.at]

    def place(self, start: int) -> Place:
        """From a token to the last one that was taken."""
        first, last = self.tokens[start], self.tokens[max(self.at - 1, start)]
        return Place(first.start, max(first.end, last.end))

    def refuse(self, message: str, token: Token | None = None) -> FormulaError:
        """An error at the token that comes."""
        return refused(self.text, token or self.peek(), message)

    def source(self, start: int, end: int) -> str:
        """What was written from one token to before another."""
        if start >= end:
            return ""
        return self.text.whole[self.tokens[start].start : self.tokens[end - 1].end].strip()

    @contextmanager
    def until(self, end: int) -> Iterator[None]:
        """Only the tokens before `end` are seen; all of them must be read."""
        before, self.end = self.end, end
        bars, self.bars = self.bars, []
        yield
        if self.at < self.end:
            raise self.refuse(f"{shown(self.peek())} is not expected here")
        self.end, self.bars = before, bars
