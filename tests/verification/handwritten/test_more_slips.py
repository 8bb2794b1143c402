"""Slips planted in the right files of the corpus: each line is what stands there, what is written, and what is said."""

import textwrap
from pathlib import Path

import pytest

from lstmsym.verification.handwritten.file_check import check_file
from lstmsym.verification.handwritten.names import read_names
from tests.verification.handwritten.test_corpus import CORPUS, head_of

PLAIN_CELL = (
    ("h_next = o * np.tanh(c_next)", "h_next = o * c_next"),
    ("dc = dc + dh * o * (1 - squashed**2)", "dc = dc + dh * o"),
    ("squashed = np.tanh(c_next)", "squashed = c_next"),
)
HEARD = "x, h, z, r, n, _ = tape[t]"

SLIPS = {
    # what it is                    file          (what stands, what is written) …                       name, words
    "zero at the start":           ("gru_rows",   [(HEARD, f"{HEARD}; h = h if t else 0 * h")],
                                    "wrong initial state", "h_0, is taken to be zero"),
    "the last state at the start": ("gru_rows",   [(HEARD, f"{HEARD}; h = tape[t - 1][5]")],
                                    "wrong initial state", "that of the last step"),
    "one step handed back":        ("lstm_steps", [("        dc * f,", "        dh * o * (1 - squashed**2) * f,")],
                                    "carried part lost", "only δh_{t+1}"),
    "no slope at all":             ("gru_rows",   [(" * (1 - n**2)", ""), (" * z * (1 - z)\n", "\n"),
                                                   (" * r * (1 - r)\n", "\n")],
                                    "missing slope", "without any slope"),
    "two slopes misremembered":    ("gru_rows",   [("(1 - n**2)", "(1 - n)"), ("* z * (1 - z)\n", "* z\n"),
                                                   ("* r * (1 - r)\n", "* r\n")],
                                    "slope misremembered", "σ′ and tanh′ wrong everywhere"),
    "another cell":                ("lstm_steps", [*PLAIN_CELL, ("dc * c * f * (1 - f)", "dc * c * f")],
                                    "lost factor", "1 - f_t"),
    "one block of a fused bias":   ("lstm_steps", [("da.sum(axis=0, keepdims=True)",
                                                    "da.sum(axis=0, keepdims=True) / ([1] * units + [2] * 3 * units)")],
                                    "wrong sum", "the part of b that is b_i"),
    "a factor in all gradients":   ("gru_rows",   [("    dh = y @",
                                                    "    y, G['Wy'] = 3 * y, 3 * G['Wy']\n    dh = y @")],
                                    "slope of the loss", "every gradient is 3 times"),
}  # fmt: skip


def planted(stem: str, changes: list[tuple[str, str]], path: Path) -> Path:
    text = (CORPUS / f"{stem}.py").read_text(encoding="utf-8")
    for there, written in changes:
        assert there in text
        text = text.replace(there, written)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", SLIPS)
def test_a_planted_slip_is_named(kind, tmp_path):
    stem, changes, name, words = SLIPS[kind]
    head = head_of(CORPUS / f"{stem}.py")
    path = planted(stem, changes, tmp_path / "code.py")
    found = check_file(path, cell=head["cell"], names=read_names(head["names"]))
    assert found.judged("wrong") and found.slip.names == (name,), found.slip
    assert words in " ".join(found.slip.lines)


def test_a_forward_pass_with_another_activation_is_said_to_be_that(tmp_path):
    stem, changes, *_ = SLIPS["another cell"]
    path = planted(stem, changes, tmp_path / "code.py")
    found = check_file(path, cell="lstm", names=read_names(head_of(path)["names"]))
    assert found.slip.lines[0] == "the forward pass is that of lstm but for h_t = o_t ⊙ C_t"
    right = check_file(planted(stem, changes[:3], tmp_path / "right.py"), cell="lstm")
    assert right.passed and right.slip is None


INPUTS = {
    "vectors": ("X = np.random.default_rng(0).normal(size=(4, 2))", "X[t]"),
    "symbols": ("X = np.array([1, 0, 1, 1])", "np.eye(2)[X[t]]"),
}


@pytest.mark.parametrize("kind", INPUTS)
def test_an_input_that_is_no_argument_is_found_in_the_file(kind, tmp_path):
    data, x = INPUTS[kind]
    path = tmp_path / "code.py"
    path.write_text(f"""
import numpy as np
{data}
shapes = {{"W": (3, 2), "U": (3, 3), "b": (3,)}}
def states(W, U, b):
    found = [np.zeros(3)]
    for t in range(4):
        found.append(np.tanh(W @ {x} + U @ found[-1] + b))
    return found
def forward(W, U, b):
    return sum(np.sum(h ** 2) for h in states(W, U, b)) / 2
def backward(W, U, b):
    hs, dW, dU, db, dh = states(W, U, b), 0 * W, 0 * U, 0 * b, 0
    for t in reversed(range(4)):
        da = (dh + hs[t + 1]) * (1 - hs[t + 1] ** 2)
        dW, dU, db, dh = dW + np.outer(da, {x}), dU + np.outer(da, hs[t]), db + da, U @ da
    return dW, dU, db
""")
    found = check_file(path, cell="rnn", names={"W": "W_x", "U": "W_h"})
    assert found.slip.names == ("missing transpose",), found.slip


WITH_EPSILON = """
import numpy as np
shapes = {"W": (4, 3), "x": (3,)}
def forward(W, x):
    p = np.exp(W @ x) / np.sum(np.exp(W @ x))
    return -np.log(p[1] + 1e-7)
def backward(W, x):
    d = np.exp(W @ x) / np.sum(np.exp(W @ x))
    d[1] -= SCALE
    return np.outer(d, x), W.T @ d
"""


@pytest.mark.parametrize("scale, passed", [("1", True), ("0.9999", False), ("0.9", False)])
def test_an_epsilon_in_the_forward_pass_alone_is_told_from_a_slip(scale, passed, tmp_path):
    path = tmp_path / "code.py"
    path.write_text(WITH_EPSILON.replace("SCALE", scale))
    found = check_file(path)
    assert found.passed is passed
    said = [w["sentence"] for w in found.warnings if w["name"] == "small constants"]
    assert len(said) == passed and all("1e-07 in line 6" in words for words in said)


def test_an_epsilon_does_not_hide_the_name_of_a_slip(tmp_path):
    text = (CORPUS / "lstm_full_peepholes_path.py").read_text(encoding="utf-8")
    path = tmp_path / "code.py"
    path.write_text(text.replace("1e-9", "1e-5"), encoding="utf-8")
    found = check_file(path, cell="lstm_peephole", names=read_names(head_of(path)["names"]))
    assert found.slip.names == ("lost path",) and found.judged("wrong")


def test_a_small_constant_beside_a_slip_makes_no_right_gradient_wrong(tmp_path):
    text = """
    import numpy as np
    shapes = {"inputs": (4, 2), "A": (3, 2), "B": (3, 3), "out": (3,)}
    def states(inputs, A, B):
        found = [np.zeros(3)]
        for x in inputs:
            found.append(np.tanh(A @ x + B @ found[-1]))
        return found
    def forward(inputs, A, B, out):
        return sum(np.log(1e-7 + np.exp(out @ h)) for h in states(inputs, A, B)[1:])
    def backward(inputs, A, B, out):
        hs, carried = states(inputs, A, B), np.zeros(3)
        dA, dB, dout = np.zeros_like(A), np.zeros_like(B), sum(hs)
        for t in (3, 2, 1, 0)[4 - len(inputs):]:
            d = (out + carried) * (1 - hs[t + 1] ** 2)
            dA += np.outer(d, inputs[t])
            dB += np.outer(d, hs[t])
            carried = B @ d
        return dA, dB, dout
    """
    path = tmp_path / "code.py"
    path.write_text(textwrap.dedent(text))
    found = check_file(path, cell="rnn", names={"A": "W_x", "B": "W_h"})
    assert [v.name for v in found.judged("wrong")] == ["A", "B"]
    assert found.times.sentence.startswith("right for T = 1, wrong from T = 2 on")
    assert found.slip.names == ("missing transpose",)
    said = [w["sentence"] for w in found.warnings if w["name"] == "small constants"]
    assert "1e-07 in line" in said[0] and "out would be off" in said[0]
