"""Cells with the same weights as the one that was named: a forward pass is often one of these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lstmsym.cells import catalogue, from_catalogue
from lstmsym.equations.cell import Cell
from lstmsym.equations.terms import Elementwise, Term, walk
from lstmsym.printing.documents import line

OTHERS = {"tanh": ("sigmoid", "relu"), "relu": ("tanh", "sigmoid")}


def siblings(cell: Cell) -> Iterator[tuple[Cell, str]]:
    """The cell with another activation in one place, or none, and its namesakes; each with what differs."""
    for n, equation in enumerate(cell.equations):
        for a in walk(equation.right):
            for new in _instead(a):
                right = equation.right.xreplace({a: new})
                equations = list(cell.equations)
                equations[n] = replace(equation, right=right)
                said = f"the forward pass is that of {cell.name} but for {line(equation.left)} = {line(right)}"
                yield replace(cell, equations=tuple(equations)), said
    for name in catalogue():
        if name.partition("_")[0] == cell.name.partition("_")[0] and name != cell.name:
            other = from_catalogue(name)
            if _weights(other) == _weights(cell):
                yield other, f"the forward pass is that of {name}, not of {cell.name}"


def _instead(term: Term) -> list[Term]:
    if not isinstance(term, Elementwise) or term.function not in OTHERS:
        return []
    return [*(Elementwise(f, term.inside) for f in OTHERS[term.function]), term.inside]


def _weights(cell: Cell) -> object:
    """What an author's arrays are told by: the shapes of all weights, the states, the inputs."""
    return (
        {name: weight.shape for name, weight in cell.weights.items()},
        set(cell.states),
        {x.name for x in cell.inputs},
    )
