r"""What hangs on a factor: indices, times, powers, transposes, primes, and the bar of a derivative."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lstmsym.formulas import macros
from lstmsym.formulas.cursor import Cursor
from lstmsym.formulas.pairs import shown
from lstmsym.formulas.tokens import LETTER, MARK, NUMBER, PROSE, WORD
from lstmsym.formulas.tree import (
    Apply,
    Bracket,
    Derivative,
    Grid,
    Node,
    Number,
    Place,
    Power,
    Script,
    Scripted,
    Stack,
    Sum,
    Symbol,
    Transpose,
    Words,
)  # fmt: skip

_STYLES = {"(": "round", "[": "square", r"\langle": "angle", "<": "angle"}
_CLOSING = (")", "]", r"\rangle", ">", "-")
_KINDS = (MARK, LETTER, WORD, NUMBER, PROSE)
_NO_SCRIPTS = (
    ")",
    "]",
    "}",
    r"\}",
    r"\rangle",
    r"\rvert",
    r"\rVert",
    ",",
    ";",
    "=",
    "_",
    "^",
    "|",
    r"\at",
)
_ALONE = frozenset(macros.PRODUCTS) | {"+", "-", r"\dagger", r"\infty", r"\forall"}
_TIMES: tuple[Node, ...] = tuple(
    map(Symbol, ("t", "k", "j", "i", "s", "l", "n", "tau", "T", "*", "+", "-"))
)


@dataclass
class _Hung:
    """What was found behind a factor."""

    below: list[Script] = field(default_factory=list)
    above: list[Script] = field(default_factory=list)
    powers: list[Node] = field(default_factory=list)
    primes: int = 0
    transposed: int = 0

    def __bool__(self) -> bool:
        return bool(self.below or self.above or self.powers or self.primes or self.transposed)


class Scripts(Cursor):
    """Reads scripts; what a symbol's mean is left open, all others are powers, transposes and indices."""

    def chain(self, side: Callable[[], Node] | None = None) -> Node:
        """Sides with relations between them, or a single expression."""
        raise NotImplementedError

    def hung(self, base: Node, start: int) -> Node:
        """The factor with all that hangs on it."""
        found = _Hung()
        while True:
            token = self.peek()
            if token.mark("'"):
                self.take()
                found.primes += 1
            elif token.mark("_"):
                self.no_second("index", found.below)
                self.take()
                found.below += self.script("below")
            elif token.mark("^"):
                self.take()
                if not self.transposes(*self.extent()[:2]):
                    self.no_second("exponent", [*found.above, *found.powers])
                self.raised(found)
            elif isinstance(base, Symbol) and self.is_index():
                found.below += self.script("below")
            elif token.mark(r"\at") or (
                token.mark("|") and not self.bars and self.peek(1).mark("_")
            ):
                base, found = self.evaluated(self.built(base, found, start), start), _Hung()
            else:
                return self.built(base, found, start)

    def no_second(self, name: str, before: Sequence[Node]) -> None:
        """A second script of one kind has no meaning; h[t] has brackets of its own."""
        if any(not isinstance(a, Script) or a.style != "square" for a in before):
            raise self.refuse(f"a second {name} on one symbol; write both in one pair of braces")

    def evaluated(self, base: Node, start: int) -> Node:
        r"""A derivative and the word behind its bar; anything else keeps the bar as a script."""
        self.take()
        if not self.accept("_"):
            raise self.refuse("behind the bar the kind was expected, as in |_{\\text{block}}")
        scripts = tuple(replace(a, style="bar") for a in self.script("below"))
        inside = scripts[0].inside[0] if scripts else None
        word = (
            inside.text
            if isinstance(inside, Words)
            else inside.base
            if isinstance(inside, Symbol)
            else ""
        )
        if isinstance(base, Derivative) and len(word) > 1 and inside in (Words(word), Symbol(word)):
            return replace(base, kind=word, place=self.place(start))
        return Scripted(base, scripts, place=self.place(start))

    # --- what was found, put together -------------------------------------------------------------

    def built(self, base: Node, found: _Hung, start: int) -> Node:
        """The factor with scripts, then powers, then transposes."""
        if not found:
            return base
        place = self.place(start)
        node = (
            self.symbol_with(base, found)
            if isinstance(base, Symbol)
            else self.other_with(base, found)
        )
        node = replace(node, place=place)
        for exponent in found.powers:
            node = Power(node, exponent, place=place)
        for _ in range(found.transposed % 2):
            node = Transpose(node, place=place)
        return node

    def symbol_with(self, base: Symbol, found: _Hung) -> Node:
        exponent = _exponent(base, found)
        if exponent is not None:
            return Apply("exp", (exponent,))
        scripts = sorted(
            (*base.scripts, *found.below, *found.above), key=lambda a: a.where == "above"
        )
        return replace(base, scripts=tuple(scripts), primes=base.primes + found.primes)

    def other_with(self, base: Node, found: _Hung) -> Node:
        if isinstance(base, Number) and found.below:
            raise self.refuse("a number has no index", self.tokens[self.at - 1])
        found.powers += [_raised(a) for a in found.above]
        if found.primes and not isinstance(
            base, Bracket | Stack | Grid | Apply | Power | Transpose
        ):
            raise self.refuse(
                "a prime stands behind a symbol, a function or a bracket", self.tokens[self.at - 1]
            )
        found.transposed += found.primes
        if not found.below:
            return base
        if found.transposed % 2:
            base, found.transposed = Transpose(base, place=base.place), 0
        return Scripted(base, tuple(found.below))

    # --- one script -------------------------------------------------------------------------------

    def raised(self, found: _Hung) -> None:
        r"""What stands behind ^: \top, primes, a number, or a script."""
        start, end, after = self.extent()
        while end > start and self.tokens[end - 1].mark("'"):
            end -= 1
            found.primes += 1
        if self.transposes(start, end):
            end -= 1
            found.transposed += 1
        signed = end - start == 2 and self.tokens[start].mark("-")
        if end - start == 1 and self.tokens[start].mark("-") and found.transposed:
            found.powers.append(Sum(((-1, Number("1")),)))
        elif end - start == 1 + signed and self.tokens[end - 1].kind == NUMBER:
            with self.until(end):
                self.at = start
                found.powers.append(self.sum())
        elif end > start:
            found.above += self.styled("above", start, end)
        self.at = after

    def transposes(self, start: int, end: int) -> bool:
        r"""Whether the last token says so: \top always, T alone or behind a bracket or a minus."""
        if end <= start:
            return False
        last = self.tokens[end - 1]
        behind = end - start == 1 or self.tokens[end - 2].mark(*_CLOSING)
        return last.mark(r"\top") or (last.named and last.text == "T" and behind)

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
        if at < end or not groups:
            groups = [(start, end)]
        return [self.one_styled(where, *a) for a in groups]

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
        if len(inner) == 1 and inner[0].mark(*_ALONE):
            yield Symbol(inner[0].text.removeprefix("\\"), place=self.text_place(start, end))
            return
        with self.until(end):
            self.at = start
            yield self.chain()
            while self.accept(",", ";"):
                yield self.chain()

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


def _exponent(base: Symbol, found: _Hung) -> Node | None:
    """Of e^{-a} the exponent; a single index on e is a time or a name."""
    raised = found.above[0] if len(found.above) == 1 else None
    bare = base == Symbol("e") and not (
        found.below or found.primes or found.transposed or found.powers
    )
    if not bare or raised is None or raised.style != "plain" or len(raised.inside) != 1:
        return None
    inside = raised.inside[0]
    if isinstance(inside, Sum):
        first = inside.parts[0]
        return None if first[0] == 1 and first[1] in _TIMES else inside
    return None if inside in _TIMES else inside


def _raised(script: Script) -> Node:
    """A script above as an exponent."""
    inside = (
        script.inside[0]
        if len(script.inside) == 1
        else Stack(script.inside, ",", place=script.place)
    )
    return inside if script.style == "plain" else Bracket(inside, script.style, place=script.place)
