r"""Derivatives as they are written: \frac{\partial a}{\partial b}, ∂a/∂b, dC_t/dC_{t-1}, \nabla_{h} L."""

from __future__ import annotations

from dataclasses import dataclass

from lstmsym.formulas import macros
from lstmsym.formulas.scripts import Scripts
from lstmsym.formulas.times import CUSTOMARY
from lstmsym.formulas.tokens import LETTER, NUMBER, PROSE, WORD, Token
from lstmsym.formulas.tree import Derivative, Node, Product, Quotient, Script, Stack, Symbol

#   how a differential begins: sign of the derivative
_SIGNS = {r"\partial": "partial", "d": "d", "D": "d", "delta": "partial"}


@dataclass(frozen=True)
class _Differential:
    """What stands behind the sign of a derivative, and the mark on the sign."""

    of: Node | None
    mark: str = ""


class Derivatives(Scripts):
    """Reads what may be a derivative or a plain quotient."""

    def product(self) -> Node:
        """Factors and the signs between them."""
        raise NotImplementedError

    # --- above and below a line -------------------------------------------------------------------

    def fraction(self) -> Node:
        r"""\frac{a}{b}: a derivative where both begin with the same sign."""
        start = self.at
        self.take()
        middle = self.argument_end(self.at)
        after = self.argument_end(middle)
        sign = self.sign_at(self.at)
        if not sign or sign != self.sign_at(middle) or after - middle < 3:
            above, below = self.argument(), self.argument()
            return Quotient(above, below, place=self.place(start))
        over, under = self.differential_in(middle), self.differential_in(after)
        if under.of is None:
            raise self.refuse("the variable is missing below the line", self.tokens[middle])
        return Derivative(over.of, under.of, _SIGNS[sign], over.mark, place=self.place(start))

    def argument_end(self, at: int) -> int:
        """The place after the argument that begins at a place."""
        if at >= self.end:
            raise self.refuse(
                "the text ends where an argument was expected", self.tokens[self.end - 1]
            )
        return self.pairs[at] + 1 if self.tokens[at].mark("{") else at + 1

    def argument(self) -> Node:
        """An argument of a command: in braces, or one token."""
        after = self.argument_end(self.at)
        braced = self.peek().mark("{")
        with self.until(after - braced):
            self.at += braced
            node = self.sum() if braced else self.factor()
        self.at = after
        return node

    def sign_at(self, at: int) -> str:
        """The sign with which an argument begins, "" if it is no differential."""
        at += self.tokens[at].mark("{")
        return self.tokens[at].text if self.is_sign(at) else ""

    def is_sign(self, at: int) -> bool:
        """Whether ∂, d, an upright D or δ stands at a place, without an index of its own."""
        token = self.tokens[at]
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        upright = token.text != "D" or token.kind == WORD
        known = token.text in _SIGNS and upright and (token.named or token.mark(r"\partial"))
        return known and not (after is not None and after.mark("_", "'", "(") and token.named)

    def differential_in(self, end: int) -> _Differential:
        """The differential in an argument that ends at a place."""
        braced = self.peek().mark("{")
        with self.until(end - braced):
            self.at += braced
            found = self.differential(whole=True)
        self.at = end
        return found

    def differential(self, *, whole: bool = False) -> _Differential:
        """A sign, its mark and what follows: all of it, or one factor."""
        self.take()
        mark = ""
        if self.peek().mark("^"):
            start, end, after = self.extent_of_mark()
            mark = "".join(a.text for a in self.tokens[start:end])
            if mark != "+":
                raise self.refuse(
                    f"'^{mark}' behind a sign of a derivative is not understood; first derivatives only"
                )
            self.at = after
        if self.at >= self.end:
            return _Differential(None, mark)
        return _Differential(self.product() if whole else self.timed_factor(), mark)

    def timed_factor(self) -> Node:
        """One factor, and the time in round brackets behind it: h(t-1)."""
        start = self.at
        node = self.factor()
        if not isinstance(node, Symbol) or not self.holds_time(self.at):
            return node
        return Product((node, self.factor()), ("",), place=self.place(start))

    def holds_time(self, at: int) -> bool:
        """Whether brackets with t, t-1 or t+1 stand right behind a letter."""
        if at >= self.end or not self.tokens[at].mark("(") or self.tokens[at].spaced:
            return False
        first, *rest = self.tokens[at + 1 : self.pairs[at]] or [self.tokens[at]]
        step = not rest or (len(rest) == 2 and rest[0].mark("+", "-") and rest[1].kind == NUMBER)
        return step and first.named and first.text in CUSTOMARY

    def extent_of_mark(self) -> tuple[int, int, int]:
        """Where the mark of \\partial^+ stands."""
        self.take()
        return self.extent()

    # --- on one line ------------------------------------------------------------------------------

    def partial(self) -> Node:
        r"""\partial a / \partial b, \partial_b a, or \partial a by itself."""
        start, sign = self.at, self.peek().text
        if self.peek(1).mark("_"):
            return self.by_index("partial")
        above = self.differential()
        if above.of is None:
            return Symbol(sign.removeprefix("\\"), place=self.place(start))
        if (
            self.peek().mark("/")
            and self.at + 1 < self.end
            and self.is_sign(self.at + 1)
            and self.peek(1).text == sign
        ):
            self.take()
            below = self.differential().of
            if below is None:
                raise self.refuse("the variable is missing behind the line")
            return Derivative(above.of, below, _SIGNS[sign], above.mark, place=self.place(start))
        symbol = Symbol(sign.removeprefix("\\") + above.mark, place=self.place(start))
        return Product((symbol, above.of), ("",), place=self.place(start))

    def nabla(self) -> Node:
        r"""\nabla_{h_t} L; without an index a symbol."""
        start = self.at
        if self.peek(1).mark("_"):
            return self.by_index("nabla")
        self.take()
        return Symbol("nabla", place=self.place(start))

    def by_index(self, sign: str) -> Node:
        """A sign with the variable as its index, and one factor, if any, behind it."""
        start = self.at
        self.at += 2
        below = self.script("below")
        if not below:
            raise self.refuse("the index says by what is differentiated; it is empty")
        words = self.words_above()
        above = self.factor() if self.begins_factor(self.peek()) else None
        return Derivative(above, _inside(below[0]), sign, kind=words, place=self.place(start))

    def words_above(self) -> str:
        r"""What \nabla_{c_t}^{\text{from } h_t} says of the part that it means; "" for a power or nothing."""
        start = self.at
        if not self.accept("^"):
            return ""
        first, end, after = self.extent()
        said = [a.text.strip() for a in self.tokens[first:end] if a.kind in (PROSE, WORD, LETTER)]
        if not any(len(a) > 2 for a in said):
            self.at = start
            return ""
        self.at = after
        return " ".join(said)

    def is_slashed(self) -> bool:
        """Whether dC_t/dC_{t-1} begins here: a sign, a factor, a slash and the same sign."""
        if not self.is_sign(self.at) or not self.begins_factor(self.peek(1)):
            return False
        slash = self.skip_factor(self.at + 1)
        ahead = slash + 1 < self.end and self.tokens[slash].mark("/") and self.is_sign(slash + 1)
        return ahead and self.tokens[slash + 1].text == self.peek().text

    def skip_factor(self, at: int) -> int:
        """The place after a factor and its scripts, without reading it."""
        at = self.skip_one(at)
        while at < self.end:
            token = self.tokens[at]
            if token.mark("_", "^"):
                at = self.skip_one(at + 1)
            elif token.mark("'"):
                at += 1
            elif (token.mark("[") and not token.spaced) or self.holds_time(at):
                at = self.skip_one(at)
            else:
                break
        return at

    def skip_one(self, at: int) -> int:
        if at >= self.end:
            return at
        if self.pairs.get(at, 0) > at:
            return self.pairs[at] + 1
        accent = self.tokens[at].mark(*macros.ACCENTS)
        return self.argument_end(at + 1) if accent else at + 1

    def begins_factor(self, token: Token) -> bool:
        """Whether a factor begins with a token."""
        if token.kind in (LETTER, WORD, NUMBER, PROSE):
            return True
        if token.mark("|", r"\|"):
            return token.text not in self.bars
        return token.mark(*_BEGINNINGS) or token.text.startswith(r"\begin")


_BEGINNINGS = (
    "(", "[", r"\{", r"\langle", "{", r"\lvert", r"\lVert", r"\frac", r"\sqrt", r"\root", r"\partial",
    r"\nabla", r"\sum",
    r"\prod", r"\dots", r"\infty", *macros.ACCENTS,
)  # fmt: skip


def _inside(script: Script) -> Node:
    return (
        script.inside[0]
        if len(script.inside) == 1
        else Stack(script.inside, ",", place=script.place)
    )
