"""Files as people have them: what the loss is, what backward is given, which gradient is which."""

import textwrap

import pytest

from lstmsym.errors import InputError
from lstmsym.verification.handwritten.file_check import check_file

HEAD = """
import numpy as np
shapes = {"h": (3,), "W": (2, 3), "b": (2,)}
def run(h, W, b):
    return np.tanh(W @ h + b)
"""
SLOPE = "d = (1 - y**2) * {up}\n    dh, dW, db = W.T @ d, np.outer(d, h), {db}"


@pytest.fixture
def checked(tmp_path):
    def check(forward, backward, head=HEAD):
        path = tmp_path / "code.py"
        path.write_text(head + textwrap.dedent(forward) + textwrap.dedent(backward))
        return check_file(path)

    return check


def backward(takes="h, W, b", start="y = run(h, W, b)", up="2 * y", db="d", answer="dh, dW, db"):
    return f"\ndef backward({takes}):\n    {start}\n    {SLOPE.format(up=up, db=db)}\n    return {answer}\n"


def forward(answer):
    body = "y = run(h, W, b)\n    loss = np.sum(y**2)\n    cache = {'y': y}"
    return f"\ndef forward(h, W, b):\n    {body}\n    return {answer}\n"


HANDED = {
    "loss first":                ("loss, cache", "h, W, b, cache", "y = cache['y']"),
    "loss in the middle":        ("y, loss, cache", "h, W, b, cache", "y = cache['y']"),
    "loss last, in a list":      ("[y, loss]", "h, W, b", "y = run(h, W, b)"),
    "by what forward calls it":  ("y, loss", "y, h, W, b", "pass"),
    "by name, loss first":       ("loss, y", "h, W, b, y", "pass"),
    "two things besides":        ("loss, y, 2 * y", "h, W, b, cache", "y, _ = cache"),
}  # fmt: skip


@pytest.mark.parametrize("name", HANDED)
def test_the_loss_is_found_and_the_rest_is_handed_on(checked, name):
    answer, takes, start = HANDED[name]
    assert checked(forward(answer), backward(takes, start)).passed
    assert not checked(forward(answer), backward(takes, start, db="d * 2")).passed


UPSTREAM = {
    "an array":            ("y", "dy, h, W, b", "y = run(h, W, b)", "dy"),
    "an array and cache":  ("y, cache", "dout, cache, h, W, b", "y = cache['y']", "dout"),
    "two arrays":          ("y, 3 * y, cache", "dy_next, dz, cache, h, W, b", "y = cache['y']", "(dy_next + 3 * dz)"),
}  # fmt: skip


@pytest.mark.parametrize("name", UPSTREAM)
def test_a_layer_without_a_loss_is_given_a_drawn_upstream_gradient(checked, name):
    answer, takes, start, up = UPSTREAM[name]
    found = checked(forward(answer), backward(takes, start, up=up))
    assert found.passed and found.upstream and "forward returns no loss" in found.text()
    wrong = checked(forward(answer), backward(takes, start, up=up, db="d + 1e-3"))
    assert [v.name for v in wrong.judged("wrong")] == ["b"]


def test_a_loss_is_taken_where_there_is_one(checked):
    found = checked(forward("loss"), backward())
    assert found.passed and not found.upstream


ANSWERS = {
    "another order":             ("db, dW, dh", "h W b"),
    "loss and last state":       ("0.0, dW, db, y", "W b"),
    "under other decorations":   ("gW, h_grad, b_diff", "h W b"),
    "an expression in place":    ("dh, dW, 1 * db", "h W b"),
    "through another function":  ("inner(dh, dW, db)", "h W b"),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_a_returned_tuple_is_read_by_its_names(checked, name):
    answer, expected = ANSWERS[name]
    more = "gW, h_grad, b_diff = dW, dh, db"
    text = backward(answer=answer).replace("    return", f"    {more}\n    return")
    inner = "def inner(dh, dW, db):\n    return db, dh, dW\n"
    found = checked(forward("loss"), text + inner)
    assert found.passed
    assert [v.name for v in found.arrays if v.verdict == "right"] == expected.split()


REFUSED = {
    "no number":      ("y", backward(), r"forward returns an array of shape \(2,\)"),
    "only dicts":     ("cache, {}", backward(), r"forward returns \(dict, dict\)"),
    "no cache":       ("loss", backward("h, W, b, cache"), r"return \(loss, cache\)"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_with_what_to_write(checked, name):
    answer, text, said = REFUSED[name]
    with pytest.raises(InputError, match=said):
        checked(forward(answer), text)
