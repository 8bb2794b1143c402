"""At which times an error enters, and which axis of which array is time."""

import numpy as np
import pytest

import lstmsym as ls
from lstmsym.verification.handwritten.author import Author
from lstmsym.verification.handwritten.naming import is_sequence
from lstmsym.verification.handwritten.point import read_point
from lstmsym.verification.handwritten.times import find_sequence
from tests.verification.handwritten.examples import gradients, loss, shapes


def batch_first(p):
    return sum(loss({**p, "x": x}) for x in p["x"])


def columns(p):
    return loss({**p, "x": p["x"].T})


def sequence_of(f, at, asked=None):
    return find_sequence(Author(f, lambda p: p, read_point(at, 0)), asked)


def test_the_sequence_is_found_in_any_layout():
    assert sequence_of(loss, shapes()).axes == {"x": 0}
    assert sequence_of(batch_first, {**shapes(), "x": (2, 4, 2)}).axes == {"x": 1}
    assert sequence_of(columns, {**shapes(), "x": (2, 4)}).axes == {"x": 1}
    assert sequence_of(lambda p: np.sum(p["x"] ** 2), {"x": (4, 2)}) is None


def test_targets_of_the_same_length_are_cut_too():
    def compared(p):
        return sum((loss({**p, "x": p["x"][: t + 1]}) - p["y"][t]) ** 2 for t in range(len(p["y"])))

    found = sequence_of(compared, {**shapes(), "y": (4,)})
    assert found.axes["x"] == 0 and found.axes["y"] == 0 and found.steps == 4


def test_a_sequence_can_be_named():
    assert sequence_of(columns, {**shapes(), "x": (2, 4)}, {"x": 1}).steps == 4
    assert sequence_of(loss, shapes(), "x").steps == 4


@pytest.mark.parametrize(
    ("slip", "said", "at"),
    [
        ({"carried": 0.0}, "right for T = 1, wrong from T = 2 on", (1, 2, 3)),
        ({"slope": 0.9}, "wrong at T = 1 already", (1, 2, 3, 4)),
    ],
)
def test_the_time_at_which_an_error_enters_is_said(slip, said, at):
    found = ls.check_gradients(loss, lambda p: gradients(p, **slip), shapes())
    assert said in found.times.sentence and said in str(found)
    assert found.times.at == {"x": at}


def test_an_error_that_shows_only_in_the_initial_state_at_first_is_one_of_carrying():
    def handed_on(p):
        g = gradients(p)
        return {**g, "c0": 2 * g["c0"], "W": g["W"] if len(p["x"]) == 1 else 2 * g["W"]}

    said = ls.check_gradients(loss, handed_on, shapes()).times.sentence
    assert said.startswith("at T = 1 wrong by c0 only") and "carried" in said


def test_a_code_that_takes_no_shorter_sequence_is_not_cut():
    def fixed(p):
        assert len(p["x"]) == 4
        return loss(p)

    found = ls.check_gradients(fixed, lambda p: gradients(p, slope=0.9), shapes())
    assert found.times is None and not found.passed


def test_a_long_sequence_that_forgets_is_found_all_the_same():
    at = {n: np.random.default_rng(3).normal(size=s) / 3 for n, s in shapes(steps=60).items()}
    wrong = lambda p: gradients(p, carried=0.0)  # noqa: E731
    found = ls.check_gradients(loss, wrong, at, mode="directions")
    assert found.times is not None and found.times.sequence.axes == {"x": 0}
    assert "carried from step to step" in found.times.sentence


def test_lengths_at_which_the_code_stops_say_nothing():
    def four(p):
        return {**gradients(p, slope=0.9), "x": gradients(p)["x"] + 0 * p["x"][3]}

    found = ls.check_gradients(loss, four, shapes())
    assert "not known, since at T = 1 the code stops: IndexError" in found.times.sentence
    assert not found.times.wrong and found.as_dict()["times"]["stopped"]


def test_nothing_is_said_of_time_where_shorter_sequences_are_wrong_in_another_way():
    def other(p):
        g = gradients(p)
        return {**g, "b": 2 * g["b"] if len(p["x"]) == 1 else g["b"], "v": g["v"] + p["v"]}

    said = ls.check_gradients(loss, other, shapes()).times.sentence
    assert "not known, since at T = 1 other gradients are wrong" in said


def test_a_factor_of_all_gradients_is_not_said_to_enter_in_time():
    mean = lambda p: loss(p) / len(p["x"])  # noqa: E731
    found = ls.check_gradients(mean, gradients, shapes())
    assert found.times is None and "one factor" in {w["name"] for w in found.warnings}


NAMED = {
    "X_batch": True, "xi": True, "input_seq": True, "seqIn": True, "letters": True, "INPUTS": True, "x": True,
    "U": False, "W_x": False, "Wi": False, "h_in": False, "t": False, "y_train": False, "x1": False,
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_what_is_called_a_sequence(name):
    assert is_sequence(name) == NAMED[name]


def test_the_surest_name_is_the_sequence():
    def embedded(p):
        return loss({**p, "x": p["u"][:, p["inputs"]].T})

    at = {n: s for n, s in shapes().items() if n != "x"}
    at = {"u": (2, 4), **at, "inputs": np.array([0, 2, 1, 3])}
    assert set(sequence_of(embedded, at).axes) >= {"inputs"}
    assert "u" not in sequence_of(embedded, at).axes
