"""What a derivation is: a list of steps, recorded from the run that gave the answer."""

from __future__ import annotations

from dataclasses import dataclass

from lstmsym.equations.cell import Cell
from lstmsym.equations.display import Shown
from lstmsym.equations.terms import Term


@dataclass(frozen=True, repr=False)
class Step(Shown):
    """left = right, because of a reason in words. Steps with one left side are successive rewritings."""

    left: Term
    right: Term
    because: str


@dataclass(frozen=True, repr=False, eq=False)
class Derivation(Shown):
    """One derived quantity with the way to it.

    quantity     as it was asked: "dC[t]/dC[t-k]", "dL/dW_f"
    kind         direct, step, block or total; "gradient" for adjoints and parameters
    layout       numerator (rows are outputs) or denominator
    left, expr   left = expr; expr may use the names that `definitions` define
    steps        the way from left to expr
    definitions  what the names in expr and in the steps stand for, each at time t
    terms        the number of elementary paths; None for a symbolic lag
    remarks      sentences to print below
    """

    cell: Cell
    quantity: str
    kind: str
    layout: str
    form: str
    left: Term
    expr: Term
    steps: tuple[Step, ...]
    definitions: tuple[Step, ...] = ()
    terms: int | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False, eq=False)
class Program(Shown):
    """Backpropagation through time as a list of assignments, to be run for t = T … 1.

    cell         the cell with its pre-activations named
    assignments  Adjoint = right side, in an order in which they can be run within one step
    gradients    Gradient = sum over time, once all adjoints are known
    """

    cell: Cell
    assignments: tuple[Step, ...]
    gradients: tuple[Step, ...]


@dataclass(frozen=True, repr=False, eq=False)
class Section(Shown):
    """A part of a whole derivation: a title, sentences, and equations, steps or derivations in order."""

    title: str
    prose: tuple[str, ...] = ()
    items: tuple[Shown, ...] = ()


@dataclass(frozen=True, repr=False, eq=False)
class Document(Shown):
    """A whole derivation of a cell, section by section."""

    cell: Cell
    title: str
    sections: tuple[Section, ...]
