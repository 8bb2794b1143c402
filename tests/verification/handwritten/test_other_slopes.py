"""Gradients that follow from other slopes ∂L_t/∂h_t: cut off after some steps, or wrong where δh_t is made."""

import numpy as np
import pytest

import lstmsym as ls
from tests.verification.handwritten.examples import gradients, loss, shapes, steps_of


def cut_off(p, kept):
    """The loss of each step by itself, carried back a few steps."""
    before = [(p["h0"], p["c0"]), *((s[-1], s[-2]) for s in steps_of(p))]
    total = {n: np.zeros_like(p[n]) for n in ("x", "W", "b", "v")}
    for t in range(len(p["x"])):
        s = max(0, t - kept)
        h, c = before[s]
        with_it, without = (
            gradients({**p, "x": p["x"][s:end], "h0": h, "c0": c}) for end in (t + 1, t)
        )
        for n in ("W", "b", "v"):
            total[n] += with_it[n] - without[n]
        total["x"][s : t + 1] += with_it["x"]
        total["x"][s:t] -= without["x"]
    return total


@pytest.mark.parametrize(("kept", "said"), [(1, "1 step and"), (2, "2 steps and")])
def test_gradients_that_are_carried_back_a_few_steps_are_named(kept, said):
    found = ls.check_gradients(loss, lambda p: cut_off(p, kept), shapes(steps=5), cell="lstm")
    assert found.slip.names == ("truncated",) and said in found.slip.lines[0]
    assert ls.check_gradients(loss, lambda p: cut_off(p, 4), shapes(steps=5)).passed


RNN = {"x": (4, 2), "Wx": (3, 2), "Wh": (3, 3), "b": (3,), "h0": (3,)}
WEIGHTS = np.random.default_rng(7).normal(size=(4, 3))


def states(p):
    found = [p["h0"]]
    for x in p["x"]:
        found.append(np.tanh(p["Wx"] @ x + p["Wh"] @ found[-1] + p["b"]))
    return found


def summed(p):
    return sum(w @ h for w, h in zip(WEIGHTS, states(p)[1:], strict=False))


def backward(p, carry=lambda a: a, slope=lambda h: 1 - h**2, first=0):
    hs, dh = states(p), np.zeros(3)
    found = {n: np.zeros_like(p[n]) for n in RNN if n != "h0"}
    for t in reversed(range(len(p["x"]))):
        d = (dh + WEIGHTS[max(0, t - first)]) * slope(hs[t + 1])
        found["Wx"] += np.outer(d, p["x"][t])
        found["Wh"] += np.outer(d, hs[t])
        found["b"] += d
        found["x"][t], dh = p["Wx"].T @ d, carry(p["Wh"].T @ d)
    return found


SAID = {
    "carried":    ({"carry": np.tanh}, (), "δh_t is right at the last step and wrong at t = "),
    "in a step":  ({"slope": lambda h: np.exp(-h)}, (), "every number follows from another δh_t at t = "),
    "late":       ({"first": 1}, ("slope of the loss",), "the cell's part is right, but it is given a wrong ∂L_t/∂h_t"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_the_loss_is_blamed_only_where_it_is_to_blame(name):
    slip, names, said = SAID[name]
    assert ls.check_gradients(summed, backward, RNN).passed
    found = ls.check_gradients(summed, lambda p: backward(p, **slip), RNN, cell="rnn").slip
    assert found.names == names and said in found.lines[0]
