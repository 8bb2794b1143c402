"""Whole things in every format: what is in them, and that the LaTeX is such as all engines know."""

import re

import pytest

from lstmsym import printing
from lstmsym.cells import from_catalogue
from lstmsym.derivation.lag import derive_state
from lstmsym.derivation.program import bptt
from lstmsym.derivation.quantity import read_quantity
from lstmsym.derivation.steps import Document, Section
from lstmsym.derivation.whole import results, whole
from lstmsym.equations.reader import read_cell
from lstmsym.printing.display import TERMINAL
from lstmsym.printing.drawing import width
from tests.witnesses import MODELS

# What amsmath, KaTeX and MathJax all know; each was rendered once with KaTeX 0.16 and MathJax 3.
COMMANDS = {
    "begin", "end", "left", "right", "frac", "text", "scriptstyle", "qquad", "quad",
    "operatorname", "mathrm", "mathbf", "top", "ldots", "sum", "prod", "partial", "delta",
    "odot", "cdot", "tilde", "hat", "bar", "sigma", "tanh", "exp", "le", "infty", "lVert",
    "rVert", "gamma", "alpha", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl",
    "Biggr", "Big",
}  # fmt: skip
ENVIRONMENTS = {"aligned", "pmatrix", "cases"}

LSTM = from_catalogue("lstm")
TOTAL = derive_state(LSTM, read_quantity(LSTM, "dC[t]/dC[t-k]"), "total")


@pytest.fixture(scope="module", params=MODELS)
def document(request):
    cell = from_catalogue(request.param)
    return whole(cell, results(cell), "Checked modulo 2^61 - 1.")


def assert_sound(latex):
    """Commands that every engine knows, and pairs that close."""
    assert set(re.findall(r"\\([A-Za-z]+)", latex)) <= COMMANDS
    assert set(re.findall(r"\\begin\{([a-z]+)", latex)) <= ENVIRONMENTS
    for opening, closing in ((r"{", r"}"), (r"\begin", r"\end"), (r"\left.", r"\right|")):
        escaped = latex.replace(r"\{", "").replace(r"\}", "")
        assert escaped.count(opening) == escaped.count(closing)
    assert latex.isascii()
    assert not re.search(r"[\ue000-\uf8ff]", latex)


@pytest.mark.parametrize("name", MODELS)
def test_fragments_are_sound_in_every_engine(name):
    cell = from_catalogue(name)
    things = [cell, bptt(cell), *cell, *results(cell)]
    for thing in things:
        assert_sound(printing.latex(thing))
    assert len(things) > 10


def test_documents_are_one_body_and_plain_text(document):
    body, text = printing.latex(document), printing.text(document)
    assert body.isascii() and body.count(r"\section*") == len(document.sections)
    assert not re.search(r"[\ue000-\uf8ff\\]", text)
    assert max(map(width, text.splitlines())) <= TERMINAL
    markdown = printing.markdown(document)
    assert markdown.count("$$") % 2 == 0 and markdown.startswith("# ")


def test_definitions_and_remarks_are_not_said_twice():
    document = Document(LSTM, "Twice", (Section("One", (), (TOTAL,)), Section("Two", (), (TOTAL,))))
    text = printing.text(document)
    assert text.count("where") == 1
    assert all(text.count(remark[:40]) <= 1 for remark in TOTAL.remarks)


def test_a_result_with_and_without_its_steps():
    every, short = printing.latex(TOTAL), printing.latex(TOTAL, steps=False)
    assert TOTAL.steps[0].because.split(",")[0] in every
    assert r"\scriptstyle" not in short and "J_t^{Ch} &=" in short
    assert r"\frac{\partial (h_t, C_t)}{\partial (h_{t-1}, C_{t-1})}" in short
    assert "where" in printing.text(TOTAL, steps=False)


def test_an_article_is_a_whole_file():
    article = printing.article(LSTM)
    assert article.startswith(r"\documentclass") and article.endswith("\\end{document}\n")
    assert r"Hochreiter \& Schmidhuber 1997" in article
    assert r"\begin{alignat*}{2}" in article


def test_things_show_themselves_in_notebooks_and_messages():
    for thing in (LSTM, TOTAL, LSTM.equations[0], TOTAL.steps[0], bptt(LSTM)):
        shown = thing._repr_latex_()
        assert shown.startswith(r"$\displaystyle") and shown.endswith("$")
        assert str(thing) == printing.text(thing)
    document = Document(LSTM, "All of it", (Section("One", ("h_t.",), (TOTAL,)),))
    assert r"\section" not in document._repr_latex_()


def test_what_a_cell_text_says_cannot_become_commands():
    cell = read_cell(
        "# 100 % \\input{x} $ & _ ^ ~ #\n# source: {a}\nh[t] = tanh(U @ h[t-1])  # \\end{aligned} \\\\ $"
    )
    for written in (printing.latex(cell), printing.article(cell)):
        assert r"\input" not in written
        assert r"\textbackslash{}" in written
    assert_braces_close(printing.article(cell))


def assert_braces_close(latex):
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", latex.replace(r"\\", "")):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
