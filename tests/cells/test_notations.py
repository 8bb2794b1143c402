"""Notations: other letters, the same numbers, and derivations that pass their checks."""

import tomllib
from importlib.resources import files

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lstmsym as ls
from lstmsym.cells import notations as folder
from lstmsym.cells.notations import notation_named, notations
from lstmsym.equations.notation import in_notation
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.initialise import default_sizes, initialise
from lstmsym.numerics.rollout import rollout
from lstmsym.numerics.translate import evaluate
from lstmsym.printing import latex, text

CELLS = ["rnn", "rnn_relu", "lstm", "lstm_gers", "lstm_coupled", "lstm_peephole", "lstm_peephole_diagonal",
         "lstm_np", "gru", "gru_keep", "gru_after", "gru_after_keep", "indrnn", "mgu", "stack(lstm, 2)",
         "stack(gru, rnn)", "bidirectional(lstm)"]  # fmt: skip


def rewriting(cell, notation):
    try:
        return in_notation(ls.cell(cell), notation_named(notation))
    except ls.LstmsymError:
        return None


PAIRS = [(c, n) for n in notations() for c in CELLS if rewriting(c, n)]
ROLES = {"input", "state", "cell", "joint", "bias", "inner bias", "input bias", "state bias"}


def test_many_cells_have_many_notations():
    assert len(PAIRS) >= 30
    assert {n for _, n in PAIRS} == set(notations())
    named = {(c, n) for c, n in PAIRS}
    assert {
        ("rnn", "pytorch"),
        ("gru_after_keep", "pytorch"),
        ("lstm_peephole_diagonal", "greff"),
    } <= named
    assert {("lstm", n) for n in notations()} <= named


@pytest.mark.parametrize(("cell", "notation"), PAIRS)
def test_the_numbers_are_the_same(cell, notation):
    old, found = ls.cell(cell), rewriting(cell, notation)
    sizes = default_sizes(old, 4, 3)
    parameters = initialise(old, "pytorch", sizes, 0)
    env = Environment(parameters, sizes=sizes)
    renamed = {name: evaluate(origin, env) for name, origin in found.origins.items()}
    x = np.random.default_rng(1).normal(size=(5, 3))
    inputs = {a.name: x for a in old.inputs}
    expected = rollout(old, parameters, inputs).output
    assert set(renamed) | set(found.cell.constants) == set(found.cell.parameters)
    assert_allclose(rollout(found.cell, renamed, inputs).output, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize(("cell", "notation"), [p for p in PAIRS if "stack" not in p[0]])
def test_derivations_pass_their_checks(cell, notation):
    found = ls.cell(cell, notation=notation)
    state = found.states[-1]
    assert ls.derive(found, f"d{state}[t]/d{state}[t-2]").checked.passed
    assert all(ls.derive(found, f"dL/d{name}").checked.passed for name in list(found.weights)[:3])


# fmt: off
#   notation      cell                      equation, as it is printed in LaTeX
EQUATIONS = [
    ("greff",      "lstm_peephole_diagonal", r"o_t = \sigma(W_o\, x_t + R_o\, y_{t-1} + p_o \odot c_t + b_o)"),
    ("greff",      "lstm",                   r"z_t = \tanh(W_z\, x_t + R_z\, y_{t-1} + b_z)"),
    ("olah",       "lstm_peephole",          r"f_t = \sigma(W_f \cdot [C_{t-1}, h_{t-1}, x_t] + b_f)"),
    ("olah",       "lstm_np",                r"\tilde{C}_t = \tanh(W_C \cdot [h_{t-1}, x_t] + b_C)"),
    ("olah",       "gru",                    r"\tilde{h}_t = \tanh(W \cdot [r_t \odot h_{t-1}, x_t] + b)"),
    ("goodfellow", "rnn",                    r"h^{(t)} = \tanh(b + W\, h^{(t-1)} + U\, x^{(t)})"),
    ("goodfellow", "lstm",                   r"f^{(t)} = \sigma(b^f + U^f\, x^{(t)} + W^f\, h^{(t-1)})"),
    ("goodfellow", "lstm",                   r"s^{(t)} = f^{(t)} \odot s^{(t-1)} + g^{(t)} \odot \tilde{s}^{(t)}"),
    ("goodfellow", "gru_keep",
     r"h^{(t)} = u^{(t)} \odot h^{(t-1)} + (1 - u^{(t)}) \odot \tilde{h}^{(t)}"),
    ("pytorch",    "lstm",                   r"i_t = \sigma(W_{ii}\, x_t + b_{ii} + W_{hi}\, h_{t-1} + b_{hi})"),
    ("pytorch",    "gru_after_keep",
     r"n_t = \tanh\bigl(W_{in}\, x_t + b_{in} + r_t \odot (W_{hn}\, h_{t-1} + b_{hn})\bigr)"),
    ("pytorch",    "stack(rnn, 2)",
     r"h_t^{(2)} = \tanh(W_{ih}^{(2)}\, h_t^{(1)} + b_{ih}^{(2)} + W_{hh}^{(2)}\, h_{t-1}^{(2)} + b_{hh}^{(2)})"),
]

#   notation      order of the equations of lstm
ORDERS = {
    "greff":      "z i f c o y",
    "olah":       "f i C_tilde C o h",
    "goodfellow": "f g s_tilde s q h",
    "pytorch":    "i f g o c h",
}
# fmt: on


@pytest.mark.parametrize(("notation", "cell", "equation"), EQUATIONS)
def test_equations_as_in_print(notation, cell, equation):
    printed = latex(ls.cell(cell, notation=notation)).replace(" &= ", " = ")
    assert any(
        row.startswith((equation + " &&", equation + " \\", equation + "\n"))
        for row in printed.split("\n")
    )


@pytest.mark.parametrize("notation", notations())
def test_the_order_of_the_equations(notation):
    assert " ".join(e.name for e in ls.cell("lstm", notation=notation)) == ORDERS[notation]


def test_times_above_the_line_are_in_brackets_under_a_power_and_a_transpose():
    cell = ls.cell("lstm", notation="goodfellow")
    assert r"\bigl(1 - (\tilde{s}^{(t)})^{2}\bigr)" in ls.derive(cell, "ds[t]/dh[t-1]").latex()
    assert "(h⁽ᵗ⁻¹⁾)ᵀ" in ls.derive(cell, "dL/dW__f").text()
    assert "h_t" in text(ls.cell("lstm")), "the next cell is printed with its own times"


# fmt: off
#   notation      cell                      what is said
REFUSED = [
    ("greff",     "gru",                    "no letters for 'update gate' (z) of gru"),
    ("greff",     "rnn",                    "no letters for rnn"),
    ("pytorch",   "lstm_peephole",          "no letter for the peephole of f"),
    ("olah",      "gru_after_keep",         "no letter for the weights on the state of h_tilde"),
    ("olah",      "lstm_projection",        "'cell output' (y)"),
    ("none",      "lstm",                   "unknown notation 'none'"),
    ("pytorhc",   "lstm",                   "did you mean 'pytorch'?"),
]
# fmt: on


@pytest.mark.parametrize(("notation", "cell", "said"), REFUSED)
def test_cells_without_letters(notation, cell, said):
    with pytest.raises(ls.LstmsymError) as error:
        ls.cell(cell, notation=notation)
    assert said in str(error.value)


def test_a_weight_that_two_equations_share_is_not_renamed():
    shared = ls.parse(
        "f[t] = sigmoid(W @ h[t-1] + b_f)  # forget gate\n"
        "C[t] = f[t] * C[t-1] + (1 - f[t]) * tanh(W @ h[t-1])  # cell state\n"
        "h[t] = tanh(C[t])  # hidden state"
    )
    with pytest.raises(ls.LstmsymError, match="would have two names"):
        ls.cell(shared, notation="greff")


@pytest.mark.parametrize("name", notations())
def test_a_file_says_all_it_has_to(name):
    said = tomllib.loads(files(folder).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    assert said["time"] in ("above", "below")
    assert said["weights"] in ("split", "joint")
    for key, family in said.items():
        if key in folder.ABOUT:
            continue
        assert set(family) <= {"needs", "order", "notes", "signals", "subscripts", "weights"}
        assert set(family["weights"]) <= ROLES
        assert set(family["order"]) <= ROLES | {"rest"}
        assert {*family["needs"], *family.get("subscripts", {})} <= family["signals"].keys()
        assert all("{}" in template for template in family["weights"].values())


def test_the_notation_says_where_it_is_from():
    assert ls.cell("lstm", notation="greff").title.endswith("in the notation of Greff et al.")
    assert notation_named("greff").source.startswith("Greff")


def test_components_in_a_notation_keep_its_times():
    found = ls.derive(ls.cell("lstm", notation="goodfellow"), "ds[t]/dh[t-1]", kind="block")
    assert found.components("text").startswith(
        "∂s⁽ᵗ⁾ⁱ/∂h⁽ᵗ⁻¹⁾ʲ|block = s⁽ᵗ⁻¹⁾ⁱ f⁽ᵗ⁾ⁱ (1 - f⁽ᵗ⁾ⁱ) W^{f,ij}"
    )
