"""Sums, products and chains of sides: the grammar of one formula, by recursive descent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lstmsym.formulas import macros
from lstmsym.formulas.cursor import DEEPEST
from lstmsym.formulas.functions import Functions
from lstmsym.formulas.pairs import shown
from lstmsym.formulas.tokens import END, LETTER, NUMBER, PROSE
from lstmsym.formulas.tree import (
    Apply,
    Dots,
    Equation,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Stack,
    Sum,
    Symbol,
    Words,
)  # fmt: skip


class Parser(Functions):
    """Reads one formula from its tokens."""

    def formula(self, tag: str) -> Node:
        """All tokens as one equation or expression. Raises FormulaError."""
        node = self.chain(self.side)
        if self.peek().kind != END:
            raise self.refuse(f"{shown(self.peek())} is not expected here{self.hint()}")
        return replace(node, tag=tag) if isinstance(node, Equation) and tag else node

    def hint(self) -> str:
        return "; a bar is closed by a bar" if self.peek().mark("|", r"\|") else ""

    def chain(self, side: Callable[[], Node] | None = None) -> Node:
        """Sides with relations between them; one side alone is an expression."""
        start, read = self.at, side or self.sum
        sides, relations = [read()], []
        while self.peek().mark(*macros.RELATIONS):
            relations.append(macros.RELATIONS[self.take().text])
            sides.append(read())
        if not relations:
            return sides[0]
        return Equation(tuple(sides), tuple(relations), place=self.place(start))

    def side(self) -> Node:
        """An expression, or several between commas."""
        start = self.at
        parts = [self.sum()]
        while self.accept(","):
            parts.append(self.sum())
        return Stack(tuple(parts), ",", place=self.place(start)) if len(parts) > 1 else parts[0]

    # --- sums and products ------------------------------------------------------------------------

    def sum(self) -> Node:
        """Summands with their signs."""
        start = self.at
        sign = self.sign()
        parts = [(sign or 1, self.product())]
        while (sign := self.sign()) is not None:
            parts.append((sign, self.product()))
        if len(parts) == 1 and parts[0][0] == 1:
            return parts[0][1]
        return Sum(tuple(parts), place=self.place(start))

    def sign(self) -> int | None:
        if self.accept("+"):
            return 1
        return -1 if self.accept("-") else None

    def product(self) -> Node:
        """Factors, and what stands between them."""
        start = self.at
        factors, signs = [self.quotient()], []
        while True:
            if self.is_star():
                signs.append("")
                factors.append(self.star())
            elif self.peek().mark(*macros.PRODUCTS):
                signs.append(macros.PRODUCTS[self.take().text])
                factors.append(self.signed())
            elif self.begins_factor(self.peek()):
                signs.append("")
                factors.append(self.quotient())
            else:
                break
        if len(factors) == 1:
            return factors[0]
        return Product(tuple(factors), tuple(signs), place=self.place(start))

    def is_star(self) -> bool:
        r"""Whether a star multiplies nothing and so is a letter: \delta\star^t of any gate."""
        after = self.peek(1)
        multiplies = self.begins_factor(after) or after.mark("-", *macros.PRODUCTS)
        indexed = self.peek().mark("*") and after.mark("^", "_")
        return indexed or (self.peek().mark(r"\star", r"\ast") and not multiplies)

    def star(self) -> Node:
        """The letter that stands for any name."""
        start = self.at
        self.take()
        return self.hung(Symbol("star", place=self.place(start)), start)

    def signed(self) -> Node:
        r"""A factor behind a sign may be negative: a \odot -b."""
        start = self.at
        if self.accept("-"):
            return Sum(((-1, self.quotient()),), place=self.place(start))
        return self.quotient()

    def quotient(self) -> Node:
        """a / b; the line binds the factors beside it."""
        start = self.at
        node = self.factor()
        while self.accept("/"):
            node = Quotient(node, self.factor(), place=self.place(start))
        return node

    # --- factors ----------------------------------------------------------------------------------

    def factor(self) -> Node:
        """One factor with its scripts."""
        start = self.at
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.refuse(f"factors stand in each other more than {DEEPEST} deep")
        node = self.hung(self.atom(), start)
        self.depth -= 1
        return node

    def atom(self) -> Node:
        """A factor without its scripts. Raises FormulaError for what begins none."""
        token, start = self.peek(), self.at
        if token.kind == LETTER or token.kind == "word":
            return self.name()
        if token.kind == NUMBER:
            return Number(self.take().text, place=self.place(start))
        if token.kind == PROSE:
            return Words(self.take().text, place=self.place(start))
        if token.text.startswith(r"\begin"):
            return self.environment()
        read = _READERS.get(token.text) if token.kind == "mark" else None
        if read is None:
            raise self.refuse(self.expected())
        return read(self)

    def expected(self) -> str:
        before = f" behind {shown(self.tokens[self.at - 1])}" if self.at else ""
        return f"a symbol, number, function or bracket was expected{before}, found {shown(self.peek())}"

    def name(self) -> Node:
        """A letter, a word or a function."""
        if self.is_slashed():
            return self.partial()
        if self.is_function(self.peek()):
            return self.function()
        start = self.at
        return Symbol(self.take().text, place=self.place(start))

    def accent(self) -> Node:
        r"""\tilde{C}, \tilde{C}_t and \tilde{C_t} are one symbol."""
        start = self.at
        name = macros.ACCENTS[self.take().text]
        if self.is_function(self.peek()) or (
            self.peek().mark("{") and self.is_function(self.peek(1))
        ):
            inside: Node = self.accented_function()
        else:
            inside = self.argument()
        if isinstance(inside, Power) and isinstance(inside.base, Symbol):
            inside = inside.base
        if isinstance(inside, Number):
            inside = Symbol(inside.digits)
        if not isinstance(inside, Symbol):
            raise self.refuse(f"a {name} stands over one symbol", self.tokens[start])
        return replace(inside, accents=(*inside.accents, name), place=self.place(start))

    def accented_function(self) -> Node:
        braced = self.accept("{")
        token = self.take()
        if braced:
            self.expect("}", "behind the accent")
        return Symbol(token.text)

    def root(self) -> Node:
        r"""\sqrt{a}, \sqrt[n]{a}."""
        start = self.at
        if self.take().text == r"\root":
            index, inside = self.argument(), self.argument()
            return Power(inside, Quotient(Number("1"), index), place=self.place(start))
        parts = self.arguments("sqrt") if self.peek().mark("(") else (self.argument(),)
        return Apply("sqrt", parts, place=self.place(start))

    def dots(self) -> Node:
        """What is left out."""
        start = self.at
        self.take()
        return Dots(place=self.place(start))

    def infinity(self) -> Node:
        """The letter ∞."""
        start = self.at
        self.take()
        return Symbol("infty", place=self.place(start))


_READERS = {
    **dict.fromkeys(("(", "[", r"\{", r"\langle", "{"), Parser.bracket),
    **dict.fromkeys(("|", r"\lvert"), Parser.absolute),
    **dict.fromkeys((r"\|", r"\lVert"), Parser.norm),
    **dict.fromkeys((r"\sqrt", r"\root"), Parser.root),
    **dict.fromkeys((r"\sum", r"\prod"), Parser.big),
    **dict.fromkeys(macros.ACCENTS, Parser.accent),
    r"\frac": Parser.fraction,
    r"\partial": Parser.partial,
    r"\nabla": Parser.nabla,
    r"\dots": Parser.dots,
    r"\infty": Parser.infinity,
}
