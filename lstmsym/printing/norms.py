"""Bounds on norms: ‖∂C_t/∂h_{t-1}‖₂ ≤ 0.25 ‖W_{fh}‖₂ max|C_{t-1}| + …, in both formats."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Add, Expr, Mul, Pow, oo

from lstmsym.derivation.bounds import LARGEST, Bound
from lstmsym.equations.terms import Term
from lstmsym.errors import MissingRule
from lstmsym.printing.breaks import BEFORE_SUMMAND, deeper, flat
from lstmsym.printing.precedence import height
from lstmsym.printing.writer import CellWriter


@dataclass(frozen=True)
class Norm:
    """‖term‖₂, the left side of a bound."""

    term: Term


def norm(term: Term, writer: CellWriter, index: str = "2") -> str:
    """The spectral norm of a matrix; with the index ∞ the largest entry of a vector."""
    return writer.norm(flat(writer.write(term)), index, height(term))


def bound_value(bound: Bound, writer: CellWriter) -> str:
    """The right side of a bound, with its places to break."""
    return _Value(bound, writer).write(bound.value)


class _Value:
    """A SymPy expression in norms, its symbols written as what they stand for."""

    def __init__(self, bound: Bound, writer: CellWriter) -> None:
        self.writer = writer
        self.symbols = {
            symbol: norm(term, writer, "∞" if symbol.name.startswith(LARGEST) else "2")
            for symbol, term in bound.names.items()
        }

    def write(self, value: Expr) -> str:
        if isinstance(value, Add):
            return f"{BEFORE_SUMMAND} + ".join(map(self.write, value.as_ordered_terms()))
        if isinstance(value, Mul):
            return self.writer.thin.join(map(self.factor, value.as_ordered_factors()))
        if isinstance(value, Pow):
            return self.writer.power(self.factor(value.base), str(value.exp))
        if value in self.symbols:
            return self.symbols[value]
        if value == oo:
            return self.writer.infinity
        if value.is_Number:
            return self.writer.number(value)
        raise MissingRule(f"no way to print the bound {value}; add it to lstmsym/printing/norms.py")

    def factor(self, value: Expr) -> str:
        written = self.write(value)
        return self.writer.bracket(deeper(written)) if isinstance(value, Add | Mul) else written
