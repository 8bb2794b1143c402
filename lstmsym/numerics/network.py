"""Layers that are run one after the other over whole sequences, as a stack of bidirectional layers has to be.

A layer is a cell. What a bidirectional one puts out is aligned with the sequence: at time τ its output is
the forward half's at step τ beside the backward half's at step T+1-τ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lstmsym.equations.bidirectional import BACKWARD, is_bidirectional
from lstmsym.equations.cell import Cell
from lstmsym.equations.rename import marks_of
from lstmsym.equations.stack import read_input
from lstmsym.errors import InputError
from lstmsym.numerics.arithmetic import Arithmetic
from lstmsym.numerics.rollout import Rollout, rollout
from lstmsym.numerics.translate import FLOATS

Array = Any
Named = Mapping[str, Array]


@dataclass(frozen=True)
class Network:
    """Cells, the lowest first; each reads the whole output of the one below."""

    layers: tuple[Cell, ...]

    def __str__(self) -> str:
        return " → ".join(cell.name for cell in self.layers)


@dataclass(frozen=True)
class NetworkRun:
    """One run: the rollout of every layer, and what each puts out in the order of the sequence, (..., T, rows)."""

    network: Network
    rollouts: tuple[Rollout, ...]
    outputs: tuple[Array, ...]

    @property
    def output(self) -> Array:
        """The trajectory (..., T, rows) of the top layer."""
        return self.outputs[-1]


def run_network(
    network: Network,
    parameters: Sequence[Named],
    inputs: Array,
    initial: Sequence[Named] | None = None,
    *,
    arithmetic: Arithmetic = FLOATS,
) -> NetworkRun:
    """Run the layers one after the other.

    parameters  of each layer, name → (rows,) or (rows, columns)
    inputs      the sequence (..., T, m) that the lowest layer reads
    initial     of each layer, state → (..., rows); zeros where not given

    Raises InputError where there are not as many as layers, and whatever `rollout` raises.
    """
    start = initial if initial is not None else [{} for _ in network.layers]
    for what, given in (("parameters", parameters), ("initial states", start)):
        if len(given) != len(network.layers):
            raise InputError(
                f"{what} are given for {len(given)} layers, and the network has {len(network.layers)}"
            )
    rollouts: list[Rollout] = []
    outputs: list[Array] = []
    sequence = inputs
    for cell, own, before in zip(network.layers, parameters, start, strict=True):
        found = rollout(cell, own, fed_to(cell, sequence), before, arithmetic=arithmetic)
        sequence = aligned(cell, found.output, arithmetic)
        rollouts.append(found)
        outputs.append(sequence)
    return NetworkRun(network, tuple(rollouts), tuple(outputs))


def fed_to(cell: Cell, sequence: Array) -> dict[str, Array]:
    """The sequence as the inputs of a layer: to a backward half from its end."""
    if not is_bidirectional(cell):
        return {read_input(cell).name: sequence}
    return {x.name: reverse(sequence) if _is_backward(x.name) else sequence for x in cell.data}


def aligned(cell: Cell, output: Array, arithmetic: Arithmetic = FLOATS) -> Array:
    """What a layer puts out in the order of the sequence; it is its own inverse."""
    if not is_bidirectional(cell):
        return output
    half = output.shape[-1] // 2
    return arithmetic.concatenate([output[..., :half], reverse(output[..., half:])])


def read_slopes(cell: Cell, slopes: Named) -> Array:
    """∂L/∂sequence from ∂L/∂ each input of a layer: that of a backward half counts from the end."""
    if not is_bidirectional(cell):
        return slopes[read_input(cell).name]
    return sum(
        reverse(slopes[x.name]) if _is_backward(x.name) else slopes[x.name] for x in cell.data
    )


def reverse(sequence: Array) -> Array:
    """From the end of time to its beginning."""
    return sequence[..., ::-1, :]


def _is_backward(name: str) -> bool:
    return marks_of(name)[-1:] == (BACKWARD,)
