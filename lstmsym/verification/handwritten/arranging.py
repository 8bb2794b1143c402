"""The ways in which arrays can be laid out as those of a cell: what they may mean, and at which sizes they fit."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lstmsym.equations.cell import Cell
from lstmsym.verification.handwritten.guessing import (
    by_letters,
    common_orders,
    expanded,
    orders,
    readings,
)
from lstmsym.verification.handwritten.layouts import (
    Meaning,
    Space,
    added_to,
    has_shape,
    layouts,
    read_meaning,
)

Array = Any
Arrays = Mapping[str, Array]
Meanings = Mapping[str, list[Meaning]]
Kinds = list[tuple[Meaning, set[str]]]
Shapes = Mapping[str, tuple[int, ...]]


def choices_of(
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


def in_common_orders(choices: Mapping[str, Any]) -> dict[str, Any]:
    """The same with the fused gates only in the orders that are seen most; others where none of these is possible."""
    return {n: c if isinstance(c, Meaning) else common_orders(c) for n, c in choices.items()}


def missing(cell: Cell, choices: Mapping[str, Any]) -> list[str]:
    """The inputs and matrices of the cell that no array can be."""
    known = {p.name for c in choices.values() if isinstance(c, Meaning) for p in c.pieces}
    guessed = {n for c in choices.values() if not isinstance(c, Meaning) for r in c for n in r}
    known |= guessed.union(*(added_to(cell, n) for n in guessed))
    weights = [n for n, p in cell.weights.items() if p.cols != 1]
    return [n for n in [*(x.name for x in cell.inputs), *weights] if n not in known]


def arrangements(
    cell: Cell, arrays: Arrays, choices: Mapping[str, Any]
) -> Iterator[tuple[Space, dict[str, Array]]]:
    """Every way to lay the arrays out, the likeliest first."""
    shapes = {n: np.shape(arrays[n]) for n in choices}
    for order in orders(cell):
        found = {n: _meanings(cell, n, c, order) for n, c in choices.items()}
        meanings = {n: any_of for n, any_of in found.items() if any_of}
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


def _spaces(cell: Cell, meanings: Meanings, shapes: Shapes, stated: set[str]) -> list[Space]:
    """The sizes at which every matrix and every input has an array of its shape; those that most arrays fit first."""
    lengths = {n for shape in shapes.values() for n in shape} | {1}
    shares = {n // k for n in lengths for k in (2, 3, 4) if n % k == 0}
    apart = {a - b for a in lengths for b in lengths | shares if a > b}
    matrices = {n for n, p in cell.weights.items() if p.cols != 1}
    kinds = {n: _kinds(cell, found) for n, found in meanings.items()}
    weights = {n: k for n, k in kinds.items() if meanings[n][0].pieces[0].name in cell.weights}
    others = {n: k for n, k in kinds.items() if n not in weights}
    spaces = []
    for numbers in itertools.product(sorted(lengths | shares | apart), repeat=len(cell.sizes)):
        one = Space(cell, dict(zip(cell.sizes, numbers, strict=True)), 1, 1)
        if matrices <= _reached(one, weights, shapes, stated):
            for batch, steps in itertools.product(sorted(lengths), repeat=2):
                space = Space(cell, one.sizes, batch, steps)
                if {x.name for x in cell.inputs} <= _reached(space, others, shapes, stated):
                    spaces.append(space)

    def fitting(space: Space) -> int:
        return sum(any(has_shape(space, m, shapes[n]) for m, _ in k) for n, k in kinds.items())

    return sorted(spaces, key=fitting, reverse=True)


def _kinds(cell: Cell, found: list[Meaning]) -> Kinds:
    """One meaning of every shape that there is, with all that meanings of this shape hold."""
    kinds: dict[Any, tuple[Meaning, set[str]]] = {}
    for m in found:
        known = {**cell.weights, **cell.signals}
        key = (m.across, tuple((known[p.name].shape, p.parts) for p in m.pieces))
        kinds.setdefault(key, (m, set()))[1].update(p.name for p in m.pieces)
    return list(kinds.values())


def _reached(
    space: Space, kinds: Mapping[str, Kinds], shapes: Shapes, stated: set[str]
) -> set[str]:
    """What the arrays can hold by their shapes; nothing where a stated one has not its shape."""
    held: set[str] = set()
    for name, found in kinds.items():
        fits = [names for m, names in found if has_shape(space, m, shapes[name])]
        if name in stated and not fits:
            return set()
        held.update(*fits)
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
    own = _gates(meaning)
    for other in others:
        theirs = _gates(other)
        if len(theirs) > 1 and len(own) > 1 and own != theirs:
            return False
        for p, q in itertools.product(meaning.pieces, other.pieces):
            held_twice = not p.parts or not q.parts or set(p.parts) & set(q.parts)
            bias = p.name in cell.weights and cell.weights[p.name].cols == 1
            if p.name == q.name and not bias and held_twice:
                return False
    return True


def _gates(meaning: Meaning) -> list[str]:
    """The gates of what stands one below the other."""
    return [row[0].name.partition("_")[2] for row in meaning.grid]


def _covers(cell: Cell, named: Mapping[str, Meaning]) -> bool:
    """Whether all matrices and inputs are held by an array."""
    held = {p.name for m in named.values() for p in m.pieces}
    matrices = [n for n, p in cell.weights.items() if p.cols != 1]
    return held >= {*matrices, *(x.name for x in cell.inputs)}


def _laid_out(
    space: Space, named: Mapping[str, Meaning], shapes: Shapes
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
