"""How an author's arrays are those of a cell, decided by numbers.

For each arrangement the cell is run on the arrays. The true gradients, known from the author's own forward pass,
have to be what backpropagation gives for some slopes ∂L_t/∂output_t; there are far more gradients than slopes,
so only a right arrangement fits.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstmsym.equations.cell import Cell
from lstmsym.errors import InputError, LstmsymError
from lstmsym.verification.handwritten.guessing import by_letters, expanded, orders, readings
from lstmsym.verification.handwritten.layouts import (
    Meaning,
    Space,
    has_shape,
    layouts,
    read_meaning,
)
from lstmsym.verification.handwritten.program_run import Backward

Array = Any
Arrays = Mapping[str, Array]
Meanings = Mapping[str, list[Meaning]]
FITS = 1e-5
MOST_SLOPES = 600
MOST_TRIED = 300


class NoFit(LstmsymError):
    """The arrays could not be read as those of the cell; the message says what is missing."""


@dataclass(frozen=True)
class Fit:
    """An arrangement that fits.

    layouts  author's array → places of its entries in the flat vector
    slopes   ∂L_t/∂output_t, (T, batch, rows)
    map      (slopes, length): the gradients by every slope alone
    """

    backward: Backward
    layouts: Mapping[str, Array]
    slopes: Array
    map: Array

    @property
    def space(self) -> Space:
        return self.backward.space

    def solved(self, gradients: Arrays) -> tuple[Array, float]:
        """The slopes that explain gradients best, and how far off they leave them, relative to their size."""
        return _solved(self.map, self.layouts, gradients)


def fit(cell: Cell, arrays: Arrays, true: Arrays, stated: Mapping[str, str]) -> Fit:
    """The arrangement of arrays under which the cell gives the true gradients.

    arrays  the author's arrays
    true    the true gradient by each of them
    stated  author's name → the cell's, as `layouts.read_meaning` reads it; the others are found by their names

    Raises NoFit with what is missing, InputError for a stated name that the cell does not have.
    """
    choices = _choices(cell, arrays, stated)
    missing = _missing(cell, choices)
    if missing:
        raise NoFit(
            f"no array is known to be {', '.join(missing)} of {cell.name}; "
            f"state it, as in names={{'…': '{missing[0]}'}}"
        )
    for tried, (space, found) in enumerate(_arrangements(cell, arrays, choices)):
        if tried >= MOST_TRIED:
            break
        made = _fitted(space, found, arrays, true)
        if made is not None:
            return made
    raise NoFit(
        f"the arrays {', '.join(choices)} do not act as those of {cell.name} under any arrangement that was tried; "
        "state all names, with the order of fused gates and of columns: 'W=[W_f;W_i].T', 'Wf=W_f[x,h]'"
    )


def _choices(
    cell: Cell, arrays: Arrays, stated: Mapping[str, str]
) -> dict[str, list[tuple[str, ...]] | Meaning]:
    """What each array may mean: as stated, or the readings of its name."""
    found: dict[str, list[tuple[str, ...]] | Meaning] = {}
    for name in arrays:
        if name in stated:
            found[name] = read_meaning(stated[name], cell)
    held = {p.name for m in found.values() if isinstance(m, Meaning) for p in m.pieces}
    for name in arrays:
        guessed = (
            [r for r in readings(name, cell) if not held & set(r)] if name not in found else []
        )
        if guessed:
            found[name] = guessed
    return found


def _missing(cell: Cell, choices: Mapping[str, Any]) -> list[str]:
    known = {p.name for c in choices.values() if isinstance(c, Meaning) for p in c.pieces}
    known |= {n for c in choices.values() if not isinstance(c, Meaning) for r in c for n in r}
    weights = [n for n, p in cell.weights.items() if p.cols != 1]
    return [n for n in [*(x.name for x in cell.inputs), *weights] if n not in known]


def _arrangements(
    cell: Cell, arrays: Arrays, choices: Mapping[str, Any]
) -> Iterator[tuple[Space, dict[str, Array]]]:
    """Every way to lay the arrays out, the likeliest first."""
    shapes = {n: np.shape(arrays[n]) for n in choices}
    for order in orders(cell):
        meanings = {n: _meanings(cell, n, c, order) for n, c in choices.items()}
        stated = {n for n, c in choices.items() if isinstance(c, Meaning)}
        for space in _spaces(cell, meanings, shapes, stated):
            fitting = {
                n: [m for m in found if has_shape(space, m, shapes[n])]
                for n, found in meanings.items()
            }
            for named in _consistent(cell, fitting, stated):
                yield from ((space, found) for found in _laid_out(space, named, shapes))


def _meanings(cell: Cell, name: str, choice: Any, order: tuple[str, ...]) -> list[Meaning]:
    """What an array may mean when concatenations stand in an order."""
    if isinstance(choice, Meaning):
        return [_with_order(choice, cell, order)]
    return [m for names in choice for m in by_letters(list(expanded(names, cell, order)), name)]


def _with_order(meaning: Meaning, cell: Cell, order: tuple[str, ...]) -> Meaning:
    """A stated meaning with the columns in an order, where none was stated."""
    pieces = tuple(
        next(iter(expanded((p.name,), cell, order))).pieces[0]
        if p.name in cell.weights and not p.parts
        else p
        for p in meaning.pieces
    )
    return Meaning(pieces, meaning.transposed, meaning.across)


def _spaces(
    cell: Cell, meanings: Meanings, shapes: Mapping[str, tuple[int, ...]], stated: set[str]
) -> list[Space]:
    """The sizes at which every matrix and every input has an array of its shape; those that most arrays fit first."""
    lengths = {n for shape in shapes.values() for n in shape} | {1}
    shares = {n // k for n in lengths for k in (2, 3, 4) if n % k == 0}
    apart = {a - b for a in lengths for b in lengths | shares if a > b}
    matrices = {n for n, p in cell.weights.items() if p.cols != 1}
    weights = {n: found for n, found in meanings.items() if found[0].pieces[0].name in cell.weights}
    others = {n: found for n, found in meanings.items() if n not in weights}
    spaces = []
    for numbers in itertools.product(sorted(lengths | shares | apart), repeat=len(cell.sizes)):
        one = Space(cell, dict(zip(cell.sizes, numbers, strict=True)), 1, 1)
        if matrices <= _reached(one, weights, shapes, stated):
            for batch, steps in itertools.product(sorted(lengths), repeat=2):
                space = Space(cell, one.sizes, batch, steps)
                if {x.name for x in cell.inputs} <= _reached(space, others, shapes, stated):
                    spaces.append(space)
    return sorted(spaces, key=lambda space: -_fitting(space, meanings, shapes))


def _fitting(space: Space, meanings: Meanings, shapes: Mapping[str, tuple[int, ...]]) -> int:
    """How many arrays have a shape that they may have."""
    return sum(any(has_shape(space, m, shapes[n]) for m in found) for n, found in meanings.items())


def _reached(
    space: Space, meanings: Meanings, shapes: Mapping[str, tuple[int, ...]], stated: set[str]
) -> set[str]:
    """What the arrays can hold by their shapes; nothing where a stated one has not its shape."""
    held: set[str] = set()
    for name, found in meanings.items():
        fits = [m for m in found if has_shape(space, m, shapes[name])]
        if name in stated and not fits:
            return set()
        held |= {p.name for m in fits for p in m.pieces}
    return held


def _consistent(
    cell: Cell, alternatives: Mapping[str, list[Meaning]], stated: set[str]
) -> Iterator[dict[str, Meaning]]:
    """One meaning for each array, the surest arrays first; none for one that was not stated and is not sure either."""
    order = sorted(alternatives, key=lambda n: (n not in stated, len(alternatives[n]) != 1))

    def extend(found: dict[str, Meaning], rest: list[str]) -> Iterator[dict[str, Meaning]]:
        if not rest:
            if _covers(cell, found):
                yield found
            return
        name, *others = rest
        going = [m for m in alternatives[name] if _goes_with(cell, m, list(found.values()))]
        for meaning in going:
            yield from extend({**found, name: meaning}, others)
        if name not in stated and len(going) != 1:
            yield from extend(found, others)

    yield from extend({}, order)


def _goes_with(cell: Cell, meaning: Meaning, others: list[Meaning]) -> bool:
    own = [p.name for p in meaning.pieces]
    gates = [n.partition("_")[2] for n in own]
    for other in others:
        theirs = [p.name for p in other.pieces]
        if len(theirs) > 1 and len(own) > 1 and gates != [n.partition("_")[2] for n in theirs]:
            return False
        for p, q in itertools.product(meaning.pieces, other.pieces):
            held_twice = not p.parts or not q.parts or set(p.parts) & set(q.parts)
            bias = p.name in cell.weights and cell.weights[p.name].cols == 1
            if p.name == q.name and not bias and held_twice:
                return False
    return True


def _covers(cell: Cell, named: Mapping[str, Meaning]) -> bool:
    """Whether all matrices and inputs are held by an array."""
    held = {p.name for m in named.values() for p in m.pieces}
    matrices = [n for n, p in cell.weights.items() if p.cols != 1]
    return held >= {*matrices, *(x.name for x in cell.inputs)}


def _laid_out(
    space: Space, named: Mapping[str, Meaning], shapes: Mapping[str, tuple[int, ...]]
) -> Iterator[dict[str, Array]]:
    """The layouts of all arrays; matrices are all transposed or none, where both have the shape."""
    weights = {
        n: list(layouts(space, m, shapes[n])) for n, m in named.items() if _is_weight(space, m)
    }
    others = {
        n: list(layouts(space, m, shapes[n])) for n, m in named.items() if not _is_weight(space, m)
    }
    if not all(weights.values()) or not all(others.values()):
        return
    for turned in range(max(map(len, weights.values()))):
        chosen = {n: found[min(turned, len(found) - 1)] for n, found in weights.items()}
        for combination in itertools.product(*others.values()):
            yield {**chosen, **dict(zip(others, combination, strict=True))}


def _is_weight(space: Space, meaning: Meaning) -> bool:
    return meaning.pieces[0].name in space.cell.weights


def _fitted(space: Space, found: Mapping[str, Array], arrays: Arrays, true: Arrays) -> Fit | None:
    flat = np.zeros(space.length)
    for name, places in found.items():
        np.add.at(flat, places, arrays[name])
    backward = Backward(space, flat)
    with np.errstate(all="ignore"):
        slopes = backward.unit_slopes()
        if len(slopes) > MOST_SLOPES:
            raise InputError(
                f"{len(slopes)} slopes of the loss are unknown (steps · batch · units); to name a slip, "
                f"give smaller arrays, with at most {MOST_SLOPES}"
            )
        linear = backward.all_gradients(backward.program, slopes)
    own, off = _solved(linear, found, true)
    if off > FITS or 2 * len(slopes) > sum(np.size(a) for a in true.values()) + len(slopes):
        return None
    return Fit(backward, found, own.reshape(slopes.shape[1:]), linear)


def _solved(linear: Array, found: Mapping[str, Array], gradients: Arrays) -> tuple[Array, float]:
    names = [n for n in found if n in gradients]
    columns = np.concatenate([linear[:, found[n]].reshape(len(linear), -1) for n in names], axis=1)
    wanted = np.concatenate([np.reshape(gradients[n], -1) for n in names])
    if not (np.all(np.isfinite(columns)) and np.all(np.isfinite(wanted))):
        return np.zeros(len(linear)), np.inf
    slopes = np.linalg.lstsq(columns.T, wanted, rcond=None)[0]
    size = float(np.max(np.abs(wanted), initial=0.0))
    return slopes, float(np.max(np.abs(slopes @ columns - wanted), initial=0.0)) / (size or 1.0)
