"""Vectors and blocks put together: [h, x], and matrices whose 0 and I get their size from where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from lstmsym.equations.terms import Concatenation, Signal, walk
from lstmsym.equations.terms import t as now
from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import rewritten
from lstmsym.verification.claims.algebra import Algebra
from lstmsym.verification.claims.derivatives import together
from lstmsym.verification.claims.own_names import Helpers, asked
from lstmsym.verification.claims.parts_in_words import GUESSED
from lstmsym.verification.claims.scripts import lone_time
from lstmsym.verification.claims.symbols import Symbols
from lstmsym.verification.claims.value import Beyond, Value

Sizes = Sequence[int | None]


STACKS = ("concat", "combined", "stacked", "z", "Z", "s", "v", "X", "u", "q", "I")


def _symbol(signal: Signal, time: int) -> f.Symbol:
    """A signal of a cell as it is written, at the time that it has when t is a number."""
    at = time - int(now - signal.time)
    return f.Symbol(signal.name, (), (f.Script("below", "plain", (f.Number(str(at)),)),))


class Grids:
    """The part of the evaluator that knows what is put together."""

    symbols: Symbols
    algebra: Algebra
    helpers: Helpers
    letter: str

    def value(self, node: f.Node, times: Mapping[str, int]) -> Value:
        """The value of a node at these times."""
        raise NotImplementedError

    def of_Stack(self, node: f.Stack, times: Mapping[str, int]) -> Value:
        """[a, b] of vectors; (A; B) of blocks one below the other."""
        parts = [self.value(a, times) for a in node.parts]
        return self.together(parts) if node.sign == "rows" else self.algebra.stack(parts)

    def collected(self, node: f.Node, times: Mapping[str, int]) -> tuple[f.Node, ...]:
        """The parts of a name that the document gives to several things, as gates_t; nothing for another symbol."""
        for found, letters in asked(self.helpers, node, times):
            parts = together(found.right)
            return tuple(self._at(a, letters) for a in parts) if letters else parts
        return self.stacked(node, times)

    def stacked(self, node: f.Node, times: Mapping[str, int]) -> tuple[f.Node, ...]:
        """The parts of [h_{t-1}, x_t] for a letter that nobody defines, where the weights multiply this stack alone."""
        time = lone_time(node, times) if isinstance(node, f.Symbol) else None
        if (
            not isinstance(node, f.Symbol)
            or node.base not in STACKS
            or node.accents
            or time is None
        ):
            return ()
        if self.symbols.find(node, times) is not None:
            return ()
        rights = (e.right for e in self.symbols.truth.cell)
        stacks = {a for right in rights for a in walk(right) if isinstance(a, Concatenation)}
        plain = [
            a for a in stacks if all(isinstance(b, Signal) and len(b.name) == 1 for b in a.args)
        ]
        if len(plain) != 1:
            return ()
        self.algebra.note(f"{GUESSED}{node.base} is the stack that the weights multiply")
        return tuple(_symbol(a, time) for a in plain[0].args)

    def _at(self, node: f.Node, letters: Mapping[str, int]) -> f.Node:
        """A formula with numbers for the letters of times."""
        numbers = {f.Symbol(a): f.Number(str(n)) for a, n in letters.items()}
        return rewritten(node, lambda a: numbers.get(a) if isinstance(a, f.Symbol) else None)

    def together(self, values: Sequence[Value]) -> Value:
        """Vectors or matrices below each other."""
        if all(a.dims == 1 for a in values):
            return self.algebra.stack(list(values))
        return self.filled([[a] for a in values])

    def of_Grid(self, node: f.Grid, times: Mapping[str, int]) -> Value:
        """A block matrix."""
        return self.filled([[self.value(a, times) for a in row] for row in node.rows])

    def filled(self, rows: list[list[Value]]) -> Value:
        """The blocks as one matrix, 0 and I as large as their row and column; sizes nobody says are those of the cell.

        Raises Misfit where no sizes fit.
        """
        rows = [[self.algebra.diagonal(a) if a.dims == 1 else a for a in row] for row in rows]
        columns = list(zip(*rows, strict=True))
        heights, widths = [_known(a, 0) for a in rows], [_known(a, 1) for a in columns]
        for tall, wide in product(self.sizes_of(heights), self.sizes_of(widths)):
            sizes = _through_identities(rows, list(tall), list(wide))
            if sizes is not None:
                blocks = [
                    [self.block(a, r, c) for a, c in zip(row, sizes[1], strict=True)]
                    for row, r in zip(rows, sizes[0], strict=True)
                ]
                return Value(self.algebra.arithmetic.blocks(blocks))
        raise Beyond("a block matrix whose 0 and I have no size by their rows and columns")

    def sizes_of(self, known: Sizes) -> Iterator[Sizes]:
        """Sizes of rows or columns: as they are known, else those of as many states, else of parts of a vector."""
        yield known
        cell, truth = self.symbols.truth.cell, self.symbols.truth
        parts = [tuple(truth.rows(s) for s in cell.states)]
        for e in cell:
            for a in walk(e.right):
                if isinstance(a, Concatenation):
                    parts.append(tuple(int(truth.env.size(b.rows)) for b in a.parts))
        for sizes in dict.fromkeys(parts):
            if len(sizes) == len(known) > 1 and None in known and _agrees(known, sizes):
                yield sizes

    def block(self, a: Value, rows: int, cols: int) -> object:
        """A block; of a number that multiple of I."""
        if a.dims == 2:
            return a.array
        if not is_nonzero(a):
            return self.algebra.arithmetic.constant(0, (rows, cols))
        return self.algebra.arithmetic.multiply(a.array, self.algebra.arithmetic.eye(rows))


def is_nonzero(a: Value) -> bool:
    """Whether a number is not zero."""
    return bool(a.array != 0)


def _known(blocks: Sequence[Value], axis: int) -> int | None:
    return next((a.shape[axis] for a in blocks if a.dims == 2), None)


def _agrees(known: Sizes, sizes: Sizes) -> bool:
    return all(a is None or a == b for a, b in zip(known, sizes, strict=True))


def _through_identities(
    rows: list[list[Value]], heights: list[int | None], widths: list[int | None]
) -> tuple[list[int], list[int]] | None:
    """Sizes that an I passes on from its row to its column and back; None where some stay unknown or do not fit."""
    squares = [
        (r, c)
        for r, row in enumerate(rows)
        for c, a in enumerate(row)
        if a.dims == 0 and is_nonzero(a)
    ]
    for _ in (*heights, *widths):
        for r, c in squares:
            heights[r] = widths[c] if heights[r] is None else heights[r]
            widths[c] = heights[r] if widths[c] is None else widths[c]
    tall, wide = [a for a in heights if a], [a for a in widths if a]
    complete = len(tall) == len(heights) and len(wide) == len(widths)
    fits = complete and all(heights[r] == widths[c] for r, c in squares)
    return (tall, wide) if fits else None
