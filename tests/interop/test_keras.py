"""Keras layers beside the catalogue: same weights, same trajectory, to single precision.

A product of two float64 matrices by keras.ops.matmul is off by 7e-8, whatever its backend.

Keras stacks its gates as i f c o (LSTM) and z r h (GRU), with weights (m, 4n) that multiply rows; its GRU lets the
update gate keep the state, and has its reset after the matrix unless told otherwise.
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lstmsym as ls

os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras")

N, M, STEPS, BATCH = 4, 3, 6, 2


def split(array, letters):
    return dict(zip(letters, np.split(array, len(letters), axis=-1), strict=True))


def lstm(kernel, recurrent, bias):
    W, R, b = (split(a, "ifCo") for a in (kernel, recurrent, bias))
    weights = {f"W_{g}": np.hstack([R[g].T, W[g].T]) for g in "ifCo"}
    return weights | {f"b_{g}": b[g] for g in "ifCo"}


def gru(kernel, recurrent, bias):
    W, R, b = (split(a, "zrh") for a in (kernel, recurrent, bias))
    weights = {f"W_{g}": np.hstack([R[g].T, W[g].T]) for g in "zrh"}
    return weights | {f"b_{g}": b[g] for g in "zrh"}


def gru_after(kernel, recurrent, bias):
    W, R, b, c = (split(a, "zrh") for a in (kernel, recurrent, *bias))
    weights = {f"W_{g}": W[g].T for g in "zrh"} | {f"U_{g}": R[g].T for g in "zrh"}
    return weights | {"b_z": b["z"] + c["z"], "b_r": b["r"] + c["r"], "b_h": b["h"], "c_h": c["h"]}


def simple(kernel, recurrent, bias):
    return {"W_x": kernel.T, "W_h": recurrent.T, "b": bias}


# fmt: off
LAYERS = {
    "rnn":            ("SimpleRNN", {},                     simple),
    "rnn_relu":       ("SimpleRNN", {"activation": "relu"}, simple),
    "lstm":           ("LSTM",      {},                     lstm),
    "gru_keep":       ("GRU",       {"reset_after": False}, gru),
    "gru_after_keep": ("GRU",       {"reset_after": True},  gru_after),
}
# fmt: on


@pytest.fixture(autouse=True)
def double():
    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx(before)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", LAYERS)
def test_same_weights_same_trajectory(name):
    rng = np.random.default_rng(0)
    kind, options, translated = LAYERS[name]
    layer = getattr(keras.layers, kind)(N, return_sequences=True, dtype="float64", **options)
    x = rng.normal(size=(BATCH, STEPS, M))
    layer.build(x.shape)
    drawn = [0.5 * rng.normal(size=tuple(w.shape)) for w in layer.weights]
    layer.set_weights(drawn)
    expected = keras.ops.convert_to_numpy(layer(x))
    cell = ls.cell(name)
    weights = translated(*drawn)
    assert set(weights) == set(cell.weights)
    assert_allclose(ls.rollout(cell, weights, x).signals["h"], expected, rtol=1e-6, atol=1e-6)
