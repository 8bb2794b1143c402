"""From the terms of a cell to strings: one short method a node; a format gives its marks.

Every string carries its places to break (`breaks`). `derivatives` adds the nodes of derivatives.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Number

from lstmsym.equations import derived as d
from lstmsym.equations import terms as e
from lstmsym.equations.terms import Fill, Parameter, Term, is_fill
from lstmsym.errors import MissingRule
from lstmsym.printing import precedence as p
from lstmsym.printing.breaks import BEFORE_FACTOR, BEFORE_SUMMAND, deeper, flat
from lstmsym.printing.letters import ACTIVATIONS, Name, split
from lstmsym.printing.marks import Marks
from lstmsym.printing.times import decimal, time

Powers = list[tuple[Term, int]]


class CellWriter(Marks):
    """Names, constants, sums, products and functions, in the author's order."""

    def write(self, term: Basic) -> str:
        """The term with its places to break. Raises MissingRule for a node without a method."""
        method = getattr(self, f"write_{type(term).__name__}", None)
        if method is None:
            name = type(term).__name__
            raise MissingRule(f"no way to print {name}; add write_{name} to lstmsym/printing")
        return method(term)

    def named(self, name: str, *more: str, above: str = "") -> str:
        """A name with further subscripts, as a time, behind its own: a_f and t are a_{f,t}."""
        parts = split(name)
        own = [self.letter(a, subscript=True) for a in parts.subscripts]
        short = all(len(a.body) == 1 for a in parts.subscripts)
        below = [("" if short else ",").join(own), *more] if own else list(more)
        mark = self.copies(parts)
        apart = "," if above and mark and not mark.endswith(")") else ""
        return self.scripts(self.letter(parts.base), ",".join(below), mark + apart + above)

    def copies(self, name: Name) -> str:
        """The marks of copies above the line: the number of a layer in brackets, a letter as it is."""
        written = ",".join(self.letter(a, subscript=True) for a in name.marks)
        return f"({written})" if any(a.body.isdigit() for a in name.marks) else written

    def timed(self, name: str, when: str, above: str = "") -> str:
        """A name at a time: h_t, or h^{(t)} in a notation that writes the time above the line."""
        if self.time_above:
            return self.named(name, above=f"({when}){above}")
        return self.named(name, when, above=above)

    def write_Signal(self, term: e.Signal, above: str = "") -> str:
        return self.timed(term.name, time(term.time), above)

    def write_Parameter(self, term: Parameter, above: str = "") -> str:
        return self.named(term.name, above=above)

    def write_Fill(self, term: Fill) -> str:
        if is_fill(term, 1) and term.cols != 1:
            return self.one_row() if term.rows == 1 else self.ones
        return self.write(term.value) if isinstance(term.value, Term) else self.number(term.value)

    def one_row(self) -> str:
        return self.transpose(self.ones)

    def number(self, value: Any) -> str:
        """A decimal where it ends, else a fraction."""
        if not isinstance(value, Number):
            raise MissingRule(f"no way to print the constant {value}; add it to lstmsym/printing")
        if not value.is_Rational:
            return str(value)
        if (short := decimal(value)) is not None:
            return short
        return ("-" if value < 0 else "") + self.fraction(str(abs(value.p)), str(value.q))

    # --- brackets ---------------------------------------------------------------------------------

    def operand(self, term: Term, at_least: int, *, closed: bool = False) -> str:
        """The term, in brackets where it binds less than `at_least`, or where its end must be closed."""
        if self.level(term) < at_least or (closed and p.is_open(term)):
            return self.in_brackets(term)
        return self.write(term)

    def level(self, term: Term) -> int:
        """How tightly a term binds; what has a time above the line takes no second superscript."""
        raised = self.time_above and isinstance(term, p.TIMED)
        return min(p.POWER, p.level(term, self.levels)) if raised else p.level(term, self.levels)

    def in_brackets(self, term: Term) -> str:
        return self.bracket(deeper(self.write(term)), p.height(term))

    # --- sums and products ------------------------------------------------------------------------

    def write_Plus(self, term: e.Plus) -> str:
        last = len(term.parts) - 1
        return "".join(self.summand(a, n == 0, n < last) for n, a in enumerate(term.parts))

    def summand(self, term: Term, first: bool, closed: bool) -> str:
        negative, size = p.signed(term)
        sign = "-" if negative else "" if first else "+"
        joined = sign if first else f"{BEFORE_SUMMAND} {sign} "
        return joined + self.operand(size, p.HADAMARD, closed=closed)

    def write_Hadamard(self, term: e.Hadamard) -> str:
        negative, size = p.signed(term)
        if negative:
            return "-" + self.operand(size, p.HADAMARD)
        factors = p.powers(term.parts)
        coefficient = p.is_number(factors[0][0]) and len(factors) > 1 and factors[0][1] == 1
        return self.scaled(factors) if coefficient else self.elementwise_product(factors)

    def scaled(self, factors: Powers) -> str:
        """A number or a scalar in front: 2 a, α (a ⊙ b), f_t C_{t-1} of a gate that is a scalar."""
        (scalar, _), *rest = factors
        sign = self.dot if isinstance(rest[0][0], Fill) else self.thin
        if isinstance(scalar, e.MatrixProduct):
            written = self.operand(scalar.parts[1], p.POWER) + sign
            return written + self.write_factors(rest)
        alone = len(rest) == 1 and rest[0][1] == 1
        behind = self.operand(rest[0][0], p.MATRIX) if alone else self.elementwise_product(rest)
        return self.write(scalar) + sign + behind

    def write_factors(self, factors: Powers) -> str:
        """What stands behind a scalar: one factor, a further scalar with its own, or a product in brackets."""
        (first, times), *more = factors
        if more and p.is_number(first) and times == 1:
            return self.scaled(factors)
        if more or times > 1:
            return self.elementwise_product(factors)
        return self.operand(first, p.MATRIX)

    def elementwise_product(self, factors: Powers) -> str:
        """a ⊙ b, and y² ⊙ b for y ⊙ y ⊙ b."""
        written, last = "", len(factors) - 1
        for n, (term, times) in enumerate(factors):
            sign = self.dot if isinstance(term, Fill) else self.hadamard
            factor = (
                self.raised(term, times)
                if times > 1
                else self.operand(term, p.POWER, closed=n < last)
            )
            written += (BEFORE_FACTOR + sign if n else "") + factor
        return written

    def write_Quotient(self, term: e.Quotient) -> str:
        return self.fraction(*(flat(self.write(self.unspread(a))) for a in term.parts))

    def unspread(self, term: Term) -> Term:
        """A scalar that is spread over a vector, as a scalar: of a quotient both are clear."""
        return term.parts[1] if p.is_number(term) and term.parts else term

    def write_MatrixProduct(self, term: e.MatrixProduct) -> str:
        """A B; a sum in brackets is rather broken inside than parted from what it multiplies."""
        written, last = "", len(term.parts) - 1
        for n, a in enumerate(term.parts):
            place = deeper(BEFORE_FACTOR) if isinstance(a, e.Plus) else BEFORE_FACTOR
            before = place + self.between(term.parts[n - 1], a) if n else ""
            written += before + self.matrix_factor(a, closed=n < last)
        return written

    def matrix_factor(self, term: Term, *, closed: bool = False) -> str:
        """A factor of a matrix product; ones are a bold 1, so that they are no number."""
        if is_fill(term, 1):
            return self.one_row() if term.rows == 1 and term.cols != 1 else self.ones
        if isinstance(term, p.OPEN_ENDED) and not closed:
            return self.write(term)
        return self.operand(term, p.MATRIX, closed=closed)

    def between(self, left: Term, right: Term) -> str:
        """W · [h, x] as in papers; other factors stand side by side."""
        weight = isinstance(left, Parameter | d.Columns) and isinstance(right, e.Concatenation)
        return self.dot if weight else self.thin

    # --- functions --------------------------------------------------------------------------------

    def write_Elementwise(self, term: e.Elementwise) -> str:
        if term.function == "identity":
            return self.write(term.inside)
        if term.function == "square":
            return self.raised(term.inside, 2)
        return self.activation(term.function) + self.in_brackets(term.inside)

    def activation(self, name: str) -> str:
        if name not in ACTIVATIONS:
            raise MissingRule(f"no letter for {name}; add a line to lstmsym/printing/letters.py")
        return self.function(name)

    def raised(self, base: Term, exponent: int) -> str:
        """y², and tanh²(C) for the square of a function."""
        if isinstance(base, e.Elementwise) and base.function not in ("identity", "square"):
            name = self.power(self.activation(base.function), exponent)
            return name + self.in_brackets(base.inside)
        return self.power(self.operand(base, p.ATOM), exponent)

    def write_Concatenation(self, term: e.Concatenation) -> str:
        return f"[{', '.join(deeper(self.write(a)) for a in term.parts)}]"
