"""The public doors: cell, parse, derive, flow, and what they return."""

from __future__ import annotations

from pathlib import Path
from typing import overload

from lstmsym import flow
from lstmsym.answers import Derived, WholeDerivation
from lstmsym.cells import catalogue, find_cell
from lstmsym.derivation.lag import PATH_LIMIT, derive_state
from lstmsym.derivation.loss import derive_loss
from lstmsym.derivation.quantity import check_choice, read_quantity
from lstmsym.equations.cell import Cell
from lstmsym.equations.reader import read_cell
from lstmsym.equations.split import split_weights
from lstmsym.errors import LstmsymError, UnknownName, nearest
from lstmsym.verification.check import demand
from lstmsym.verification.handwritten.check import assert_gradients, check_gradients

NOTATIONS = {"own": lambda cell: cell, "split": split_weights}


def cell(name: str | Path | Cell, notation: str = "own") -> Cell:
    """A cell of the catalogue, or the one in a .cell file; a Cell is returned as it is.

    notation "split" writes every concatenated weight as blocks. Raises UnknownName with the nearest
    spelling, CellError for a file that says no cell, InputError for one that cannot be read.
    """
    if notation not in NOTATIONS:
        raise UnknownName(f"unknown notation '{notation}'; {nearest(notation, NOTATIONS)}")
    return NOTATIONS[notation](find_cell(name))


def parse(text: str, name: str = "cell") -> Cell:
    """The cell that a text says, one equation a line: h[t] = tanh(W @ h[t-1] + U @ x[t] + b)."""
    return read_cell(text, name)


@overload
def derive(
    cell: Cell | str | Path,
    quantity: str,
    *,
    kind: str = ...,
    form: str = ...,
    layout: str | None = ...,
    limit: int = ...,
    notation: str = ...,
    draws: int = ...,
) -> Derived: ...
@overload
def derive(
    cell: Cell | str | Path,
    quantity: None = ...,
    *,
    kind: str = ...,
    form: str = ...,
    layout: str | None = ...,
    limit: int = ...,
    notation: str = ...,
    draws: int = ...,
) -> WholeDerivation: ...


def derive(
    cell: Cell | str | Path,
    quantity: str | None = None,
    *,
    kind: str = "total",
    form: str = "product",
    layout: str | None = None,
    limit: int = PATH_LIMIT,
    notation: str = "own",
    draws: int = 1,
) -> Derived | WholeDerivation:
    """Derive a quantity of a cell, checked before it is returned; without a quantity, everything.

    quantity  'dC[t]/dC[t-k]', 'dC[t]/dC[t-3]', 'dh[t]/dx[t-2]', 'dL/dW_f' or 'dL/dh[t]'
    kind      direct, step, block or total (see docs/conventions)
    form      product, recursion or expanded; for a parameter also 'double sum'
    layout    numerator (rows are outputs; the default of Jacobians) or denominator (of gradients)
    limit     the most elementary paths that the expanded form may have
    draws     the number of random instances that each witness of the check sees

    Raises QuantityError for what cannot be asked, Disagreement when a witness says the result is wrong.
    """
    found = _door(cell, notation)
    if quantity is None:
        return WholeDerivation(found, draws)
    asked = read_quantity(found, quantity)
    if asked.above == "L":
        check_choice(f"kind of '{asked.text}'", kind, ("total",))
        derivation = derive_loss(found, asked, layout or "denominator", form)
    else:
        derivation = derive_state(found, asked, kind, form, layout or "numerator", limit)
    return Derived(derivation, demand(derivation, draws))


_door = cell


__all__ = [
    "Cell",
    "Derived",
    "LstmsymError",
    "WholeDerivation",
    "assert_gradients",
    "catalogue",
    "cell",
    "check_gradients",
    "derive",
    "flow",
    "parse",
]
