"""Every place that refuses a cell text is reached by one, and what it advises is true."""

import ast
import traceback
from pathlib import Path

import pytest

import lstmsym as ls
from lstmsym.equations import build, checks, declare, reader, split, syntax
from lstmsym.errors import CellError, InputError, ShapeError
from tests.equations.test_reader import CLASHES, NEIGHBOURS

MODULES = {Path(m.__file__).resolve(): m for m in (build, checks, declare, reader, split, syntax)}
LEGAL = "h[t] = tanh(W @ h[t-1] + U @ x[t] + b)"

# legal, illegal, line and column of the caret (0: none), what the message says
MORE = [
    (LEGAL, "# T\n# year: 97\n" + LEGAL, 0, 0, "the head says 'year: 97'; a year has four digits"),
    (LEGAL, "input x : 4\nh[t] = tanh(h[t-1]) + shift(x[t], 1)", 2, 29, "what is shifted and a stack of pieces"),
    (LEGAL, "parameter W : 1, 1\ninput a : N\nh[t] = h[t-1] + sum(each(W, a[t]))", 3, 29, "this is no stack of pieces"),
    # advice after something whole: an operator, not a bracket that nobody opened
    ("h[t] = W @ h[t-1]", "h[t] = W h[t-1]", 1, 10, "'h' cannot stand here; between two things stands *"),
    ("h[t] = 2 * h[t-1]", "h[t] = 2 h[t-1]", 1, 10, "'h' cannot stand here; between two things stands *"),
    (LEGAL, "h[t] = h[t-1] ! b", 1, 15, "'!' means nothing in a cell text; between two things stands *"),
    (LEGAL, "h[t] = tanh(h[t-1] ! b)", 1, 20, "'!' means nothing in a cell text; close the bracket with ')'"),
    (LEGAL, "h[t] = W @ [h[t-1] ! b]", 1, 20, "'!' means nothing in a cell text; close the bracket with ']'"),
    (LEGAL, "h[t] = (h[t-1]]", 1, 15, "']' cannot stand here; close the bracket with ')'"),
    (LEGAL, "h[t] = W @ [h[t-1], (x[t])", 1, 27, "ends too early; close the bracket with ']'"),
    (LEGAL, "h[t] = h[t", 1, 11, "ends too early; close the bracket with ']'"),
    (LEGAL, "h[] = h[t-1]", 1, 3, "']' cannot stand here; expected a signal, a parameter or a number"),
    (LEGAL, r"h[t] = \sigma(h[t-1])", 1, 8, "not LaTeX: write sigmoid(W_f @ [h[t-1], x[t]] + b_f)"),
    (LEGAL, "h[t] = σ(W @ h[t-1])", 1, 8, "unknown function 'σ'; known: abs"),
    # time
    ("h[t] = h[t-1]", "h[t] = h[t-0]", 1, 10, "time is written t or t-1, not 't-0'"),
    ("h[t] = h[t-1]", "h[t] = h[t-1.0]", 1, 10, "time is written t or t-1, not 't-1.0'"),
    ("h[t] = h[t-1]", "h[t] = h[t-01]", 1, 10, "time is written t or t-1, not 't-01'"),
    ("h[t] = h[t-1]", "h[t] = h[t-12]", 1, 10, "[t-12] is read as a chain: add  d[t] = h[t-1]"),
    ("h[t] = h[t-1] + x[t]", "h[t] = h[t-1] + x[t+1]", 1, 19, "[t+1] lies in the future"),
    ("h[t] = h[t-1] + x[t]", "h[t] = h[t-1] + x[t-2]", 1, 17, "'x' is an input and is read at t only"),
    # a name says one thing
    ("scalar a\nh[t] = a * h[t-1]", "scalar a\nh[t] = a[t] + h[t-1]", 2, 8, "'a' is declared a scalar"),
    ("scalar a = 2\nh[t] = a * h[t-1]", "parameter a : n\nscalar a = 2\nh[t] = a * h[t-1]", 2, 8,
     "'a' is declared as parameter on line 1 already"),
    ("input x\nh[t] = x[t] + h[t-1]", "input x\nparameter x : n\nh[t] = x * h[t-1]", 2, 11,
     "'x' is declared as input on line 1 already"),
    ("state h : n\noutput h : n\nsignal h\nh[t] = h[t-1]", "state h : n\nsignal h : m\nh[t] = h[t-1]", 2, 8,
     "'h' is declared with two sizes"),
    ("output C\nh[t] = h[t-1]\nC[t] = h[t]", "output h, C\nh[t] = h[t-1]\nC[t] = h[t]", 1, 11,
     "a cell has one output, and 'h' is declared already"),
    (LEGAL, "h[t] = W @ h[t-1]\nC[t] = tanh(W[t])", 2, 13, "'W' is a signal here and a parameter on line 1"),
    ("parameter b : n\nh[t] = b * h[t-1]", "parameter b : n\nh[t] = h[t-1]", 1, 0, "parameter 'b' is never used"),
    # a part of a concatenation has a length
    ("h[t] = W @ [2 * b, h[t-1]]", "h[t] = W @ [2 * 3, h[t-1]]", 1, 13, "a number in a concatenation has no length"),
    ("h[t] = W @ [-b, h[t-1]]", "h[t] = W @ [-1, h[t-1]]", 1, 13, "a number in a concatenation has no length"),
    ("h[t] = W @ [exp(b), h[t-1]]", "h[t] = W @ [exp(1), h[t-1]]", 1, 13, "declare a parameter vector instead"),
    ("scalar a\nh[t] = W @ [a * b, h[t-1]]", "scalar a\nh[t] = W @ [(a), h[t-1]]", 2, 13, "has no length"),
    ("h[t] = b + [h[t-1]]", "h[t] = [1, h[t-1]]", 1, 1, "(size of h) and (? + size of h)"),
    # limits
    ("h[t] = " + "-" * 39 + "h[t-1]", "h[t] = " + "-" * 40 + "h[t-1]", 1, 0, "more than 40 '-' or '@' in a row"),
    (LEGAL, "h[t] = " + " " * 2000 + "b", 1, 0, "a line has at most 2,000 characters, this one 2,008"),
    (LEGAL, LEGAL + "\n" * 2001, 0, 0, "a cell text has at most 2,000 lines, this one 2,001"),
    (LEGAL, "a" * 100_001, 0, 0, "a cell text has at most 100,000 characters, this one 100,001"),
    (LEGAL, "h[t] = " + "(" * 41 + "b", 1, 48, "brackets nest deeper than 40; name the inner part"),
    (LEGAL, LEGAL + "\x00", 0, 0, "it holds a NUL byte"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("legal", "illegal", "line", "column", "says"), MORE, ids=[says[:40] for *_, says in MORE]
)
def test_legal_and_its_illegal_neighbour(legal, illegal, line, column, says):
    assert ls.parse(legal).states
    with pytest.raises(CellError) as caught:
        ls.parse(illegal)
    assert says in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


def refusals():
    """Every `raise` of the modules that read cells: (file, first line, last line)."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and node.exc is not None:
                yield path, node.lineno, node.end_lineno


def reached(act):
    """The lines of our modules that a refusal passed through."""
    with pytest.raises((CellError, InputError)) as caught:
        act()
    error, lines = caught.value, set()
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        lines |= {(Path(f.filename).resolve(), f.lineno) for f in frames}
        error = error.__context__
    return lines


def test_every_refusal_is_reached(tmp_path):
    """A new message needs a text here or in the tables of legal and illegal neighbours."""
    texts = [illegal for _, illegal, *_ in (*NEIGHBOURS, *CLASHES, *MORE)]
    lines = set().union(*(reached(lambda text=text: ls.parse(text)) for text in texts))
    for name, content in (("binary", b"\xff\xfe"), ("empty", b" \n"), ("wrong", b"h[t] = h")):
        path = tmp_path / f"{name}.cell"
        path.write_bytes(content)
        lines |= reached(lambda path=path: ls.cell(path))
    lines |= reached(lambda: ls.cell(tmp_path / "absent.cell"))
    twice = (
        "s[t] = W @ [s[t-1], h[t-1]]\nh[t] = V @ h[t-1]\nd[t] = [s[t-1], h[t-1]]\ng[t] = W @ [d[t]]"
    )
    lines |= reached(lambda: ls.cell(ls.parse(twice), notation="split"))
    missed = [
        f"{path.name}:{first}"
        for path, first, last in refusals()
        if not any((path, n) in lines for n in range(first, last + 1))
    ]
    assert missed == []


def test_a_scalar_is_no_vector_of_the_same_name():
    """Declared as both, the number used to be taken for the vector's value."""
    with pytest.raises(CellError, match="declared as parameter on line 1 already"):
        ls.parse("parameter a : n\nscalar a = 2\nh[t] = a * h[t-1]")
    assert ls.parse("scalar a = 2\nh[t] = a * h[t-1]").constants == {"a": 2}


def test_shapes_are_refused_where_they_stand():
    """No shape error of a cell text comes without its line, its caret and letters that can be read."""
    for text in ("h[t] = [1, h[t-1]]", "h[t] = tanh(h[t-1]) + [b, h[t-1], x[t]]"):
        with pytest.raises(ShapeError) as caught:
            ls.parse(text)
        assert caught.value.line == 1 and caught.value.column
        assert "_size" not in str(caught.value) and "Dummy" not in str(caught.value)
