"""What is inferred from a text: states, inputs, output, order, shapes, constants; and what is declared."""

import pytest
from sympy import Rational, Symbol

import lstmsym as ls
from lstmsym.equations.terms import Fill, Hadamard, Plus, Signal, t
from lstmsym.errors import UnknownName


def size(name):
    return Symbol(name, integer=True, positive=True)


n, m = size("n"), size("m")


def shapes(cell):
    return {name: p.shape for name, p in cell.parameters.items()}


def test_lstm_is_inferred():
    cell = ls.cell("lstm")
    assert cell.states == ("h", "C") and cell.output == "h"
    assert [x.name for x in cell.inputs] == ["x"]
    assert [e.name for e in cell] == ["f", "i", "C_tilde", "C", "o", "h"]
    assert {s: v.rows for s, v in cell.signals.items()} == {"x": m} | dict.fromkeys(
        ("f", "i", "C_tilde", "C", "o", "h"), n
    )
    assert shapes(cell) == {f"W_{g}": (n, n + m) for g in "fiCo"} | {
        f"b_{g}": (n, 1) for g in "fiCo"
    }
    assert cell.sizes == (n, m) and cell.state_size == 2 * n


def test_lines_may_come_in_any_order():
    lines = [a for a in ls.cell("lstm").text.splitlines() if a and not a.startswith("#")]
    backwards = ls.parse("\n".join(reversed(lines)))
    assert {e.name: e.right for e in backwards} == {e.name: e.right for e in ls.cell("lstm")}
    names = [e.name for e in backwards]
    assert names.index("C") > max(names.index(g) for g in ("f", "i", "C_tilde"))
    assert names.index("h") > max(names.index(g) for g in ("o", "C"))


def test_line_and_meaning_of_an_equation():
    cell = ls.parse(
        "# title\n\nh[t] = f[t] * h[t-1]  # hidden state\n\nf[t] = sigmoid(b)   #forget gate"
    )
    assert [(e.name, e.line, e.meaning) for e in cell] == [
        ("f", 5, "forget gate"),
        ("h", 3, "hidden state"),
    ]
    assert cell.title == "title"


def test_head_comment_has_title_source_and_differs():
    head = "# A cell\n# source: Someone 1999,\n#   the second line\n# differs: no bias\n\n"
    text = head + "h[t] = W @ h[t-1]  # not: a key"
    cell = ls.parse(text)
    assert (cell.title, cell.source, cell.differs) == (
        "A cell",
        "Someone 1999, the second line",
        "no bias",
    )
    assert ls.parse("h[t] = W @ h[t-1]", "mine").title == "mine"


def test_states_are_what_is_read_earlier_in_reading_order():
    assert ls.parse("h[t] = C[t] + h[t-1]\nC[t] = tanh(C[t-1] + h[t-1])").states == ("h", "C")
    assert ls.parse("C[t] = tanh(C[t-1] + h[t-1])\nh[t] = C[t] + h[t-1]").states == ("C", "h")
    declared = "state h, C\nC[t] = tanh(C[t-1] + h[t-1])\nh[t] = C[t] + h[t-1]"
    assert ls.parse(declared).states == ("h", "C")


def test_output_is_declared_or_h_or_the_first_state():
    body = "s[t] = tanh(s[t-1] + b)\ny[t] = V @ s[t]\n"
    assert ls.parse(body).output == "s"
    assert ls.parse(body + "output y").output == "y"
    assert ls.parse(body + "h[t] = s[t] * h[t-1]").output == "h"


def test_two_states_of_different_sizes():
    cell = ls.parse(
        "h[t] = tanh(W @ h[t-1] + V @ s[t-1])\ns[t] = sigmoid(Q @ s[t-1] + P @ h[t] + R @ x[t])"
    )
    rows = {s: cell.signal(s).rows for s in cell.states}
    assert rows == {"h": n, "s": size("n_s")} and cell.state_size == n + size("n_s")
    assert shapes(cell)["V"] == (n, size("n_s")) and shapes(cell)["P"] == (size("n_s"), n)


def test_two_inputs_and_stacked_signals():
    cell = ls.parse("input x, u\nc[t] = [h[t-1], x[t]]\nh[t] = tanh(W @ c[t] + V @ [u[t], c[t]])")
    assert [(i.name, i.rows) for i in cell.inputs] == [("x", m), ("u", size("m_u"))]
    assert cell.signal("c").rows == n + m
    assert shapes(cell) == {"W": (n, n + m), "V": (n, size("m_u") + n + m)}


def test_declared_sizes_name_and_fix_shapes():
    cell = ls.parse(
        "state h : d\ninput x : 3\nparameter W : d, d + 3\nh[t] = tanh(W @ [h[t-1], x[t]])"
    )
    assert shapes(cell) == {"W": (size("d"), size("d") + 3)} and cell.sizes == (size("d"),)


def test_names_of_sizes_do_not_collide_with_names_of_the_cell():
    cell = ls.parse("n[t] = tanh(m @ n[t-1] + U @ x[t])")
    assert cell.signal("n").rows == size("n_n") and cell.signal("x").rows == size("m_x")


def test_scalars_have_numbers_or_are_learnt():
    cell = ls.parse(
        "scalar alpha = -0.95\nscalar beta\nh[t] = alpha * h[t-1] + beta * tanh(W @ h[t-1]) + 1e-3"
    )
    assert cell.constants == {"alpha": Rational(-95, 100)}
    assert list(cell.weights) == ["beta", "W"] and list(cell.parameters) == ["alpha", "beta", "W"]
    assert cell.parameters["beta"].shape == (1, 1)
    assert cell.equations[0].right.parts[-1] == Fill(Rational(1, 1000), n)


def test_numbers_are_exact():
    term = ls.parse("h[t] = 0.1 * h[t-1] + 1.5e2").equations[0].right
    assert [a.value for a in term.atoms(Fill)] and {a.value for a in term.atoms(Fill)} == {
        Rational(1, 10),
        150,
    }


def test_precedence_and_brackets():
    a, b = Signal("a", t - 1, n), Signal("b", t - 1, n)
    right = lambda text: ls.parse(f"a[t] = {text}\nb[t] = b[t-1] + a[t-1]").by_name["a"].right  # noqa: E731
    assert right("a[t-1] + a[t-1] * b[t-1]") == Plus(a, Hadamard(a, b))
    assert right("(a[t-1] + a[t-1]) * b[t-1]") == Hadamard(Plus(a, a), b)
    assert right("a[t-1] - b[t-1] - a[t-1]") == Plus(a, -b, -a)
    assert right("a[t-1] - (b[t-1] - a[t-1])") == Plus(a, -Plus(b, -a))
    assert right("-a[t-1] * b[t-1]") == Hadamard(-a, b)
    assert right("a[t-1] / b[t-1] * a[t-1]") == Hadamard(a / b, a)
    assert right("a[t-1] / (b[t-1] * a[t-1])") == a / Hadamard(b, a)


def test_unknown_names_offer_the_nearest():
    cell = ls.cell("lstm")
    with pytest.raises(UnknownName, match="lstm has no signal 'C_tild'; did you mean 'C_tilde'"):
        cell.signal("C_tild")
    with pytest.raises(UnknownName, match="lstm has no parameter 'W_F'; did you mean 'W_f'"):
        cell.parameter("W_F")


def test_equations_tell_what_they_read():
    e = ls.cell("lstm_peephole").by_name["o"]
    assert [s.name for s in e.now] == ["C", "x"] and [s.name for s in e.before] == ["h"]


def test_cells_are_frozen():
    with pytest.raises(AttributeError):
        ls.cell("rnn").output = "x"
