"""Dicts of parameters within the dict of arrays."""

import numpy as np
import pytest

from lstmsym.verification.handwritten.check import check_gradients
from lstmsym.verification.handwritten.nesting import Nested, is_nested

TREES = {
    "one dict":       ({"x": (3,), "p": {"W": (2, 3), "b": (2,)}}, ["x", "W", "b"]),
    "dicts in dicts": ({"net": {"one": {"W": (2, 3)}, "two": {"b": (2,)}}, "x": (3,)}, ["W", "b", "x"]),
    "two alike":      ({"in": {"W": (2, 3)}, "out": {"W": (2,)}, "x": (3,)}, ["in.W", "out.W", "x"]),
    "a list":         ({"layers": [{"W": (2, 3)}, {"W": (2,)}], "x": (3,)}, ["layers.0.W", "layers.1.W", "x"]),
}  # fmt: skip


@pytest.mark.parametrize("name", TREES)
def test_the_form_is_kept_for_the_author_and_flat_for_the_check(name):
    tree, names = TREES[name]
    assert is_nested(tree)
    nested = Nested(tree)
    assert nested.names == names
    assert nested.rebuilt(nested.flat) == tree


def test_a_flat_dict_is_not_nested():
    for at in ({"W": (2, 3)}, {"x": [np.ones(2), np.ones(2)]}, {"options": {1: "a"}}, None, {}):
        assert not is_nested(at)


def loss(p):
    return np.sum(np.sin(p["in"]["W"]) @ p["x"]) + np.sum(p["out"]["W"] ** 2)


def gradients(p, factor=1.0):
    slope = np.cos(p["in"]["W"]) * p["x"]
    return {
        "dx": np.sin(p["in"]["W"]).sum(axis=0),
        "in": {"dW": slope},
        "out": {"dW": 2 * factor * p["out"]["W"]},
    }


def test_gradients_are_returned_in_the_same_form():
    at, _ = TREES["two alike"]
    assert check_gradients(loss, gradients, at).passed
    wrong = check_gradients(loss, lambda p: gradients(p, 3.0), at)
    assert [v.name for v in wrong.judged("wrong")] == ["out.W"]
