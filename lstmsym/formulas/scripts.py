r"""What hangs on a factor: indices, times, powers, transposes, primes, and the bar of a derivative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lstmsym.formulas.indices import Indices
from lstmsym.formulas.tokens import NUMBER
from lstmsym.formulas.tree import (
    Apply,
    Bracket,
    Derivative,
    Grid,
    Node,
    Number,
    Power,
    Product,
    Script,
    Scripted,
    Stack,
    Sum,
    Symbol,
    Transpose,
    Words,
    walk,
)  # fmt: skip

_TIMES: tuple[Node, ...] = tuple(
    map(Symbol, ("t", "k", "j", "i", "s", "l", "n", "tau", "T", "star", "+", "-"))
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


class Scripts(Indices):
    """Reads scripts; what a symbol's mean is left open, all others are powers, transposes and indices."""

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
            elif isinstance(base, Symbol) and (self.is_index() or self.is_indicator(base)):
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
            return base
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
        if isinstance(base, Derivative) and (said := _sentence(scripts)):
            return replace(base, kind=said, place=self.place(start))
        return Scripted(base, scripts, place=self.place(start))

    # --- what was found, put together -------------------------------------------------------------

    def built(self, base: Node, found: _Hung, start: int) -> Node:
        """The factor with scripts, then powers, then transposes."""
        if not found:
            return base
        place = self.place(start)
        if _is_differential(base):
            assert isinstance(base, Product)
            sign, of = base.factors
            return replace(base, factors=(sign, self.built(of, found, start)), place=place)
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

    def raised(self, found: _Hung) -> None:
        r"""What stands behind ^: \top, primes, a number, or a script."""
        start, end, after = self.extent()
        start += end > start + 1 and self.tokens[start].mark("^")  # a^{^2}, as editors write it
        if inner := self.hung_transpose(start, end):
            end = inner
            found.transposed += 1
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


def _sentence(scripts: Sequence[Script]) -> str:
    r"""What \text{from } t+1 says; "" where no words are."""
    nodes = [a for s in scripts for b in s.inside for a in walk(b)]
    if not any(isinstance(a, Words) or len(getattr(a, "base", "")) > 2 for a in nodes):
        return ""
    said = (
        getattr(a, "text", "") or getattr(a, "base", "") or getattr(a, "digits", "") for a in nodes
    )
    words = [a.strip() for a in said if a]
    later = words[-2:] == ["t", "1"]
    return " ".join([*words[:-2], "t+1"] if later else words)


def _is_differential(node: Node) -> bool:
    r"""Whether braces hold the adjoint of one symbol: the time of {\delta y}^t is that of y."""
    if not isinstance(node, Product) or len(node.factors) != 2 or any(node.signs):
        return False
    sign, of = node.factors
    return sign in (Symbol("delta"), Symbol("Delta"), Symbol("d")) and isinstance(of, Symbol)


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
