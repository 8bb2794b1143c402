"""The public doors: cell, parse, derive, flow, and what they return."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from lstmsym import flow
from lstmsym.answers import Derived, WholeDerivation
from lstmsym.cells import catalogue, find_cell
from lstmsym.cells.notations import notations, written_as
from lstmsym.cells.wrapped import is_call, layers_of, read_call
from lstmsym.derivation.lag import PATH_LIMIT, derive_state
from lstmsym.derivation.loss import derive_loss
from lstmsym.derivation.quantity import check_choice, read_quantity
from lstmsym.equations.bidirectional import bidirectional as both_directions
from lstmsym.equations.cell import Cell
from lstmsym.equations.peepholes import keep_peepholes
from lstmsym.equations.reader import read_cell
from lstmsym.equations.split import split_weights
from lstmsym.equations.stack import MOST_LAYERS
from lstmsym.equations.stack import stack as stack_cells
from lstmsym.errors import InputError, LstmsymError, UnknownName, nearest
from lstmsym.numerics.initialise import initialise
from lstmsym.numerics.network import Network
from lstmsym.numerics.rollout import rollout
from lstmsym.verification.check import demand

if TYPE_CHECKING:
    from lstmsym.formulas.cells import parse_latex_cell
    from lstmsym.verification.handwritten.check import assert_gradients, check_gradients
    from lstmsym.verification.marking.marked import verify_document as verify

# What few commands need is imported when it is asked for: public name → module and its name there.
LATER: dict[str, tuple[str, str]] = {
    "parse_latex_cell": ("lstmsym.formulas.cells", "parse_latex_cell"),
    "check_gradients":  ("lstmsym.verification.handwritten.check", "check_gradients"),
    "assert_gradients": ("lstmsym.verification.handwritten.check", "assert_gradients"),
    "verify":           ("lstmsym.verification.marking.marked", "verify_document"),
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(f"module 'lstmsym.api' has no attribute '{name}'")
    module, own = LATER[name]
    return getattr(import_module(module), own)


NOTATIONS: dict[str, Callable[[Cell], Cell]] = {
    "own": lambda cell: cell,
    "split": split_weights,
    **{name: partial(written_as, name) for name in notations()},
}


def cell(
    name: str | Path | Cell, notation: str = "own", peepholes: Iterable[str] | None = None
) -> Cell:
    """A cell of the catalogue, or the one in a .cell file, or a wrapped one; a Cell is returned as it is.

    name       "lstm", "./mine.cell", "stack(lstm, 3)", "bidirectional(gru)"
    notation   "split" writes every concatenated weight as blocks; "greff", "olah", "goodfellow" and "pytorch"
               write the cell as they do
    peepholes  the gates that keep theirs, ("f", "i"); all where it is None

    Raises UnknownName with the nearest spelling, CellError for a file that says no cell, InputError for
    one that cannot be read.
    """
    if notation not in NOTATIONS:
        raise UnknownName(f"unknown notation '{notation}'; {nearest(notation, NOTATIONS)}")
    found = find_cell(name)
    return NOTATIONS[notation](found if peepholes is None else keep_peepholes(found, peepholes))


def stack(*layers: str | Path | Cell | int) -> Cell:
    """Layers on top of each other as one cell, the lowest first: stack("lstm", "gru"), stack("lstm", 3).

    h of layer 2 is named h__2. Raises CellError for layers that make no single recurrence.
    """
    cells, depth = _layers(layers)
    return stack_cells(cells * depth)


def bidirectional(cell: str | Path | Cell) -> Cell:
    """A cell that reads its sequence from both ends: its halves h__fwd and h__bwd, and y = [h__fwd, h__bwd].

    The backward half has its own time, counted from the end. Raises CellError for a cell without an input.
    """
    return both_directions(find_cell(cell))


def network(*layers: str | Path | Cell | int) -> Network:
    """Layers to be run one after the other over whole sequences: network("stack(bidirectional(gru), 2)").

    `lstmsym.numerics.network.run_network` runs it, `lstmsym.verification.network.network_gradients` goes back.
    """
    if len(layers) == 1 and isinstance(layers[0], str) and is_call(layers[0]):
        return Network(tuple(layers_of(read_call(layers[0]), find_cell)))
    cells, depth = _layers(layers)
    return Network(tuple(cells * depth))


def _layers(layers: tuple[str | Path | Cell | int, ...]) -> tuple[list[Cell], int]:
    """The cells, and how often they are repeated."""
    *below, top = layers or ("",)
    depth = top if isinstance(top, int) else 1
    named = below if isinstance(top, int) else layers
    if not named or any(isinstance(a, int) for a in named) or not 1 <= depth <= MOST_LAYERS:
        raise InputError(
            f"layers are cells, the lowest first, and how often they are repeated, 1 to {MOST_LAYERS}: "
            "stack('lstm', 'gru') or stack('lstm', 3)"
        )
    return [find_cell(a) for a in named if not isinstance(a, int)], depth


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
    "bidirectional",
    "catalogue",
    "cell",
    "check_gradients",
    "derive",
    "flow",
    "initialise",
    "network",
    "parse",
    "parse_latex_cell",
    "rollout",
    "stack",
    "verify",
]
