"""Inputs from noise, text and files, and the losses on them."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lstmsym.cells import from_catalogue
from lstmsym.errors import InputError
from lstmsym.numerics.gradients import autograd_gradients
from lstmsym.numerics.initialise import default_sizes, initialise
from lstmsym.numerics.inputs import checked_array, noise, read_array, read_text
from lstmsym.numerics.loss import last_step, next_byte, quadratic
from lstmsym.numerics.rollout import rollout

LSTM = from_catalogue("lstm")


def test_noise_is_the_same_for_the_same_seed():
    sizes = default_sizes(LSTM, 4, 3)
    one, two = (noise(LSTM, 50, sizes, 7, draws=(20,))["x"] for _ in range(2))
    assert one.shape == (20, 50, 3) and np.array_equal(one, two)
    assert abs(one.std() - 1) < 0.05


def test_a_text_is_one_hot_and_tells_its_next_bytes(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"hello \xff world")
    x, targets = read_text(tmp_path / "a.txt").windows(5, rng=0, draws=3)
    assert x.shape == (3, 5, 256) and targets.shape == (3, 5)
    assert (x.sum(-1) == 1).all()
    spelt = bytes(x[0].argmax(-1).tolist())
    assert spelt in b"hello \xff world"
    assert (x[:, 1:].argmax(-1) == targets[:, :-1]).all()


def test_texts_that_cannot_be_used_are_refused(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "short").write_bytes(b"abc")
    with pytest.raises(InputError, match="is empty"):
        read_text(tmp_path / "empty")
    with pytest.raises(InputError, match="No such file"):
        read_text(tmp_path / "missing")
    with pytest.raises(InputError, match="directory"):
        read_text(tmp_path)
    with pytest.raises(InputError, match="has 3 bytes; 3 steps with a next byte need 4"):
        read_text(tmp_path / "short").windows(3, rng=0)


def test_an_array_comes_from_a_file(tmp_path):
    np.save(tmp_path / "x.npy", np.arange(6).reshape(3, 2))
    found = read_array(tmp_path / "x.npy")
    assert found.dtype == np.float64 and found.shape == (3, 2)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.ones(3), "shape"),
        (np.ones((2, 0)), "none of them 0"),
        (np.array([[1.0, math.nan]]), r"nan at \(0, 1\)"),
        (np.array([[1.0, math.inf]]), "inf"),
        (np.array([["a", "b"]]), "array of numbers"),
        (np.array([[1j]]), "array of numbers"),
    ],
)
def test_arrays_that_cannot_be_used_are_refused(array, message):
    with pytest.raises(InputError, match=message):
        checked_array(array)


def test_files_that_are_no_arrays_are_refused(tmp_path):
    (tmp_path / "text.npy").write_text("this is not an array")
    np.save(tmp_path / "objects.npy", np.array([[{}]], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "many.npz", np.ones((2, 2)))
    for name in ("text.npy", "objects.npy", "many.npz", "missing.npy"):
        with pytest.raises(InputError):
            read_array(tmp_path / name)


def test_the_loss_of_a_text_without_knowledge_is_the_log_of_the_alphabet():
    sizes = default_sizes(LSTM, 4, 256)
    weights = initialise(LSTM, "pytorch", sizes, 0)
    run = rollout(LSTM, weights, np.eye(256)[None, :6])
    targets = np.arange(1, 7)[None]
    assert_allclose(next_byte(np.zeros((256, 4)), targets)(run), [6 * math.log(256)])
    readout = np.random.default_rng(0).normal(size=(256, 4))
    scores = run.output @ readout.T
    direct = -np.log(np.exp(scores) / np.exp(scores).sum(-1, keepdims=True))
    assert_allclose(next_byte(readout, targets)(run), [direct[0, range(6), targets[0]].sum()])


@pytest.mark.parametrize(
    "loss", [quadratic(0.1), last_step(np.ones(4)), last_step(np.ones(4), "C")]
)
def test_losses_are_one_number_a_draw_and_have_gradients(loss):
    sizes = default_sizes(LSTM, 4, 2)
    weights = initialise(LSTM, "pytorch", sizes, 0)
    found = autograd_gradients(LSTM, weights, noise(LSTM, 5, sizes, 0, (3,)), loss)
    assert found.loss.shape == (3,)
    assert found.signals["h"].shape == (3, 5, 4) and found.signals["C"].any()
