"""Wrapped cells as they are written on a command line."""

import pytest

import lstmsym as ls
from lstmsym.cells.wrapped import read_call

# fmt: off
#   text                                     name of the cell                       states
CELLS = [
    ("stack(lstm, 3)",                       "stack(lstm, 3)",                      6),
    ("stack( rnn ,gru )",                    "stack(rnn, gru)",                     2),
    ("stack(rnn)",                           "stack(rnn)",                          1),
    ("stack(rnn, gru, 2)",                   "stack(rnn, gru, rnn, gru)",           4),
    ("bidirectional(gru)",                   "bidirectional(gru)",                  2),
    ("bidirectional(stack(rnn, 2))",         "bidirectional(stack(rnn, 2))",        4),
    ("stack(stack(rnn, 2), gru)",            "stack(stack(rnn, 2), gru)",           3),
]

#   text                                     what is said
REFUSED = [
    ("stak(lstm, 2)",                        "did you mean 'stack'?"),
    ("stack()",                              "write stack(lstm, 3) or stack(lstm, gru)"),
    ("stack(2)",                             "write stack(lstm, 3) or stack(lstm, gru)"),
    ("stack(lstm,, 2)",                      "write stack(lstm, 3) or stack(lstm, gru)"),
    ("stack(lstm, 0)",                       "1 to 64 layers, not 0"),
    ("stack(lstm, 65)",                      "1 to 64 layers, not 65"),
    ("stack(lstm, 99999)",                   "1 to 64 layers, not 99999"),
    ("stack(stack(stack(rnn, 64), 64), 64)", "4,096 equations"),
    ("stack(lstn, 2)",                       "did you mean 'lstm'?"),
    ("stack(lstm, 2",                        "no cell 'stack(lstm, 2'"),
    ("bidirectional(lstm, gru)",             "write bidirectional(gru)"),
    ("bidirectional()",                      "write bidirectional(gru)"),
    ("stack(bidirectional(gru), 2)",         "ls.network('stack(bidirectional(gru), 2)')"),
    ("stack(./none.cell, 2)",                "none.cell"),
    ("stack(" * 200,                         "no cell"),
    ("stack(" * 200 + ")" * 200,             "500 characters"),
]
# fmt: on


@pytest.mark.parametrize(("text", "name", "states"), CELLS)
def test_what_a_text_wraps(text, name, states):
    cell = ls.cell(text)
    assert (cell.name, len(cell.states)) == (name, states)


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_wraps_nothing(text, said):
    with pytest.raises(ls.LstmsymError) as error:
        ls.cell(text)
    assert said in str(error.value)
    assert len(str(error.value)) < 600


def test_a_file_is_wrapped_as_a_name_is(tmp_path):
    path = tmp_path / "mine.cell"
    path.write_text("h[t] = tanh(W @ h[t-1] + U @ x[t])", encoding="utf-8")
    assert ls.cell(f"stack({path}, 2)").states == ("h__1", "h__2")


def test_a_file_whose_name_looks_like_a_call_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stack(lstm)").write_text("g[t] = tanh(W @ g[t-1])", encoding="utf-8")
    assert ls.cell("stack(lstm)").states == ("g",)


def test_a_call_says_itself():
    assert str(read_call("stack(bidirectional( gru ),2)")) == "stack(bidirectional(gru), 2)"


def test_networks_run_what_is_no_single_recurrence():
    layers = ls.network("stack(bidirectional(gru), 2)").layers
    assert [cell.name for cell in layers] == ["bidirectional(gru)"] * 2
    assert [cell.name for cell in ls.network("stack(stack(rnn, 2), gru)").layers] == [
        "rnn",
        "rnn",
        "gru",
    ]
    assert [cell.name for cell in ls.network("bidirectional(gru)").layers] == ["bidirectional(gru)"]
    assert [cell.name for cell in ls.network("lstm", ls.cell("gru")).layers] == ["lstm", "gru"]
    assert str(ls.network("rnn", 2)) == "rnn → rnn"


def test_a_network_has_at_most_64_layers():
    with pytest.raises(ls.LstmsymError, match="at most 64"):
        ls.network("stack(stack(rnn, 64), 2)")
