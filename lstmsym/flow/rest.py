"""The eigenvalues of the joint Jacobian at rest, in numbers, for a stated draw of the weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstmsym.derivation.known import Known
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import StateJacobian
from lstmsym.equations.terms import t
from lstmsym.numerics.initialise import default_sizes, initialise
from lstmsym.numerics.rollout import rollout
from lstmsym.numerics.sizes import array_shape
from lstmsym.numerics.translate import evaluate

Array = Any
HIDDEN, SEED = 16, 0


def spectrum_at_rest(cell: Cell, hidden: int = HIDDEN, seed: int = SEED) -> Array:
    """Eigenvalues (N,) of J_1 with states and inputs zero, largest modulus first.

    Weights as `initialise` draws them with "gaussian", biases zero; untied weights N(0, 1/n) too.
    """
    rng = np.random.default_rng(seed)
    sizes = default_sizes(cell, hidden, hidden)
    weights = initialise(cell, "gaussian", sizes, rng)
    inputs = {x.name: np.zeros((1, *(array_shape(x, sizes) or (1,)))) for x in cell.data}
    for name in cell.untied:
        rows = int(cell.signals[name].rows.subs(sizes))
        inputs[name] = rng.normal(0, hidden**-0.5, (1, rows)) * (rows > hidden)
    env = rollout(cell, weights, inputs).environment({}, definitions=Known(cell))
    found = np.linalg.eigvals(evaluate(StateJacobian(t, cell.state_size), env.bind({t: 1})))
    return found[np.argsort(-np.abs(found), kind="stable")]
