"""What a derivation has to say about concatenated weights: the split that was made, or the columns it names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from lstmsym.derivation.steps import Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Columns, part_of
from lstmsym.equations.terms import Concatenation, MatrixProduct, Parameter, Term, walk


def split_steps(cell: Cell) -> tuple[Step, ...]:
    """W_f = [W_fh W_fx], the first steps of every derivation of a split cell."""
    return tuple(
        Step(weight, blocks, "concatenated weight written as blocks")
        for weight, blocks in cell.splits
    )


def column_remarks(cell: Cell, terms: Iterable[Term]) -> tuple[str, ...]:
    """One sentence on the columns of weights, when the terms name any; the same for all of a cell."""
    return (columns_of(cell),) if any(_first_columns(a) is not None for a in terms) else ()


@lru_cache(maxsize=256)
def columns_of(cell: Cell) -> str:
    """What W_{fh} means in this cell, said of its first concatenated weight; empty without one."""
    parts = (
        (weight.name, part_of(stack, 0).label, part_of(stack, len(stack.parts) - 1).label)
        for e in cell
        for product in walk(e.right)
        if isinstance(product, MatrixProduct) and isinstance(product.parts[1], Concatenation)
        for weight, stack in (product.parts,)
        if isinstance(weight, Parameter)
    )
    first = next(parts, None)
    if first is None:
        return ""
    name, label, last = first
    return (
        f"Columns of a concatenated weight carry the name of what they multiply as a last index: "
        f"of {name} one block multiplies {label}, one {last}, and so for the others."
    )


@lru_cache(maxsize=8192)
def _first_columns(term: Term) -> Columns | None:
    return next((a for a in walk(term) if isinstance(a, Columns)), None)
