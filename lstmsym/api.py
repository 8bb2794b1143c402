"""The public doors: cell, parse, derive, flow, and what they return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np

from lstmsym import printing
from lstmsym.cells import catalogue, from_catalogue
from lstmsym.derivation.known import Known
from lstmsym.derivation.lag import PATH_LIMIT, derive_state
from lstmsym.derivation.loss import derive_loss
from lstmsym.derivation.normal import with_preactivations
from lstmsym.derivation.program import bptt
from lstmsym.derivation.quantity import read_quantity
from lstmsym.derivation.steps import Derivation, Document, Step
from lstmsym.derivation.whole import results, whole
from lstmsym.equations.cell import Cell
from lstmsym.equations.reader import read_cell, read_cell_file
from lstmsym.equations.split import split_weights
from lstmsym.equations.terms import T, Term, k, t
from lstmsym.errors import InputError, LstmsymError, UnknownName, nearest
from lstmsym.flow import measure as flow
from lstmsym.numerics.rollout import rollout
from lstmsym.numerics.translate import FLOATS, evaluate
from lstmsym.verification.check import Check, check, demand
from lstmsym.verification.running import run

Array = Any
SCHEMA = "lstmsym/derivation/1"
NOTATIONS = {"own": lambda cell: cell, "split": split_weights}


def cells() -> tuple[str, ...]:
    """The names of the catalogue."""
    return catalogue()


def cell(name: str | Path | Cell, notation: str = "own") -> Cell:
    """A cell of the catalogue, or the one in a .cell file; a Cell is returned as it is.

    notation "split" writes every concatenated weight as blocks. Raises UnknownName with the nearest
    spelling, CellError for a file that says no cell, InputError for one that cannot be read.
    """
    if notation not in NOTATIONS:
        raise UnknownName(f"unknown notation '{notation}'; {nearest(notation, NOTATIONS)}")
    found = name if isinstance(name, Cell) else _find(str(name))
    return NOTATIONS[notation](found)


def _find(name: str) -> Cell:
    looks_like_a_path = "/" in name or "\\" in name or Path(name).suffix in (".cell", ".tex", ".txt", ".md")
    if looks_like_a_path or (name not in catalogue() and Path(name).is_file()):
        if Path(name).suffix == ".tex":
            raise InputError(f"{name}: cells are read from .cell files; write the equations as in h[t] = tanh(W @ h[t-1])")
        return read_cell_file(name)
    return from_catalogue(name)


def parse(text: str, name: str = "cell") -> Cell:
    """The cell that a text says, one equation a line: h[t] = tanh(W @ h[t-1] + U @ x[t] + b)."""
    return read_cell(text, name)


@overload
def derive(cell: Cell | str | Path, quantity: str, **choices: Any) -> Derived: ...
@overload
def derive(cell: Cell | str | Path, quantity: None = None, **choices: Any) -> WholeDerivation: ...


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
        derivation = derive_loss(found, asked, layout or "denominator", form)
    else:
        derivation = derive_state(found, asked, kind, form, layout or "numerator", limit)
    return Derived(derivation, demand(derivation, draws))


_door = cell


@dataclass(frozen=True)
class Derived:
    """A derived quantity that its witnesses have confirmed."""

    derivation: Derivation
    checked: Check

    @property
    def expr(self) -> Term:
        """The result as a SymPy object."""
        return self.derivation.expr

    @property
    def steps(self) -> tuple[Step, ...]:
        """The way to it: left, right, because."""
        return self.derivation.steps

    @property
    def kind(self) -> str:
        return self.derivation.kind

    @property
    def terms(self) -> int | None:
        """The number of elementary paths; None for a symbolic lag and for a loss."""
        return self.derivation.terms

    def latex(self, steps: bool = False) -> str:
        """A LaTeX fragment (amsmath): the result with its definitions, or with every step and its reason."""
        return printing.latex(self.derivation, steps=steps)

    def text(self, steps: bool = False) -> str:
        """The same in Unicode for the terminal."""
        return printing.text(self.derivation, steps=steps)

    def markdown(self, steps: bool = True) -> str:
        """The same in Markdown with $$."""
        return printing.markdown(self.derivation, steps=steps)

    def article(self) -> str:
        """A standalone LaTeX article with every step."""
        return printing.article(self.derivation)

    def check(self, draws: int = 1) -> Check:
        """Ask the witnesses again, on so many draws."""
        return self.checked if draws == self.checked.draws else check(self.derivation, draws)

    def evaluate(self, values: Mapping[str, Array], *, time: int | None = None, lag: int | None = None,
                 loss_slopes: Array | None = None) -> Array:  # fmt: skip
        """The value in float64, shape (rows,) or (rows, columns).

        values       parameters by name; inputs by name, (T, m); states by name, their value (n,) at time 0
        time         the step t, 1 … T; the last one unless said
        lag          k, where the quantity has a symbolic one
        loss_slopes  ∂L_t/∂output_t for t = 1 … T, (T, n), for adjoints and gradients; ones unless said
        """
        return _evaluate(self.derivation, values, time, lag, loss_slopes)

    def as_dict(self) -> dict[str, Any]:
        """What the command prints with --json."""
        d = self.derivation
        return {
            "schema": SCHEMA,
            "cell": d.cell.name,
            "quantity": d.quantity,
            "kind": d.kind,
            "layout": d.layout,
            "form": d.form,
            "latex": self.latex(),
            "text": self.text(),
            "terms": d.terms,
            "steps": [_step_dict(s) for s in d.steps],
            "definitions": [_step_dict(s) for s in d.definitions],
            "remarks": list(d.remarks),
            "check": self.checked.as_dict(),
        }

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


def _step_dict(step: Step) -> dict[str, str]:
    return {"left": printing.latex(step.left), "right": printing.latex(step.right), "because": step.because}


class WholeDerivation:
    """Everything that follows from a cell: every result, checked, and the document that tells it in order."""

    def __init__(self, cell: Cell, draws: int = 1) -> None:
        self.cell = cell
        self.results = tuple(Derived(d, demand(d, draws)) for d in results(cell))

    @cached_property
    def document(self) -> Document:
        return whole(self.cell, tuple(r.derivation for r in self.results), self._verdict())

    def _verdict(self) -> str:
        worst = max(r.checked.autograd_max_rel_error for r in self.results)
        return (
            f"{len(self.results)} results were checked when they were derived: each equals forward mode exactly, modulo the "
            f"prime 2^61 - 1, with every line shown, and agrees with autograd in float64 (largest relative difference {worst:.1e})."
        )

    def latex(self) -> str:
        """The document's fragment, without a preamble."""
        return printing.latex(self.document)

    def article(self) -> str:
        """The document as an article that compiles as it stands."""
        return printing.article(self.document)

    def text(self) -> str:
        """The document for the terminal."""
        return printing.text(self.document)

    def markdown(self) -> str:
        """The document in Markdown with $$."""
        return printing.markdown(self.document)

    def as_dict(self) -> dict[str, Any]:
        """What the command prints with --json."""
        return {"schema": SCHEMA, "cell": self.cell.name, "results": [r.as_dict() for r in self.results]}


def _evaluate(derivation: Derivation, values: Mapping[str, Array], time: int | None, lag: int | None,
              loss_slopes: Array | None) -> Array:  # fmt: skip
    cell = derivation.cell
    known = {*cell.parameters, *cell.states, *(x.name for x in cell.inputs)}
    for name in values:
        if name not in known:
            raise UnknownName(f"{cell.name} has no '{name}'; {nearest(name, known)}")
    named = with_preactivations(cell)
    parameters = {n: np.asarray(values[n]) for n in cell.parameters if n in values}
    inputs = {x.name: np.asarray(values[x.name]) for x in cell.inputs if x.name in values}
    initial = {s: np.asarray(values[s]) for s in cell.states if s in values}
    steps = None if inputs else time
    found = rollout(named, parameters, inputs, initial, steps=steps)
    env = found.environment({T: found.steps}, definitions=Known(cell))
    if derivation.quantity.startswith("dL/"):
        slopes = np.ones_like(found.output) if loss_slopes is None else np.asarray(loss_slopes)
        env = run(bptt(cell), env, FLOATS, {τ: slopes[τ - 1] for τ in range(1, found.steps + 1)})
    bound = {t: found.steps if time is None else time} | ({} if lag is None else {k: lag})
    return evaluate(derivation.expr, env.bind(bound), FLOATS)


__all__ = ["Cell", "Derived", "LstmsymError", "WholeDerivation", "cell", "cells", "derive", "flow", "parse"]
