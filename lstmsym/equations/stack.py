"""Layers on top of each other: layer 1 reads the input, every other one reads what the layer below puts out at t.

The result is one cell. Layers share the letters of their sizes, so that n is the size of every layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sympy import Expr, Symbol

from lstmsym.equations.bidirectional import is_bidirectional
from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.rename import Names, copy_of, renamed
from lstmsym.equations.structured import count, divides
from lstmsym.equations.terms import Signal
from lstmsym.errors import CellError, ShapeError

MOST_LAYERS = 64
MOST_EQUATIONS = 1024


def stack(cells: Sequence[Cell]) -> Cell:
    """One cell of several, the first at the bottom; h of layer 2 is h__2. The loss sees the top layer's output.

    Raises CellError for layers that make no single recurrence, ShapeError where one does not fit the next.
    """
    _check(cells)
    layers: list[Cell] = []
    for number, cell in enumerate(cells, 1):
        layers.append(_layer(cell, number, layers[-1] if layers else None))
    equations = tuple(e for layer in layers for e in layer)
    return replace(
        layers[-1],
        name=f"stack({', '.join(_layer_names(cells))})",
        equations=equations,
        states=tuple(s for layer in layers for s in layer.states),
        inputs=_inputs(layers, equations),
        title=_title(cells),
        source="; ".join(dict.fromkeys(cell.source for cell in cells if cell.source)),
        differs=_differs(cells),
        constants={n: value for layer in layers for n, value in layer.constants.items()},
        untied=tuple(w for layer in layers for w in layer.untied),
        clocks={n: ticks for layer in layers for n, ticks in layer.clocks.items()},
        splits=tuple(split for layer in layers for split in layer.splits),
    )


def _check(cells: Sequence[Cell]) -> None:
    if not 1 <= len(cells) <= MOST_LAYERS:
        raise CellError(f"a stack has 1 to {MOST_LAYERS} layers, not {len(cells)}")
    if (count := sum(len(cell.equations) for cell in cells)) > MOST_EQUATIONS:
        raise CellError(f"this stack has {count:,} equations; at most {MOST_EQUATIONS:,} fit")
    if len({cell.index for cell in cells}) > 1:
        raise CellError("a layer over time and one over depth make no single recurrence")
    for cell in cells:
        if is_bidirectional(cell):
            raise CellError(
                f"{cell.name} reads its sequence from both ends, so a layer on or below it is no single "
                f"recurrence; run the layers one after the other: ls.network('stack({cell.name}, 2)')"
            )
        if not cell.data:
            raise CellError(f"{cell.name} has no input, so it cannot read the layer below")


def _layer(cell: Cell, number: int, below: Cell | None) -> Cell:
    """The cell as a layer: its own names marked, its input the output of the layer below."""
    mark = str(number)
    read = read_input(cell)
    signals = {name: copy_of(name, mark) for name in cell.signals if name not in cell.clocks}
    sizes: dict[Symbol, Expr] = {}
    if below is None:
        signals[read.name] = read.name
    else:
        output = below.signals[below.output]
        signals[read.name] = output.name
        sizes = _fitted(cell, read, output)
    names = Names(signals, {name: copy_of(name, mark) for name in cell.parameters}, sizes)
    layer = renamed(cell, names)
    return replace(layer, equations=tuple(_of_layer(e, number) for e in layer))


def _of_layer(e: Equation, number: int) -> Equation:
    return replace(e, meaning=f"{e.meaning}, layer {number}" if e.meaning else f"layer {number}")


def read_input(cell: Cell) -> Signal:
    """The input that takes the output of the layer below: x, else the only or the first one."""
    return next((x for x in cell.data if x.name == "x"), cell.data[0])


def _fitted(cell: Cell, read: Signal, output: Signal) -> dict[Symbol, Expr]:
    """What a size in the input has to be: m is n where the input has m or N m entries, and the output n or N n."""
    if read.rows == output.rows:
        return {}
    for symbol in sorted(read.rows.free_symbols, key=str):
        others = read.rows / symbol
        if symbol not in others.free_symbols and divides(others, output.rows):
            return {symbol: count(output.rows, others)}
    raise ShapeError(
        f"{cell.name} reads an input of size {read.rows}, and the layer below puts out {output.rows} entries"
    )


def _inputs(layers: Sequence[Cell], equations: Iterable[Equation]) -> tuple[Signal, ...]:
    """What no layer computes, each once."""
    computed = {e.name for e in equations}
    found = (x for layer in layers for x in layer.inputs if x.name not in computed)
    return tuple(dict.fromkeys(found))


def _layer_names(cells: Sequence[Cell]) -> list[str]:
    """lstm, 3 for three of one kind."""
    alike = len(set(cells)) == 1 < len(cells)
    return [cells[0].name, str(len(cells))] if alike else [cell.name for cell in cells]


def _title(cells: Sequence[Cell]) -> str:
    titles = list(dict.fromkeys(cell.title for cell in cells))
    return f"{len(cells)} layers: {', '.join(titles)}"


def _differs(cells: Sequence[Cell]) -> str:
    how = "each layer reads the output of the layer below at t; all layers have the same sizes"
    own = dict.fromkeys(cell.differs for cell in cells if cell.differs)
    return "; ".join([how, *own] if len(cells) > 1 else own)
