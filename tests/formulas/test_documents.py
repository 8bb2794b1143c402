"""Where mathematics is found in documents, with its line, column and what is said before it."""

import json

import pytest

from lstmsym.errors import InputError
from lstmsym.formulas.documents import Passage, find_mathematics
from lstmsym.formulas.plain import is_statement
from lstmsym.formulas.reader import read_formulas

TEX = r"""\documentclass{article}
\newcommand{\bh}{\mathbf{h}}  % $a = b_t$
\begin{document}
The forget gate $f_t$ lets
\begin{align*} % gates
  f_t &= a \\
\end{align*}
and directly,
\[ C_t = b \] where $i_t = \sigma(c)$, $T = 100$.
\begin{verbatim}
$$ x_t = y $$
\end{verbatim}
\begin{lstlisting}
$$ x_t = y $$
\end{lstlisting}
% $$ x_t = z $$
A price of \$5 and \verb|$a_t = b$|, $$ h_t = o_t $$
\begin{aligned} a &= \begin{aligned} b \end{aligned} \end{aligned}
\end{document}
"""

MARKDOWN = r"""# Gates

Costs $5 or $6. The gate `$a_t = b$` is $f_t = \sigma(a)$:

$$
i_t = b
$$

```python
x = "$$c_t = d$$"
```

```math
o_t = e
```
<!-- $$ g_t = h $$ -->
* **Cell** $$ C_t = f_t $$ and \(u_t = v\)
"""

TEXT = """LSTM equations:

Forget gate: f_t = sigmoid(W_f [h_{t-1}, x_t] + b_f)
Then we update the state, where n = the number of units:
C_t = f_t * C_{t-1}
    + i_t * g_t

(1) h_t = o_t * tanh(C_t)
"""


def texts(document: str, kind: str) -> list[str]:
    return [" ".join(a.text.split()) for a in find_mathematics(document, kind)]


def test_latex() -> None:
    assert texts(TEX, "tex") == [
        r"\begin{align*} % gates f_t &= a \\ \end{align*}",
        r"\[ C_t = b \]",
        r"$i_t = \sigma(c)$",
        "$$ h_t = o_t $$",
        r"\begin{aligned} a &= \begin{aligned} b \end{aligned} \end{aligned}",
    ]


def test_markdown() -> None:
    found = [r"$f_t = \sigma(a)$", "$$ i_t = b $$", "o_t = e", "$$ C_t = f_t $$", r"\(u_t = v\)"]
    assert texts(MARKDOWN, "markdown") == found


def test_plain_text() -> None:
    found = find_mathematics(TEXT, "text")
    assert [a.text.split("=")[0].strip() for a in found] == ["f_t", "C_t", "h_t"]
    assert [a.line for a in found] == [3, 5, 8]
    assert all(len(read_formulas(a.text)) == 1 for a in found)


def test_what_is_said_before() -> None:
    found = find_mathematics(TEX, "tex")
    assert found[1].before == "and directly,"
    assert found[0].before.endswith("The forget gate $f_t$ lets")


def test_lines_and_columns() -> None:
    found = find_mathematics(TEX, "tex")
    assert (found[0].line, found[0].column) == (5, 1)
    inline = found[2]
    assert (inline.line, inline.column) == (9, 21)
    assert inline.position(1) == (9, 22)
    align = found[0]
    assert align.position(align.text.index("f_t")) == (6, 3)


def test_notebook() -> None:
    cells = [
        {"cell_type": "code", "source": ["a = '$$b_t = c$$'"]},
        {"cell_type": "markdown", "source": ["Now\n", "$$f_t = a$$"]},
        {"cell_type": "markdown", "source": "$$i_t = a$$"},
    ]
    found = find_mathematics(json.dumps({"cells": cells}), "notebook")
    assert [(a.cell, a.line, a.text) for a in found] == [
        (2, 2, "$$f_t = a$$"),
        (3, 1, "$$i_t = a$$"),
    ]


@pytest.mark.parametrize(
    "text", ["", "[", "[]", "{}", '{"cells": 3}', '{"cells": [1]}', "[" * 100_000]
)
def test_what_is_no_notebook_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="notebook"):
        find_mathematics(text, "notebook")


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InputError, match="known: tex"):
        find_mathematics("a = b", "docx")


def test_a_document_has_its_limit() -> None:
    with pytest.raises(InputError, match="characters"):
        find_mathematics("a" * 2_000_001, "tex")


#   a text without delimiters is one passage
@pytest.mark.parametrize(
    "text", ["f_t &= a \\\\\ni_t &= b", "\nf_t = a\n", "f_t = \\sigma(a)\ni_t = b"]
)
@pytest.mark.parametrize("kind", ["tex", "text"])
def test_bare_mathematics_is_one_passage(text: str, kind: str) -> None:
    found = find_mathematics(text, kind)
    assert [a.text.strip() for a in found] == [text.strip()]
    assert read_formulas(found[0].text) == read_formulas(text)


#   inline mathematics: whether it says an equation
INLINE = [
    ("$C_t = f_t$", True), (r"$h = o \odot \tanh(C)$", True), (r"$\frac{\partial a}{\partial b} = 1$", True),
    (r"\(\nabla L = x\)", True), ("$a_t := b$", True), (r"$c_t \approx f_t c_{t-1}$", True),
    ("$T=100$", False), (r"$k = 1, \dots, 5$", False), ("$h_0 = 0$", False), (r"$f_t \approx 1$", False),
    ("$h_t$", False), (r"$\sum_{t=1}^T a$", False), ("$$", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), INLINE)
def test_inline_equations_are_told_from_settings(text: str, expected: bool) -> None:
    assert is_statement(text) is expected


#   long documents in which nothing ever closes
@pytest.mark.parametrize("kind", ["tex", "markdown", "text"])
@pytest.mark.parametrize(
    "piece",
    [r"\begin{align} ", "$ a", r"\[ ", "`", "<!-- ", r"\verb|", "```\n", "a = {(", "a = b\n"],
)
def test_long_documents_are_scanned(piece: str, kind: str) -> None:
    found = find_mathematics(piece * 10_000, kind)
    assert all(isinstance(a, Passage) for a in found)
