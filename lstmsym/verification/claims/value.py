"""The value of a written formula: an array, and how it is meant; and why a formula may have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lstmsym.errors import LstmsymError

Array = Any


class Misfit(LstmsymError):
    """Two values whose shapes cannot be put together as the formula says."""


class Beyond(LstmsymError):
    """A formula that says something which has no value here, though its shapes may fit."""


class Unsized(LstmsymError):
    """An I or a vector of ones whose size no sign beside it says."""


@dataclass(frozen=True)
class Value:
    """An array, and how it is meant.

    row   whether a vector was transposed
    eye   whether a number is that multiple of I
    ones  whether a number is that multiple of a vector of ones, as long as its place asks for
    """

    array: Array
    row: bool = False
    eye: bool = False
    ones: bool = False

    @property
    def dims(self) -> int:
        return int(np.ndim(self.array))

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(np.shape(self.array))
