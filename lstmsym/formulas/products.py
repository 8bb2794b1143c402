r"""Which product binds first: a matrix takes the vector behind it, the rest goes entry by entry.

U r \odot h can be read as U (r \odot h) and as (U r) \odot h; such a product is refused, and brackets
decide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lstmsym.errors import CellError
from lstmsym.formulas import tree as f
from lstmsym.formulas.kinds import ENTRYWISE, MATRIX, SCALAR, Kinds, flat
from lstmsym.formulas.rewriting import below
from lstmsym.formulas.tree import Node

Factors = list[tuple[str, Node]]  # the sign before each, and the factor


@dataclass(frozen=True)
class Times(Node):
    """A matrix and what it multiplies."""

    weight: Node
    vector: Node


@dataclass(frozen=True)
class Products:
    """The products of one text, whose kinds are known."""

    kinds: Kinds

    def fail(self, node: Node, message: str) -> CellError:
        """An error at a node."""
        return self.kinds.text.fail(node.place, message)

    def arranged(self, node: Node) -> Node:
        """The tree with matrix products and products of entries told apart. Raises CellError."""
        if isinstance(node, f.Product):
            whole = flat(node)
            factors = list(zip(("", *whole.signs), whole.factors, strict=True))
            return self._entries(node, self._matrices(self._inner(self._diagonals(factors))))
        if isinstance(node, f.Apply) and node.function == "diag":
            raise self.fail(node, "a diagonal matrix stands before a vector, as in diag(p) c_{t-1}")
        return below(node, self.arranged)

    def _entries(self, node: f.Product, factors: Factors) -> Node:
        parts = tuple(a for _, a in factors)
        return (
            parts[0]
            if len(parts) == 1
            else replace(node, factors=parts, signs=("odot",) * (len(parts) - 1))
        )

    # --- what is folded before --------------------------------------------------------------------

    def _diagonals(self, factors: Factors) -> Factors:
        """diag(p) c is p ⊙ c, in brackets of its own."""
        for n, (sign, factor) in enumerate(factors[:-1]):
            if isinstance(factor, f.Apply) and factor.function == "diag":
                inside = f.Bracket(factor.arguments[0], "round", place=factor.place)
                pair = f.Product((inside, factors[n + 1][1]), ("odot",), place=factor.place)
                rest = factors[n + 2 :]
                alone = not rest and n == 0
                product: Node = pair if alone else f.Bracket(pair, "round", place=factor.place)
                return self._diagonals([*factors[:n], (sign, product), *rest])
        return factors

    def _inner(self, factors: Factors) -> Factors:
        """kᵀ q is an inner product, v kᵀ an outer one."""
        for n, (sign, factor) in enumerate(factors):
            if isinstance(factor, f.Transpose) and not self._is_weight(factor):
                if n + 1 == len(factors) or factors[n + 1][0] in ENTRYWISE:
                    raise self.fail(
                        factor,
                        "an outer product v k^T makes a matrix; write a matrix state in a .cell "
                        "file, as outer(v[t], k[t])",
                    )
                pair = (factor.inside, factors[n + 1][1])
                dot = f.Apply("dot", pair, place=factor.place)
                return self._inner([*factors[:n], (sign, dot), *factors[n + 2 :]])
        return factors

    def _is_weight(self, node: f.Transpose) -> bool:
        return self.kinds.shape(node.inside) == MATRIX

    # --- matrices ---------------------------------------------------------------------------------

    def _matrices(self, factors: Factors) -> Factors:
        first = next((n for n, (_, a) in enumerate(factors) if self._shape(a) == MATRIX), None)
        if first is None:
            return [(sign, self._concatenated(a)) for sign, a in factors]
        before, (sign, weight), behind = factors[:first], factors[first], factors[first + 1 :]
        if before and sign == "" and self._shape(before[-1][1]) != SCALAR:
            raise self.fail(
                weight, "a vector stands left of a matrix; vectors are columns here, so write W x"
            )
        if not behind or behind[0][0] in ENTRYWISE:
            raise self.fail(
                weight,
                f"'{self.kinds.text.at(weight)}' is a matrix and multiplies nothing here; write "
                "W x, or state that it goes entry by entry, as in  % w : diagonal",
            )
        product, rest = self._taken(weight, behind)
        kept = [(s, self._concatenated(a)) for s, a in (*before, *[(sign, product)], *rest)]
        return kept

    def _taken(self, weight: Node, behind: Factors) -> tuple[Node, Factors]:
        """The product of a matrix with what is behind it, and the scalars after that."""
        place = f.Place(weight.place.start, behind[-1][1].place.end)
        here = next((n for n, (_, a) in enumerate(behind) if self._shape(a) != SCALAR), None)
        if here is None:
            raise self.fail(weight, "a matrix needs a vector behind it, as in W x")
        scalars, (sign, vector), rest = behind[:here], behind[here], behind[here + 1 :]
        if self._shape(vector) == MATRIX:
            (_, inner), *rest = self._matrices([(sign, vector), *rest])
        else:
            inner = self._operand(vector)
        if any(self._shape(a) != SCALAR for _, a in rest):
            raise self._two_readings(weight, vector, rest)
        if scalars:
            inner = self._entries(f.Product((), (), place=place), [*scalars, ("", inner)])
        return Times(self.arranged(weight), inner, place=place), rest

    def _two_readings(self, weight: Node, vector: Node, rest: Factors) -> CellError:
        w, v, r = map(self.kinds.text.at, (weight, vector, rest[0][1]))
        return self.fail(
            vector,
            f"can be read two ways: ({w} {v}) ⊙ {r} and {w} ({v} ⊙ {r}); put brackets where you "
            "mean them",
        )

    def _operand(self, node: Node) -> Node:
        """What a matrix multiplies; [h x] side by side in square brackets is a concatenation."""
        inside = node.inside if isinstance(node, f.Bracket) and node.style == "square" else None
        if isinstance(inside, f.Product) and not any(inside.signs):
            parts = inside.factors
            if all(self._shape(a) != SCALAR for a in parts):
                return f.Stack(tuple(map(self.arranged, parts)), ",", place=node.place)
        return self.arranged(node)

    def _concatenated(self, node: Node) -> Node:
        return node if isinstance(node, Times) else self.arranged(node)

    def _shape(self, node: Node) -> str:
        return "vector" if isinstance(node, Times) else self.kinds.shape(node)
