"""Flax cells beside the catalogue: same weights, same trajectory, in float32.

Flax has a kernel for each gate, i f g o (LSTM) and r z n (GRU), with the biases on the side of h; its GRU is
`gru_after_keep`, its minimal gated unit has the forget gate keep the state.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lstmsym as ls

linen = pytest.importorskip("flax.linen")
jax = pytest.importorskip("jax")

N, M, STEPS = 4, 3, 6


def kernel(tree, name):
    return np.asarray(tree[name]["kernel"]).T


def bias(tree, name):
    return np.asarray(tree[name]["bias"])


def simple(tree):
    return {"W_x": kernel(tree, "i"), "W_h": kernel(tree, "h"), "b": bias(tree, "i")}


def lstm(tree):
    names = {"i": "i", "f": "f", "C": "g", "o": "o"}
    joined = {
        f"W_{g}": np.hstack([kernel(tree, f"h{a}"), kernel(tree, f"i{a}")])
        for g, a in names.items()
    }
    return joined | {f"b_{g}": bias(tree, f"h{a}") for g, a in names.items()}


def gru(tree):
    names = {"r": "r", "z": "z", "h": "n"}
    weights = {f"W_{g}": kernel(tree, f"i{a}") for g, a in names.items()}
    weights |= {f"U_{g}": kernel(tree, f"h{a}") for g, a in names.items()}
    return (
        weights
        | {f"b_{g}": bias(tree, f"i{a}") for g, a in names.items()}
        | {"c_h": bias(tree, "hn")}
    )


# fmt: off
CELLS = {
    "rnn":            ("SimpleCell", simple),
    "lstm":           ("LSTMCell",   lstm),
    "gru_after_keep": ("GRUCell",    gru),
}
# fmt: on


def randomised(tree, rng):
    """Every array of a tree drawn anew, biases too."""
    return jax.tree_util.tree_map(lambda a: rng.normal(size=a.shape).astype(np.float32), tree)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CELLS)
def test_same_weights_same_trajectory(name):
    rng = np.random.default_rng(0)
    kind, translated = CELLS[name]
    cell = getattr(linen, kind)(features=N)
    x = rng.normal(size=(STEPS, M)).astype(np.float32)
    carry = cell.initialize_carry(jax.random.key(0), (M,))
    tree = randomised(cell.init(jax.random.key(1), carry, x[0])["params"], rng)
    expected = []
    for row in x:
        carry, out = cell.apply({"params": tree}, carry, row)
        expected.append(np.asarray(out))
    own = ls.cell(name)
    weights = translated(tree)
    assert set(weights) == set(own.weights)
    found = ls.rollout(own, weights, x).signals["h"]
    assert_allclose(found, np.stack(expected), rtol=2e-5, atol=2e-6)
