"""Initial weights: presets as a table, block by block of each weight.

A preset says how a block of a weight that multiplies states is drawn, how one that multiplies
inputs, how a bias and how a peephole; what is which is found from the equations.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from sympy import Symbol

from lstmsym.equations.cell import Cell
from lstmsym.equations.structured import Read
from lstmsym.equations.terms import Signal, walk
from lstmsym.errors import InputError, UnknownName, nearest
from lstmsym.numerics.blocks import (
    FORGET,
    INPUT,
    blocks_of,
    forget_biases,
    gate_biases,
    is_matrix,
    is_scale,
)
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.sizes import array_shape

Array = Any
LARGEST = 100_000
Draw = Callable[[Generator, tuple[int, int], float], Array]


def uniform(rng: Generator, shape: tuple[int, int], gain: float) -> Array:
    """U(±gain/√n), n being the rows: PyTorch's rule for every weight and bias of hidden size n."""
    bound = gain / math.sqrt(shape[0])
    return rng.uniform(-bound, bound, shape)


def glorot(rng: Generator, shape: tuple[int, int], gain: float) -> Array:
    """U(±√(6/(rows + columns))) (Glorot & Bengio 2010)."""
    bound = math.sqrt(6 / sum(shape))
    return rng.uniform(-bound, bound, shape)


def gaussian(rng: Generator, shape: tuple[int, int], gain: float) -> Array:
    """N(0, gain²/columns)."""
    return rng.normal(0, gain / math.sqrt(shape[1]), shape)


def orthogonal(rng: Generator, shape: tuple[int, int], gain: float) -> Array:
    """gain × a matrix with orthonormal rows or columns, uniform over them (QR with its signs set)."""
    tall = rng.normal(size=(max(shape), min(shape)))
    Q, R = np.linalg.qr(tall)
    Q = Q * np.where(np.diag(R) < 0, -1.0, 1.0)
    return gain * (Q if shape[0] >= shape[1] else Q.T)


def identity(rng: Generator, shape: tuple[int, int], gain: float) -> Array:
    """gain × the identity (Le, Jaitly & Hinton 2015 with gain 1, ReLU and zero biases)."""
    return gain * np.eye(*shape)


def small(rng: Generator, shape: tuple[int, int], gain: float) -> Array:
    """N(0, 10⁻⁶): standard deviation 0.001, as Le, Jaitly & Hinton 2015 draw their input weights."""
    return rng.normal(0, 1e-3, shape)


def zero(rng: Generator, shape: tuple[int, int], gain: float) -> Array:
    """Nothing at all."""
    return np.zeros(shape)


@dataclass(frozen=True)
class Preset:
    """How blocks on states, blocks on inputs and biases are drawn.

    joint        the gates' blocks on one signal are one tall matrix, as Keras keeps them: each gate
                 of an LSTM then has a quarter of an orthogonal (4n, n), with singular values below 1
    forget_bias  the forget gate's bias, where it is not as the other biases
    """

    state: Draw
    input: Draw
    bias: Draw
    about: str
    joint: bool = False
    forget_bias: float | None = None


PRESETS: dict[str, Preset] = {
    "pytorch":    Preset(uniform, uniform, uniform, "U(±1/√n) for all, biases included"),
    "keras":      Preset(orthogonal, glorot, zero, "orthogonal, Glorot uniform, forget bias 1", True, 1.0),
    "gaussian":   Preset(gaussian, gaussian, zero, "states N(0, g²/n), inputs N(0, 1/m)"),
    "orthogonal": Preset(orthogonal, gaussian, zero, "states g × orthogonal, inputs N(0, 1/m)"),
    "identity":   Preset(identity, small, zero, "states g × identity, inputs N(0, 10⁻⁶)"),
}  # fmt: skip


def initialise(
    cell: Cell,
    preset: str,
    sizes: Mapping[Symbol | str, int],
    rng: Generator | int | None,
    gain: float = 1.0,
    forget_bias: float | str | None = None,
    dtype: Any = np.float64,
) -> dict[str, Array]:
    """Weights of a cell: name → (rows,) or (rows, columns), a scalar (1,).

    A weight over [h, x] is drawn block by block. `gain` multiplies the blocks on states and nothing
    else. `forget_bias` replaces the bias of the forget gate; a cell without one is as without it.
    "chrono:100" draws it as ln U[1, 99] and the input gate's as its negative, so that time scales lie
    between 2 and 100 steps (Tallec & Ollivier 2018).
    Peepholes are U(±1/√n) in every preset. Stated numbers of the cell are kept.

    Raises UnknownName for a preset that is not there, InputError for sizes or gains out of range.
    """
    if preset not in PRESETS:
        raise UnknownName(f"no initialisation '{preset}'; {nearest(preset, PRESETS)}")
    env = Environment(sizes=checked_sizes(cell, sizes))
    _finite("gain", gain, lowest=0.0)
    rng = np.random.default_rng(rng)
    rule = PRESETS[preset]
    drawn = _matrices(cell, rule, env, rng, gain) | _vectors(cell, rule, env, rng)
    bias = rule.forget_bias if forget_bias is None else forget_bias
    if isinstance(bias, str):
        drawn |= _chrono(cell, drawn, longest_scale(bias), rng)
    elif bias is not None:
        _finite("forget bias", bias)
        drawn |= {name: np.full_like(drawn[name], bias) for name in forget_biases(cell)}
    drawn |= {name: np.array([float(value)]) for name, value in cell.constants.items()}
    return {name: array.astype(dtype) for name, array in drawn.items()}


def longest_scale(text: str) -> float:
    """The longest time scale of "chrono:100". Raises InputError for anything else."""
    word, _, number = text.partition(":")
    if word != "chrono" or not number.isdigit() or not 3 <= int(number[:9]) <= 10**6:
        raise InputError(f"a forget bias is a number or chrono:100 (3 to 1,000,000), not '{text}'")
    return float(number)


def _chrono(
    cell: Cell, drawn: Mapping[str, Array], longest: float, rng: Generator
) -> dict[str, Array]:
    """b_f = ln U[1, longest - 1] unit by unit, b_i = -b_f."""
    forget, input_ = gate_biases(cell, FORGET), gate_biases(cell, INPUT)
    scales = {n: np.log(rng.uniform(1, longest - 1, drawn[n].shape)) for n in forget}
    opposite = {n: -b for n, b in zip(input_, scales.values(), strict=False)}
    return scales | opposite


def checked_sizes(cell: Cell, sizes: Mapping[Symbol | str, int]) -> dict[Symbol, int]:
    """Every size of the cell as a whole number of at least 1. Raises InputError otherwise."""
    named = {str(symbol): number for symbol, number in sizes.items()}
    for symbol in cell.sizes:
        number = named.get(str(symbol))
        if number is None:
            raise InputError(f"the size {symbol} of {cell.name} has no value")
        whole = number == number and not isinstance(number, bool) and int(number) == number
        if not whole or not 1 <= number <= LARGEST:
            raise InputError(
                f"the size {symbol} is a whole number from 1 to {LARGEST:,}, not {number}"
            )
    return {symbol: int(named[str(symbol)]) for symbol in cell.sizes}


def default_sizes(cell: Cell, hidden: int, inputs: int) -> dict[Symbol, int]:
    """`hidden` for every size but those of the inputs, which are `inputs`."""
    of_inputs = {s for signal in cell.inputs for s in signal.rows.free_symbols}
    of_others = {s for e in cell for s in e.left.rows.free_symbols}
    return {s: inputs if s in of_inputs - of_others else hidden for s in cell.sizes}


def hard_instance(
    cell: Cell, rng: Generator | int | None, n: int = 3, scale: float = 1.0
) -> tuple[dict[str, Array], dict[str, Array], dict[Symbol, int]]:
    """Weights, initial states and sizes that forgive no slip, for checks.

    Sizes n, n + 1, … all different; weights N(0, scale²/columns) and not symmetric; biases, peepholes
    and initial states N(0, scale²/4), none zero. Returns (parameters, initial, sizes).
    """
    rng = np.random.default_rng(rng)
    sizes = {symbol: n + i for i, symbol in enumerate(cell.sizes)}
    shapes = {name: array_shape(p, sizes) for name, p in cell.parameters.items()}
    spread = lambda s: scale / math.sqrt(s[1]) if len(s) == 2 else scale / 2  # noqa: E731
    drawn = {name: rng.normal(0, spread(s), s or (1,)) for name, s in shapes.items()}
    drawn |= {name: np.array([float(value)]) for name, value in cell.constants.items()}
    rows = {state: array_shape(cell.signals[state], sizes) for state in cell.states}
    return drawn, {s: rng.normal(0, scale / 2, r) for s, r in rows.items()}, sizes


def untied(
    cell: Cell, preset: str, sizes: Mapping[Symbol | str, int], rng: Generator | int | None,
    steps: int, gain: float = 1.0, dtype: Any = np.float64,
) -> dict[str, Array]:  # fmt: skip
    """The weights that each step has for itself: name → (steps, size), matrices column after column."""
    env, rng = Environment(sizes=checked_sizes(cell, sizes)), np.random.default_rng(rng)
    matrices = {a.stack.name: a for e in cell for a in walk(e.right) if isinstance(a, Read)
                and isinstance(a.stack, Signal)}  # fmt: skip
    drawn = {}
    for name in cell.untied:
        rows = env.size(cell.signals[name].rows)
        draw, shape = PRESETS[preset].bias, (rows, 1)
        if name in matrices:
            piece = env.size(matrices[name].rows)
            draw, shape = PRESETS[preset].state, (piece, rows // piece)
        each = [draw(rng, shape, gain if name in matrices else 1.0) for _ in range(steps)]
        drawn[name] = np.stack([W.T.reshape(-1) for W in each]).astype(dtype)
    return drawn


def _matrices(
    cell: Cell, rule: Preset, env: Environment, rng: Generator, gain: float
) -> dict[str, Array]:
    """Every weight matrix, put together from its blocks."""
    groups: dict[Any, list[tuple[str, int, int]]] = {}
    blocks: dict[str, dict[int, Array]] = {}
    for name, parameter in cell.parameters.items():
        for i, block in enumerate(blocks_of(cell, parameter) if is_matrix(cell, parameter) else ()):
            key = (block.source, block.width, None if rule.joint else (name, i), block.reads)
            groups.setdefault(key, []).append((name, i, env.size(parameter.rows)))
    for (source, width, *_), members in groups.items():
        rows = [count for *_, count in members]
        draw, factor = (rule.state, gain) if source == "state" else (rule.input, 1.0)
        tall = draw(rng, (sum(rows), env.size(width)), factor)
        for (name, i, _), part in zip(members, np.split(tall, np.cumsum(rows)[:-1]), strict=True):
            blocks.setdefault(name, {})[i] = part
    whole = {n: np.concatenate([own[i] for i in sorted(own)], axis=1) for n, own in blocks.items()}
    return {n: W[:, 0] if cell.parameters[n].cols == 1 else W for n, W in whole.items()}


def _vectors(cell: Cell, rule: Preset, env: Environment, rng: Generator) -> dict[str, Array]:
    """Biases, peepholes and scalars."""
    drawn = {}
    for name, parameter in cell.parameters.items():
        if not is_matrix(cell, parameter):
            draw = uniform if is_scale(cell, parameter) else rule.bias
            drawn[name] = draw(rng, (env.size(parameter.rows), 1), 1.0)[:, 0]
    return drawn


def _finite(what: str, number: float, lowest: float = -math.inf) -> None:
    if not (math.isfinite(number) and number >= lowest):
        least = f" of at least {lowest:g}" if lowest > -math.inf else ""
        raise InputError(f"the {what} is a finite number{least}, not {number}")
