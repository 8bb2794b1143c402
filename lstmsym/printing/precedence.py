"""What binds how tightly, how tall it is, and the sign in front of it."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from sympy import Number

from lstmsym.equations import derived as d
from lstmsym.equations import terms as e
from lstmsym.equations.terms import Fill, Hadamard, Term, is_fill
from lstmsym.printing.letters import split

SUM, HADAMARD, MATRIX, POWER, ATOM = range(1, 6)

# A term stands in brackets where its level is below what its place asks; what is not listed is an ATOM.
# fmt: off
LEVELS: dict[type[Term], int] = {
    e.Plus:            SUM,
    e.Hadamard:        HADAMARD,
    d.SumOverTime:     HADAMARD,
    d.ProductOverTime: HADAMARD,
    e.MatrixProduct:   MATRIX,
    d.Outer:           MATRIX,
    d.Dot:             MATRIX,
    d.Kronecker:       HADAMARD,
    d.Read:            MATRIX,
    e.Quotient:        POWER,
    d.Partial:         POWER,
    d.Gradient:        POWER,
    d.Transposed:      POWER,
}

# How tall a term is on paper: 0 a line, 2 a fraction, 3 a sum with limits or two rows, 4 more rows.
HEIGHTS: dict[type[Term], int] = {
    e.Quotient:        2,
    d.Partial:         2,
    d.Gradient:        2,
    d.SumOverTime:     3,
    d.ProductOverTime: 3,
    d.Selector:        3,
    d.Blocks:          4,
}
# fmt: on

OPEN_ENDED = (d.SumOverTime, d.ProductOverTime)
TIMED = (e.Signal, d.StateJacobian, d.Adjoint)


def level(term: Term, levels: dict[type[Term], int] = LEVELS) -> int:
    """How tightly a term binds: SUM for a + b and for -a, POWER for y ⊙ y, which prints as y²."""
    if isinstance(term, e.Elementwise) and term.function in ("identity", "square"):
        return level(term.inside, levels) if term.function == "identity" else POWER
    if signed(term)[0]:
        return SUM
    if isinstance(term, Hadamard) and len(powers(term.parts)) == 1:
        return POWER
    if isinstance(term, d.Adjoint):
        return ATOM if term.scope == "whole" and not is_marked(term) else POWER
    if isinstance(term, d.Columns) and term.part.label.isdigit():
        return POWER
    if is_marked(term):
        return POWER
    if is_vec(term):
        return ATOM
    return levels.get(type(term), ATOM)


def is_marked(term: Term) -> bool:
    """Whether a name has something above the line already: the number of its layer."""
    if isinstance(term, d.Columns):
        return is_marked(term.parameter)
    of = term.of if isinstance(term, d.Adjoint) else term
    return isinstance(of, e.Signal | e.Parameter) and bool(split(of.name).marks)


@lru_cache(maxsize=65536)
def height(term: Term) -> int:
    """How tall the brackets around a term must be."""
    own = 2 if isinstance(term, d.Adjoint) and term.scope != "whole" else HEIGHTS.get(type(term), 0)
    if isinstance(term, d.Partial | d.Adjoint | d.Gradient | d.Columns | d.Selector):
        return own
    return max([own, *map(height, term.parts)])


@lru_cache(maxsize=65536)
def signed(term: Term) -> tuple[bool, Term]:
    """Whether a minus stands in front, and what stands behind it: -x is (True, x)."""
    first = term.args[0] if isinstance(term, Hadamard) else term
    if not (isinstance(first, Fill) and isinstance(first.value, Number) and first.value < 0):
        return False, term
    size = Fill(-first.value, *first.shape)
    if term is first:
        return True, size
    rest = term.parts[1:] if is_fill(size, 1) and len(term.parts) > 1 else (size, *term.parts[1:])
    return True, rest[0] if len(rest) == 1 else Hadamard(*rest)


def powers(factors: tuple[Term, ...]) -> list[tuple[Term, int]]:
    """Neighbours that are equal as powers: a ⊙ y ⊙ y is a once and y twice."""
    return [(term, len(list(same))) for term, same in groupby(factors)]


def is_vec(term: Term) -> bool:
    """Whether k ⊗ v is printed as vec(v kᵀ): both are vectors, and the first not all ones."""
    columns = isinstance(term, d.Kronecker) and all(a.cols == 1 for a in term.parts)
    return columns and not isinstance(term.args[0], Fill)


def is_number(term: Term) -> bool:
    """Whether a factor is the same in every entry: a number, or a scalar that is spread."""
    if isinstance(term, e.MatrixProduct) and len(term.parts) == 2:
        return is_fill(term.parts[0], 1) and term.parts[1].shape == (1, 1)
    return isinstance(term, Fill)


def is_open(term: Term) -> bool:
    """Whether a sum or product over time would swallow what is written behind it."""
    last = term.parts[-1] if isinstance(term, Hadamard | e.MatrixProduct) else term
    return isinstance(last, OPEN_ENDED)
