"""The laws of stacks of pieces: how A ⊗ B is transposed and what it does to a vector."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from lstmsym.equations.derived import Eye, Kronecker, Pieces, Read, Shift, Transposed
from lstmsym.equations.terms import Fill, MatrixProduct, Term

Law = Callable[[Term], Term]


def transpose_kronecker(term: Term) -> Term:
    """(A ⊗ B)ᵀ = Aᵀ ⊗ Bᵀ, and the transpose of a shift shifts back."""
    if not isinstance(term, Transposed):
        return term
    a = term.inside
    if isinstance(a, Kronecker):
        return Kronecker(*(Transposed(b) for b in a.parts))
    return Shift(a.rows, -a.places) if isinstance(a, Shift) else term


def join_identities(term: Term) -> Term:
    """I ⊗ I = I."""
    whole = isinstance(term, Kronecker) and all(isinstance(a, Eye) for a in term.parts)
    return Eye(term.rows) if whole else term


def apply_kronecker(term: Term) -> Term:
    """(a ⊗ I) v = a ⊗ v, (I ⊗ b) v = v ⊗ b, (aᵀ ⊗ I) v = V a, (I ⊗ bᵀ) v = Vᵀ b; V has the pieces of v as columns."""
    if not isinstance(term, MatrixProduct):
        return term
    for n, (a, v) in enumerate(pairwise(term.parts)):
        if not (isinstance(a, Kronecker) and v.is_vector):
            continue
        first, second = a.parts
        if applied := _applied(first, second, v):
            parts = (*term.parts[:n], applied, *term.parts[n + 2 :])
            return MatrixProduct(*parts) if len(parts) > 1 else applied
    return term


def _applied(a: Term, b: Term, v: Term) -> Term | None:
    if isinstance(b, Eye) and not isinstance(a, Eye):
        if a.cols == 1:
            return Kronecker(a, v)
        return Read(v, _column(a)) if a.rows == 1 else None
    if isinstance(a, Eye) and not isinstance(b, Eye):
        if b.cols == 1:
            return Kronecker(v, b)
        if b.rows == 1:
            return MatrixProduct(Transposed(Pieces(v, b.cols)), _column(b))
    return None


def _column(row: Term) -> Term:
    """A row as the column it is the transpose of."""
    if isinstance(row, Transposed):
        return row.inside
    return Fill(row.value, row.cols) if isinstance(row, Fill) else Transposed(row)


KRONECKER_LAWS: tuple[Law, ...] = (transpose_kronecker, join_identities, apply_kronecker)
