"""How an author's arrays are those of a cell, decided by numbers.

For each arrangement the cell is run on the arrays. The true gradients, known from the author's own forward pass,
have to be what backpropagation gives for some slopes ∂L_t/∂output_t; there are far more gradients than slopes,
so only a right arrangement fits.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstmsym.equations.cell import Cell
from lstmsym.errors import LstmsymError
from lstmsym.verification.handwritten.arranging import (
    arrangements,
    choices_of,
    in_common_orders,
    missing,
)
from lstmsym.verification.handwritten.layouts import Space
from lstmsym.verification.handwritten.program_run import Backward

Array = Any
Arrays = Mapping[str, Array]
FITS = 1e-5
SAFETY = 3.0
ENOUGH = 1.1  # true gradients for each slope, or anything would fit
MOST_SLOPES = 600
MOST_TRIED = 200
TRIED_AGAIN = 3  # of so many once more, with a loss that sees all states


class NoFit(LstmsymError):
    """The arrays could not be read as those of the cell; the message says what is missing."""


class NotAmongThem(NoFit):
    """No array can be one of the cell's inputs or matrices."""


class TooFew(NoFit):
    """Under some arrangement more slopes of the loss are unknown than true gradients are known."""


@dataclass(frozen=True)
class Fit:
    """An arrangement that fits.

    layouts  author's array → places of its entries in the flat vector
    slopes   ∂L_t/∂output_t, or by all states where the loss sees more than the output, (T, batch, rows)
    map      (slopes, length): the gradients by every slope alone
    known    the arrays whose true gradient the slopes were found from
    """

    backward: Backward
    layouts: Mapping[str, Array]
    slopes: Array
    map: Array
    known: tuple[str, ...]

    @property
    def space(self) -> Space:
        return self.backward.space

    @property
    def rank(self) -> int:
        """How many of the slopes the gradients determine."""
        places = np.unique(np.concatenate([np.ravel(self.layouts[n]) for n in self.known]))
        return int(np.linalg.matrix_rank(self.map[:, places]))

    def solved(self, gradients: Arrays) -> tuple[Array, float]:
        """The slopes that explain gradients best, and how far off they leave them, relative to their size."""
        return _solved(self.map, self.layouts, gradients)


def fit(
    cell: Cell,
    arrays: Arrays,
    true: Arrays,
    stated: Mapping[str, str],
    error: float = 0.0,
    most: int = MOST_TRIED,
) -> Fit:
    """The arrangement of arrays under which the cell gives the true gradients.

    arrays  the author's arrays
    true    the true gradient by each of them, as far as it is known
    stated  author's name → the cell's, as `layouts.read_meaning` reads it; the others are found by their names
    error   how far the true gradients may be off, relative to their largest entry
    most    how many arrangements are tried

    Raises NoFit with what is missing, InputError for a stated name that the cell does not have.
    """
    choices = choices_of(cell, arrays, stated)
    absent = missing(cell, choices)
    if absent:
        raise NotAmongThem(
            f"no array is known to be {', '.join(absent)} of {cell.name}; "
            f"put it among the arrays, or state which it is, as in names={{'…': '{absent[0]}'}}"
        )
    states = (cell.output, *(s for s in cell.states if s != cell.output))
    fits, tried = FITS + SAFETY * error, []
    likely = arrangements(cell, arrays, in_common_orders(choices))
    every = itertools.chain(likely, arrangements(cell, arrays, choices))
    for space, found in itertools.islice(every, most):
        made = _fitted(Backward(space, _flat(space, found, arrays), states[:1]), found, true, fits)
        if made is not None:
            return made
        tried.append((space, found))
    for space, found in tried[: most // TRIED_AGAIN] if len(states) > 1 else ():
        made = _fitted(Backward(space, _flat(space, found, arrays), states), found, true, fits)
        if made is not None:
            return made
    few = any(_is_open(Backward(s, np.zeros(0), states[:1]), f, true) for s, f in tried)
    raise (TooFew if few else NoFit)(
        f"the arrays {', '.join(choices)} do not act as those of {cell.name} under any arrangement that was tried; "
        "the forward pass may be another cell; else state all names, with the order of gates and columns: "
        "'W=[W_f;W_i].T', 'Wf=W_f[x,h]'"
    )


def _flat(space: Space, found: Arrays, arrays: Arrays) -> Array:
    """The arrays in the flat vector; two that hold the same are added, as two biases are."""
    flat = np.zeros(space.length)
    for name, places in found.items():
        np.add.at(flat, places, arrays[name])
    return flat


def _is_open(backward: Backward, found: Arrays, true: Arrays) -> bool:
    """Whether there are too few true gradients to find all slopes from them and be sure."""
    return ENOUGH * len(backward.unit_slopes()) > sum(np.size(true[n]) for n in found if n in true)


def _fitted(backward: Backward, found: Arrays, true: Arrays, fits: float) -> Fit | None:
    if _is_open(backward, found, true):
        return None
    with np.errstate(all="ignore"):
        slopes = backward.unit_slopes()
        if len(slopes) > MOST_SLOPES:
            raise NoFit(
                f"{len(slopes)} slopes of the loss are unknown (steps · batch · units); "
                f"give smaller arrays, with at most {MOST_SLOPES}"
            )
        linear = backward.all_gradients(backward.program, slopes)
    own, off = _solved(linear, found, true)
    if off > fits:
        return None
    known = tuple(n for n in found if n in true)
    return Fit(backward, found, own.reshape(slopes.shape[1:]), linear, known)


def _solved(linear: Array, found: Mapping[str, Array], gradients: Arrays) -> tuple[Array, float]:
    names = [n for n in found if n in gradients]
    columns = np.concatenate([linear[:, found[n]].reshape(len(linear), -1) for n in names], axis=1)
    wanted = np.concatenate([np.reshape(gradients[n], -1) for n in names])
    if not (np.all(np.isfinite(columns)) and np.all(np.isfinite(wanted))):
        return np.zeros(len(linear)), np.inf
    slopes = np.linalg.lstsq(columns.T, wanted, rcond=None)[0]
    size = float(np.max(np.abs(wanted), initial=0.0))
    return slopes, float(np.max(np.abs(slopes @ columns - wanted), initial=0.0)) / (size or 1.0)
