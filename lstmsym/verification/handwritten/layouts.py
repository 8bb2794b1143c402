"""How an author's arrays hold the arrays of a cell: fused, transposed, batch first, time last.

Everything a cell needs is laid out in one flat vector: weights, inputs (batch, T, m), initial states (batch, n).
A layout of an array is then an array of places in that vector, and fusing, slicing and transposing are done on
the places.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from sympy import Symbol

from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import part_of
from lstmsym.equations.terms import Concatenation, MatrixProduct, Parameter, Plus, walk
from lstmsym.errors import InputError, nearest
from lstmsym.numerics.environment import affine_value

Array = Any
Sizes = Mapping[Symbol, int]
ONE = "1"  # the row of ones that a bias within a weight is multiplied by
PIECE = re.compile(r"(?P<name>\w+)(?:\[(?P<parts>[\w,; ]*)\])?")


@dataclass(frozen=True)
class Piece:
    """A weight, an input or a state of the cell; `parts` are blocks of columns in the author's order, "1" the bias."""

    name: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meaning:
    """What an author's array holds: pieces one below the other, perhaps transposed as a whole.

    across  how many of them stand side by side in each row
    """

    pieces: tuple[Piece, ...]
    transposed: bool = False
    across: int = 1

    @property
    def grid(self) -> list[tuple[Piece, ...]]:
        """The pieces row by row."""
        return [self.pieces[n : n + self.across] for n in range(0, len(self.pieces), self.across)]


def read_meaning(text: str, cell: Cell) -> Meaning:
    """'W_f', 'W_f[x,h]', 'W_f[h]', 'W_f[1,x,h]' with its bias, '[W_f;W_i].T', '[R_f|W_f]'.

    Raises InputError with the nearest name.
    """
    inside, transposed = (text[:-2], True) if text.endswith(".T") else (text, False)
    inside = inside.strip()
    if inside.startswith("[") and inside.endswith("]"):
        inside = inside[1:-1]
    rows = [row.split("|") for row in re.split(r"[;,](?![^\[\]]*\])", inside)]
    if len(set(map(len, rows))) != 1:
        raise InputError(f"'{text}' has rows of {' and '.join(str(len(r)) for r in rows)} pieces")
    pieces = tuple(_piece(part.strip(), cell) for row in rows for part in row)
    return Meaning(pieces, transposed, len(rows[0]))


def _piece(text: str, cell: Cell) -> Piece:
    match = PIECE.fullmatch(text)
    if match is None:
        raise InputError(
            f"'{text}' names nothing of {cell.name}; write W_f, W_f[x,h] or [W_f;W_i].T"
        )
    known = [*cell.weights, *(x.name for x in cell.inputs), *cell.states]
    if match["name"] not in known:
        raise InputError(f"{cell.name} has no '{match['name']}'; {nearest(match['name'], known)}")
    labels = tuple(filter(None, re.split(r"[,; ]+", match["parts"] or "")))
    columns = dict(stack_of(cell, match["name"]))
    if columns and bias_of(cell, match["name"]):
        columns[ONE] = 1
    if labels == ("0",) and match["name"] in cell.states:
        labels = ()
    for label in labels:
        if not columns:
            beside = "|".join(added_to(cell, match["name"])[::-1])
            raise InputError(
                f"{match['name']} of {cell.name} multiplies no concatenation, so it has no columns for '{label}'; "
                f"weights that stand side by side are written [{beside or match['name']}]"
            )
        if label not in columns:
            raise InputError(
                f"{match['name']} has no columns for '{label}'; {nearest(label, columns)}"
            )
    return Piece(match["name"], labels)


@lru_cache(maxsize=1024)
def stack_of(cell: Cell, weight: str) -> list[tuple[str, Any]]:
    """The concatenation that a weight multiplies: label and size of each part; none if it is no concatenation."""
    for equation in cell:
        for product in walk(equation.right):
            if isinstance(product, MatrixProduct) and isinstance(product.args[-1], Concatenation):
                stack = product.args[-1]
                if Parameter in map(type, product.args) and product.args[0].name == weight:
                    return [(part_of(stack, n).label, a.rows) for n, a in enumerate(stack.parts)]
    return []


@lru_cache(maxsize=1024)
def added_to(cell: Cell, weight: str) -> list[str]:
    """The weights whose products are added to that of a weight, with it: W_f of W_f x + R_f h, and R_f."""
    for equation in cell:
        for total in walk(equation.right):
            products = [a for a in getattr(total, "parts", ()) if isinstance(a, MatrixProduct)]
            names = [a.args[0].name for a in products if isinstance(a.args[0], Parameter)]
            if isinstance(total, Plus) and weight in names:
                return names
    return []


@lru_cache(maxsize=1024)
def bias_of(cell: Cell, weight: str) -> str:
    """The bias that is added to what a weight multiplies; '' if there is none."""
    for equation in cell:
        for total in walk(equation.right):
            added = total.parts if isinstance(total, Plus) else ()
            products = [a for a in added if isinstance(a, MatrixProduct)]
            if any(getattr(a.args[0], "name", "") == weight for a in products):
                biases = [a.name for a in added if isinstance(a, Parameter) and a.cols == 1]
                return str(biases[0]) if len(biases) == 1 else ""
    return ""


@dataclass(frozen=True)
class Space:
    """The flat vector of a cell at given sizes."""

    cell: Cell
    sizes: Sizes
    batch: int
    steps: int

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Quantity → its shape in the cell's own layout."""
        size = lambda s: affine_value(s, self.sizes, "size")  # noqa: E731
        weights = {
            n: (size(p.rows),) if p.cols == 1 else (size(p.rows), size(p.cols))
            for n, p in self.cell.weights.items()
        }
        inputs = {x.name: (self.batch, self.steps, size(x.rows)) for x in self.cell.inputs}
        signals = self.cell.signals
        states = {s: (self.batch, size(signals[s].rows)) for s in self.cell.states}
        return {**weights, **inputs, **states}

    @cached_property
    def places(self) -> dict[str, Array]:
        """Quantity → the places of its entries."""
        found, start = {}, 0
        for name, shape in self.shapes.items():
            count = math.prod(shape)
            found[name] = np.arange(start, start + count).reshape(shape)
            start += count
        return found

    @property
    def length(self) -> int:
        return sum(math.prod(shape) for shape in self.shapes.values())

    def values(self, flat: Array) -> dict[str, Array]:
        """Quantity → array, from a flat vector."""
        return {name: flat[places] for name, places in self.places.items()}

    def flat(self, values: Mapping[str, Array]) -> Array:
        """The flat vector of quantities; zero where one is missing."""
        found = np.zeros(self.length)
        for name, value in values.items():
            found[self.places[name]] = value
        return found

    @cached_property
    def all_widths(self) -> dict[str, dict[str, int]]:
        """The same for every weight."""
        size = lambda s: affine_value(s, self.sizes, "size")  # noqa: E731
        weights = self.cell.weights
        return {w: {label: size(s) for label, s in stack_of(self.cell, w)} for w in weights}

    def widths(self, weight: str) -> dict[str, int]:
        """The parts of the concatenation that a weight multiplies, and how wide they are."""
        return self.all_widths[weight]

    def columns(self, piece: Piece) -> Array:
        """The places of a weight with the columns that a piece has, in its order."""
        places = self.places[piece.name]
        if not piece.parts:
            return places
        widths = {
            label: affine_value(s, self.sizes, "size")
            for label, s in stack_of(self.cell, piece.name)
        }
        ends = dict(zip(widths, itertools.accumulate(widths.values()), strict=True))
        blocks = {p: places[:, ends[p] - widths[p] : ends[p]] for p in widths}
        if ONE in piece.parts:
            blocks[ONE] = self.places[bias_of(self.cell, piece.name)][:, None]
        return np.concatenate([blocks[p] for p in piece.parts], axis=1)


def layouts(space: Space, meaning: Meaning, shape: tuple[int, ...]) -> Iterator[Array]:
    """The ways in which an array of a shape can hold what it means; each an array of places.

    A sequence or a state: every order of batch, time and rows that gives the shape. Weights: as stated or transposed.
    """
    seen: set[bytes] = set()
    for places in _arranged(space, meaning):
        if _long(places.shape) == _long(shape):
            found = np.ascontiguousarray(places.reshape(shape))
            if found.tobytes() not in seen:
                seen.add(found.tobytes())
                yield found


def _arranged(space: Space, meaning: Meaning) -> Iterator[Array]:
    first = meaning.pieces[0]
    if first.name not in space.cell.weights:
        places = space.places[first.name]
        for order in itertools.permutations(range(places.ndim)):
            yield places.transpose(order)
        return
    try:
        rows = [[space.columns(p) for p in row] for row in meaning.grid]
        beside = [row[0] if len(row) == 1 else np.concatenate(row, axis=1) for row in rows]
        stacked = np.concatenate(beside, axis=0)
    except (ValueError, IndexError):
        return
    turned = (stacked, stacked.T)
    yield from (turned[::-1] if meaning.transposed else turned)


def _long(shape: Sequence[int]) -> list[int]:
    """The sizes that are not one."""
    return [n for n in shape if n != 1]


def shape_of(space: Space, meaning: Meaning) -> tuple[int, ...]:
    """The shape of what an array means, in the cell's own layout."""
    first = meaning.pieces[0]
    if first.name not in space.cell.weights:
        return space.shapes[first.name]
    rows = sum(space.shapes[row[0].name][0] for row in meaning.grid)
    if len(space.shapes[first.name]) == 1:
        return (rows,)
    return rows, sum(_width(space, p) for p in meaning.grid[0])


def _width(space: Space, piece: Piece) -> int:
    widths = space.widths(piece.name) if piece.parts else {}
    return (
        sum(1 if p == ONE else widths[p] for p in piece.parts)
        if piece.parts
        else space.shapes[piece.name][-1]
    )


def has_shape(space: Space, meaning: Meaning, shape: tuple[int, ...]) -> bool:
    """Whether an array of a shape can hold it, transposed or not."""
    return sorted(_long(shape_of(space, meaning))) == sorted(_long(shape))
