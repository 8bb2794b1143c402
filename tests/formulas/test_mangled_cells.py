"""Mangled cell texts: no crash, no hang, and none that reads as the cell that it no longer says."""

import random
import re

import pytest

from lstmsym.errors import LstmsymError
from lstmsym.formulas.cells import parse_latex_cell
from tests.formulas.notations import GRU, LSTM, NOTATIONS

SHORT = [latex for latex, _ in NOTATIONS.values() if len(latex) < 140]
LONG = [LSTM, GRU, *(latex for latex, _ in NOTATIONS.values() if len(latex) >= 140)]
PIECES = re.compile(r"\\[a-zA-Z]+|\\.|\w|\s+|.", re.DOTALL)


def mangled(text, draw):
    """One or two characters or pieces deleted, doubled, swapped, replaced or moved."""
    for _ in range(draw.choice((1, 1, 2))):
        pieces = PIECES.findall(text) if draw.random() < 0.6 else list(text)
        n, m = draw.randrange(len(pieces)), draw.randrange(len(pieces))
        how = draw.randrange(5)
        if how == 0:
            del pieces[n]
        elif how == 1:
            pieces.insert(n, pieces[n])
        elif how == 2:
            pieces[n], pieces[m] = pieces[m], pieces[n]
        elif how == 3:
            pieces[n] = draw.choice(r"\{}[]()_^+-*=&,;%$'0tkxhW⊙ ")
        else:
            pieces.insert(m, pieces.pop(n))
        text = "".join(pieces) or "="
    return text


def read(text):
    """The cell of a text, or nothing where it is refused with a sentence."""
    try:
        return parse_latex_cell(text)
    except LstmsymError as error:
        assert str(error).strip()
        return None


@pytest.mark.parametrize("seed", range(10))
def test_nothing_crashes(seed):
    draw = random.Random(seed)
    texts = [mangled(draw.choice(SHORT), draw) for _ in range(190)]
    texts += [mangled(draw.choice(LONG), draw) for _ in range(10)]
    cells = [read(text) for text in texts]
    assert 0 < sum(cell is not None for cell in cells) < len(texts)


def saying(cell):
    """What a cell says: its equations, states and inputs."""
    return {e.left: e.right for e in cell}, set(cell.states), set(cell.inputs), cell.constants


# Without these a text says the same: signs of products that stand for nothing, brackets of a time, rows.
SILENT = re.compile(
    r"\\cdot|\\odot|\\circ|\*|[&.,;$^{}]|\\[,;!]|\\\\|\\(?:quad|left|right|bigl|bigr)"
)
# What is left out here changes nothing: the time of x and of a left side, a zero before the point.
SAME = {
    "spaces in the concatenation": [r"h_t = \tanh(W [h_{t-1}  , x_t] + b)"],
    "unicode": ["h  = tanh(W hₜ₋₁ + U xₜ + b)", "hₜ = tanh(W hₜ₋₁ + U x  + b)"],
    "time above, plain": [r"h^{ } = \tanh(W h^{t-1} + U x^t + b)"],
    "leaky, with its number": [NOTATIONS["leaky, with its number"][0].replace("0.5", " .5")],
}


def without_one(text):
    """The text with one letter, digit or sign of a formula taken out, each in turn."""
    outside = re.sub(
        r"\\(?:begin|end|text|mathrm|operatorname|mathbf|boldsymbol)\{[^}]*\}|%[^\n]*",
        lambda m: "\0" * len(m[0]),
        text,
    )
    for found in re.finditer(r"\\[a-zA-Z]+|\\\\|\w|[^\w\s]", outside):
        if "\0" not in found[0] and not SILENT.fullmatch(found[0]):
            yield text[: found.start()] + " " + text[found.end() :]


PLAIN = [n for n in NOTATIONS if len(NOTATIONS[n][0]) < 120]


@pytest.mark.parametrize("name", PLAIN)
def test_a_text_without_one_letter_or_sign_says_something_else(name):
    latex, _ = NOTATIONS[name]
    said = saying(parse_latex_cell(latex))
    same = [text for text in without_one(latex) if (cell := read(text)) and saying(cell) == said]
    assert same == SAME.get(name, [])
