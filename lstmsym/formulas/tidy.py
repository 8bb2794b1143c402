r"""What only looks is taken away: fonts, sizes, colours, spaces and labels.

What stays is letters, words, numbers and marks of one spelling; \left. … \right| becomes braces and \at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from lstmsym.errors import nearest
from lstmsym.formulas import macros
from lstmsym.formulas.fences import fences, overs
from lstmsym.formulas.neighbours import SETTLED
from lstmsym.formulas.pairs import mates, refused
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.spelling import unknown
from lstmsym.formulas.text import joined, upright
from lstmsym.formulas.tokens import GAP, LETTER, MARK, NUMBER, PROSE, ROW, TAG, WORD, Token

_LENGTH = re.compile(r"(\d*\.?\d+)([a-z]+)")
_LOCAL = re.compile(r"\b(local|immediate|own|current)\b|当前|當前|本地|局部")
_PLAIN = frozenset("+-=()[]{}|,;:./<>'*^_!@")


def tidied(tokens: Sequence[Token], text: Text) -> list[Token]:
    """The tokens that say something. Raises FormulaError for a command in no table."""
    return _Tidy(tokens, text).all()


class _Tidy:
    """A walk over tokens from left to right; every rule returns where to go on."""

    def __init__(self, tokens: Sequence[Token], text: Text) -> None:
        self.tokens, self.text = list(tokens), text
        self.mates = mates(tokens, {"{": "}"}, text)
        self.fences = {**overs(tokens, self.mates), **fences(tokens)}
        self.kept: list[Token] = []
        self.labels: dict[
            int, bool
        ] = {}  # where that of an \underbrace may begin, and whether of a fraction
        self.display = 0  # how deep in $$ or an environment, where a new line is a space
        self.inline = False  # between $ and $, \( and \)

    def all(self) -> list[Token]:
        """The tokens that stay."""
        at = 0
        while at < len(self.tokens):
            at = self.one(at)
        return self.kept

    def one(self, at: int) -> int:
        token = self.tokens[at]
        if at in self.fences:
            return self.fence(self.fences[at], token, at)
        if at in self.labels and token.mark("_", "^"):
            return self.label(token, at)
        if token.kind == MARK:
            return self.command(token, at)
        if token.kind == GAP and token.text.startswith("\n"):
            return self.new_line(token, at)
        self.kept.append(token)
        return at + 1

    def new_line(self, token: Token, at: int) -> int:
        """A row of a plain text, nothing but a space between $ and $; in a display it may part two equations."""
        if self.inline:
            return self.unseen(token, at)
        self.put(GAP if self.display else ROW, "\n", token)
        return at + 1

    def put(self, kind: str, text: str, token: Token, end: int | None = None) -> None:
        self.kept.append(
            replace(token, kind=kind, text=text, end=token.end if end is None else end)
        )

    def argument(self, at: int) -> tuple[Sequence[Token], int]:
        """The tokens of the argument at a place, and the place after it."""
        while at < len(self.tokens) and self.tokens[at].kind == GAP:
            at += 1
        if at >= len(self.tokens):
            raise refused(
                self.text, self.tokens[-1], "the text ends where an argument was expected"
            )
        if self.tokens[at].mark("{"):
            end = self.mates[at]
            return self.tokens[at + 1 : end], end + 1
        return self.tokens[at : at + 1], at + 1

    def starred(self, at: int) -> int:
        """The place after a command and its star."""
        return at + 2 if self.mark_at(at + 1, "*") else at + 1

    def end_of(self, at: int) -> int:
        """Where the text of the tokens before a place ends."""
        return self.tokens[at - 1].end

    # --- rules ------------------------------------------------------------------------------------

    def command(self, token: Token, at: int) -> int:
        for names, rule in _RULES:
            if token.text in names:
                return rule(self, token, at)
        name = macros.SAME.get(token.text, token.text)
        if name not in macros.KNOWN and name not in _PLAIN:
            raise refused(self.text, token, unknown(name))
        return self.mark(name, token, at)

    def mark(self, name: str, token: Token, at: int) -> int:
        """A mark in its one spelling."""
        self.put(MARK, name, token)
        return at + 1

    def settled(self, token: Token, at: int) -> int:
        """A mark that its neighbours make one thing or another."""
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else token
        return self.mark(SETTLED[token.text](self.kept, token, after), token, at)

    def underscore(self, token: Token, at: int) -> int:
        r"""In c\_in_t it is a part of the name; elsewhere it is an index that Markdown has escaped."""
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else token
        named = bool(self.kept) and self.kept[-1].named and after.named
        if named and self.mark_at(at + 2, "_") and not (token.spaced or after.spaced):
            first = self.kept.pop()
            self.kept.append(replace(first, kind=WORD, text=first.text + after.text, end=after.end))
            return at + 2
        return self.mark("_", token, at)

    def function(self, token: Token, at: int) -> int:
        self.put(WORD, token.text[1:], token)
        return at + 1

    def unseen(self, token: Token, at: int) -> int:
        """A space: what follows stands apart; behind a size it does so if the size does."""
        apart = token.spaced or token.text not in macros.SIZES
        if at + 1 < len(self.tokens) and apart:
            self.tokens[at + 1] = replace(self.tokens[at + 1], spaced=True)
        return at + 1

    def gap(self, token: Token, at: int) -> int:
        self.put(GAP, token.text, token)
        return at + 1

    def fence(self, becomes: str, token: Token, at: int) -> int:
        for text in becomes.split():
            self.put(MARK, text, token)
        return at + 1

    def dropped(self, token: Token, at: int) -> int:
        at = self.starred(at)
        for n in range(macros.DROPPED[token.text]):
            if n == 0 and token.text.endswith("color") and self.mark_at(at, "["):
                at = self.past(at, "]")
            at = self.argument(at)[1]
        return at

    def labelled(self, token: Token, at: int) -> int:
        inside, after = self.argument(at + 1)
        self.labels[after] = self.is_fraction(inside)
        return at + 1

    def is_fraction(self, inside: Sequence[Token]) -> bool:
        """Whether one fraction is all that stands under a brace."""
        if not inside or not inside[0].mark(r"\frac", r"\dfrac", r"\tfrac"):
            return False
        first = next(n for n, a in enumerate(self.tokens) if a is inside[0])
        return self.tokens[self.argument(self.argument(first + 1)[1])[1] - 1] is inside[-1]

    def label(self, token: Token, at: int) -> int:
        """The label of a brace only looks, unless it says that a derivative is the local one."""
        inside, after = self.argument(at + 1)
        words = joined(inside)
        if self.labels[at] and _LOCAL.search(words):
            for text in (r"\at", "_", "{"):
                self.put(MARK, text, token)
            self.put(PROSE, "local part", token)
            self.put(MARK, "}", token)
        return after

    def space(self, token: Token, at: int) -> int:
        r"""\hspace{2em} is a wide space, \hspace{2pt} none."""
        inside, after = self.argument(self.starred(at))
        length = _LENGTH.fullmatch(joined(inside).replace(" ", ""))
        if length and float(length[1]) >= macros.WIDE.get(length[2], 0):
            self.put(GAP, r"\quad", token, self.end_of(after))
        return after

    def between(self, token: Token, at: int) -> int:
        r"""\intertext{…} ends a row."""
        after = self.argument(at + 1)[1]
        self.put(ROW, r"\\", token, self.end_of(after))
        return after

    def tag(self, token: Token, at: int) -> int:
        inside, after = self.argument(self.starred(at))
        self.put(TAG, joined(inside).strip(), token, self.end_of(after))
        return after

    def stacked(self, token: Token, at: int) -> int:
        r"""\overset{!}{=} is =, \stackrel{\text{def}}{=} is :=."""
        above, after = self.argument(at + 1)
        if "def" in joined(above) and self.argument(after)[0][0].text == "=":
            self.put(MARK, ":=", token, self.end_of(self.argument(after)[1]))
            return self.argument(after)[1]
        return after

    def root(self, token: Token, at: int) -> int:
        r"""\sqrt[n]{x} has two arguments, \sqrt{x} one."""
        if not self.mark_at(at + 1, "["):
            return self.mark(token.text, token, at)
        end = self.past(at + 1, "]") - 1
        self.put(MARK, r"\root", token)
        self.tokens[at + 1] = replace(self.tokens[at + 1], text="{")
        self.tokens[end] = replace(self.tokens[end], text="}")
        return at + 1

    def font(self, token: Token, at: int) -> int:
        r"""The letters as they are; \mathbf{1} is a letter, not the number, and \mathbf{0.5} a number."""
        inside, after = self.argument(at + 1)
        if len(inside) == 1 and inside[0].kind == NUMBER and inside[0].text in ("0", "1"):
            self.put(LETTER, inside[0].text, token, self.end_of(after))
            return after
        return at + 1

    def upright(self, token: Token, at: int) -> int:
        start = self.starred(at)
        inside, after = self.argument(start)
        words = upright(token, inside, self.end_of(after))
        if words is None:
            return start
        self.kept.extend(words)
        return after

    def begin(self, token: Token, at: int) -> int:
        inside, after = self.argument(at + 1)
        name = joined(inside).strip().rstrip("*")
        self.known_environment(name, token)
        self.put(MARK, rf"\begin{{{name}}}", token, self.end_of(after))
        self.display += 1
        if self.mark_at(after, "[") and self.mark_at(after + 2, "]"):
            after += 3
        if name in ("array", "alignat", "alignedat"):
            after = self.argument(after)[1]
        return after

    def end(self, token: Token, at: int) -> int:
        inside, after = self.argument(at + 1)
        self.put(MARK, rf"\end{{{joined(inside).strip().rstrip('*')}}}", token, self.end_of(after))
        self.display -= 1
        return after

    def known_environment(self, name: str, token: Token) -> None:
        known = macros.LAYOUTS | macros.MATRICES | macros.CASES
        if name not in known:
            offered = nearest(name, known)
            raise refused(
                self.text, token, f"the environment '{name}' is not understood; {offered}"
            )

    def delimiter(self, token: Token, at: int) -> int:
        r"""$, $$, \[, \(: mathematics begins or ends; behind \left and \right they are brackets."""
        if at and self.tokens[at - 1].text in (r"\left", r"\right") and token.text[0] == "\\":
            return self.mark(token.text[1:], token, at)
        if token.text.startswith("$"):
            self.display = 0 if self.display else 1
        else:
            self.display = 1 if token.text in (r"\[", r"\(") else 0
        self.inline = bool(self.display) and token.text in ("$", r"\(")
        self.put(ROW, "$", token)
        return at + 1

    def mark_at(self, at: int, text: str) -> bool:
        return at < len(self.tokens) and self.tokens[at].mark(text)

    def past(self, at: int, text: str) -> int:
        """The place after the next mark."""
        for n in range(at, len(self.tokens)):
            if self.tokens[n].mark(text):
                return n + 1
        raise refused(self.text, self.tokens[at], f"'{text}' is missing")


#   commands, and what is done with them
_RULES: tuple[tuple[frozenset[str], Callable[[_Tidy, Token, int], int]], ...] = (
    (frozenset(SETTLED), _Tidy.settled),
    (macros.UNSEEN | macros.SIZES, _Tidy.unseen),
    (macros.FONTS, _Tidy.font),
    (macros.UPRIGHT, _Tidy.upright),
    (macros.FUNCTION_COMMANDS, _Tidy.function),
    (macros.GAPS | {"&"}, _Tidy.gap),
    (frozenset(macros.DROPPED), _Tidy.dropped),
    (macros.LABELLED, _Tidy.labelled),
    (macros.BETWEEN, _Tidy.between),
    (frozenset({r"\hspace", r"\mspace"}), _Tidy.space),
    (frozenset({r"\_"}), _Tidy.underscore),
    (frozenset({r"\tag", r"\label"}), _Tidy.tag),
    (frozenset({r"\overset", r"\stackrel"}), _Tidy.stacked),
    (frozenset({r"\sqrt"}), _Tidy.root),
    (frozenset({r"\begin"}), _Tidy.begin),
    (frozenset({r"\end"}), _Tidy.end),
    (frozenset({"$", "$$", r"\[", r"\]", r"\(", r"\)"}), _Tidy.delimiter),
)
