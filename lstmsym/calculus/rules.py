"""The rule table: for every term of a cell, the local Jacobian by each of its arguments.

Rows are outputs. A rule is written in the term's own output y where that is shorter (Griewank & Walther
2008, §3), so f ⊙ (1 − f) appears and not σ′ of a long sum. Backward is the transpose of this same table,
plus one outer product for a matrix parameter (`chain.pull`); there is no second table.
"""

from __future__ import annotations

from collections.abc import Callable

from lstmsym.equations.derived import Diagonal, Eye, part_of
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
}
LEAVES: tuple[type[Term], ...] = (Signal, Parameter)
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


__all__ = ["LEAVES", "RULES", "SLOPES", "local_jacobian"]
