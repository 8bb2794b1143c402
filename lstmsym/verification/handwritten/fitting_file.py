"""The fit of what an author gave: which true gradients it needs, inputs that are symbols, cells that are much alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lstmsym.equations.cell import Cell
from lstmsym.verification.handwritten.arranging import choices_of, missing
from lstmsym.verification.handwritten.compare import true_gradients
from lstmsym.verification.handwritten.fitting import (
    MOST_TRIED,
    Fit,
    NoFit,
    NotAmongThem,
    TooFew,
    fit,
)
from lstmsym.verification.handwritten.naming import is_sequence, is_target
from lstmsym.verification.handwritten.siblings import siblings
from lstmsym.verification.handwritten.slopes import Slopes

Array = Any
Arrays = dict[str, Array]
FEW_TRIED = 40


@dataclass(frozen=True)
class Asked:
    """What is to be explained.

    slopes    the author's passes at a point
    returned  the gradients there
    names     the author's names in the cell's letters, as far as they were stated
    beside    arrays besides the arguments, among which the input may be
    """

    slopes: Slopes
    returned: Arrays
    names: Mapping[str, str]
    beside: Mapping[str, Any]
    found: dict[Any, tuple[Arrays, float]] = field(default_factory=dict)

    def true(self, wanted: set[str], returned: bool) -> tuple[Arrays, float]:
        """The true gradients by some arrays and their error, found once; from returned ones where these are right."""
        key = frozenset(wanted), returned
        if key not in self.found:
            self.found[key] = true_gradients(self.slopes, self.returned if returned else {}, wanted)
        return self.found[key]


def fitted_to(cell: Cell, asked: Asked) -> tuple[Fit, Arrays, tuple[str, ...]]:
    """The fit to a cell, or else to one much like it, the true gradients, and what is to be said of the cell.

    Raises NoFit where no cell that was tried fits.
    """
    try:
        return *_fitted(cell, asked, MOST_TRIED), ()
    except NotAmongThem:
        raise
    except NoFit as why:
        for other, said in siblings(cell):
            try:
                return *_fitted(other, asked, FEW_TRIED), (said,)
            except NoFit:
                continue
        raise why


def _fitted(cell: Cell, asked: Asked, most: int) -> tuple[Fit, Arrays]:
    """The fit, and the true gradients; those that were not returned only where the others are too few."""
    wanted = set(choices_of(cell, asked.slopes.point.values, asked.names))
    true, error = asked.true(wanted & set(asked.returned) or wanted, True)
    rest = wanted & set(asked.slopes.point.names) - set(true)
    try:
        fitted, known = _with_input(cell, asked, true, error, most)
    except TooFew:
        if not rest:
            raise
    else:
        if not rest or fitted.rank == len(fitted.map):
            return fitted, known
    more, _ = asked.true(rest, False)
    fitted, known = _with_input(cell, asked, {**true, **more}, error, most)
    return fitted, {n: a for n, a in known.items() if n not in more}


def _with_input(
    cell: Cell, asked: Asked, true: Arrays, error: float, most: int
) -> tuple[Fit, Arrays]:
    """The fit with the input among the arrays, or with what may be the input in its place, and the true gradients."""
    point = asked.slopes.point
    arrays = {n: point.values[n] for n in point.names}
    failed: NoFit | None = None
    for name, given in _inputs(cell, asked, arrays):
        stated = {name: cell.inputs[0].name, **asked.names}
        known = {**true, **(asked.true({name}, True)[0] if name in asked.returned else {})}
        try:
            return fit(cell, {**arrays, name: given}, known, stated, error, most), known
        except NoFit as why:
            failed = why if is_sequence(name) else failed
    if failed:
        raise failed
    return fit(cell, arrays, true, asked.names, error, most), true


def _inputs(cell: Cell, asked: Asked, arrays: Arrays) -> Iterator[tuple[str, Array]]:
    """What may be the input, whatever its name: arrays that are nothing else, symbols as unit vectors of every size.

    What has the name of a sequence first; of sizes the rarest first, since that of the states stands in nearly every
    array.
    """
    choices = choices_of(cell, arrays, asked.names)
    if len(cell.inputs) != 1 or cell.inputs[0].name not in missing(cell, choices):
        return
    values = {**asked.beside, **asked.slopes.point.values}
    own = asked.slopes.point.values
    likely = [n for n in values if is_sequence(n) or (n in own and not is_target(n))]
    for name in sorted(likely, key=lambda n: (not is_sequence(n), n in arrays)):
        if name in choices:
            continue
        given = np.asarray(values[name])
        if given.dtype.kind in "iufb" and given.ndim > 1:
            yield name, given.astype(float)
        if given.dtype.kind in "iu" and given.size and given.min() >= 0:
            sizes = Counter(n for a in arrays.values() for n in {*a.shape} if n > given.max())
            for size in sorted(sizes, key=lambda n: (sizes[n], n)):
                yield name, np.eye(size)[given]
