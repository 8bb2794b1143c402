"""Whatever is read, the reader answers with a tree or with one sentence that points: ten thousand spoilt formulas."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmsym.errors import FormulaError, InputError
from lstmsym.formulas.documents import find_mathematics
from lstmsym.formulas.reader import LONGEST, read_formulas
from lstmsym.formulas.tokens import tokens
from lstmsym.formulas.tree import walk

FORMULAS = [
    r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)",
    r"\tilde{C}_t &= \tanh(W_C [r_t * h_{t-1}; x_t]) \\ C_t &= f_t \odot C_{t-1} + i_t \odot \tilde C_t",
    r"\left.\frac{\partial C_t}{\partial C_{t-1}}\right|_{\text{block}} = \operatorname{diag}\bigl(f_t\bigr)",
    r"\frac{\partial^+ h_t}{\partial W}^\top \prod_{t \ge i > k} W^{\top} diag(\sigma'(h_{i-1}))",
    r"\begin{pmatrix} i\\f\\o\\g\end{pmatrix} = \begin{pmatrix}\sigma\\\sigma\\\sigma\\\tanh\end{pmatrix} W",
    r"\begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"$$ \sum_{q \in \{f, i\}} \delta_q^{(t)} h^{\langle t-1\rangle} \tag{3} $$",
    r"\newcommand{\bh}[1]{\mathbf{h}_{#1}} \bh{t} = o_t \circ \tanh^2(c_t), \quad t = 1, \dots, T",
    "∂C̃ₜ/∂Cₜ₋₁ = fₜ ⊙ (1 − fₜ)² + ‖W‖₂",
    r"\lVert J_t \rVert_2 \le 0.25 \max_j |W_{ij}| + e^{-a} \sqrt[3]{x} \nabla_{h_t} L",
]
JUNK = [
    r"\def\a{\a\a}\a",
    r"\input{x}",
    "\x00",
    "{",
    "}",
    r"\left(",
    r"\right.",
    "^",
    "_",
    "&",
    r"\\",
    "|",
    "$",
    "%",
]
JUNK += [
    "\ud800",
    "é",
    "字",
    r"\begin{align}",
    r"\end{align}",
    r"\frac",
    "''",
    "\n",
    "   ",
    r"\hat",
    "#1",
    "`",
]


def spoilt(random_: random.Random) -> str:
    """A formula with a few characters or tokens lost, doubled, swapped, or put in."""
    text = random_.choice(FORMULAS)
    for _ in range(random_.randint(1, 4)):
        a, b = sorted(random_.randrange(len(text) + 1) for _ in range(2))
        b = min(b, a + random_.choice((1, 1, 2, 8)))
        way = random_.randrange(5)
        if way == 0:
            text = text[:a] + text[b:]
        elif way == 1:
            text = text[:b] + text[a:b] + text[b:]
        elif way == 2:
            text = text[:a] + text[a:b][::-1] + text[b:]
        elif way == 3:
            text = text[:a] + random_.choice(JUNK) + text[a:]
        else:
            other = random_.choice(FORMULAS)
            text = text[:a] + other[random_.randrange(len(other)) :]
    return text


def answered(text: str) -> bool:
    """Whether a text was read, in which case its places lie within it; else the error has its line."""
    try:
        found = read_formulas(text)
    except FormulaError as error:
        assert error.line >= 1
        assert error.column >= 1
        assert error.message
        return False
    for formula in found:
        for node in walk(formula):
            assert 0 <= node.place.start <= node.place.end <= len(text)
    return True


def test_ten_thousand_spoilt_formulas_are_answered() -> None:
    random_ = random.Random(1997)
    read = sum(answered(spoilt(random_)) for _ in range(10_000))
    assert 500 < read < 9_500, "some are read and some are refused"


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    answered(text)


@given(st.lists(st.sampled_from([a.text for f in FORMULAS for a in tokens(f)] + JUNK), max_size=25))
def test_any_mixture_of_tokens_is_answered(parts: list[str]) -> None:
    answered(" ".join(parts))


@given(st.text(max_size=200), st.sampled_from(["tex", "markdown", "text", "notebook"]))
def test_any_document_is_answered(text: str, kind: str) -> None:
    try:
        found = find_mathematics(text, kind)
    except InputError:
        assert kind == "notebook"
    else:
        assert all(a.text for a in found)


#   what repeats so often that it must be refused
HOSTILE = [
    "(" * 30_000, "{" * 30_000, "[" * 30_000, r"\frac{" * 5_000, r"\hat " * 5_000, r"\sum_t " * 5_000,
    r"\tanh " * 5_000, "|" * 9_999, r"\partial " * 4_000, r"\nabla_a" * 5_000 + " b", r"\left(" * 5_000,
    r"\begin{align}" * 2_000, "x^" * 9_999, "x" + "_1" * 9_999, "_" * 9_999, r"\def\a{\a\a}\a", "a" * (LONGEST + 1),
    r"\newcommand{\x}[1]{#1 #1 #1}" + r"\x{" * 11 + "a" * 30 + "}" * 11 + " = ",
    r"\newcommand{\x}[1]{" + "#1 " * 1_000 + "}" + r"\x{\x{\x{" + "a " * 5_000 + "}}}",
    "a, \\quad b = c \\\\ " * 600, "(x_^)", "(x__)", r"(x_\hat)", r"(x^\frac)", r"|x_|",
    r"\sqrt[" * 4_000, r"\text{" * 4_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[a[:12] for a in HOSTILE])
def test_hostile_texts_are_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        read_formulas(text)


#   long, and yet formulas
LONG = [
    " + ".join(["a_t"] * 3_000),
    r" \odot ".join(["f_t"] * 1_500),
    "x_1 " * 4_000,
    "d " * 9_000,
    r"f_t = \sigma(W_f h_{t-1} + b_f) \\ " * 400,
    "$ $ " * 5_000,
]


@pytest.mark.parametrize("text", LONG, ids=[a[:12] for a in LONG])
def test_long_texts_are_read(text: str) -> None:
    assert answered(text)
