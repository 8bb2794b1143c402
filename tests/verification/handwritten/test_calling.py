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


CLASS = """
import numpy as np
shapes = {"x": (3, 3), "A": (3, 3), "B": (3, 3)}
class Layer:
    def __init__(self, A, B):
        self.A, self.B = A, B
    def run(self, x):
        self.x, self.y = x, np.sin(self.A @ x @ self.B)
        return np.sum(self.y**2) / 2
    def back(self):
        d = self.y * np.cos(self.A @ self.x @ self.B)
        self.dB, dA = (self.A @ self.x).T @ d, d @ (self.x @ self.B).T
        dx = self.A.T @ d @ self.B.T
        grads = [SPOILT * self.dB, dA]
        KEPT
LAYERS = {}
def forward(x, A, B):
    return Layer(A, B).run(x)
def backward(x, A, B):
    LAYERS["first"] = Layer(A, B)
    LAYERS["first"].run(x)
    RETURN
"""
CALLED = {
    "of a method":            ("return self.dB, dA", "return LAYERS['first'].back()", "A B"),
    "of two methods":         ("return self.dB, dA", "a, b = LAYERS['first'].back()\n    return a, b", "A B"),
    "as a tuple of its own":  ("return self.dB, dA, dx", "return tuple(LAYERS['first'].back())", "x A B"),
    "of a list with a name":  ("grads[0] = self.dB; return grads", "return LAYERS['first'].back()", "A B"),
    "of a list beside a loss": ("grads[0] = self.dB; return 1.0, grads", "return LAYERS['first'].back()", "A B"),
    "of a list in a tuple":   ("return 1.0, [self.dB, dA]", "return LAYERS['first'].back()", "A B"),
    "from within with":      ("with np.errstate():\n            return (\n                self.dB,\n                dA,\n            )", "return LAYERS['first'].back()", "A B"),  # noqa: E501
    "of keys of gradients":  ("grad = {'B': self.dB}; return grad['B'], dA", "return LAYERS['first'].back()", "A B"),
    "beside others without": ("return [1 * self.dB, -dA], dx", "a, b = LAYERS['first'].back()\n    return [-a[1], 1 * a[0]], b", "x A B"),  # noqa: E501
    "divided":               ("return self.dB / 1, dA", "return LAYERS['first'].back()", "A B"),
    "of keys":                ("g = {'dB': self.dB}; return g['dB'], dA.copy()", "return LAYERS['first'].back()", "A B"),  # noqa: E501
}  # fmt: skip


def layer(kept, answer, spoilt="1"):
    return CLASS.replace("KEPT", kept).replace("RETURN", answer).replace("SPOILT", spoilt)


@pytest.mark.parametrize("name", CALLED)
def test_the_names_are_those_of_the_function_that_made_the_gradients(checked, name):
    kept, answer, expected = CALLED[name]
    found = checked("", "", layer(kept, answer))
    assert found.passed
    assert [v.name for v in found.arrays if v.verdict == "right"] == expected.split()


def test_gradients_of_one_shape_without_names_are_not_exchanged_in_silence(checked):
    answer = "return [g + 0 for g in LAYERS['first'].back()]"
    assert checked("", "", layer("return dx, dA, self.dB", answer)).passed
    with pytest.raises(
        InputError, match=r"in the place of A is the right one by B, .* return dB, dA"
    ):
        checked("", "", layer("return dx, self.dB, dA", answer))
    wrong = checked("", "", layer("return dx, 2 * dA, self.dB", answer))
    assert [v.name for v in wrong.judged("wrong")] == ["A"]
    assert "by order" in {w["name"] for w in wrong.warnings}


def test_a_name_that_is_left_over_from_one_of_several_is_no_name(checked):
    kept = "grads = [dx, dA]; dA = self.dB; grads.append(dA); return grads"
    assert checked("", "", layer(kept, "return LAYERS['first'].back()")).passed


def test_two_outputs_go_with_the_gradients_that_are_called_after_them(checked):
    text = """
    def forward(h, W, b):
        y = run(h, W, b)
        z = 3 * y
        return z, y
    """
    given = backward("dy, d_z, h, W, b", up="(dy + 3 * d_z)")
    found = checked(text, given)
    assert found.passed and found.upstream == {"dy": "y", "d_z": "z"}
    assert "dy (for y), d_z (for z)" in found.text()


def test_a_lone_argument_that_is_nothing_else_is_the_upstream_gradient(checked):
    found = checked(forward("y"), backward("signal, h, W, b", up="signal"))
    assert found.passed and list(found.upstream) == ["signal"]
    with pytest.raises(InputError, match=r"call it dout, dy, d…, grad…"):
        checked(forward("y"), backward("one, two, h, W, b", up="one"))
