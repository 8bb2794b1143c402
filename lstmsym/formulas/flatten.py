r"""The environments that only set equations below each other are opened; matrices and cases stay whole.

After this every row end and wide gap that is left parts equations, or rows and cells of a matrix.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lstmsym.formulas import macros
from lstmsym.formulas.pairs import mates
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.tokens import GAP, MARK, PROSE, ROW, WORD, Token
from lstmsym.formulas.words import ASIDES, BREAKS


@dataclass(frozen=True, slots=True)
class Placed:
    """A token, and whether it stands outside of all brackets and matrices."""

    token: Token
    top: bool


def flattened(tokens: Sequence[Token], text: Text) -> list[Placed]:
    """The tokens without layout environments. Raises FormulaError for a bracket without a partner."""
    return list(_Walk(tokens, mates(tokens, macros.BRACKETS, text)).placed())


class _Walk:
    def __init__(self, tokens: Sequence[Token], pairs: dict[int, int]) -> None:
        self.tokens, self.pairs = tokens, pairs
        self.outer: list[str] = []  # what is open: bracket, matrix, layout
        self.opened: set[int] = set()  # where an environment at the top was opened up
        self.last: Token | None = None
        self.waits = False  # whether a relation stands before, over the ends of lines

    def placed(self) -> Iterator[Placed]:
        for at, token in enumerate(self.tokens):
            found = self.one(at, token)
            if found is not None:
                self.last = found.token
                self.waits = found.token.mark(*macros.RELATIONS) or (
                    self.waits and found.token.kind in (ROW, GAP)
                )
                yield found

    def one(self, at: int, token: Token) -> Placed | None:
        if at not in self.pairs or token.kind != MARK:
            return self.plain(token)
        begins = self.pairs[at] > at
        if self.lays_out(at if begins else self.pairs[at]):
            return self.layout(at, token, begins)
        if not begins:
            self.outer.pop()
        placed = Placed(token, not self.outer)
        if begins:
            whole = token.text.startswith(r"\begin") or self.after_substack()
            self.outer.append("matrix" if whole else "bracket")
        return placed

    def plain(self, token: Token) -> Placed | None:
        if not self.outer:
            said = token.kind == WORD and token.text.lower() in BREAKS | ASIDES
            return Placed(replace(token, kind=PROSE) if said else token, True)
        parts = token.kind == ROW or (token.kind == GAP and token.text == "&")
        if token.kind in (ROW, GAP) and not (parts and self.outer[-1] == "matrix"):
            return None
        return Placed(token, False)

    def layout(self, at: int, token: Token, begins: bool) -> Placed | None:
        """An environment at the top becomes a row end, one within brackets a space."""
        if begins and not self.outer:
            self.opened.add(at)
            return Placed(replace(token, kind=ROW, text="env"), True)
        if begins:
            self.outer.append("layout")
            return None
        if self.pairs[at] in self.opened:
            return Placed(replace(token, kind=ROW, text="env"), True)
        self.outer.pop()
        return None

    def lays_out(self, begin: int) -> bool:
        if begin in self.opened:
            return True
        name = self.tokens[begin].text.removeprefix(r"\begin{").rstrip("}")
        if name in macros.LAYOUTS:
            return True
        system = name in macros.CASES or name == "array"
        return system and not self.outer and self.alone() and self.has_relation(begin)

    def alone(self) -> bool:
        return not self.waits and (self.last is None or self.last.kind in (ROW, PROSE, GAP))

    def has_relation(self, begin: int) -> bool:
        """Whether a relation stands in the first row, outside of brackets: a system of equations."""
        at = begin + 1
        while self.tokens[at].kind in (ROW, GAP):
            at += 1
        while at < self.pairs[begin] and self.tokens[at].kind != ROW:
            if self.tokens[at].mark("=", ":="):
                return True
            at = self.pairs.get(at, at) + 1
        return False

    def after_substack(self) -> bool:
        return self.last is not None and self.last.mark(r"\substack")
