"""Bounds on one-step Jacobians and on their products, from the rule that norms multiply.

‖J_t‖₂ ≤ c for every step gives ‖∂h_t/∂h_{t-k}‖₂ ≤ c^k: vanishing is certain when c < 1, exploding is possible
only when c > 1. For tanh(W h + …) this is (‖W‖₂ γ)^k with γ the largest slope (Pascanu et al. 2013, §2.1).

The norm is the spectral *norm* ‖W‖₂, the largest singular value. The spectral radius does not do: with
W = [[8, 8], [-8, -8]] it is 0, and the gradient doubles at every step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy
from sympy import Expr, Rational, Symbol, oo

from lstmsym.calculus.rules import SLOPES
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import (
    Columns,
    Diagonal,
    Eye,
    Kronecker,
    Partial,
    Selector,
    Shift,
    Transposed,
)
from lstmsym.equations.display import Shown
from lstmsym.equations.terms import (
    Elementwise,
    Fill,
    Hadamard,
    MatrixProduct,
    Parameter,
    Plus,
    Signal,
    Term,
    one_minus,
)

RADIUS_REMARK = (
    "‖W‖₂ is the spectral norm, the largest singular value; the spectral radius does not do: "
    "W = [[8, 8], [-8, -8]] has spectral radius 0 and its gradient doubles at every step."
)

SPECTRAL, LARGEST = "norm", "largest"

# fmt: off
#   function      largest |value|   largest |slope|
RANGES: dict[str, tuple[Expr, Expr]] = {
    "sigmoid":   (sympy.S.One,      Rational(1, 4)),
    "tanh":      (sympy.S.One,      sympy.S.One),
    "relu":      (oo,               sympy.S.One),
    "identity":  (oo,               sympy.S.One),
    "exp":       (oo,               oo),
    "softplus":  (oo,               sympy.S.One),
    "square":    (oo,               oo),
    "step":      (sympy.S.One,      sympy.S.Zero),
    "log":       (oo,               oo),
    "sqrt":      (oo,               oo),
    "sin":       (sympy.S.One,      sympy.S.One),
    "cos":       (sympy.S.One,      sympy.S.One),
    "abs":       (oo,               sympy.S.One),
    "sign":      (sympy.S.One,      sympy.S.Zero),
    "activation":       (oo,        sympy.S.One),
    "activation_slope": (sympy.S.One, Rational(1, 4)),
}
# fmt: on


@dataclass(frozen=True, repr=False, eq=False)
class Bound(Shown):
    """‖left‖₂ ≤ value; `names` says what each symbol of the value stands for, as a term whose norm it is.

    The norm is the spectral one, or the largest entry where the symbol's name begins with `LARGEST`.
    """

    left: Term
    value: Expr
    names: dict[Symbol, Term]


def bound(cell: Cell, left: Term, term: Term) -> Bound:
    """A bound on the spectral norm of a Jacobian, in the norms of weights and of unbounded signals."""
    walker = _Norms(cell)
    value = walker.norm(term)
    return Bound(left, value, walker.names)


class _Norms:
    """Upper bounds on norms: of matrices the spectral norm, of vectors the largest entry."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.names: dict[Symbol, Term] = {}

    def norm(self, term: Term) -> Expr:
        """‖term‖₂ of a matrix."""
        table: dict[type[Term], Callable[[], Expr]] = {
            Plus: lambda: sympy.Add(*map(self.norm, term.parts)),
            MatrixProduct: lambda: sympy.Mul(*map(self.norm, term.parts)),
            Diagonal: lambda: self.largest(term.parts[0]),
            Hadamard: lambda: self._factors(list(term.parts[:-1])) * self.norm(term.parts[-1]),
            Transposed: lambda: self.norm(term.parts[0]),
            Eye: lambda: sympy.S.One,
            Selector: lambda: sympy.S.One,
            Parameter: lambda: self.symbol(term),
            Columns: lambda: self.symbol(term),
            Partial: lambda: self.symbol(term),
            Fill: lambda: sympy.S.Zero if term == Fill(0, *term.shape) else self.symbol(term),
            Kronecker: lambda: sympy.Mul(*map(self.norm, term.parts)),
            Shift: lambda: sympy.S.One,
        }
        named = lambda: self.symbol(term)  # noqa: E731
        return table.get(type(term), named)()

    def largest(self, v: Term) -> Expr:
        """The largest entry of a vector in absolute value."""
        if (slope := self._slope(v)) is not None:
            return slope
        if isinstance(v, Hadamard):
            return self._factors(list(v.parts))
        if isinstance(v, Fill) and isinstance(v.value, sympy.Number):
            return abs(v.value)
        if (kept := self._complement(v)) is not None:
            return kept
        if isinstance(v, Plus):
            return sympy.Add(*map(self.largest, v.parts))
        function = self._function(v)
        value = RANGES[function][0] if function else oo
        return self.symbol(v, LARGEST) if value == oo else value

    def _factors(self, parts: list[Term]) -> Expr:
        """Of a product: neighbours that are together a slope count as one."""
        value: Expr = sympy.S.One
        while parts:
            pair = self._slope(Hadamard(*parts[:2])) if len(parts) > 1 else None
            value *= self.largest(parts[0]) if pair is None else pair
            parts = parts[1:] if pair is None else parts[2:]
        return value

    def _slope(self, v: Term) -> Expr | None:
        """The largest slope, when v is the slope of a bounded-slope activation written in its output."""
        for y in (a for a in _outputs(v) if self._function(a)):
            function = self._function(y)
            if function in SLOPES and SLOPES[function](y, y) == v and RANGES[function][1] != oo:
                return RANGES[function][1]
        return None

    def _complement(self, v: Term) -> Expr | None:
        """1 − σ lies between 0 and 1."""
        inside = [a for a in _outputs(v) if self._function(a) == "sigmoid" and v == one_minus(a)]
        return sympy.S.One if inside else None

    def _function(self, v: Term) -> str | None:
        """The activation whose output v is."""
        if isinstance(v, Signal) and v.name in self.cell.by_name:
            v = self.cell.by_name[v.name].right
        return v.function if isinstance(v, Elementwise) else None

    def symbol(self, term: Term, norm: str = SPECTRAL) -> Symbol:
        """A nonnegative symbol for a norm that nothing bounds; its name says which norm."""
        for known, of in self.names.items():
            if of == term and known.name.startswith(norm):
                return known
        new = Symbol(f"{norm}{len(self.names)}", nonnegative=True)
        self.names[new] = term
        return new


def _outputs(v: Term) -> list[Term]:
    """The signals and activations directly inside a slope."""
    found = [v]
    for a in v.args:
        if isinstance(a, Term):
            found += _outputs(a)
    return found
