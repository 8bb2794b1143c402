"""Every line of the table of weaknesses is seen where it is planted, and none in a strong check."""

import numpy as np
import pytest

import lstmsym as ls
from lstmsym.verification.handwritten.weak import WEAKNESSES
from tests.verification.handwritten.examples import gradients, loss, shapes

RNG = np.random.default_rng(0)
KEPT = {"W": np.zeros((3, 4))}
COUNT = {"calls": 0}


def cube(p):
    return np.sum(p["W"] ** 3)


def slope(p):
    return {"W": 3 * p["W"] ** 2}


def writing_loss(p):
    p["W"] *= 2.0
    return np.sum(p["W"] ** 3)


def writing_slope(p):
    found = slope(p)
    p["W"] += 1.0
    return found


def accumulating(p):
    KEPT["W"] += 3 * p["W"] ** 2
    return KEPT


def changing(p):
    COUNT["calls"] += 1
    return {"W": 3 * p["W"] ** 2 + COUNT["calls"]}


def two(p):
    return np.sum(p["W"] ** 3) + np.sum(p["V"] ** 3)


def two_slopes(p):
    return {"W": 3 * p["W"] ** 2, "V": 3 * p["V"] ** 2}


def shared(p):
    found = two_slopes(p)["W"]
    return {"W": found, "V": found}


def single_loss(p):
    return np.sum(p["W"].real.astype(np.float32) ** 3)


def at_zero(p):
    return {**gradients(p), "h0": np.zeros(3)}


def run(p):
    return sum(np.tanh(p["W"] @ x) @ p["v"] for x in p["x"]) ** 2


def run_slopes(p):
    total = sum(np.tanh(p["W"] @ x) @ p["v"] for x in p["x"])
    d = [2 * total * p["v"] * (1 - np.tanh(p["W"] @ x) ** 2) for x in p["x"]]
    return {"W": sum(np.outer(a, x) for a, x in zip(d, p["x"], strict=True))}


A, AB = {"W": (3, 4)}, {"W": (3, 4), "V": (3, 4)}
LSTM = shapes()
PLANTED = {
    "loss changes its arguments":       (writing_loss, lambda p: {"W": 24 * p["W"] ** 2}, A),
    "gradients change their arguments": (cube, writing_slope, A),
    "loss is not repeatable":           (lambda p: cube(p) + RNG.normal(), slope, A),
    "gradients accumulate":             (cube, accumulating, A),
    "gradients are not repeatable":     (cube, changing, A),
    "shared memory":                    (two, shared, AB),
    "float32 given":                    (cube, slope, {"W": np.ones((3, 4), np.float32)}),
    "float32 returned":                 (cube, lambda p: {"W": slope(p)["W"].astype(np.float32)}, A),
    "noisy loss":                       (single_loss, slope, A),
    "one step":                         (loss, gradients, shapes(steps=1)),
    "zero initial state":               (loss, gradients, {**LSTM, "h0": np.zeros(3)}),
    "no initial state":                 (run, run_slopes, {"W": (3, 2), "v": (3,), "x": (4, 2)}),
    "square weights":                   (run, run_slopes, {"W": (3, 3), "v": (3,), "x": (4, 3)}),
    "equal sizes":                      (loss, gradients, shapes(n=3, m=3)),
    "tiny weights":                     (cube, slope, {"W": np.full((3, 4), 1e-3)}),
    "gradient not returned":            (two, slope, AB),
    "unknown key":                      (cube, lambda p: {**slope(p), "extra": 1.0}, A),
    "by order":                         (two, lambda p: [3 * p["W"] ** 2, p["V"] ** 2], AB),
    "other shape":                      (cube, lambda p: {"W": slope(p)["W"].T}, A),
    "not finite":                       (cube, lambda p: {"W": slope(p)["W"] * np.inf}, A),
    "zero gradient":                    (cube, lambda p: {**slope(p), "V": np.zeros((3, 4))}, AB),
    "gradient returned as zero":        (loss, at_zero, LSTM),
    "clipped":                          (cube, lambda p: {"W": np.clip(slope(p)["W"], 0, 0.3)}, A),
    "silent clip":                      (cube, lambda p: {"W": np.clip(slope(p)["W"], -1e3, 1e3)}, A),
    "one factor":                       (two, lambda p: {k: a / 12 for k, a in two_slopes(p).items()}, AB),
}  # fmt: skip


def weak_points(f, g, at):
    return {w["name"]: w["sentence"] for w in ls.check_gradients(f, g, at).warnings}


def test_the_table_and_the_planted_weaknesses_are_the_same():
    assert [w.name for w in WEAKNESSES] == list(PLANTED)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_weakness_is_seen_and_said(name):
    KEPT["W"][:] = 0
    found = weak_points(*PLANTED[name])
    assert name in found
    assert "{" not in found[name] and "\n" not in found[name]


def test_a_strong_check_has_no_weakness():
    assert weak_points(loss, gradients, LSTM) == {}
    assert weak_points(cube, slope, A) == {}


def test_a_mean_of_the_batch_is_said_with_its_factor():
    mean = lambda p: two(p) / 12  # noqa: E731
    assert "12 times the true one" in weak_points(mean, two_slopes, AB)["one factor"]


def test_a_clip_within_the_loss_or_before_the_end_is_no_clipped_gradient():
    inside = lambda p: {"W": 3 * np.clip(p["W"], -9, 9) ** 2}  # noqa: E731
    assert weak_points(lambda p: np.sum(np.clip(p["W"], -9, 9) ** 3), inside, A) == {}
    in_place = lambda p: [np.clip(g, -99, 99, out=g) for g in [slope(p)["W"]]]  # noqa: E731
    assert set(weak_points(cube, in_place, A)) == {"silent clip"}
