r"""One script as it is written: how far it reaches, its brackets, and what stands between its commas."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lstmsym.formulas import macros
from lstmsym.formulas.cursor import Cursor
from lstmsym.formulas.pairs import shown
from lstmsym.formulas.tokens import LETTER, MARK, NUMBER, PROSE, WORD
from lstmsym.formulas.tree import Node, Place, Script, Symbol, Words

# fmt: off
_STYLES = {"(": "round", "[": "square", r"\langle": "angle", "<": "angle"}
_CLOSING = (")", "]", r"\rangle", ">", "-")
_KINDS = (MARK, LETTER, WORD, NUMBER, PROSE)
_NO_SCRIPTS = (")", "]", "}", r"\}", r"\rangle", r"\rvert", r"\rVert", ",", ";", "=", "_", "^", "|", r"\at")
_CLOCK = ("t", "T", "k", "s", r"\tau")
_ALONE = frozenset(macros.PRODUCTS) | {"+", "-", r"\dagger", r"\infty", r"\forall"}
# fmt: on


class Indices(Cursor):
    """Reads what stands behind _ or ^, or in square brackets right behind a letter."""

    def chain(self, side: Callable[[], Node] | None = None) -> Node:
        """Sides with relations between them, or a single expression."""
        raise NotImplementedError

    def transposes(self, start: int, end: int) -> bool:
        r"""Whether the last token says so: \top always, T alone or behind a bracket or a minus."""
        if end <= start:
            return False
        last = self.tokens[end - 1]
        behind = end - start == 1 or self.tokens[end - 2].mark(*_CLOSING)
        return last.mark(r"\top") or (last.named and last.text == "T" and behind)

    def hung_transpose(self, start: int, end: int) -> int:
        r"""Where the time of h^{(t)^\top} ends, 0 for any other script."""
        closed = end > start and self.tokens[end - 1].mark("}")
        last = self.pairs[end - 1] if closed else end - 1
        raises = last > start + 1 and self.tokens[last - 1].mark("^")
        first, after = (last + 1, end - 1) if closed else (last, end)
        says = raises and self.tokens[last - 2].mark(*_CLOSING) and self.transposes(first, after)
        return last - 1 if says else 0

    def is_indicator(self, base: Symbol) -> bool:
        """Whether a condition stands behind a bold 1: 1[i = j], 1(k = i)."""
        if base != Symbol("1") or not self.peek().mark("[", "(") or self.at not in self.pairs:
            return False
        inside = self.tokens[self.at + 1 : self.mate()]
        return self.peek().mark("[") or any(a.mark(*macros.RELATIONS) for a in inside)

    def script(self, where: str) -> list[Script]:
        """The script that comes; none for empty braces."""
        start, end, after = self.extent()
        found = self.styled(where, start, end) if end > start else []
        self.at = after
        return found

    def extent(self) -> tuple[int, int, int]:
        """The tokens of a script: from, to, and the place after it."""
        at, token = self.at, self.peek()
        if token.mark("{"):
            return at + 1, self.mate(), self.mate() + 1
        if token.mark("(", "[", r"\langle"):
            return at, self.mate() + 1, self.mate() + 1
        if token.mark("<"):
            close = next(
                (n for n in range(at, min(self.end, at + 9)) if self.tokens[n].mark(">")), at
            )
            return at, close + 1, close + 1
        if token.mark("-") and self.peek(1).kind == NUMBER and not self.peek(1).spaced:
            return at, at + 2, at + 2
        if token.kind not in _KINDS or token.mark(*_NO_SCRIPTS):
            raise self.refuse(f"an index or exponent was expected, found {shown(token)}")
        after = at + 1
        for _ in range(macros.ARITY.get(token.text, 0) if token.kind == MARK else 0):
            after = max(self.pairs.get(after, after), after) + 1
        return at, min(after, self.end), min(after, self.end)

    def styled(self, where: str, start: int, end: int) -> list[Script]:
        """A script, or several where each has its brackets: a^{[2]<t>}."""
        groups, at = [], start
        while at < end and (close := self.closes(at, end)):
            groups.append((at, close))
            at = close
        if at < end and groups and self.is_timed(groups, at, end):
            groups.append((at, end))
        elif at < end or not groups:
            groups = [(start, end)]
        return [self.one_styled(where, *a) for a in groups]

    def is_timed(self, groups: list[tuple[int, int]], at: int, end: int) -> bool:
        """Whether letters stand behind a time in brackets: the i of h^{(t)i} is a component."""
        times = all(self.tokens[start + 1].text in _CLOCK for start, _ in groups)
        return times and all(a.kind == LETTER for a in self.tokens[at:end])

    def closes(self, at: int, end: int) -> int:
        """The place after the bracket that opens at a place, 0 if none does."""
        if self.tokens[at].mark("(", "[", r"\langle"):
            return self.pairs[at] + 1
        if self.tokens[at].mark("<"):
            return next((n + 1 for n in range(at + 2, end) if self.tokens[n].mark(">")), 0)
        return 0

    def one_styled(self, where: str, start: int, end: int) -> Script:
        """A script with the brackets around all of it."""
        self.at = start
        place = self.text_place(start, end)
        first, last = self.tokens[start], self.tokens[end - 1]
        angle = first.mark("<") and last.mark(">") and end - start > 2
        whole = angle or (first.mark("(", "[", r"\langle") and self.pairs.get(start) == end - 1)
        if not whole or end - start == 2:
            return Script(where, "plain", tuple(self.indices(start, end)), place=place)
        return Script(
            where, _STYLES[first.text], tuple(self.indices(start + 1, end - 1)), place=place
        )

    def indices(self, start: int, end: int) -> Iterator[Node]:
        """The parts between commas; slices and bounds are kept as they are written."""
        inner = self.tokens[start:end]
        if self.is_slice(start, end) or inner[0].mark(*macros.RELATIONS):
            yield Words(self.source(start, end), place=self.text_place(start, end))
            return
        with self.until(end):
            self.at = start
            yield self.one_index(end)
            while self.accept(",", ";"):
                yield self.one_index(end)

    def one_index(self, end: int) -> Node:
        """What stands between two commas; a sign alone is a name, a star that of any gate."""
        alone = self.at + 1 == end or self.peek(1).mark(",", ";")
        if not alone or not self.peek().mark(*_ALONE):
            return self.chain()
        place = self.text_place(self.at, self.at + 1)
        token = self.take()
        star = token.mark("*", r"\ast", r"\star")
        return Symbol("star" if star else token.text.removeprefix("\\"), place=place)

    def is_slice(self, start: int, end: int) -> bool:
        """Whether a colon stands outside of further brackets."""
        while start < end and not self.tokens[start].mark(":"):
            start = max(self.pairs.get(start, start), start) + 1
        return start < end

    def text_place(self, start: int, end: int) -> Place:
        return Place(self.tokens[start].start, self.tokens[end - 1].end)

    def is_index(self) -> bool:
        """Whether brackets right behind a letter hold a time or a slice: h[t-1], W_f[:, :n]."""
        if not self.peek().mark("[") or self.peek().spaced or self.at not in self.pairs:
            return False
        inner = self.tokens[self.at + 1 : self.mate()]
        if any(a.mark(":") for a in inner):
            return not any(a.mark("[", "(") for a in inner)
        shape = [a.kind for a in inner]
        named = len(inner) in (1, 3) and (inner[0].named or shape == [NUMBER])
        return named and (
            len(inner) == 1 or (inner[1].mark("+", "-") and shape[2] in (NUMBER, LETTER))
        )
