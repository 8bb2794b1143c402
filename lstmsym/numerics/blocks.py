"""What each part of each weight multiplies, found from the equations and never from a cell's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sympy import Integer

from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.structured import Kronecker, Transposed
from lstmsym.equations.terms import (
    Concatenation,
    Elementwise,
    Hadamard,
    MatrixProduct,
    Parameter,
    Size,
    Term,
    signals_in,
    walk,
)  # fmt: skip

FORGET, INPUT = "forget gate", "input gate"


@dataclass(frozen=True)
class Block:
    """Columns of a weight: as many as `width`, multiplying the signals `reads`.

    source  "state" where one of them is computed by the cell, "input" where all come from outside
    """

    width: Size
    reads: frozenset[str]
    source: str


def blocks_of(cell: Cell, parameter: Parameter) -> tuple[Block, ...]:
    """The blocks of a weight matrix, by the first product in which it stands."""
    for product in _products(cell):
        if weight_of(product) == parameter:
            inside = product.args[1]
            if isinstance(product.args[0], Transposed):
                return (Block(parameter.cols, frozenset(), "state"),)
            if isinstance(product.args[0], Kronecker):
                return (replace(_block(cell, inside), width=parameter.cols),)
            parts = inside.parts if isinstance(inside, Concatenation) else (inside,)
            return tuple(_block(cell, part) for part in parts)
    return (Block(parameter.cols, frozenset(), "state"),)


def is_matrix(cell: Cell, parameter: Parameter) -> bool:
    """Whether a parameter multiplies by @, rather than being added or multiplied elementwise."""
    return parameter.cols != Integer(1) or any(weight_of(p) == parameter for p in _products(cell))


def is_scale(cell: Cell, parameter: Parameter) -> bool:
    """Whether a vector multiplies a signal elementwise, as a peephole does; else it is a bias."""
    found = (a for e in cell for a in walk(e.right) if isinstance(a, Hadamard))
    return any(parameter in product.parts for product in found)


def forget_biases(cell: Cell) -> tuple[str, ...]:
    """The biases of the forget gate: the equation that means "forget gate", else the one named f."""
    return gate_biases(cell, FORGET)


def gate_biases(cell: Cell, meaning: str) -> tuple[str, ...]:
    """The biases of the gates of a meaning, "forget gate" or "input gate"."""
    return tuple(a.name for e in gates(cell, meaning) for a in _added(e) if not is_scale(cell, a))


def gates(cell: Cell, meaning: str) -> tuple[Equation, ...]:
    """The equations that mean so, else the one that has the meaning's first letter for a name."""
    meant = tuple(e for e in cell if meaning in e.meaning.lower())
    return meant or tuple(e for e in cell if e.name == meaning[0])


def forget_gates(cell: Cell) -> tuple[Equation, ...]:
    """The equations of the forget gates."""
    return gates(cell, FORGET)


def _added(equation: Equation) -> Iterator[Parameter]:
    """The vectors that are added inside the activation of a gate."""
    inside = equation.right.inside if isinstance(equation.right, Elementwise) else equation.right
    for addend in (inside, *inside.parts):
        if isinstance(addend, Parameter) and addend.cols == 1:
            yield addend


def weight_of(product: MatrixProduct) -> Term:
    """The weight that multiplies: W of W v, Wᵀ v and (I ⊗ W) v."""
    left = product.parts[0]
    while isinstance(left, Transposed | Kronecker):
        left = left.parts[-1]
    return left


def _products(cell: Cell) -> Iterator[MatrixProduct]:
    return (a for e in cell for a in walk(e.right) if isinstance(a, MatrixProduct))


def _block(cell: Cell, part: Term) -> Block:
    names = {signal.name for signal in signals_in(part)}
    inputs = {signal.name for signal in cell.inputs}
    own = names & set(cell.states) or names
    return Block(part.rows, frozenset(own), "input" if names <= inputs else "state")
