"""What n and m are, found from the arrays that are given; every array is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from sympy import Basic, Expr, Symbol

from lstmsym.equations.cell import Cell
from lstmsym.equations.terms import Term
from lstmsym.errors import InputError, UnknownName, nearest
from lstmsym.numerics.environment import affine_value, coefficients

Array = Any


def infer_sizes(
    cell: Cell, arrays: Mapping[str, Array], *, all_known: bool = True
) -> dict[Symbol, int]:
    """The size symbols of a cell from the trailing dimensions of named parameters and signals.

    Raises InputError where an array does not have its term's shape, or a size stays unknown while
    all have to be known; UnknownName for an array that the cell has no name for.
    """
    known = {**cell.signals, **cell.parameters}
    for name in arrays:
        if name not in known:
            raise UnknownName(f"{cell.name} has no '{name}'; {nearest(name, known)}")
    sides = [s for name, a in arrays.items() for s in _sides(known[name], a)]
    sizes = _solve(sides)
    for symbol in cell.sizes:
        if all_known and symbol not in sizes:
            raise InputError(f"nothing says how large {symbol} is; give more of the arrays")
    for name, array in arrays.items():
        check_shape(name, known[name], array, sizes)
    return sizes


def check_shape(name: str, term: Term, array: Array, sizes: Mapping[Symbol, int]) -> None:
    """Raise InputError unless the array ends in the shape of the term."""
    expected = array_shape(term, sizes) or (1,)
    found = tuple(array.shape[-len(expected) :]) or (1,)
    if found != expected:
        shown = f"({', '.join(map(str, term.shape[: len(expected)]))}) = {expected}"
        raise InputError(f"{name} has shape {tuple(array.shape)}, expected {shown}")


def array_shape(term: Term, sizes: Mapping[Symbol, int]) -> tuple[int, ...]:
    """The array dimensions of a term: () of a scalar, (rows,) of a column, else (rows, columns)."""
    rows, cols = (affine_value(side, sizes, "size") for side in term.shape)
    if term.shape == (1, 1):
        return ()
    return (rows,) if term.cols == 1 else (rows, cols)


def _sides(term: Term, array: Array) -> Iterator[tuple[Basic, int]]:
    """(size expression, number) for each trailing dimension."""
    own = [term.rows] if term.cols == 1 else list(term.shape)
    if len(array.shape) < len(own):
        own = []
    return zip(own, array.shape[len(array.shape) - len(own) :], strict=True)


def _solve(sides: list[tuple[Basic, int]]) -> dict[Symbol, int]:
    """Sizes from equations size = number, one unknown at a time; plain ones first, since they are surest."""
    sides = sorted(sides, key=lambda side: _hardness(side[0]))
    sizes: dict[Symbol, int] = {}
    progress = True
    while progress:
        progress = False
        for expression, number in sides:
            constant, parts = coefficients(expression)
            unknown = [s for symbols, _ in parts for s in symbols if s not in sizes]
            if len(unknown) == 1:
                (symbol,), progress = unknown, True
                rest, factor = number - constant, 0
                for symbols, c in parts:
                    value = c * prod(sizes[s] for s in symbols if s != symbol)
                    factor += value if symbol in symbols else 0
                    rest -= 0 if symbol in symbols else value
                sizes[symbol] = rest // factor if factor else 0
    return sizes


def _hardness(expression: Expr) -> tuple[int, int]:
    """How many symbols there are in the largest product, and how many products."""
    _, parts = coefficients(expression)
    return max((len(symbols) for symbols, _ in parts), default=0), len(parts)
