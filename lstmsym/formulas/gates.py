r"""Several gates in one column: (i; f; o; g) = (σ; σ; σ; tanh) W [h; x] becomes four equations.

One matrix for all gates is taken apart into one for each: W into W_i, W_f, W_o, W_g; its bias likewise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lstmsym.formulas.calls import FUNCTIONS, Calls
from lstmsym.formulas.names import Named
from lstmsym.formulas.stated import ALIASES
from lstmsym.formulas.tree import Apply, Bracket, Node, Number, Product, Stack, Sum


@dataclass(frozen=True)
class Column:
    """What becomes of the right side in one row of a column of gates."""

    calls: Calls
    row: int
    count: int
    gate: str

    def part(self, node: Node) -> Node:
        """The row of a node: of a column its entry, of a weight the block that is called after the gate."""
        match node:
            case Stack(parts=parts) if len(parts) == self.count:
                return parts[self.row]
            case Bracket(inside=inside):
                return replace(node, inside=self.part(inside))
            case Sum(parts=parts) if not any(map(self._begins_with_functions, parts)):
                return replace(node, parts=tuple((sign, self.part(a)) for sign, a in parts))
            case Product():
                return self._product(node)
            case Apply(arguments=(inside,)):
                return replace(node, arguments=(self.part(inside),))
            case Number():
                return node
            case Named(name=name, lag=None) if name not in self.calls.signals:
                return Named(f"{name}_{self.gate}", place=node.place)
        raise self.calls.fail(
            node,
            f"a column of {self.count} gates needs {self.count} rows on its right side; "
            "write one equation for each gate",
        )

    def _product(self, node: Product) -> Node:
        """A column of functions takes all behind it; a matrix keeps what it multiplies."""
        first, *rest = node.factors
        behind = (
            rest[0] if len(rest) == 1 else replace(node, factors=tuple(rest), signs=node.signs[1:])
        )
        if function := self._function(first):
            return Apply(function, (self.part(behind),), place=node.place)
        if node.signs[0] in ("odot", "circ"):
            parts = tuple(map(self.part, node.factors))
            return replace(node, factors=parts)
        return replace(node, factors=(self.part(first), *rest))

    def _begins_with_functions(self, part: tuple[int, Node]) -> bool:
        """(σ; tanh) W x + b: the functions of a sum, or of its first part only?"""
        node = part[1]
        if isinstance(node, Product) and self._function(node.factors[0]):
            raise self.calls.fail(
                node,
                "the functions may hold for the whole sum or for this part of it; put brackets "
                "around what they are of",
            )
        return False

    def _function(self, node: Node) -> str:
        """The activation of this row; "" where the column is none of functions."""
        node = node.inside if isinstance(node, Bracket) else node
        if not isinstance(node, Stack) or len(node.parts) != self.count:
            return ""
        entry = node.parts[self.row]
        if not isinstance(entry, Named) or entry.lag is not None:
            return ""
        stated = self.calls.stated.functions
        name = stated.get(entry.name, ALIASES.get(entry.name, entry.name))
        return name if name in FUNCTIONS else ""


def gates_of(left: Node) -> tuple[Node, ...]:
    """The gates of a column on a left side; nothing for a single signal."""
    while isinstance(left, Bracket):
        left = left.inside
    return left.parts if isinstance(left, Stack) else ()


def in_rows(calls: Calls, gates: tuple[Node, ...], right: Node) -> list[tuple[Node, Node]]:
    """One equation for each gate. Raises CellError where the rows do not match."""
    found: list[tuple[Node, Node]] = []
    for n, gate in enumerate(gates):
        if not isinstance(gate, Named):
            raise calls.fail(gate, "a column on the left side holds signals, one a row")
        found.append((gate, Column(calls, n, len(gates), gate.name).part(right)))
    return found
