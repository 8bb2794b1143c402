"""What the true gradients leave open of the slopes of the loss: found together with the slip, by one system.

Every backward pass is linear in the slopes. Where many slopes explain the true gradients, a slip is accepted if
some of them give what was returned, in far more entries than there are unknowns.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lstmsym.verification.handwritten.fitting import Fit

Array = Any
MOST_OPEN = 60
MORE = 5  # entries beyond the unknowns, so that agreement is no accident


def slopes_left_open(fit: Fit) -> Array:
    """The slopes found, and one direction after the other in which nothing speaks against moving them; (1 + d, …)."""
    places = np.unique(np.concatenate([np.ravel(fit.layouts[n]) for n in fit.known]))
    left, _, _ = np.linalg.svd(fit.map[:, places])
    free = left[:, fit.rank :].T.reshape(-1, *fit.slopes.shape)
    return np.concatenate([fit.slopes[None], free])


class System:
    """The equations of the arrays that agree so far; each new array agrees if all can be met together.

    equal  the error that is allowed, relative to the largest entry of an array
    """

    def __init__(self, equal: float) -> None:
        self.equal = equal
        self.left: list[Array] = []
        self.right: list[Array] = []

    @property
    def decided(self) -> bool:
        """Whether there are more equations than unknowns."""
        count = sum(map(len, self.right))
        return not self.left or count >= self.left[0].shape[1] + MORE

    def agrees(self, returned: Array, given: Array) -> bool:
        """Whether an array is met by given[0] + Σ z_d given[d], with the z that meet the others too."""
        size = float(np.max(np.abs(returned), initial=0.0)) or 1.0
        rows = given[1:].reshape(len(given) - 1, -1).T / size
        wanted = np.ravel(returned - given[0]) / size
        left, right = np.concatenate([*self.left, rows]), np.concatenate([*self.right, wanted])
        if not (np.all(np.isfinite(left)) and np.all(np.isfinite(right))):
            return False
        found = np.linalg.lstsq(left, right, rcond=None)[0]
        if np.max(np.abs(left @ found - right), initial=0.0) > self.equal:
            return False
        self.left.append(rows)
        self.right.append(wanted)
        return True
