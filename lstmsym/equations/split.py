"""The notation with one weight a part: W_f @ [h[t-1], x[t]] becomes W_fh @ h[t-1] + W_fx @ x[t]."""

from __future__ import annotations

from dataclasses import replace

from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.derived import Blocks, Selector, part_of
from lstmsym.equations.rename import COPY
from lstmsym.equations.terms import Concatenation, MatrixProduct, Parameter, Plus, Term, walk
from lstmsym.errors import CellError


def split_weights(cell: Cell) -> Cell:
    """The same cell with every concatenated weight as blocks; `cell.splits` says which blocks make which weight.

    Raises CellError when one weight multiplies two concatenations that are cut at different places.
    """
    taken = {*cell.signals, *cell.parameters}
    blocks: dict[Parameter, tuple[Parameter, ...]] = {}
    for e in cell:
        for product in _concatenated(e):
            weight, stack = product.parts
            parts = [part_of(stack, n) for n in range(len(stack.parts))]
            known = blocks.setdefault(weight, _name(weight, parts, taken))
            if [b.cols for b in known] != [p.cols for p in parts]:
                raise CellError(
                    f"{weight.name} multiplies concatenations that are cut at different places; cannot be split"
                )
    equations = tuple(replace(e, right=_rewrite(e.right, blocks)) for e in cell)
    splits = tuple((weight, Blocks(len(parts), *parts)) for weight, parts in blocks.items())
    return replace(cell, equations=equations, splits=splits)


def _concatenated(e: Equation) -> list[MatrixProduct]:
    found = (a for a in walk(e.right) if isinstance(a, MatrixProduct))
    return [
        a
        for a in found
        if isinstance(a.parts[1], Concatenation) and isinstance(a.parts[0], Parameter)
    ]


def _name(weight: Parameter, parts: list[Selector], taken: set[str]) -> tuple[Parameter, ...]:
    stem, *copies = weight.name.split(COPY)
    marks = "".join(f"{COPY}{mark}" for mark in copies)
    joint = "" if "_" in stem else "_"
    named = []
    for part in parts:
        label = _within_copy(part.label, copies)
        choices = (f"{stem}{joint}{label}{n}{marks}" for n in ("", *range(2, 1000)))
        name = next(c for c in choices if c not in taken)
        taken.add(name)
        named.append(Parameter(name, weight.rows, part.cols))
    return tuple(named)


def _within_copy(label: str, copies: list[str]) -> str:
    """The part h__2 of a weight of layer 2 is h, and h__1 is _h1."""
    stem, *own = label.split(COPY)
    return stem if own in ([], copies) else f"_{stem}{''.join(own)}"


def _rewrite(term: Term, blocks: dict[Parameter, tuple[Parameter, ...]]) -> Term:
    if not term.parts:
        return term
    if (
        isinstance(term, MatrixProduct)
        and term.parts[0] in blocks
        and isinstance(term.parts[1], Concatenation)
    ):
        weights, inside = blocks[term.parts[0]], (_rewrite(a, blocks) for a in term.parts[1].parts)
        return Plus(*(MatrixProduct(w, a) for w, a in zip(weights, inside, strict=True)))
    rebuilt = type(term)(*(_rewrite(a, blocks) if isinstance(a, Term) else a for a in term.args))
    return _flat(rebuilt)


def _flat(term: Term) -> Term:
    """(W_fh h + W_fx x) + b as one sum of three."""
    if not isinstance(term, Plus):
        return term
    return Plus(*(b for a in term.parts for b in (a.parts if isinstance(a, Plus) else (a,))))
