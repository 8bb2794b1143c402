"""The numbers of the activations: name → function of a namespace and an array.

The namespace is numpy or autograd.numpy.
Written so that nothing overflows where the result does not, and so that autograd finds the right
slope everywhere, ties at 0 included.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def sigmoid(xp: Any, a: Any) -> Any:
    """σ(a) = e^{min(a,0)} / (e^{min(a,0)} + e^{min(-a,0)}): relative accuracy in both tails.

    autograd halves the slope of minimum at a tie, which makes σ'(0) = 1/4 as it should be.
    """
    left, right = xp.exp(xp.minimum(a, 0)), xp.exp(xp.minimum(-a, 0))
    return left / (left + right)


def exp(xp: Any, a: Any) -> Any:
    """e^a; infinite, without a warning, where it overflows."""
    with np.errstate(over="ignore"):
        return xp.exp(a)


def step(xp: Any, a: Any) -> Any:
    """1 where a > 0, else 0, in the number type of a."""
    return (a > 0).astype(a.dtype)


def softmax(xp: Any, a: Any) -> Any:
    """e^{a_i} / Σ_j e^{a_j} along the last dimension."""
    powers = xp.exp(a - xp.max(a, axis=-1, keepdims=True))
    return powers / xp.sum(powers, axis=-1, keepdims=True)


FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "sigmoid":  sigmoid,
    "tanh":     lambda xp, a: xp.tanh(a),
    "relu":     lambda xp, a: xp.where(a > 0, a, 0.0),
    "identity": lambda xp, a: a,
    "exp":      exp,
    "softplus": lambda xp, a: xp.logaddexp(a, 0.0),
    "square":   lambda xp, a: a * a,
    "step":     step,
    "log":      lambda xp, a: xp.log(a),
    "sqrt":     lambda xp, a: xp.sqrt(a),
    "sin":      lambda xp, a: xp.sin(a),
    "cos":      lambda xp, a: xp.cos(a),
    "abs":      lambda xp, a: xp.abs(a),
    "sign":     lambda xp, a: xp.sign(a),
    "activation": lambda xp, a: xp.logaddexp(a, 0.0),
    "activation_slope": sigmoid,
}  # fmt: skip
