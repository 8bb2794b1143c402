"""From an arranged equation to a line of a cell text that remembers where each of its names came from."""

from __future__ import annotations

from dataclasses import dataclass, field

from lstmsym.errors import CellError
from lstmsym.formulas import tree as f
from lstmsym.formulas.calls import Choice
from lstmsym.formulas.names import Named
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.products import Times
from lstmsym.formulas.tree import Node, Place

MOST_POWER = 8


@dataclass
class Line:
    """One line as it grows: its text, and which part of it came from where."""

    source: Text
    place: Place
    index: str = "t"
    untied: frozenset[str] = frozenset()
    text: str = ""
    spans: list[tuple[int, Place]] = field(default_factory=list)

    def origin(self, column: int) -> Place:
        """Where in the LaTeX the character at a column, from 1, came from."""
        before = [place for start, place in self.spans if start < column]
        return before[-1] if before else self.place

    def add(self, text: str, node: Node | None = None) -> None:
        """Some characters, which came from a node."""
        if node is not None and node.place.end:
            self.spans.append((len(self.text), node.place))
        self.text += text

    def joined(self, nodes: tuple[Node, ...], sign: str) -> None:
        """Several nodes with a sign between."""
        for n, node in enumerate(nodes):
            self.add(sign if n else "")
            self.write(node)

    def atom(self, node: Node) -> None:
        """A node, in brackets where it is more than one thing."""
        closed = Named, f.Number, f.Bracket, f.Stack, f.Apply, Choice
        square = isinstance(node, f.Power) and node.exponent == f.Number("2")
        if isinstance(node, closed) or square:
            self.write(node)
        else:
            self.add("(")
            self.write(node)
            self.add(")")

    def write(self, node: Node) -> None:
        """A node in the words of a cell text. Raises CellError for one that a cell cannot say."""
        writer = getattr(self, f"write_{type(node).__name__}", None)
        if writer is None:
            said = self.source.at(node)
            raise self.fail(node, f"'{said}' cannot stand in the equation of a cell")
        writer(node)

    def fail(self, node: Node, message: str) -> CellError:
        """An error at a node."""
        return self.source.fail(node.place if node.place.end else self.place, message)

    # --- one method a node ------------------------------------------------------------------------

    def write_Named(self, node: Named) -> None:
        """f[t], C[t-1], W_f."""
        if node.lag is None:
            self.add(node.name + (f"[{self.index}]" if node.name in self.untied else ""), node)
        else:
            step = f"-{node.lag}" if node.lag > 0 else f"+{-node.lag}" if node.lag else ""
            self.add(f"{node.name}[{self.index}{step}]", node)

    def write_Number(self, node: f.Number) -> None:
        """1, 0.5."""
        self.add(node.digits, node)

    def write_Sum(self, node: f.Sum) -> None:
        """a + b - c."""
        for n, (sign, part) in enumerate(node.parts):
            self.add(" - " if n and sign < 0 else " + " if n else "-" if sign < 0 else "")
            (self.atom if isinstance(part, f.Sum) else self.write)(part)

    def write_Product(self, node: f.Product) -> None:
        """a * b, every factor by itself."""
        for n, factor in enumerate(node.factors):
            self.add(" * " if n else "")
            self.atom(factor)

    def write_Times(self, node: Times) -> None:
        """W @ v, W.T @ v."""
        weight = node.weight
        while isinstance(weight, f.Bracket):
            weight = weight.inside
        turned = isinstance(weight, f.Transpose)
        inner = weight.inside if isinstance(weight, f.Transpose) else weight
        if not isinstance(inner, Named):
            raise self.fail(
                node.weight, "one matrix stands before a vector; multiply out, as in W x + U x"
            )
        self.write(inner)
        self.add(".T @ " if turned else " @ ")
        (self.write if isinstance(node.vector, Times) else self.atom)(node.vector)

    def write_Quotient(self, node: f.Quotient) -> None:
        """a / b."""
        self.atom(node.above)
        self.add(" / ")
        self.atom(node.below)

    def write_Power(self, node: f.Power) -> None:
        """square(a), a * a * a, 1 / a."""
        base, exponent = node.base, node.exponent
        digits = exponent.digits if isinstance(exponent, f.Number) else ""
        if digits == "2":
            self.add("square(", node)
            self.write(base.inside if isinstance(base, f.Bracket) else base)
            self.add(")")
        elif digits.isdigit() and 2 < int(digits) <= MOST_POWER:
            for n in range(int(digits)):
                self.add(" * " if n else "")
                self.atom(base)
        elif exponent in (f.Sum(((-1, f.Number("1")),)), f.Number("-1")):
            self.add("1 / ")
            self.atom(base)
        else:
            said = self.source.at(node)
            raise self.fail(
                node, f"'{said}': a power is a whole number from 2 to {MOST_POWER}, or -1"
            )

    def write_Apply(self, node: f.Apply) -> None:
        """tanh(a), max(a, b)."""
        self.add(f"{node.function}(", node)
        self.joined(node.arguments, ", ")
        self.add(")")

    def write_Bracket(self, node: f.Bracket) -> None:
        """(a)."""
        self.add("(")
        self.write(node.inside)
        self.add(")")

    def write_Stack(self, node: f.Stack) -> None:
        """[a, b]."""
        self.add("[", node)
        self.joined(node.parts, ", ")
        self.add("]")

    def write_Choice(self, node: Choice) -> None:
        """when(t % 2 == 0, a, b)."""
        self.add(f"when({self.index} % {node.period} == {node.phase}, ", node)
        self.joined((node.first, node.second), ", ")
        self.add(")")
