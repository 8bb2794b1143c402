r"""What \sum and \prod run over: j=t-k+1 to t, t \ge i > k, k < t, q \in \{f, i, o\}."""

from __future__ import annotations

from lstmsym.formulas.derivatives import Derivatives
from lstmsym.formulas.tokens import ROW
from lstmsym.formulas.tree import (
    Big,
    Bracket,
    Equation,
    Members,
    Node,
    Number,
    Product,
    Range,
    Stack,
    Sum,
    Symbol,
)  # fmt: skip

_UP, _DOWN = {"le": 0, "lt": 1}, {"ge": 0, "gt": 1}


class Ranges(Derivatives):
    """Reads sums and products over an index."""

    def big(self) -> Node:
        """A sign, its ranges, and the product behind it."""
        start = self.at
        kind = self.take().text.removeprefix("\\")
        over: list[Range | Members] = []
        upper: Node | None = None
        for _ in range(2):
            if self.accept("_"):
                over = self.ranges()
            elif self.accept("^"):
                upper = self.bound()
        if upper is not None:
            over = [self.with_upper(over, upper)]
        if not self.begins_factor(self.peek()):
            raise self.refuse(f"behind the {kind} a factor was expected")
        return Big(kind, tuple(over), self.product(), place=self.place(start))

    def with_upper(self, over: list[Range | Members], upper: Node) -> Range:
        first = over[0] if len(over) == 1 else None
        if not isinstance(first, Range) or first.upper is not None:
            raise self.refuse("an upper bound needs one index below, as in \\sum_{t=1}^{T}")
        return Range(first.index, first.lower, upper, place=first.place)

    def bound(self) -> Node:
        start, end, after = self.extent()
        with self.until(end):
            self.at = start
            node = self.sum()
        self.at = after
        return node

    def ranges(self) -> list[Range | Members]:
        """What stands below the sign, one index after the other."""
        start, end, after = self.extent()
        if self.tokens[start].mark(r"\substack"):
            start, end = start + 2, self.pairs[start + 1]
        found: list[Range | Members] = []
        for first, last in self.conditions(start, end):
            with self.until(last):
                self.at = first
                found.append(self.range_of(self.chain()))
        self.at = after
        return found

    def conditions(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts between commas and row ends."""
        parts, first, at = [], start, start
        while at < end:
            if self.tokens[at].mark(",") or self.tokens[at].kind == ROW:
                parts.append((first, at))
                first = at + 1
            at = max(self.pairs.get(at, at), at) + 1
        return [(a, b) for a, b in [*parts, (first, end)] if a < b]

    def range_of(self, said: Node) -> Range | Members:
        """A condition as a range. Raises FormulaError for one that is none."""
        if isinstance(said, Symbol):
            return Range(self.index(said), None, None, place=said.place)
        match said:
            case Equation(sides=(Symbol() as index, value), relations=("=",)):
                return Range(self.index(index), value, None, place=said.place)
            case Equation(sides=(Symbol() as index, members), relations=("in",)):
                return Members(self.index(index), _members(members), place=said.place)
            case Equation(sides=sides, relations=relations) if len(sides) <= 3:
                found = self.between(sides, relations)
                if found is not None:
                    return found
        token = self.tokens[self.at - 1]
        raise self.refuse(
            "what the index runs over is not understood; write t=1, t \\le T or q \\in \\{f, i\\}",
            token,
        )

    def between(self, sides: tuple[Node, ...], relations: tuple[str, ...]) -> Range | None:
        """The index between its bounds, or beside the one it has."""
        if all(a in _DOWN for a in relations):
            sides = sides[::-1]
            relations = tuple("le" if a == "ge" else "lt" for a in relations[::-1])
        if not all(a in _UP for a in relations):
            return None
        at = 1 if len(sides) == 3 or not isinstance(sides[0], Symbol) else 0
        if (
            len(sides) == 2
            and isinstance(sides[1], Symbol)
            and self.written_first(sides[1], sides[0])
        ):
            at = 1
        index = sides[at]
        if not isinstance(index, Symbol):
            return None
        lower = _moved(sides[at - 1], _UP[relations[at - 1]]) if at else None
        upper = _moved(sides[at + 1], -_UP[relations[at]]) if at + 1 < len(sides) else None
        return Range(self.index(index), lower, upper, place=index.place)

    def written_first(self, a: Node, b: Node) -> bool:
        return a.place.start < b.place.start

    def index(self, symbol: Symbol) -> str:
        """The letter of an index, with its primes."""
        if symbol.scripts or symbol.accents:
            raise self.refuse(
                "an index is one letter, perhaps with a prime", self.tokens[self.at - 1]
            )
        return symbol.base + "'" * symbol.primes


def _members(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Stack):
        return node.parts
    if isinstance(node, Bracket):
        return (node.inside,)
    return node.factors if isinstance(node, Product) and not any(node.signs) else (node,)


def _moved(node: Node, by: int) -> Node:
    """A bound moved by one, so that both bounds belong to the range."""
    if not by:
        return node
    if isinstance(node, Number) and node.digits.isdigit() and len(node.digits) < 10:
        return Number(str(int(node.digits) + by), place=node.place)
    parts = node.parts if isinstance(node, Sum) else ((1, node),)
    return Sum((*parts, (by, Number("1", place=node.place))), place=node.place)
