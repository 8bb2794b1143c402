"""The laws that tidy a term: each a few lines, the law its docstring; the value never changes.

`tidy` applies `LAWS` from the leaves up until none of them changes anything, so tidying twice is
tidying once. Factor order is kept, but for numbers, which go to the front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise

from sympy import Integer, Number

from lstmsym.calculus.kronecker import KRONECKER_LAWS
from lstmsym.equations.derived import (
    Columns,
    Diagonal,
    Dot,
    Eye,
    Kronecker,
    Outer,
    Pieces,
    Read,
    Selector,
    Transposed,
)
from lstmsym.equations.terms import (
    Fill,
    Hadamard,
    MatrixProduct,
    Parameter,
    Plus,
    Term,
    is_fill,
    zeros,
)

Law = Callable[[Term], Term]
BILINEAR = (Hadamard, MatrixProduct, Diagonal, Transposed, Outer, Dot, Kronecker, Pieces, Read)


def flatten(term: Term) -> Term:
    """(a + b) + c = a + b + c, and so for ⊙ and the matrix product; one part alone is itself."""
    kind = type(term)
    if kind not in (Plus, Hadamard, MatrixProduct):
        return term
    if len(term.args) == 1:
        return term.parts[0]
    if not any(isinstance(a, kind) for a in term.args):
        return term
    return kind(*(b for a in term.parts for b in (a.parts if isinstance(a, kind) else (a,))))


def drop_zeros(term: Term) -> Term:
    """0 + a = a, 0 ⊙ a = 0, A 0 = 0, diag(0) = 0, 0ᵀ = 0."""
    if isinstance(term, Plus):
        rest = [a for a in term.parts if not is_fill(a, 0)]
        return term if len(rest) == len(term.args) else Plus(*rest) if rest else zeros(*term.shape)
    if isinstance(term, BILINEAR):
        return zeros(*term.shape) if any(is_fill(a, 0) for a in term.args) else term
    return term


def drop_identities(term: Term) -> Term:
    """I A = A, 1 ⊙ a = a, diag(1) = I, Iᵀ = I."""
    if isinstance(term, MatrixProduct):
        rest = [a for a in term.parts if not isinstance(a, Eye)]
        return (
            term
            if len(rest) == len(term.args)
            else MatrixProduct(*rest)
            if rest
            else Eye(term.rows)
        )
    if isinstance(term, Hadamard):
        rest = [a for a in term.parts if not is_fill(a, 1)]
        return (
            term
            if len(rest) == len(term.args)
            else Hadamard(*rest)
            if rest
            else Fill(1, *term.shape)
        )
    if isinstance(term, Diagonal) and is_fill(term.inside, 1):
        return Eye(term.rows)
    return term.inside if isinstance(term, Transposed) and isinstance(term.inside, Eye) else term


def numbers_first(term: Term) -> Term:
    """a ⊙ 2 ⊙ b ⊙ 3 = 6 ⊙ a ⊙ b."""
    if not isinstance(term, Hadamard):
        return term
    numbers = [a for a in term.parts if isinstance(a, Fill) and isinstance(a.value, Number)]
    if not numbers or numbers == [term.args[0]]:
        return term
    value = Integer(1)
    for a in numbers:
        value = value * a.value
    return Hadamard(Fill(value, *term.shape), *(a for a in term.parts if a not in numbers))


def merge_diagonals(term: Term) -> Term:
    """diag(a) diag(b) = diag(a ⊙ b) and diag(a) v = a ⊙ v."""
    if not isinstance(term, MatrixProduct):
        return term
    for n, (a, b) in enumerate(pairwise(term.parts)):
        if isinstance(a, Diagonal) and (isinstance(b, Diagonal) or b.is_vector):
            both = (
                Diagonal(Hadamard(a.inside, b.inside))
                if isinstance(b, Diagonal)
                else Hadamard(a.inside, b)
            )
            return MatrixProduct(*term.parts[:n], tidy(both), *term.parts[n + 2 :])
    return term


def add_diagonals(term: Term) -> Term:
    """diag(a) + A + diag(b) = diag(a + b) + A, with I as diag(1)."""
    if not isinstance(term, Plus):
        return term
    diagonal = [a for a in term.parts if isinstance(a, Diagonal | Eye)]
    if len(diagonal) < 2:
        return term
    inside = [a.inside if isinstance(a, Diagonal) else Fill(1, a.rows) for a in diagonal]
    merged = tidy(Diagonal(Plus(*_positive_first(inside))))
    first = term.args.index(diagonal[0])
    rest = [a for a in term.parts if not isinstance(a, Diagonal | Eye)]
    return Plus(*rest[:first], merged, *rest[first:])


def take_columns(term: Term) -> Term:
    """W [0; I; 0] is the columns of W that multiply that part."""
    if not isinstance(term, MatrixProduct):
        return term
    for n, (a, b) in enumerate(pairwise(term.parts)):
        if isinstance(a, Parameter) and isinstance(b, Selector):
            return MatrixProduct(*term.parts[:n], Columns(a, b), *term.parts[n + 2 :])
    return term


def transpose_inside(term: Term) -> Term:
    """(A B)ᵀ = Bᵀ Aᵀ, (A + B)ᵀ = Aᵀ + Bᵀ, (Aᵀ)ᵀ = A, diag(a)ᵀ = diag(a), (a bᵀ)ᵀ = b aᵀ."""
    if not isinstance(term, Transposed):
        return term
    a = term.inside
    if isinstance(a, MatrixProduct):
        return MatrixProduct(*(tidy(Transposed(b)) for b in reversed(a.parts)))
    if isinstance(a, Plus | Hadamard):
        return type(a)(*(tidy(Transposed(b)) for b in a.parts))
    if isinstance(a, Outer):
        return Outer(a.args[1], a.args[0])
    if isinstance(a, Fill):
        return Fill(a.value, a.cols, a.rows)
    return a.inside if isinstance(a, Transposed) else a if isinstance(a, Diagonal) else term


def as_dot(term: Term) -> Term:
    """1ᵀ v = the sum of v's entries, written as an inner product: 1ᵀ (a ⊙ b) = aᵀ b."""
    if not (isinstance(term, MatrixProduct) and len(term.args) == 2 and term.cols == 1):
        return term
    row, v = term.parts
    if not (is_fill(row, 1) and row.rows == 1):
        return term
    if isinstance(v, Hadamard):
        rest = v.parts[1:]
        return Dot(v.parts[0], rest[0] if len(rest) == 1 else Hadamard(*rest))
    return Dot(Fill(1, v.rows), v)


LAWS: tuple[Law, ...] = (
    flatten,
    drop_zeros,
    drop_identities,
    numbers_first,
    take_columns,
    merge_diagonals,
    add_diagonals,
    transpose_inside,
    as_dot,
    *KRONECKER_LAWS,
)


@lru_cache(maxsize=65536)
def tidy(term: Term) -> Term:
    """The term with all laws applied from the leaves up, until nothing changes."""
    if term.parts:
        new = tuple(tidy(a) if isinstance(a, Term) else a for a in term.args)
        if new != term.args:
            term = type(term)(*new)
    for law in LAWS:
        changed = law(term)
        if changed is not term:
            return tidy(changed)
    return term


def summands(term: Term) -> Iterator[Term]:
    """The parts of a sum, or the term alone; nothing for zero."""
    if isinstance(term, Plus):
        yield from term.parts
    elif not is_fill(term, 0):
        yield term


def distribute(term: Term) -> Term:
    """A (B + C) D = A B D + A C D, all the way: a sum of products."""
    if isinstance(term, Plus):
        return tidy(Plus(*(distribute(a) for a in term.parts)))
    if not isinstance(term, MatrixProduct):
        return term
    products: list[tuple[Term, ...]] = [()]
    for factor in term.parts:
        products = [
            (*p, a)
            for p in products
            for a in (summands(distribute(factor)) if not factor.is_vector else (factor,))
        ]
    return tidy(Plus(*(MatrixProduct(*p) for p in products))) if products else zeros(*term.shape)


def _positive_first(terms: list[Term]) -> list[Term]:
    """h̃ − h rather than −h + h̃."""
    return sorted(terms, key=lambda a: isinstance(a, Hadamard) and is_fill(a.args[0], -1))
