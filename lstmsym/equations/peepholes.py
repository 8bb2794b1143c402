"""Peepholes: what gates read of the cell state, kept on some gates and taken off the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.rename import COPY
from lstmsym.equations.terms import (
    Concatenation,
    Elementwise,
    MatrixProduct,
    Parameter,
    Plus,
    Term,
    signals_in,
    walk,
)
from lstmsym.errors import CellError, UnknownName, nearest

CELL_STATE, GATE = "cell state", "gate"


def keep_peepholes(cell: Cell, gates: Iterable[str]) -> Cell:
    """The same cell with peepholes on the named gates alone; on all copies of f where f is named.

    Raises CellError for a cell without peepholes, UnknownName for a gate that has none.
    """
    having, kept = peephole_gates(cell), tuple(dict.fromkeys(gates))
    letters = tuple(dict.fromkeys(_letter(name) for name in having))
    if not having:
        raise CellError(
            f"{cell.name} has no peepholes: none of its gates reads the cell state; "
            "take lstm_peephole or lstm_peephole_diagonal"
        )
    for name in kept:
        if name not in (*letters, *having):
            raise UnknownName(f"{cell.name} has no peephole on '{name}'; {nearest(name, letters)}")
    off = {name for name in having if not {name, _letter(name)} & set(kept)}
    without = replace(
        cell,
        name=f"{cell.name}({', '.join(kept)})" if off else cell.name,
        equations=tuple(_without(cell, e) if e.name in off else e for e in cell),
        text="" if off else cell.text,
    )
    return _checked(without)


def peephole_gates(cell: Cell) -> tuple[str, ...]:
    """The gates whose equations read a cell state, in computing order."""
    return tuple(e.name for e in cell if GATE in e.meaning and _reads(cell, e.right))


def _letter(name: str) -> str:
    return name.split(COPY)[0]


def _cell_states(cell: Cell) -> frozenset[str]:
    """What the equations call the cell state."""
    return frozenset(e.name for e in cell if e.meaning.startswith(CELL_STATE))


def _reads(cell: Cell, term: Term) -> bool:
    return any(s.name in _cell_states(cell) for s in signals_in(term))


def _without(cell: Cell, e: Equation) -> Equation:
    meaning = e.meaning.replace(", sees the new cell state", "")
    return replace(e, right=_taken_off(cell, e.right, e.name), meaning=meaning)


def _taken_off(cell: Cell, term: Term, gate: str) -> Term:
    """The term without the summands, or the parts of a concatenation, in which a cell state stands."""
    if not _reads(cell, term):
        return term
    if isinstance(term, Elementwise):
        return Elementwise(term.function, _taken_off(cell, term.inside, gate))
    if isinstance(term, MatrixProduct) and isinstance(term.parts[1], Concatenation):
        return _narrower(cell, term, gate)
    if isinstance(term, Plus):
        rest = [_taken_off(cell, a, gate) for a in term.parts if not _is_peephole(cell, a)]
        if rest:
            return rest[0] if len(rest) == 1 else Plus(*rest)
    raise CellError(f"the peephole of {gate} is no summand of its own in {cell.name}; it stays")


def _is_peephole(cell: Cell, addend: Term) -> bool:
    joint = isinstance(addend, MatrixProduct) and isinstance(addend.parts[1], Concatenation)
    return _reads(cell, addend) and not joint


def _narrower(cell: Cell, product: MatrixProduct, gate: str) -> Term:
    """W [C, h, x] as W [h, x], with a W of fewer columns."""
    weight, stack = product.parts
    rest = [a for a in stack.parts if not _reads(cell, a)]
    if not rest or not isinstance(weight, Parameter):
        raise CellError(f"nothing is left of the argument of {gate} without its peephole")
    inside = rest[0] if len(rest) == 1 else Concatenation(*rest)
    return MatrixProduct(Parameter(weight.name, weight.rows, inside.rows), inside)


def _checked(cell: Cell) -> Cell:
    """The cell, unless a weight now has two shapes."""
    shapes: dict[str, Parameter] = {}
    for parameter in (a for e in cell for a in walk(e.right) if isinstance(a, Parameter)):
        if shapes.setdefault(parameter.name, parameter) != parameter:
            raise CellError(f"{parameter.name} is shared by gates with and without a peephole")
    return cell
