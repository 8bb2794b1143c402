"""What the steps share: functions of one array, and stacks as matrices."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

Array = Any
Values = SimpleNamespace
Step = Callable[[Values, Values, Values, int], dict[str, Array]]


def sig(a: Array) -> Array:
    return 1 / (1 + np.exp(-a))


def relu(a: Array) -> Array:
    return np.maximum(a, 0)


def softplus(a: Array) -> Array:
    return np.log(1 + np.exp(a))


def softmax(a: Array) -> Array:
    return np.exp(a) / np.exp(a).sum()


def hx(s: Values, x: Values) -> Array:
    """[h_{t-1}, x_t]."""
    return np.concatenate([s.h, x.x])


def columns(stack: Array, piece: int) -> Array:
    """A stack as the matrix whose columns are its pieces."""
    return stack.reshape(-1, piece).T


def stacked(matrix: Array) -> Array:
    """The columns of a matrix below each other."""
    return matrix.T.reshape(-1)
