"""Component form: the (i, j) entry of a term as a scalar.

diag(v) W  is  v^i W^{ij},   diag(v)  is  v^i δ_{ij},   A B  is  Σ_l A^{il} B^{lj}
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate

from sympy import Expr, Integer, Symbol

from lstmsym.equations import derived as d
from lstmsym.equations import terms as e
from lstmsym.equations.derived import part_of
from lstmsym.equations.terms import Term
from lstmsym.errors import MissingRule, QuantityError
from lstmsym.printing.entries import (
    Apply,
    Cases,
    Delta,
    Entry,
    Index,
    Number,
    OverTime,
    Ratio,
    Scalar,
    contraction,
    product,
    total,
)


def component(term: Term, i: str | Symbol = "i", j: str | Symbol = "j") -> Scalar:
    """The (i, j) entry of a matrix, or the i entry of a vector, as a scalar.

    Raises MissingRule for a node without a method.
    """
    return _Components(index(i), index(j)).entry(term, index(i), index(j))


def index(letter: str | Symbol) -> Symbol:
    """An index as the integer symbol that entries are made with."""
    return Symbol(letter, integer=True) if isinstance(letter, str) else letter


class _Components:
    """One method a node; an index that is summed over has its letter by how deep the sum stands."""

    def __init__(self, *free: Symbol) -> None:
        self.free, self.bound = free, 0

    @contextmanager
    def summed(self) -> Iterator[Symbol]:
        """A letter for an index that the sum being built binds: l, p, q, r, then l4, …"""
        letters = [a for a in map(index, "lpqr") if a not in self.free]
        few = self.bound < len(letters)
        letter = letters[self.bound] if few else index(f"l{self.bound}")
        self.bound += 1
        yield letter
        self.bound -= 1

    def renamed(self, body: Term, time: Symbol) -> tuple[Term, Symbol]:
        """A body over time whose letter no index bears."""
        if time not in (*self.free, *map(index, "lpqr")):
            return body, time
        other = index("s")
        return body.xreplace({time: other}), other

    def entry(self, term: Term, i: Index, j: Index) -> Scalar:
        method = getattr(self, f"entry_{type(term).__name__}", None)
        if method is None:
            name = type(term).__name__
            raise MissingRule(f"no component form of {name}; add entry_{name} to components.py")
        return method(term, i, j)

    # --- named things -----------------------------------------------------------------------------

    def named(self, term: Term, i: Index, j: Index) -> Scalar:
        if term.shape == (1, 1) and isinstance(term, e.Parameter):
            return Entry(term, ())
        return Entry(term, (i,) if term.cols == 1 else (i, j))

    entry_Signal = entry_Parameter = entry_Columns = named
    entry_StateJacobian = entry_Partial = entry_Adjoint = entry_Gradient = named

    # --- entry by entry ---------------------------------------------------------------------------

    def entry_Fill(self, term: e.Fill, i: Index, j: Index) -> Scalar:
        return Number(term.value)

    def entry_Plus(self, term: e.Plus, i: Index, j: Index) -> Scalar:
        return total(*(self.entry(a, i, j) for a in term.parts))

    def entry_Hadamard(self, term: e.Hadamard, i: Index, j: Index) -> Scalar:
        return product(*(self.entry(a, i, j) for a in term.parts))

    def entry_Quotient(self, term: e.Quotient, i: Index, j: Index) -> Scalar:
        return Ratio(*(self.entry(a, i, j) for a in term.parts))

    def entry_Elementwise(self, term: e.Elementwise, i: Index, j: Index) -> Scalar:
        inside = self.entry(term.inside, i, j)
        return inside if term.function == "identity" else Apply(term.function, inside)

    # --- structure --------------------------------------------------------------------------------

    def entry_Concatenation(self, term: e.Concatenation, i: Index, j: Index) -> Scalar:
        sizes = [a.rows for a in term.parts]
        entries = (self.entry(a, i - o, j) for a, o in zip(term.parts, offsets(sizes), strict=True))
        return Cases(i, tuple(zip(sizes, entries, strict=True)))

    def entry_Eye(self, term: d.Eye, i: Index, j: Index) -> Scalar:
        return Delta(i, j)

    def entry_Selector(self, term: d.Selector, i: Index, j: Index) -> Scalar:
        return Delta(i, j + start(term))

    def entry_Diagonal(self, term: d.Diagonal, i: Index, j: Index) -> Scalar:
        return product(self.entry(term.inside, i, j), Delta(i, j))

    def entry_Transposed(self, term: d.Transposed, i: Index, j: Index) -> Scalar:
        return self.entry(term.inside, j, i)

    def entry_Outer(self, term: d.Outer, i: Index, j: Index) -> Scalar:
        a, b = term.parts
        return product(self.entry(a, i, j), self.entry(b, j, i))

    def entry_Dot(self, term: d.Dot, i: Index, j: Index) -> Scalar:
        a, b = term.parts
        with self.summed() as l:
            return contraction(product(*(self.entry(x, l, j) for x in (a, b))), l, a.rows)

    def entry_Blocks(self, term: d.Blocks, i: Index, j: Index) -> Scalar:
        heights = [row[0].rows for row in term.grid]
        rows = (
            self.block_row(r, i - o, j) for r, o in zip(term.grid, offsets(heights), strict=True)
        )
        written = tuple(zip(heights, rows, strict=True))
        return written[0][1] if len(written) == 1 else Cases(i, written)

    def block_row(self, row: tuple[Term, ...], i: Index, j: Index) -> Scalar:
        widths = [a.cols for a in row]
        entries = (self.entry(a, i, j - o) for a, o in zip(row, offsets(widths), strict=True))
        written = tuple(zip(widths, entries, strict=True))
        return written[0][1] if len(written) == 1 else Cases(j, written)

    def entry_Shift(self, term: d.Shift, i: Index, j: Index) -> Scalar:
        return Delta(i, j + term.places)

    def refused(self, term: Term, i: Index, j: Index) -> Scalar:
        name = type(term).__name__.lower()
        raise QuantityError(f"component form has no letters for {name}; ask for the matrix form")

    entry_Softmax = entry_Maximum = entry_Kronecker = entry_Pieces = entry_Read = refused

    # --- products ---------------------------------------------------------------------------------

    def entry_MatrixProduct(self, term: e.MatrixProduct, i: Index, j: Index) -> Scalar:
        factors = factors_of(term)
        return self.chain(factors, i, j) if factors else Delta(i, j)

    def chain(self, factors: list[Term], i: Index, j: Index) -> Scalar:
        """The product's entry; diagonals and parts of stacks need no sum."""
        first, last = factors[0], factors[-1]
        if len(factors) == 1:
            return self.entry(first, i, j)
        if isinstance(first, d.Diagonal):
            return product(self.entry(first.inside, i, j), self.chain(factors[1:], i, j))
        if isinstance(last, d.Diagonal):
            return product(self.chain(factors[:-1], i, j), self.entry(last.inside, j, i))
        if isinstance(last, d.Selector):
            return self.chain(factors[:-1], i, j + start(last))
        if isinstance(first, d.Transposed) and isinstance(first.inside, d.Selector):
            return self.chain(factors[1:], i + start(first.inside), j)
        if (parts := stacked(last)) is not None:
            products = (e.MatrixProduct(*factors[:-1], *part) for part in parts)
            return total(*(self.chain(factors_of(a), i, j) for a in products))
        return self.contracted(factors, i, j)

    def contracted(self, factors: list[Term], i: Index, j: Index) -> Scalar:
        """Σ_l A^{il} (B …)^{lj}, and Σ_l A^{i,l+n} … where a part of a stack stands behind A."""
        first, second, *rest = factors
        with self.summed() as l:
            if isinstance(second, d.Selector):
                left, size = self.entry(first, i, l + start(second)), second.cols
            else:
                left, size, rest = self.entry(first, i, l), second.rows, [second, *rest]
            return contraction(product(left, self.chain(rest, l, j)), l, size)

    # --- over time --------------------------------------------------------------------------------

    def entry_SumOverTime(self, term: d.SumOverTime, i: Index, j: Index) -> Scalar:
        body, time = self.renamed(term.body, term.args[1])
        return OverTime("Σ", self.entry(body, i, j), time, *term.args[2:])

    def entry_ProductOverTime(self, term: d.ProductOverTime, i: Index, j: Index) -> Scalar:
        """Of vectors entry by entry; an entry of a product of matrices stays a name."""
        body, time = self.renamed(term.body, term.args[1])
        if term.cols != 1:
            return Entry(d.ProductOverTime(body, time, *term.args[2:]), (i, j))
        return OverTime("∏", self.entry(body, i, j), time, *term.args[2:])


def factors_of(term: Term) -> list[Term]:
    """The factors of a product, of products in it too, without identities; W [0; I] as columns of W."""
    if isinstance(term, d.Eye):
        return []
    if not isinstance(term, e.MatrixProduct):
        return [term]
    factors: list[Term] = []
    for a in (b for part in term.parts for b in factors_of(part)):
        if factors and isinstance(factors[-1], e.Parameter) and isinstance(a, d.Selector):
            a = d.Columns(factors.pop(), a)
        factors.append(a)
    return factors


def stacked(term: Term) -> list[list[Term]] | None:
    """A stack as selectors times its parts, so that a product with it is a sum of products."""
    one_column = isinstance(term, d.Blocks) and term.across == 1
    if not (one_column or isinstance(term, e.Concatenation)):
        return None
    widths = [a.rows for a in term.parts]
    if isinstance(term, e.Concatenation):
        selectors = [part_of(term, n) for n in range(len(widths))]
    else:
        selectors = [d.Selector(str(n + 1), n, *widths) for n in range(len(widths))]
    return [[s, *factors_of(a)] for s, a in zip(selectors, term.parts, strict=True)]


def start(part: d.Selector) -> Expr:
    """Where a part begins in its stack."""
    return sum(part.widths[: part.index], Integer(0))


def offsets(sizes: list[Expr]) -> list[Expr]:
    """Where each of some blocks begins."""
    return [Integer(0), *accumulate(sizes)][:-1]
