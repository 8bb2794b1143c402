"""Stacks: one cell that computes what its layers compute one after the other."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import lstmsym as ls
from lstmsym.equations.stack import MOST_LAYERS, stack
from lstmsym.numerics.initialise import default_sizes, initialise
from lstmsym.numerics.rollout import rollout
from lstmsym.printing import latex, text

STACKS = [("rnn", "rnn"), ("lstm", "lstm", "lstm"), ("lstm", "gru"), ("lstm_projection", "gru", "rnn"),
          ("clockwork", "rnn"), ("lstm_peephole", "gru_after_keep")]  # fmt: skip
STEPS = 5


@pytest.mark.parametrize("names", STACKS, ids=" ".join)
def test_a_stack_is_its_layers_one_after_the_other(names):
    cells = [ls.cell(name) for name in names]
    joined = stack(cells)
    parameters = initialise(joined, "pytorch", default_sizes(joined, 4, 3), 0)
    x = np.random.default_rng(1).normal(size=(STEPS, 3))
    together = rollout(joined, parameters, x)
    for layer, cell in enumerate(cells, 1):
        own = {name: parameters[f"{name}__{layer}"] for name in cell.parameters}
        alone = rollout(cell, own, x)
        for e in cell:
            assert_array_equal(together.signals[f"{e.name}__{layer}"], alone.signals[e.name])
        x = alone.output
    assert_array_equal(together.output, x)


def test_the_names_of_a_stack():
    cell = ls.stack("lstm", 2)
    assert cell.name == "stack(lstm, 2)"
    assert cell.states == ("h__1", "C__1", "h__2", "C__2")
    assert cell.output == "h__2"
    assert [x.name for x in cell.inputs] == ["x"]
    assert str(cell.parameters["W_f__1"].cols) == "m + n"
    assert str(cell.parameters["W_f__2"].cols) == "2*n"
    assert cell.by_name["f__2"].meaning == "forget gate, layer 2"
    assert text(cell.by_name["f__2"].right) == "σ(W_f⁽²⁾·[h_{t-1}⁽²⁾, h_t⁽¹⁾] + b_f⁽²⁾)"
    assert latex(cell.by_name["h__2"].right) == r"o_t^{(2)} \odot \tanh(C_t^{(2)})"


def test_constants_and_clocks_are_carried_along():
    leaky = ls.parse("scalar alpha = 0.5\nh[t] = alpha * h[t-1] + tanh(W @ x[t])")
    joined = stack([leaky, leaky])
    assert joined.constants == {
        "alpha__1": leaky.constants["alpha"],
        "alpha__2": leaky.constants["alpha"],
    }
    assert stack([ls.cell("clockwork"), ls.cell("rnn")]).clocks == ls.cell("clockwork").clocks


def test_parts_of_a_split_stack_name_the_layer_that_they_multiply():
    cell = ls.cell("stack(lstm, 2)", notation="split")
    assert {"W_fh__1", "W_fx__1", "W_fh__2", "W_f_h1__2"} <= cell.parameters.keys()


def test_a_square_after_a_layer_is_in_brackets():
    cell = ls.cell("stack(rnn, 2)")
    found = ls.derive(cell, "dh__2[t]/dh__2[t-1]")
    assert r"(h_t^{(2)})^{2}" in found.latex()
    assert "(W_h⁽²⁾)ᵀ" in ls.derive(cell, "dL/dh__2[t]").text()


# fmt: off
#   layers                                       what is said
REFUSED = [
    (["rnn"] * (MOST_LAYERS + 1),                "1 to 64 layers, not 65"),
    (["bidirectional(rnn)", "rnn"],              "ls.network('stack(bidirectional(rnn), 2)')"),
    (["rnn", "bidirectional(rnn)"],              "from both ends"),
]
# fmt: on


@pytest.mark.parametrize(("layers", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_what_is_no_stack(layers, said):
    with pytest.raises(ls.LstmsymError) as error:
        stack([ls.cell(name) for name in layers])
    assert said in str(error.value)


def test_a_layer_without_an_input_reads_nothing():
    with pytest.raises(ls.LstmsymError, match="has no input"):
        ls.stack(ls.parse("h[t] = tanh(W @ h[t-1])"), 2)


def test_a_layer_has_to_fit_on_the_one_below():
    split = ls.parse("input x : p + q\nh[t] = tanh(W @ h[t-1] + U @ x[t])")
    with pytest.raises(ls.LstmsymError, match=r"reads an input of size p \+ q"):
        ls.stack(split, 2)


def test_pieces_fit_on_pieces():
    cell = ls.stack("conv_lstm", 2)
    assert str(cell.signals["h__2"].rows) == "N*n"
    assert not any("m" in str(p.shape) for n, p in cell.parameters.items() if n.endswith("__2"))


@pytest.mark.parametrize("layers", [(), (2,), ("rnn", 0), ("rnn", 3, "gru")])
def test_what_names_no_layers(layers):
    with pytest.raises(ls.LstmsymError):
        ls.stack(*layers)
