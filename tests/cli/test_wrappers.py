"""Wrapped cells, notations and peepholes on the command line."""

import json

import pytest
from click.testing import CliRunner

from lstmsym.cli import lstmsym
from lstmsym.cli.writing import file_stem


def run(*args, code=0):
    result = CliRunner().invoke(lstmsym, list(args))
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.output


def test_show_a_stack():
    shown = run("show", "stack(rnn, 2)")
    assert "h_t⁽²⁾ = tanh(W_h⁽²⁾ h_{t-1}⁽²⁾ + W_x⁽²⁾ h_t⁽¹⁾ + b⁽²⁾)" in shown
    assert "states      h__1, h__2" in shown


def test_show_in_a_notation():
    assert r"z_t &= \tanh(W_z\, x_t" in run(
        "show", "lstm", "--notation", "greff", "--format", "latex"
    )
    assert "h⁽ᵗ⁾ = tanh(b + W h⁽ᵗ⁻¹⁾ + U x⁽ᵗ⁾)" in run("show", "rnn", "--notation", "goodfellow")


def test_derive_in_a_notation():
    found = json.loads(run("derive", "gru_keep", "dL/dW_hn", "--notation", "pytorch", "--json"))
    assert found["check"]["exact_mod_p"]


def test_peepholes():
    shown = run("show", "lstm_peephole_diagonal", "--peepholes", "f, i")
    assert "p_i ⊙ C_{t-1}" in shown and "p_o" not in shown
    assert "p_" not in run("show", "lstm_peephole_diagonal", "--peepholes", "none")
    derived = run("derive", "lstm_peephole", "dC[t]/dC[t-1]", "--peepholes", "f", "--kind", "step")
    assert "W_{fC}" in derived and "W_{iC}" not in derived


def test_peepholes_of_the_cells_that_have_some():
    flow = ["flow", "lstm", "lstm_peephole", "--steps", "6", "--hidden", "3", "--seeds", "1"]
    found = json.loads(run(*flow, "--peepholes", "o", "--json"))
    assert [cell["cell"] for cell in found["cells"]] == ["lstm", "lstm_peephole(o)"]


def test_the_flow_of_both_directions_is_that_of_a_half():
    flow = ["flow", "bidirectional(rnn)", "--steps", "6", "--hidden", "3", "--seeds", "1", "--json"]
    assert json.loads(run(*flow))["quantity"] == "dh__fwd[T]/dh__fwd[t]"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["show", "lstm", "--peepholes", "f"], "take lstm_peephole"),
        (["flow", "rnn", "gru", "--peepholes", "f"], "rnn has no peepholes"),
        (["show", "lstm_peephole", "--peepholes", ","], "as in f,i, or write none"),
        (["show", "lstm", "--notation", "gref"], "did you mean 'greff'?"),
        (["derive", "stack(rnn, 50)"], "ask for one quantity"),
        (["show", "stack(bidirectional(gru), 2)"], "ls.network"),
    ],
)
def test_refusals(args, said):
    assert said in run(*args, code=2)


@pytest.mark.parametrize(
    ("name", "stem"),
    [("lstm", "lstm"), ("my-cell.2", "my-cell.2"), ("stack(lstm, 2)", "stack_lstm_2")],
)
def test_file_stems(name, stem):
    assert file_stem(name) == stem
