"""A formula that was read, written again: one walk over its tree for the terminal and for MathML.

A format says how a letter, a fraction or a script is set; which of them stand where is said here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Self

from lstmsym.errors import MissingRule
from lstmsym.formulas import tree as f
from lstmsym.verification.marking.format import Format
from lstmsym.verification.marking.signs import (
    BIG,
    BRACKETS,
    FUNCTIONS,
    LETTERS,
    PRODUCTS,
    RELATIONS,
)

LOOSE = (f.Sum, f.Product, f.Quotient, f.Derivative, f.Big, f.Equation)
RAISED_LOOSE = (*LOOSE, f.Power, f.Apply, f.Transpose)
GLUED = ("d", "D", "delta", "Delta", "partial")  # stand right before what they belong to
_UPRIGHT = re.compile(r"\\(?:text|mathrm|operatorname|mbox|textrm)\s*\{([^{}]*)\}")
MINUS, PRIME, TRANSPOSED = "−", "′", "⊤"


class TreeWriter(Format):
    """Writes nodes; `boxes` are the places of the text whose nodes are to be marked."""

    def __init__(self, boxes: Iterable[f.Place] = ()) -> None:
        self.boxes = tuple(boxes)

    def write(self, node: f.Node) -> str:
        """A node with everything below it. Raises MissingRule for what no format knows."""
        if any(_inside(node.place, box) for box in self.boxes):
            return self.marked(self.unmarked().write(node))
        method = getattr(self, f"write_{type(node).__name__}", None)
        if method is None:
            raise MissingRule(f"{type(node).__name__} has no entry in {type(self).__name__}")
        return str(method(node))

    def write_claim(self, left: f.Node, relation: str, right: f.Node) -> str:
        """left = right, where only the right side has places that may be marked."""
        parts = [self.unmarked().write(left), self.sign(RELATIONS[relation]), self.write(right)]
        return self.row(parts)

    def unmarked(self) -> Self:
        """The same format without marks."""
        return type(self)()

    # --- symbols ----------------------------------------------------------------------------------

    def write_Number(self, node: f.Number) -> str:
        return self.number(node.digits)

    def write_Symbol(self, node: f.Symbol, raised: str = "") -> str:
        base = self.letter(LETTERS.get(node.base, node.base), node.accents)
        return self.hung(base, node.scripts, PRIME * node.primes, raised)

    def hung(
        self, base: str, scripts: Sequence[f.Script], primes: str = "", raised: str = ""
    ) -> str:
        """A base with its scripts, primes and what is raised behind them."""
        below = [self.script(s) for s in scripts if s.where == "below"]
        above = [self.script(s) for s in scripts if s.where == "above"]
        high = [*[self.close(primes)] * bool(primes), *above, *[raised] * bool(raised)]
        if any(s.style == "bar" for s in scripts):
            base = self.row([base, self.close("|")])
        return self.scripts(base, self.listed(below), self.listed(high, ""))

    def script(self, node: f.Script) -> str:
        """The parts of a script in its brackets."""
        left, right = BRACKETS[node.style]
        return self.fenced(left, self.listed([self.write(a) for a in node.inside]), right)

    def write_Words(self, node: f.Words) -> str:
        return self.words(node.text)

    def write_Dots(self, node: f.Dots) -> str:
        return self.close("…")

    # --- brackets ---------------------------------------------------------------------------------

    def fenced(self, left: str, inside: str, right: str) -> str:
        """Something between two brackets, which may be empty."""
        return self.row(
            [*[self.close(left)] * bool(left), inside, *[self.close(right)] * bool(right)]
        )

    def listed(self, parts: Sequence[str], comma: str = ",") -> str:
        """Things with commas between them, or with nothing."""
        if not parts:
            return ""
        between = [self.close(comma)] if comma else []
        return self.row([parts[0], *(p for part in parts[1:] for p in (*between, part))])

    def tight(self, node: f.Node, loose: tuple[type[f.Node], ...] = LOOSE) -> str:
        """A node in brackets where it would fall apart without them."""
        inside = self.write(node)
        return self.fenced("(", inside, ")") if isinstance(node, loose) else inside

    def write_Bracket(self, node: f.Bracket) -> str:
        left, right = BRACKETS[node.style]
        inside = node.inside
        if node.style == "angle" and isinstance(inside, f.Stack):
            return self.fenced(left, self.listed([self.write(a) for a in inside.parts]), right)
        return self.fenced(left, self.write(inside), right)

    def write_Stack(self, node: f.Stack) -> str:
        parts = [self.write(a) for a in node.parts]
        if node.sign == "rows":
            return self.grid([[a] for a in parts])
        return self.fenced("[", self.listed(parts, node.sign), "]")

    def write_Grid(self, node: f.Grid) -> str:
        return self.grid([[self.write(a) for a in row] for row in node.rows])

    def write_Cases(self, node: f.Cases) -> str:
        return self.cases([(self.write(value), _spoken(said)) for value, said in node.branches])

    def write_Norm(self, node: f.Norm) -> str:
        inside = self.fenced("‖", self.write(node.inside), "‖")
        return (
            self.scripts(inside, self.letter(LETTERS.get(node.index, node.index), ()), "")
            if node.index
            else inside
        )

    # --- sums, products, powers -------------------------------------------------------------------

    def write_Sum(self, node: f.Sum) -> str:
        parts: list[str] = []
        for n, (sign, part) in enumerate(node.parts):
            mark = MINUS if sign < 0 else "+"
            if n:
                parts.append(self.sign(mark))
            elif sign < 0:
                parts.append(self.close(mark))
            parts.append(self.tight(part, (f.Sum, f.Equation)))
        return self.row(parts)

    def write_Product(self, node: f.Product) -> str:
        parts = [self.factor(node.factors[0])]
        for sign, left, right in zip(node.signs, node.factors, node.factors[1:], strict=False):
            glued = (
                isinstance(left, f.Symbol) and left == f.Symbol(left.base) and left.base in GLUED
            )
            between = (
                self.sign(PRODUCTS[sign])
                if sign
                else ""
                if glued
                else self.side_by_side(left, right)
            )
            parts += [between, self.factor(right)]
        return self.row(p for p in parts if p)

    def factor(self, node: f.Node) -> str:
        """A factor; a sum that was kept together by braces gets brackets."""
        return self.tight(node, (f.Sum, f.Equation))

    def write_Quotient(self, node: f.Quotient) -> str:
        return self.fraction(node, self.write(node.above), self.write(node.below))

    def raised(self, node: f.Node, above: str) -> str:
        """A node with something raised behind it, which a box around the node leaves out."""
        if isinstance(node, f.Symbol) and not any(_inside(_bare(node), b) for b in self.boxes):
            return self.write_Symbol(node, above)
        if isinstance(node, f.Symbol):
            return self.scripts(self.marked(self.unmarked().write(node)), "", above)
        bars = isinstance(node, f.Apply) and node.function == "abs"
        return self.scripts(self.tight(node, LOOSE if bars else RAISED_LOOSE), "", above)

    def write_Power(self, node: f.Power) -> str:
        return self.raised(node.base, self.write(node.exponent))

    def write_Transpose(self, node: f.Transpose) -> str:
        return self.raised(node.inside, self.close(TRANSPOSED))

    def write_Scripted(self, node: f.Scripted) -> str:
        return self.hung(self.tight(node.inside), node.scripts)

    def write_Apply(self, node: f.Apply) -> str:
        arguments = self.listed([self.write(a) for a in node.arguments])
        if node.function == "sqrt" and node.power == 1 and not node.primes:
            return self.root(arguments)
        if node.function == "abs":
            inside = self.fenced("|", arguments, "|")
            return (
                inside
                if node.power == 1
                else self.scripts(inside, "", self.number(str(node.power)))
            )
        above = [self.close(PRIME * node.primes)] * bool(node.primes)
        above += [self.number(str(node.power))] * (node.power != 1)
        name = self.letter(FUNCTIONS.get(node.function, node.function), ())
        head = self.scripts(name, "", self.row(above)) if above else name
        return self.row([head, self.applied(), self.fenced("(", arguments, ")")])

    # --- derivatives, sums over time, chains of sides ---------------------------------------------

    def write_Derivative(self, node: f.Derivative) -> str:
        if node.sign == "nabla":
            head = self.scripts(self.letter("∇", ()), self.write(node.below), "")
            if node.above is None:
                return head
            return self.row(
                [head, self.side_by_side(node.below, node.above), self.tight(node.above)]
            )
        d = self.letter("∂" if node.sign == "partial" else "d", ())
        top = self.scripts(d, "", self.close(node.mark)) if node.mark else d
        above = self.row([top, self.tight(node.above)]) if node.above else top
        whole = self.fraction(node, above, self.row([d, self.tight(node.below)]))
        return (
            self.scripts(self.row([whole, self.close("|")]), self.words(node.kind), "")
            if node.kind
            else whole
        )

    def write_Big(self, node: f.Big) -> str:
        ranges = [self.range(a) for a in node.over]
        below = self.listed([a for a, _ in ranges])
        above = self.listed([a for _, a in ranges if a])
        body = self.tight(node.body, (f.Sum, f.Equation))
        return self.row([self.limits(BIG[node.kind], below, above), body])

    def range(self, node: f.Node) -> tuple[str, str]:
        """What stands below and what above the sign."""
        if isinstance(node, f.Members):
            members = self.fenced("{", self.listed([self.write(a) for a in node.members]), "}")
            return self.row([self.index(node.index), self.close("∈"), members]), ""
        assert isinstance(node, f.Range)
        upper = self.write(node.upper) if node.upper else ""
        lower = [self.close("="), self.write(node.lower)] if node.lower else []
        return self.row([self.index(node.index), *lower]), upper

    def index(self, name: str) -> str:
        return self.letter(LETTERS.get(name, name), ())

    def write_Equation(self, node: f.Equation) -> str:
        parts = [self.write(node.sides[0])]
        for relation, side in zip(node.relations, node.sides[1:], strict=True):
            parts += [self.sign(RELATIONS[relation]), self.write(side)]
        return self.row(parts)


def _spoken(condition: str) -> str:
    """The words of a condition, which is kept as it is written."""
    return " ".join(_UPRIGHT.sub(r"\1", condition).split())


def _inside(place: f.Place, box: f.Place) -> bool:
    """Whether a node stands in a box; its place may begin and end at the braces of the box."""
    return place.start < place.end and box.start - 1 <= place.start and place.end <= box.end + 1


def _bare(symbol: f.Symbol) -> f.Place:
    """Where a symbol stands without what is raised behind it."""
    start = symbol.place.start
    return f.Place(start, max([start + 1, *(s.place.end for s in symbol.scripts)]))
