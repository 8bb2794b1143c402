"""Every legal text beside its nearest illegal neighbour, with the message, the line and the caret."""

import pytest

import lstmsym as ls
from lstmsym.errors import CellError, ShapeError

LEGAL = "h[t] = tanh(W @ h[t-1] + U @ x[t] + b)"

# legal, illegal, line and column of the caret (0: none), what the message says
NEIGHBOURS = [
    (LEGAL, "h[t] = tanh(W @ h[t-1] + U @ x[t] + b", 1, 38, "ends too early; close the bracket with ')'"),
    (LEGAL, "h[t] = tanh(W @ h[t-1] + U @ x[t] + b))", 1, 39, "')' cannot stand here"),
    (LEGAL, "h[t] = tanh(W @ h[t-1] U @ x[t])", 1, 24, "'U' cannot stand here; between two things stands *"),
    (LEGAL, "h[t] = tanh(W @ h[t-1] + )", 1, 26, "')' cannot stand here; a signal reads name[t]"),
    (LEGAL, "h[t] = ", 1, 7, "the line ends too early; a signal reads name[t] or name[t-1]"),
    (LEGAL, "h[t]", 1, 5, "the line ends too early; an equation reads name[t] = …"),
    (LEGAL, "h = tanh(W @ h[t-1])", 1, 3, "'=' cannot stand here; a signal reads name[t] or name[t-1]"),
    (LEGAL, "h[t] == tanh(W @ h[t-1])", 1, 7, "'=' cannot stand here"),
    (LEGAL, "h[t] = tanh(W @ h[t-1]); C[t] = 2", 1, 24, "';' cannot stand here"),
    (LEGAL, "h[t-1] = tanh(W @ h[t-1])", 1, 1, "an equation defines h[t]; write h[t] = …"),
    (LEGAL, "h[t] = tanh(W @ h[t+1])", 1, 19, "[t+1] lies in the future; a recurrence reads [t] and [t-1]"),
    (LEGAL, "h[t] = tanh(W @ h[t-2])", 1, 19, "add  d[t] = h[t-1]  and read d[t-1]"),
    (LEGAL, "h[t] = tanh(W @ h[s-1])", 1, 19, "time is written t or t-1, not 's-1'"),
    (LEGAL, "h[t] = W ^ h[t-1]", 1, 10, "'^' means nothing in a cell text; write square(a), or a * a"),
    (LEGAL, "h[t] = tanh(W · h[t-1])", 1, 15, "write @ for a matrix product, * for an elementwise one"),
    (LEGAL, "h[t] = tanh(W ⊙ h[t-1])", 1, 15, "write * for the elementwise product"),
    (LEGAL, "h[t] = tanh(W @ h[t-1], b)", 1, 8, "tanh takes other arguments: tanh(a)"),
    (LEGAL, "h[t] = tanh(W @ h[t-1]; b)", 1, 23, "';' cannot stand here; close the bracket with ')'"),
    (LEGAL, "h[t] = tanh()", 1, 13, "')' cannot stand here; a signal reads name[t] or name[t-1]"),
    (LEGAL, "h[t] = tahn(W @ h[t-1])", 1, 8, "unknown function 'tahn'; did you mean 'tanh'?"),
    (LEGAL, "h[t] = __import__('os')", 1, 8, "'_' means nothing in a cell text"),
    (LEGAL, LEGAL + "\nC_{t} = f", 2, 3, "this is the .cell format: write C_tilde[t], not braces"),
    (LEGAL, LEGAL + "\nh[t] = h[t-1]", 2, 1, "'h' is defined on line 1 already"),
    (LEGAL, "h[t] = tanh(W @ h[t-1] + c[t] + d[t])", 1, 26, "'c' has no equation; declare  input c"),
    (LEGAL, "h[t] = tanh(U @ x[t])", 0, 0, "nothing recurs: no signal is read at t-1"),
    (LEGAL, "h[t] = tanh(W @ h[t-1] + x[t-1] + x[t])", 1, 26, "add  d[t] = x[t]  and read d[t-1]"),
    (LEGAL, "h[t] = tanh(h[t-1] @ W)", 1, 13, "left of @ stands a parameter matrix, as in W_f @ h[t-1]"),
    (LEGAL, "h[t] = tanh((W + V) @ h[t-1])", 1, 13, "left of @ stands a parameter matrix"),
    (LEGAL, "h[t] = tanh(W @ h[t-1] + h)", 1, 26, "'h' is a parameter here and a signal elsewhere; write h[t]"),
    (LEGAL, "h[t] = tanh(W @ h[t-1] + W)", 1, 26, "'W' is used as a vector here and as a matrix on line 1"),
    (LEGAL, "t[t] = tanh(W @ t[t-1])", 1, 1, "'t' is time; choose another name"),
    (LEGAL, "h[t] = tanh(L @ h[t-1])", 1, 13, "'L' is the loss; choose another name"),
    (LEGAL, "h[t] = tanh(I @ h[t-1])", 1, 13, "'I' is the identity matrix; choose another name"),
    (LEGAL, "", 0, 0, "no equation in this text; a cell reads like h[t] = tanh(W @ h[t-1]"),
    (LEGAL, "# only words", 0, 0, "no equation in this text"),
    (LEGAL, "state h", 0, 0, "no equation in this text"),
    ("h[t] = (W @ h[t-1]) * r[t]\nr[t] = sigmoid(b)", "h[t] = W @ h[t-1] * r[t]\nr[t] = sigmoid(b)", 1, 8,
     "can be read two ways; put the matrix product in brackets"),
    ("h[t] = tanh(W @ [h[t-1], b])", "h[t] = tanh(W @ [h[t-1], 1])", 1, 26,
     "a number in a concatenation has no length; declare a parameter vector instead"),
    ("h[t] = g[t] * h[t-1]\ng[t] = sigmoid(V @ h[t-1])", "h[t] = g[t] * h[t-1]\ng[t] = sigmoid(V @ h[t])", 1, 1,
     "a cycle within one step: h[t] needs g[t] needs h[t]; read one of them at t-1"),
    ("h[t] = h[t-1] / 2", "h[t] = h[t-1] / 0", 1, 17, "division by zero"),
    ("h[t] = 1e30 * h[t-1]", "h[t] = 1e31 * h[t-1]", 1, 8, "a number lies between 1e-30 and 1e30"),
    ("h[t] = 0e9 * h[t-1] + b", "h[t] = 0e99999 * h[t-1] + b", 1, 8, "a number lies between"),
    ("h[t] = 1e-30 * h[t-1]", "h[t] = 1e-999999999 * h[t-1]", 1, 8, "a number lies between"),
    ("state h : n\nh[t] = h[t-1]", "state h : 0\nh[t] = h[t-1]", 1, 11, "a whole number from 1"),
    ("state h : 3\nh[t] = h[t-1]", "state h : 2.5\nh[t] = h[t-1]", 1, 11, "a whole number from 1"),
    ("state h : n\nh[t] = h[t-1]", "state h : n, m\nh[t] = h[t-1]", 1, 7, "'h' is a vector: it has one size"),
    ("state h\nh[t] = h[t-1]", "state h = 3\nh[t] = h[t-1]", 1, 7, "only a scalar has a number: scalar h = 3"),
    ("state h\nh[t] = h[t-1]", "state C\nh[t] = h[t-1]", 1, 0, "'C' is declared a state and is never read at t-1"),
    ("state h\nh[t] = h[t-1]", "state h, h\nh[t] = h[t-1]", 1, 10, "'h' is declared twice"),
    ("output h\nh[t] = h[t-1]", "output y\nh[t] = h[t-1]", 1, 0, "output 'y' has no equation; known: h"),
    ("signal h\nh[t] = h[t-1]", "signal y\nh[t] = h[t-1]", 1, 0, "signal 'y' has no equation; known: h"),
    ("input u\nh[t] = h[t-1] + u[t]", "input h\nh[t] = h[t-1]", 1, 0, "'h' is declared an input and has an equation"),
    ("input u\nh[t] = h[t-1] + u[t]", "input u, x\nh[t] = h[t-1] + u[t]", 1, 0, "input 'x' is never read"),
    ("input u, x\nh[t] = h[t-1] + u[t] + x[t]", "input u\nh[t] = h[t-1] + u[t] + v[t]", 2, 24,
     "'v' has no equation; declare  input v"),
    ("scalar a\nh[t] = a * h[t-1]", "scalar a : n\nh[t] = a * h[t-1]", 1, 8, "write  scalar a  or  parameter a : n"),
    ("scalar a = -.5\nh[t] = a * h[t-1]", "scalar a = -.5\nh[t] = h[t-1]", 1, 0, "scalar 'a' is never used"),
    ("scalar a\nh[t] = a * h[t-1]", "scalar a\nh[t] = a @ h[t-1]", 2, 8, "'a' is a scalar: write a * …"),
    ("scalar a = 1\nh[t] = a * h[t-1]", "scalar a = 1\nscalar a = 2\nh[t] = a * h[t-1]", 2, 8, "'a' is declared twice"),
    ("parameter b : n\nh[t] = b * h[t-1]", "parameter b\nh[t] = b * h[t-1]", 1, 11,
     "a declared parameter states its shape: parameter b : n  or  b : n, m"),
    ("parameter b : n\nh[t] = b * h[t-1]", "parameter b : n = 3\nh[t] = b * h[t-1]", 1, 11,
     "only a scalar has a number: scalar b = 3"),
    ("parameter h2 : n\nh[t] = h2 * h[t-1]", "parameter h : n\nh[t] = h * h[t-1]", 2, 1,
     "'h' is a signal here and a parameter on line 1"),
]  # fmt: skip

# legal, illegal, line, column, the two shapes that the message names
CLASHES = [
    ("state h : n\nh[t] = tanh(h[t-1] + U @ x[t])", "state h : n\ninput x : m\nh[t] = tanh(h[t-1] + x[t])",
     3, 13, "(n) and (m)"),
    ("parameter W : n, n + m\ninput x : m\nh[t] = W @ [h[t-1], x[t]]",
     "parameter W : n, n\ninput x : m\nh[t] = W @ [h[t-1], x[t]]", 3, 8, "(n) and (size of h + m)"),
    ("parameter W : 3, 3\nh[t] = W @ h[t-1]", "parameter W : 3, 4\nh[t] = W @ h[t-1]", 2, 1, "(4) and (3)"),
    ("h[t] = W @ h[t-1] + V @ [h[t-1], h[t-1]]", "h[t] = W @ h[t-1] + W @ [h[t-1], h[t-1]]", 1, 21,
     "(size of h) and (size of h + size of h)"),
    ("h[t] = W @ [h[t-1], x[t]]", "h[t] = [h[t-1], x[t]]", 1, 1, "(size of h) and (size of h + size of x)"),
]  # fmt: skip


@pytest.mark.parametrize(("legal", "illegal", "line", "column", "says"), NEIGHBOURS + CLASHES)
def test_legal_and_its_illegal_neighbour(legal, illegal, line, column, says):
    assert ls.parse(legal).states
    with pytest.raises(CellError) as caught:
        ls.parse(illegal)
    error = caught.value
    assert says in error.message
    assert (error.line, error.column) == (line, column)
    assert error.exit_code == 2
    shown = str(error).split("\n")
    assert shown[0] == (f"line {line}: " if line else "") + error.message
    if column:
        assert shown[1].strip() == illegal.split("\n")[line - 1].strip()
        assert shown[2].index("^") == 2 + column - 1


@pytest.mark.parametrize("illegal", [illegal for _, illegal, *_ in CLASHES])
def test_shapes_that_clash_are_shape_errors(illegal):
    with pytest.raises(ShapeError, match="have different shapes"):
        ls.parse(illegal)


def test_caret_stays_in_view_in_a_long_line():
    """Of a long line only a window around the caret is shown."""
    text = "h[t] = " + "h[t-1] + " * 60 + "tahn(h[t-1])"
    with pytest.raises(CellError) as caught:
        ls.parse(text)
    _, shown, caret = str(caught.value).split("\n")
    assert len(shown) <= 102
    assert shown[caret.index("^") :].startswith("tahn")


def test_one_name_without_equation_is_the_input_and_two_are_not():
    assert [x.name for x in ls.parse("h[t] = tanh(W @ h[t-1] + U @ u[t])").inputs] == ["u"]
    with pytest.raises(CellError, match="'u' has no equation"):
        ls.parse("h[t] = tanh(W @ h[t-1] + U @ u[t] + V @ v[t])")


def test_errors_of_files_name_the_file(tmp_path):
    path = tmp_path / "mine.cell"
    path.write_text("h[t] = tahn(h[t-1])")
    with pytest.raises(CellError, match=r"mine\.cell, line 1: unknown function 'tahn'") as caught:
        ls.cell(path)
    assert (caught.value.line, caught.value.column) == (1, 8)
