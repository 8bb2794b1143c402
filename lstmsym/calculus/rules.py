"""The rule table: for every term of a cell, the local Jacobian by each of its arguments.

Rows are outputs. A rule is written in the term's own output y where that is shorter (Griewank & Walther
2008, §3), so f ⊙ (1 − f) appears and not σ′ of a long sum. Backward is the transpose of this same table,
plus one outer product for a matrix parameter (`chain.pull`); there is no second table.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Rational

from lstmsym.equations.derived import (
    Diagonal,
    Dot,
    Eye,
    Kronecker,
    Maximum,
    Outer,
    Pieces,
    Read,
    Shift,
    Softmax,
    Transposed,
    part_of,
)
from lstmsym.equations.terms import (
    Concatenation,
    Elementwise,
    Fill,
    Hadamard,
    MatrixProduct,
    Parameter,
    Plus,
    Quotient,
    Signal,
    Term,
    negative,
    one_minus,
)  # fmt: skip
from lstmsym.errors import MissingRule

Rule = Callable[[Term, Term, int], Term]

# fmt: off
SLOPES: dict[str, Callable[[Term, Term], Term]] = {
    # function      slope, from the output y and the argument a
    "sigmoid":      lambda y, a: Hadamard(y, one_minus(y)),
    "tanh":         lambda y, a: one_minus(Elementwise("square", y)),
    "relu":         lambda y, a: Elementwise("step", y),
    "identity":     lambda y, a: Fill(1, *y.shape),
    "exp":          lambda y, a: y,
    "softplus":     lambda y, a: one_minus(Elementwise("exp", negative(y))),
    "square":       lambda y, a: Hadamard(Fill(2, *a.shape), a),
    "step":         lambda y, a: Fill(0, *y.shape),
    "log":          lambda y, a: Quotient(Fill(1, *a.shape), a),
    "sqrt":         lambda y, a: Quotient(Fill(Rational(1, 2), *y.shape), y),
    "sin":          lambda y, a: Elementwise("cos", a),
    "cos":          lambda y, a: negative(Elementwise("sin", a)),
    "abs":          lambda y, a: Elementwise("sign", a),
    "sign":         lambda y, a: Fill(0, *y.shape),
    "activation":   lambda y, a: Elementwise("activation_slope", a),
    "activation_slope": lambda y, a: Hadamard(y, one_minus(y)),
}

RULES: dict[type[Term], Rule] = {
    # term          local Jacobian by argument number n, from the output y
    Plus:           lambda y, term, n: Eye(term.rows),
    Hadamard:       lambda y, term, n: Diagonal(_others(term, n)),
    Quotient:       lambda y, term, n: Diagonal(_quotient(y, term, n)),
    MatrixProduct:  lambda y, term, n: MatrixProduct(*term.parts[:n]),
    Elementwise:    lambda y, term, n: Diagonal(SLOPES[term.function](y, term.inside)),
    Concatenation:  lambda y, term, n: part_of(term, n),
    Fill:           lambda y, term, n: Fill(1, term.rows, 1),
    Dot:            lambda y, term, n: Transposed(term.parts[1 - n]),
    Softmax:        lambda y, term, n: Plus(Diagonal(y), negative(Outer(y, y))),
    Maximum:        lambda y, term, n: Diagonal(_larger(term, n)),
    Kronecker:      lambda y, term, n: _kronecker(term, n),
    Read:           lambda y, term, n: _read(term, n),
}
LEAVES: tuple[type[Term], ...] = (Signal, Parameter, Eye, Shift, Transposed)

# Backward through a matrix that multiplies v, given the adjoint δ of the product: the gradient by its inside.
WEIGHTS: dict[type[Term], Callable[[Term, Term, Term], Term]] = {
    # matrix        gradient, from the matrix, δ and v
    Parameter:      lambda weight, delta, v: Outer(delta, v),
    Transposed:     lambda weight, delta, v: Outer(v, delta),
    Kronecker:      lambda weight, delta, v: _of_pieces(weight, delta, v),
}
# fmt: on


def local_jacobian(y: Term, term: Term, argument: int) -> Term:
    """∂term/∂argument, every other argument held fixed; y is the term's own value, named or not.

    Shape (rows of the term, rows of the argument). Raises MissingRule for a term outside the table.
    """
    rule = RULES.get(type(term))
    if rule is None:
        raise MissingRule(
            f"no rule for {type(term).__name__}, argument {argument + 1}; add a line to lstmsym/calculus/rules.py"
        )
    return rule(y, term, argument)


def _others(term: Term, n: int) -> Term:
    rest = [a for i, a in enumerate(term.parts) if i != n]
    return rest[0] if len(rest) == 1 else Hadamard(*rest)


def _quotient(y: Term, term: Term, n: int) -> Term:
    above, below = term.parts
    return Quotient(Fill(1, *above.shape), below) if n == 0 else negative(Quotient(y, below))


def _larger(term: Term, n: int) -> Term:
    """1 where argument n is the larger."""
    a, b = term.parts
    first = Elementwise("step", Plus(a, negative(b)))
    return first if n == 0 else one_minus(first)


def _kronecker(term: Term, n: int) -> Term:
    a, b = term.parts
    return Kronecker(Eye(a.rows), b) if n == 0 else Kronecker(a, Eye(b.rows))


def _read(term: Term, n: int) -> Term:
    stack, by = term.parts
    return Kronecker(Transposed(by), Eye(term.rows)) if n == 0 else Pieces(stack, term.rows)


def _of_pieces(weight: Term, delta: Term, v: Term) -> Term:
    """Σ over the pieces of δ_j v_jᵀ, for I ⊗ W."""
    inner = weight.parts[1]
    return MatrixProduct(Pieces(delta, inner.rows), Transposed(Pieces(v, inner.cols)))


__all__ = ["LEAVES", "RULES", "SLOPES", "WEIGHTS", "local_jacobian"]
