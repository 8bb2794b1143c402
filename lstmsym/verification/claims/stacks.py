"""Stacks of pieces in a written formula: mat(S_t), k ⊗ I, I ⊗ W, 1 ⊗ v, S_1, their sizes those of the cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from lstmsym.equations import derived as d
from lstmsym.equations.cell import Cell
from lstmsym.equations.terms import Size, Term, walk
from lstmsym.numerics.arithmetic import Arithmetic
from lstmsym.verification.claims.value import Value

Array = Any
Pairs = tuple[tuple[int, int], ...]  # (number of pieces, size of a piece)


def stacks_of(cell: Cell, size: Callable[[Size], int]) -> Pairs:
    """The stacks that the equations of a cell name."""
    found = (a for e in cell for term in walk(e.right) for a in _stacks_in(term))
    sized = ((size(number), size(piece)) for number, piece in found)
    return tuple(dict.fromkeys(a for a in sized if 1 not in a))


def _stacks_in(term: Term) -> Iterator[tuple[Size, Size]]:
    if isinstance(term, d.Read):
        yield term.by.rows, term.rows
    if isinstance(term, d.Pieces):
        yield term.cols, term.rows
    if isinstance(term, d.Kronecker):
        a, b = term.parts
        yield from ((a.rows, b.rows), (a.cols, b.cols))


@lru_cache(maxsize=64)
def piece_of(cell: Cell, name: str) -> Size | None:
    """The size of the pieces of a signal that is a matrix given as the stack of its columns; None for others."""
    for e in cell:
        for a in walk(e.right):
            if isinstance(a, d.Read | d.Pieces) and getattr(a.stack, "name", "") == name:
                return a.rows
    return None


def pieces(v: Value, stacks: Pairs, arithmetic: Arithmetic) -> Value | None:
    """mat(v): the matrix whose columns are the pieces; None where no stack of the cell is so long."""
    sizes = [(n, p) for number, piece in stacks for n, p in ((number, piece), (number, 1))]
    piece = next((p for n, p in sizes if v.dims == 1 and n * p == v.shape[0]), None)
    return None if piece is None else Value(arithmetic.pieces(v.array, piece))


def kronecker(a: Value, b: Value, stacks: Pairs, arithmetic: Arithmetic) -> Value | None:
    """a ⊗ b with an I or a vector of ones in it, or of two rows; None where no stack says its size."""
    numbers = [n for n, _ in stacks if a.dims == 0 or n in _sizes(a)]
    sizes = [p for _, p in stacks if b.dims == 0 or p in _sizes(b)]
    fitting = [(n, p) for n, p in stacks if n in numbers and p in sizes]
    if a.dims and b.dims:
        fitting = [(0, 0)] if a.row and b.row else []
    if not fitting:
        return None
    number, size = fitting[0]
    left, right = _sized(a, number, arithmetic), _sized(b, size, arithmetic)
    found = arithmetic.kronecker(left, right)
    if found.shape[0] == 1:
        return Value(found[0], row=True)
    return Value(found[:, 0]) if found.shape[1] == 1 else Value(found)


def shift(places: int, stacks: Pairs, arithmetic: Arithmetic) -> Value | None:
    """S_1, which moves each piece one on."""
    if not stacks:
        return None
    zeros = np.eye(stacks[0][0], k=-places, dtype=int)
    return Value(arithmetic.multiply(arithmetic.constant(1, zeros.shape), zeros))


def _sizes(a: Value) -> tuple[int, ...]:
    return a.shape


def _sized(a: Value, size: int, arithmetic: Arithmetic) -> Array:
    """A value as a matrix; an I, and ones, as large as they have to be."""
    if a.dims == 2:
        return a.array
    if a.dims == 1:
        return a.array[None, :] if a.row else a.array[:, None]
    if a.eye:
        return arithmetic.multiply(a.array, arithmetic.eye(size))
    ones = arithmetic.multiply(a.array, arithmetic.constant(1, (size, 1)))
    return arithmetic.transpose(ones) if a.row else ones
