"""What a cell is fed: noise, the bytes of a text, or an array from a file.

Inputs are (steps, size) or (draws, steps, size). Nothing that is read is ever evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from sympy import Symbol

from lstmsym.equations.cell import Cell
from lstmsym.errors import InputError
from lstmsym.numerics.environment import Environment

Array = Any
BYTES = 256
MOST_BYTES = 64_000_000


def noise(
    cell: Cell,
    steps: int,
    sizes: Mapping[Symbol, int],
    rng: Generator | int | None,
    draws: tuple[int, ...] = (),
    scale: float = 1.0,
) -> dict[str, Array]:
    """N(0, scale²) for every input of a cell that carries data: name → (*draws, steps, size)."""
    rng, env = np.random.default_rng(rng), Environment(sizes=sizes)
    shapes = {s.name: (*draws, steps, env.size(s.rows)) for s in cell.data}
    return {name: rng.normal(0, scale, shape) for name, shape in shapes.items()}


@dataclass(frozen=True)
class Text:
    """The bytes of a file, 0 … 255, in the order they stand."""

    data: Array
    path: str = ""

    def windows(
        self, steps: int, rng: Generator | int | None, draws: int = 1
    ) -> tuple[Array, Array]:
        """Random stretches of the text: one-hot x (draws, steps, 256), next bytes (draws, steps).

        Raises InputError where the text has fewer than steps + 1 bytes.
        """
        room = len(self.data) - steps
        if room < 1:
            found = f"{self.path or 'the text'} has {len(self.data):,} bytes"
            raise InputError(f"{found}; {steps:,} steps with a next byte need {steps + 1:,}")
        starts = np.random.default_rng(rng).integers(0, room, size=draws)
        stretches = self.data[starts[:, None] + np.arange(steps + 1)]
        return one_hot(stretches[:, :-1]), stretches[:, 1:]


def one_hot(codes: Array, size: int = BYTES) -> Array:
    """Codes (...) as unit vectors (..., size)."""
    return np.eye(size)[codes]


def read_text(path: str | Path) -> Text:
    """The bytes of a file. Raises InputError for one that is missing, empty or too large."""
    data = np.frombuffer(_bytes_of(Path(path), "a text"), dtype=np.uint8)
    if not len(data):
        raise InputError(f"{path} is empty; expected a text of at least 2 bytes")
    return Text(data.astype(np.intp), str(path))


def read_array(path: str | Path) -> Array:
    """An input (steps, size) or (draws, steps, size) from an .npy file, as float64.

    Raises InputError for a file that is no such array, or that holds NaN or infinity.
    """
    try:
        array = np.load(Path(path), allow_pickle=False)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; expected an .npy file") from None
    except (ValueError, EOFError) as error:
        raise InputError(f"{path} is no plain .npy array: {error}") from None
    return checked_array(array, str(path))


def checked_array(array: Any, what: str = "the input") -> Array:
    """An input as float64. Raises InputError for another shape, type, or a number not finite."""
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiub":
        kind = getattr(array, "dtype", type(array).__name__)
        raise InputError(f"{what} holds {kind}; expected one array of numbers")
    if array.ndim not in (2, 3) or 0 in array.shape:
        expected = "(steps, size) or (draws, steps, size)"
        raise InputError(f"{what} has shape {array.shape}; expected {expected}, none of them 0")
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        place = tuple(int(i) for i in bad[0])
        raise InputError(f"{what} holds {array[place]} at {place}; every number must be finite")
    return array.astype(np.float64)


def _bytes_of(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; expected {what}") from None
    if len(data) > MOST_BYTES:
        raise InputError(f"{path} has more than {MOST_BYTES:,} bytes")
    return data
