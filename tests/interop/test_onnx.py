"""ONNX's own backend test vectors, and its reference evaluator, beside the catalogue; float32.

ONNX stacks its gates as i o f c (LSTM, peepholes i o f) and z r h (GRU) and has two biases. Its GRU lets the update
gate keep the state; `linear_before_reset` puts the reset after the matrix.
"""

from __future__ import annotations

import warnings
from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lstmsym as ls

onnx = pytest.importorskip("onnx")

GATES = {"LSTM": "iofC", "GRU": "zrh", "RNN": "h"}


def pieces(array, letters):
    """The rows of a stacked weight, gate by gate."""
    return dict(zip(letters, np.split(array, len(letters)), strict=True))


def lstm(W, R, B, P, after):
    n = R.shape[1]
    peepholes = pieces(P if P is not None else np.zeros(3 * n, W.dtype), "iof")
    W, R, b = pieces(W, "iofC"), pieces(R, "iofC"), pieces(B[: 4 * n] + B[4 * n :], "iofC")
    weights = {f"{k}_{g}": a[g] for k, a in (("W", W), ("R", R), ("b", b)) for g in "iofC"}
    return "lstm_peephole_diagonal", weights | {f"p_{g}": peepholes[g] for g in "iof"}


def gru(W, R, B, P, after):
    n = R.shape[1]
    W, R, b, c = (
        pieces(W, "zrh"),
        pieces(R, "zrh"),
        pieces(B[: 3 * n], "zrh"),
        pieces(B[3 * n :], "zrh"),
    )
    if after:
        kept = {f"W_{g}": W[g] for g in "zrh"} | {f"U_{g}": R[g] for g in "zrh"}
        return "gru_after_keep", kept | {
            "b_z": b["z"] + c["z"],
            "b_r": b["r"] + c["r"],
            "b_h": b["h"],
            "c_h": c["h"],
        }
    joined = {f"W_{g}": np.hstack([R[g], W[g]]) for g in "zrh"}
    return "gru_keep", joined | {f"b_{g}": b[g] + c[g] for g in "zrh"}


def rnn(W, R, B, P, after):
    n = R.shape[1]
    return "rnn", {"W_h": R, "W_x": W, "b": B[:n] + B[n:]}


WEIGHTS = {"LSTM": lstm, "GRU": gru, "RNN": rnn}


def run(node, given):
    """Y (T, directions, batch, n) and the last states, by the cells of the catalogue."""
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    batchwise = attributes.get("layout", 0) == 1
    X = given["X"].swapaxes(0, 1) if batchwise else given["X"]
    outputs, states = [], {"h": [], "C": []}
    for n in range(len(given["W"])):
        W, R = given["W"][n], given["R"][n]
        B = given["B"][n] if "B" in given else np.zeros(2 * len(R), W.dtype)
        P = given["P"][n] if "P" in given else None
        name, weights = WEIGHTS[node.op_type](W, R, B, P, attributes.get("linear_before_reset", 0))
        backwards = n == 1 or attributes.get("direction", b"forward") == b"reverse"
        sequence = np.ascontiguousarray((X[::-1] if backwards else X).swapaxes(0, 1))
        start = {
            s: given[key][n] for s, key in (("h", "initial_h"), ("C", "initial_c")) if key in given
        }
        found = ls.rollout(ls.cell(name), weights, sequence, start)
        series = found.signals["h"].swapaxes(0, 1)
        outputs.append(series[::-1] if backwards else series)
        for state in found.cell.states:
            states[state].append(found.signals[state][:, -1])
    Y, last = np.stack(outputs, axis=1), {s: np.stack(a) for s, a in states.items() if a}
    if batchwise:
        Y, last = np.moveaxis(Y, 2, 0), {s: a.swapaxes(0, 1) for s, a in last.items()}
    return {"Y": Y, "Y_h": last["h"], "Y_c": last.get("C")}


@cache
def vectors():
    """name → (node, inputs by name, outputs by name) of every case of the three operators."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from onnx.backend.test.case.node import collect_testcases

        cases = collect_testcases(None)
    found = {}
    for case in cases:
        node = case.model.graph.node[0]
        if node.op_type in GATES and len(case.model.graph.node) == 1:
            given, expected = case.data_sets[0]
            slots = ("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P")
            names = [slot for slot, name in zip(slots, node.input, strict=False) if name]
            if node.op_type != "LSTM":
                names = [n for n in names if n not in ("initial_c", "P")]
            outputs = [o for o, name in zip(("Y", "Y_h", "Y_c"), node.output, strict=False) if name]
            found[case.name] = (
                node,
                dict(zip(names, given, strict=True)),
                dict(zip(outputs, expected, strict=True)),
            )
    return found


def test_there_are_vectors_of_each_operator():
    operators = [node.op_type for node, *_ in vectors().values()]
    assert {name: operators.count(name) >= 3 for name in GATES} == dict.fromkeys(GATES, True)
    assert any("P" in given for _, given, _ in vectors().values())


def test_the_vectors_of_onnx():
    for name, (node, given, expected) in vectors().items():
        lengths = given.get("sequence_lens")
        assert lengths is None or (lengths == len(given["X"])).all(), name
        found = run(node, given)
        for output, array in expected.items():
            assert_allclose(found[output], array, rtol=1e-5, atol=1e-6, err_msg=f"{name} {output}")


@pytest.mark.parametrize(("operator", "after"), [("RNN", 0), ("LSTM", 0), ("GRU", 0), ("GRU", 1)])
def test_random_weights_against_the_reference_evaluator(operator, after):
    rng, n, m, steps, batch = np.random.default_rng(3), 4, 3, 5, 2
    count = len(GATES[operator])
    arrays = {
        "X": rng.normal(size=(steps, batch, m)),
        "W": rng.normal(size=(1, count * n, m)),
        "R": rng.normal(size=(1, count * n, n)),
        "B": rng.normal(size=(1, 2 * count * n)),
    }
    arrays = {name: a.astype(np.float32) for name, a in arrays.items()}
    options = {"linear_before_reset": after} if operator == "GRU" else {}
    node = onnx.helper.make_node(operator, list(arrays), ["Y", "Y_h"], hidden_size=n, **options)
    value = lambda name: onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)  # noqa: E731
    graph = onnx.helper.make_graph([node], "one", [*map(value, arrays)], [value("Y"), value("Y_h")])
    from onnx.reference import ReferenceEvaluator

    expected = ReferenceEvaluator(onnx.helper.make_model(graph)).run(None, arrays)
    found = run(node, arrays)
    assert_allclose(found["Y"], expected[0], rtol=1e-5, atol=1e-6)
    assert_allclose(found["Y_h"], expected[1], rtol=1e-5, atol=1e-6)
