"""Gradients by autograd: one reverse pass, with a zero tap added to every signal.

This is the witness that knows nothing of the derivation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import make_vjp
from autograd.extend import vspace

from lstmsym.equations.cell import Cell
from lstmsym.numerics.arithmetic import Floats
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.rollout import Rollout, as_inputs, rollout, steps_of
from lstmsym.numerics.sizes import infer_sizes

Array = Any
Loss = Callable[[Rollout], Array]
AUTOGRAD = Floats(anp)


@dataclass(frozen=True)
class Gradients:
    """Everything that one reverse pass gives.

    loss        the loss, one number a draw
    parameters  name → ∂L/∂W, in the parameter's own shape (summed over draws that share it)
    signals     name → ∂L/∂s_t for t = 1 … T, (..., T, rows); total derivatives
    carried     state → ∂L/∂s_t for t = 0 … T-1 by the way through step t+1 only, (..., T, rows)
    """

    loss: Array
    parameters: dict[str, Array]
    signals: dict[str, Array]
    carried: dict[str, Array]


def autograd_gradients(
    cell: Cell,
    parameters: Mapping[str, Array],
    inputs: Array | Mapping[str, Array] | None,
    loss: Loss,
    initial: Mapping[str, Array] | None = None,
    *,
    steps: int | None = None,
    weights_too: bool = True,
) -> Gradients:
    """∂L/∂ everything by one reverse pass. `loss` maps a Rollout to a number, or to one a draw.

    weights_too=False leaves the gradients of the parameters out, which is faster.

    The adjoints of the tap of s at t are ∂L/∂s_t of the kind "total", those of the carry tap the
    kind "block": the states at t as independent coordinates.
    """
    weights = {name: np.asarray(a) for name, a in parameters.items()}
    zeros = zero_taps(cell, weights, inputs, initial, steps)

    traced_weights = weights if weights_too else {}

    def run(traced: tuple[dict[str, Array], ...]) -> Array:
        own, taps, carried = {**weights, **traced[0]}, *traced[1:]
        options: dict[str, Any] = {"taps": taps, "carry_taps": carried, "arithmetic": AUTOGRAD}
        return loss(rollout(cell, own, inputs, initial, steps=steps, **options))

    backward, value = make_vjp(run)((traced_weights, zeros, {s: zeros[s] for s in cell.states}))
    own, taps, carried = backward(vspace(value).ones())
    return Gradients(value, own, taps, carried)


def zero_taps(
    cell: Cell,
    parameters: Mapping[str, Array],
    inputs: Array | Mapping[str, Array] | None,
    initial: Mapping[str, Array] | None = None,
    steps: int | None = None,
) -> dict[str, Array]:
    """A tap (..., T, rows) of zeros for every signal that has an equation."""
    given = as_inputs(cell, inputs)
    steps = steps_of(given, steps)
    arrays = {**parameters, **given, **(initial or {})}
    env = Environment(sizes=infer_sizes(cell, arrays))
    shapes = [a.shape[:-2] for a in given.values()]
    shapes += [a.shape[:-1] for a in (initial or {}).values()]
    shapes += [a.shape[:-2] for a in parameters.values() if a.ndim > 2]
    draws = np.broadcast_shapes(*shapes)
    return {
        equation.name: np.zeros((*draws, steps, env.size(equation.left.rows))) for equation in cell
    }
