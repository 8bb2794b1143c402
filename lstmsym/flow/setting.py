"""What a measurement is made on: sizes, inputs, weights and losses, drawn alike for every cell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from sympy import Symbol

from lstmsym.equations.cell import Cell
from lstmsym.errors import InputError, UnknownName, nearest
from lstmsym.numerics.initialise import checked_sizes, default_sizes, initialise, untied
from lstmsym.numerics.inputs import BYTES, Text, checked_array, noise, read_array, read_text
from lstmsym.numerics.loss import Loss, last_step, next_byte, quadratic

Array = Any
LOSSES = ("next byte", "last", "quadratic")
DTYPES = ("float64", "float32")
MOST = {"steps": 1_000_000, "hidden": 100_000, "seeds": 100_000}


@dataclass(frozen=True)
class Setting:
    """The choices of a measurement; `keys` (S, 4) seed the weights, inputs, probes and losses."""

    steps: int
    hidden: int
    init: str
    gain: float
    forget_bias: float | str | None
    dtype: str
    keys: Array
    width: int
    array: Array | None
    text: Text | None
    loss: str

    @property
    def seeds(self) -> int:
        return len(self.keys)

    def rng(self, seed: int, purpose: int) -> Generator:
        """A generator for one purpose on one seed: 0 weights, 1 inputs, 2 probe, 3 loss."""
        return np.random.default_rng(int(self.keys[seed, purpose]))

    def sizes(self, cell: Cell) -> dict[Symbol, int]:
        return checked_sizes(cell, default_sizes(cell, self.hidden, self.width))

    def weights(self, cell: Cell, seed: int) -> dict[str, Array]:
        sizes, rng = self.sizes(cell), self.rng(seed, 0)
        return initialise(cell, self.init, sizes, rng, self.gain, self.forget_bias, self.dtype)

    def inputs(self, cell: Cell, seed: int) -> dict[str, Array]:
        """name → (T, size), the same for every cell that has the same inputs; untied weights too."""
        return self._data(cell, seed) | untied(
            cell, self.init, self.sizes(cell), self.rng(seed, 0), self.steps, self.gain, self.dtype
        )

    def initial(self, cell: Cell, seed: int) -> dict[str, Array] | None:
        """Zeros (None); N(0, 1) for a net over depth, of which the first state is the input."""
        if cell.data or not cell.untied:
            return None
        sizes, rng = self.sizes(cell), self.rng(seed, 1)
        rows = {s: int(cell.signals[s].rows.subs(sizes)) for s in cell.states}
        return {s: rng.normal(size=n).astype(self.dtype) for s, n in rows.items()}

    def _data(self, cell: Cell, seed: int) -> dict[str, Array]:
        if self.array is None and self.text is None:
            drawn = noise(cell, self.steps, self.sizes(cell), self.rng(seed, 1))
            return {name: a.astype(self.dtype) for name, a in drawn.items()}
        if len(cell.data) != 1:
            raise InputError(f"{cell.name} has {len(cell.data)} inputs; one was given")
        if self.text is not None:
            x = self.text.windows(self.steps, self.rng(seed, 1))[0][0]
        else:
            assert self.array is not None
            x = self.array[seed % len(self.array), : self.steps]
        return {cell.data[0].name: x.astype(self.dtype)}

    def loss_of(self, cell: Cell, seed: int) -> Loss:
        """The loss of one seed."""
        n = self.sizes_of_output(cell)
        rng = self.rng(seed, 3)
        if self.loss == "last":
            u = rng.normal(size=n)
            return last_step(u / np.linalg.norm(u))
        if self.loss == "quadratic":
            return quadratic()
        assert self.text is not None
        targets = self.text.windows(self.steps, self.rng(seed, 1))[1][0]
        return next_byte(rng.normal(0, n**-0.5, (BYTES, n)), targets)

    def sizes_of_output(self, cell: Cell) -> int:
        sizes = self.sizes(cell)
        return int(cell.signals[cell.output].rows.subs(sizes))


def setting(
    *,
    steps: int,
    hidden: int,
    seeds: int,
    rng: Generator | int | None,
    init: str,
    gain: float,
    forget_bias: float | str | None,
    dtype: str,
    input: str | Path | Array | None,
    text: str | Path | None,
    loss: str | None,
) -> Setting:
    """The setting that was asked for. Raises InputError or UnknownName for what cannot be."""
    for what, number in {"steps": steps, "hidden": hidden, "seeds": seeds}.items():
        _check_whole(what, number)
    if dtype not in DTYPES:
        raise UnknownName(f"no number type '{dtype}'; {nearest(dtype, DTYPES)}")
    if text is not None and input is not None:
        raise InputError("the input is a text or an array, not both")
    array = None if input is None else _array(input, steps)
    read = None if text is None else read_text(text)
    width = BYTES if read is not None else hidden if array is None else array.shape[-1]
    loss = loss or ("last" if read is None else "next byte")
    if loss not in LOSSES:
        raise UnknownName(f"no loss '{loss}'; {nearest(loss, LOSSES)}")
    if loss == "next byte" and read is None:
        raise InputError("the loss 'next byte' needs a text")
    keys = np.random.default_rng(rng).integers(0, 2**63, size=(seeds, 4))
    return Setting(
        steps, hidden, init, gain, forget_bias, dtype, keys, width, array, read, loss
    )  # fmt: skip


def _array(given: Any, steps: int) -> Array:
    """The given input as (draws, steps or more, size)."""
    array = read_array(given) if isinstance(given, str | Path) else checked_array(given)
    if array.shape[-2] < steps:
        raise InputError(f"the input has {array.shape[-2]} steps; {steps} were asked for")
    return array if array.ndim == 3 else array[None]


def _check_whole(what: str, number: Any) -> None:
    most = MOST[what]
    whole = isinstance(number, int | np.integer) and not isinstance(number, bool)
    if not whole or not 1 <= number <= most:
        raise InputError(f"{what} is a whole number from 1 to {most:,}, not {number}")
