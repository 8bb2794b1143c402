"""How arrays are matched with those of a cell: by shapes and names first, by numbers at last."""

import numpy as np
import pytest

import lstmsym as ls
from lstmsym.errors import InputError, UnknownName
from lstmsym.verification.handwritten.fitting import NoFit, fit
from lstmsym.verification.handwritten.guessing import common_orders, expanded, readings
from lstmsym.verification.handwritten.layouts import Space, layouts, read_meaning
from lstmsym.verification.handwritten.program_run import Backward
from tests.verification.handwritten.examples import gradients, loss, shapes

LSTM = ls.cell("lstm")
SIZES = dict(zip(LSTM.sizes, (3, 2), strict=True))
SPACE = Space(LSTM, SIZES, 2, 4)


def true_gradients(cell="lstm", seed=0):
    rng = np.random.default_rng(seed)
    arrays = {n: rng.normal(size=s) for n, s in shapes().items()}
    return arrays, gradients(arrays)


SHAPES = {
    "W_f":                   [(3, 5), (5, 3)],
    "W_f[x,h]":              [(3, 5), (5, 3)],
    "W_f[x]":                [(3, 2), (2, 3)],
    "[W_f;W_i;W_o]":         [(9, 5), (5, 9)],
    "W_f[1,x,h]":            [(3, 6), (6, 3)],
    "[W_f[x,1];W_i[x,1]].T": [(3, 6), (6, 3)],
    "[W_f[h],W_i[h]].T":     [(3, 6), (6, 3)],
    "b_f":                   [(3,), (3, 1), (1, 3)],
    "[b_f;b_i]":             [(6,), (1, 6)],
    "x":                     [(2, 4, 2), (4, 2, 2), (2, 2, 4), (4, 2, 2, 1)],
    "h":                     [(2, 3), (3, 2), (1, 2, 3)],
}  # fmt: skip


@pytest.mark.parametrize("text", SHAPES)
def test_every_layout_holds_each_place_once(text):
    meaning = read_meaning(text, LSTM)
    for shape in SHAPES[text]:
        found = list(layouts(SPACE, meaning, shape))
        assert found and all(a.shape == shape and len(np.unique(a)) == a.size for a in found)
    assert not list(layouts(SPACE, meaning, (17, 3)))


def test_column_orders_and_transposition_are_those_that_are_written():
    own = SPACE.places["W_f"]
    (turned,) = layouts(SPACE, read_meaning("W_f[x,h].T", LSTM), (5, 3))
    assert np.array_equal(turned, np.concatenate([own[:, 3:], own[:, :3]], axis=1).T)
    beside = read_meaning("[W_h|W_x]", ls.cell("rnn"))
    rnn = Space(ls.cell("rnn"), dict(zip(ls.cell("rnn").sizes, (3, 2), strict=True)), 1, 1)
    (found, *_) = layouts(rnn, beside, (3, 5))
    assert np.array_equal(found[:, :3], rnn.places["W_h"])


@pytest.mark.parametrize("text", ["W_q", "W_f[y]", "W f", "[W_f|W_i;W_o]", ""])
def test_what_names_nothing_is_refused(text):
    with pytest.raises(InputError):
        read_meaning(text, LSTM)


NAMES = {
    ("lstm", "Wf"): ("W_f",), ("lstm", "W_xf"): ("W_f",), ("lstm", "Whi"): ("W_i",), ("lstm", "bg"): ("b_C",),
    ("lstm", "b_c"): ("b_C",), ("lstm", "h0"): ("h",), ("lstm", "c_prev"): ("C",), ("lstm", "inputs"): ("x",),
    ("lstm", "Uo"): ("W_o",), ("rnn", "Whh"): ("W_h",), ("rnn", "Wax"): ("W_x",), ("rnn", "ba"): ("b",),
    ("gru", "Wu"): ("W_z",), ("gru", "Wr"): ("W_r",), ("gru", "bn"): ("b_h",), ("gru", "W"): ("W_h",),
    ("lstm_peephole_diagonal", "pf"): ("p_f",), ("lstm_peephole", "Wci"): ("W_i",), ("lstm_peephole", "Wco"): ("W_o",),
}  # fmt: skip


@pytest.mark.parametrize("cell,name", NAMES)
def test_the_likeliest_reading_of_a_name_stands_first(cell, name):
    assert readings(name, ls.cell(cell))[0] == NAMES[cell, name]


def test_numbers_decide_the_order_of_fused_gates():
    arrays, true = true_gradients()
    found = fit(LSTM, arrays, true, {})
    assert np.array_equal(found.layouts["W"][:3], found.space.places["W_f"])
    assert np.array_equal(found.layouts["W"][6:9], found.space.places["W_C"])
    assert found.slopes.shape == (4, 1, 3) and found.solved(true)[1] < 1e-10


def test_the_slopes_of_the_loss_are_found():
    arrays, true = true_gradients()
    found = fit(LSTM, arrays, true, {})
    h = found.backward.rollout.output
    assert np.allclose(found.slopes[:, 0], (arrays["v"] + h)[0])


def test_arrays_that_are_not_those_of_the_cell_are_not_taken_for_them():
    arrays, true = true_gradients()
    stated = {"W": "[W_i;W_f;W_C;W_o]", "b": "[b_i;b_f;b_C;b_o]"}
    with pytest.raises(NoFit, match="do not act as those of lstm"):
        fit(LSTM, arrays, true, stated)
    with pytest.raises(NoFit, match="do not act"):
        fit(LSTM, arrays, {**true, "b": true["b"] + 0.1}, {})


def test_what_is_missing_is_said():
    arrays, true = true_gradients()
    del arrays["x"]
    with pytest.raises(NoFit, match="known to be x of lstm"):
        fit(LSTM, arrays, true, {})


def test_two_biases_are_added():
    arrays, true = true_gradients()
    arrays["b2"] = arrays["b"] / 3
    arrays["b"] = arrays["b"] - arrays["b2"]
    order = "[b_f;b_i;b_C;b_o]"
    found = fit(LSTM, arrays, {**true, "b2": true["b"]}, {"b": order, "b2": order})
    assert set(found.layouts) >= {"b", "b2"}


def test_stated_names_are_looked_at_before_anything_is_run():
    given = (loss, gradients, shapes())
    with pytest.raises(UnknownName, match="no array 'V' to be W_f; did you mean 'v'"):
        ls.check_gradients(*given, cell="lstm", names={"V": "W_f"})
    with pytest.raises(InputError, match="did you mean 'W_f'"):
        ls.check_gradients(*given, cell="lstm", names={"W": "W_ff"})
    with pytest.raises(InputError, match="name the cell too"):
        ls.check_gradients(*given, names={"W": "W_f"})
    with pytest.raises(UnknownName, match="lstm"):
        ls.check_gradients(*given, cell="lstmm")


def test_a_slip_that_cannot_be_named_is_said_not_to_be():
    spoilt = lambda p: {**gradients(p), "W": gradients(p)["W"] + p["W"]}  # noqa: E731
    found = ls.check_gradients(loss, spoilt, shapes(), cell="lstm")
    assert found.slip.names == () and "not named" in str(found)


def test_a_slip_before_the_cell_is_named():
    def doubled(p):
        return {**{k: 2 * a for k, a in gradients(p).items()}, "v": gradients(p)["v"]}

    found = ls.check_gradients(loss, doubled, shapes(), cell="lstm")
    assert found.slip.names == ("slope of the loss",) and "2 times" in found.slip.lines[0]


@pytest.mark.parametrize(
    "stated", [{}, {"WLSTM": "[W_f[1,h,x];W_i[1,h,x];W_C[1,h,x];W_o[1,h,x]].T"}]
)
def test_a_bias_within_the_fused_weight_is_found(stated):
    arrays, true = true_gradients()
    for values in (arrays, true):
        weight, bias = values.pop("W"), values.pop("b")
        values["WLSTM"] = np.column_stack([bias, weight]).T
    found = fit(LSTM, arrays, true, stated)
    assert found.space.sizes == SIZES and set(found.layouts) >= {"x", "h0", "c0", "WLSTM"}
    bias = found.space.places["b_f"]
    assert np.array_equal(found.layouts["WLSTM"][0, :3], bias)


def test_a_weight_without_a_bias_has_no_row_of_ones():
    with pytest.raises(InputError, match="no columns for '1'"):
        read_meaning("W_x[1]", ls.cell("rnn"))


def test_slopes_that_the_gradients_leave_open_are_found_together_with_the_slip():
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(2, 6, 5))

    def run(p):
        states = [p["h0"]]
        for x in np.moveaxis(p["x"], 1, 0):
            states.append(np.tanh(x @ p["Wx"] + states[-1] @ p["Wh"] + p["b"]))
        return states

    def loss(p):
        return sum(np.sum(h * weights[:, t]) for t, h in enumerate(run(p)[1:]))

    def late(p):
        states, dh = run(p), np.zeros((2, 5))
        found = {n: np.zeros_like(a) for n, a in p.items()}
        for t in reversed(range(6)):
            d = (1 - states[t + 1] ** 2) * (weights[:, t] + dh)
            found["Wh"] += states[t + 1].T @ d
            found["Wx"] += p["x"][:, t].T @ d
            found["b"] += d.sum(axis=0)
            found["x"][:, t], dh = d @ p["Wx"].T, d @ p["Wh"].T
        return {**found, "h0": dh}

    at = {"x": (2, 6, 2), "h0": (2, 5), "Wx": (2, 5), "Wh": (5, 5), "b": (5,)}
    found = ls.check_gradients(loss, late, at, cell="rnn", sequence={"x": 1})
    assert [v.name for v in found.judged("wrong")] == ["Wh"]
    assert found.slip.names == ("wrong time",) and "h_t stands where h_{t-1}" in found.slip.lines[0]
    spoilt = lambda p: {**late(p), "Wh": late(p)["Wh"] + p["Wh"] ** 2}  # noqa: E731
    other = ls.check_gradients(loss, spoilt, at, cell="rnn", sequence={"x": 1})
    assert not other.slip.names and "60 slopes of the loss are unknown" in other.slip.lines[0]


def test_a_bare_letter_may_be_either_of_two_weights():
    found = readings("U", ls.cell("rnn"))
    assert ("W_x",) in found and ("W_h",) in found
    assert ("W_f",) not in readings("U", LSTM)


def test_weights_of_different_concatenations_do_not_stand_in_one_array():
    cell = ls.cell("lstm_peephole")
    assert list(expanded(("W_f", "W_i"), cell, ("C", "h", "x")))
    assert not list(expanded(("W_f", "W_C"), cell, ("C", "h", "x")))


def test_common_orders_of_fused_gates_stand_first():
    found = common_orders(readings("W", LSTM))
    assert found[0] == ("W_i", "W_f", "W_C", "W_o") and len(found) < len(readings("W", LSTM))
    assert common_orders([("W_x",)]) == [("W_x",)]


def test_a_letter_that_names_a_weight_may_also_name_a_fused_one():
    assert ("W_z", "W_r", "W_h") in readings("Wh", ls.cell("gru"))
    assert readings("Wh", ls.cell("gru"))[0] == ("W_h",)


def test_the_input_is_found_whatever_it_is_called():
    late = lambda p: gradients(p, late=True)  # noqa: E731
    for name in ("signals_of_day", "X_train"):
        called = lambda p: {"x" if n == name else n: a for n, a in p.items()}  # noqa: E731, B023
        loss_of = lambda p: loss(called(p))  # noqa: E731, B023
        late_of = lambda p: {n if n != "x" else name: a for n, a in late(called(p)).items()}  # noqa: E731, B023
        at = {n if n != "x" else name: s for n, s in shapes().items()}
        found = ls.check_gradients(loss_of, late_of, at, cell="lstm")
        assert found.slip.names == ("wrong time",), found.slip
    del at[name]
    without = lambda f: lambda p: f({"x": np.eye(4)[:, :2] + 1, **p})  # noqa: E731
    found = ls.check_gradients(without(loss), without(late), at, cell="lstm")
    assert "no array is known to be x of lstm" in found.slip.lines[0]


PEEPHOLE = "lstm_peephole_diagonal"


def test_weights_that_are_added_may_stand_side_by_side():
    cell = ls.cell(PEEPHOLE)
    found = expanded(("W_f", "W_i"), cell, ())
    assert any(
        m.across == 2 and [p.name for p in m.pieces] == ["R_f", "W_f", "R_i", "W_i"] for m in found
    )
    assert not any(m.across > 1 for m in expanded(("W_f",), LSTM, ("h", "x")))
    space = Space(cell, dict(zip(cell.sizes, (3, 2), strict=True)), 1, 4)
    rng = np.random.default_rng(2)
    flat = rng.normal(size=space.length)
    run = Backward(space, flat, ("h",))
    true = space.values(run.all_gradients(run.program, rng.normal(size=(4, 1, 3))))
    arrays, given = space.values(flat), {}
    for gate in "fiCo":
        both = lambda v: np.hstack([v[f"R_{gate}"], v[f"W_{gate}"]])  # noqa: E731, B023
        given[f"W{gate}"] = both(arrays), both(true)
        given[f"b{gate}"] = arrays[f"b_{gate}"], true[f"b_{gate}"]
    for gate in "fio":
        given[f"Wc{gate}"] = arrays[f"p_{gate}"], true[f"p_{gate}"]
    given |= {
        "x": (arrays["x"], true["x"]),
        "h0": (arrays["h"], true["h"]),
        "c0": (arrays["C"], true["C"]),
    }
    layouts = fit(
        cell, {n: a for n, (a, _) in given.items()}, {n: b for n, (_, b) in given.items()}, {}
    ).layouts
    assert np.array_equal(layouts["Wf"][:, 3:], space.places["W_f"])
    assert np.array_equal(layouts["Wco"], space.places["p_o"])


def test_columns_of_a_weight_without_a_concatenation_are_refused_with_what_to_write():
    with pytest.raises(InputError, match=r"no columns for 'h'; .* written \[R_f\|W_f\]"):
        read_meaning("W_f[h,x]", ls.cell(PEEPHOLE))
