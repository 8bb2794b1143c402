"""The public doors: what they take, what they return, what they refuse."""

import json
import subprocess
import sys

import numpy as np
import pytest
import sympy

import lstmsym as ls
from lstmsym.errors import InputError, LstmsymError, QuantityError, UnknownName
from tests.witnesses import MODELS

ONE_A_FAMILY = {ls.cell(name).family: name for name in ls.catalogue()}


def drawn(name="lstm", steps=4, sizes=(("n", 3), ("m", 2))):
    return MODELS[name].draw(np.random.default_rng(0), dict(sizes), steps)


def test_names_come_from_the_doors_and_nothing_else():
    assert set(ls.__all__) <= set(dir(ls)) and "__version__" in dir(ls)
    assert all(getattr(ls, name) is not None for name in ls.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'derivee'"):
        ls.derivee  # noqa: B018


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, lstmsym; print([m for m in ('sympy', 'numpy', 'autograd', 'matplotlib') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_doors_stay_doors_after_their_folders_were_imported():
    code = (
        "import lstmsym as ls, lstmsym.cells, lstmsym.flow, lstmsym.derivation, lstmsym.api; "
        "print(callable(ls.flow), callable(ls.cell), callable(ls.derive), len(ls.catalogue()))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split()[:3] == ["True"] * 3


def test_every_error_of_the_package_is_caught_by_one_name():
    for ask in (
        lambda: ls.cell("no such cell"),
        lambda: ls.parse("h[t] = "),
        lambda: ls.derive("lstm", "dC"),
        lambda: ls.derive("lstm", "dC[t]/dC[t-1]").evaluate({}),
    ):
        with pytest.raises(ls.LstmsymError) as caught:
            ask()
        assert str(caught.value).strip()
    assert ls.LstmsymError is LstmsymError


def test_derive_takes_a_name_a_path_and_a_cell(tmp_path):
    path = tmp_path / "mine.cell"
    path.write_text(ls.cell("rnn").text)
    found = [ls.derive(c, "dh[t]/dh[t-2]").expr for c in ("rnn", path, str(path), ls.cell("rnn"))]
    assert all(expr == found[0] for expr in found)


def test_what_a_result_is():
    derived = ls.derive("lstm", "dC[t]/dC[t-2]", kind="block", form="expanded")
    assert isinstance(derived, ls.Derived) and isinstance(derived.expr, sympy.MatrixExpr)
    assert derived.kind == "block" and derived.terms == 4
    assert all(step.because for step in derived.steps)
    n = ls.cell("lstm").sizes[0]
    assert derived.expr.shape == (n, n)


def test_the_dictionary_of_a_result_keeps_its_contract():
    asked = {"kind": "total", "form": "product", "layout": "denominator"}
    found = ls.derive("lstm", "dC[t]/dh[t-3]", **asked).as_dict()
    assert json.loads(json.dumps(found)) == found
    assert {
        "schema",
        "cell",
        "quantity",
        "kind",
        "layout",
        "latex",
        "text",
        "terms",
        "steps",
        "check",
    } <= set(found)
    assert (found["cell"], found["quantity"]) == ("lstm", "dC[t]/dh[t-3]")
    assert {name: found[name] for name in asked} == asked
    assert all({"left", "right", "because"} <= set(step) for step in found["steps"])
    assert found["check"]["exact_mod_p"] is True and found["check"]["draws"] == 1
    assert found["check"]["autograd_max_rel_error"] < 1e-10


def test_a_whole_derivation_holds_every_quantity_once_and_checked():
    whole = ls.derive("lstm")
    assert isinstance(whole, ls.WholeDerivation)
    asked = [(r.derivation.quantity, r.kind, r.derivation.form) for r in whole.results]
    assert len(set(asked)) == len(asked)
    assert all(r.checked.passed for r in whole.results)
    for kind in ("direct", "step", "block", "total"):
        assert ("dC[t]/dC[t-1]", kind, "product") in asked
        assert ("dC[t]/dC[t-k]", kind, "product") in asked
    for weight in ls.cell("lstm").weights:
        assert (f"dL/d{weight}", "total", "product") in asked
    found = whole.as_dict()
    assert [r["quantity"] for r in found["results"]] == [q for q, _, _ in asked]


@pytest.mark.parametrize("name", sorted({*MODELS, *ONE_A_FAMILY.values()}))
def test_printed_forms_are_there_for_results_and_documents(name):
    whole = ls.derive(name)
    for thing in (whole, *whole.results[:4]):
        assert r"\partial" in thing.latex() and "∂" in thing.text() and "$$" in thing.markdown()
        article = thing.article()
        assert article.startswith(r"\documentclass") and article.rstrip().endswith(
            r"\end{document}"
        )
    assert r"\partial" in whole.results[0]._repr_latex_()


# --- evaluate ----------------------------------------------------------------------------------


def test_evaluate_defaults_to_the_last_step_and_zero_states():
    values = drawn()
    derived = ls.derive("lstm", "dC[t]/dC[t-1]")
    np.testing.assert_array_equal(derived.evaluate(values), derived.evaluate(values, time=4))
    assert not np.allclose(derived.evaluate(values), derived.evaluate(values, time=3))
    from_zero = {n: a for n, a in values.items() if n not in ("h", "C")}
    zeros = {"h": np.zeros(3), "C": np.zeros(3)}
    np.testing.assert_array_equal(derived.evaluate(from_zero), derived.evaluate(from_zero | zeros))


def test_evaluate_does_not_change_what_it_is_given():
    values = drawn()
    before = {n: a.copy() for n, a in values.items()}
    ls.derive("lstm", "dL/dW_f").evaluate(values)
    assert all(np.array_equal(values[n], before[n]) for n in before)


def test_a_symbolic_lag_is_told_when_evaluating():
    derived, values = ls.derive("lstm", "dC[t]/dC[t-k]"), drawn()
    np.testing.assert_allclose(
        derived.evaluate(values, lag=2),
        ls.derive("lstm", "dC[t]/dC[t-2]").evaluate(values),
        rtol=1e-12,
    )
    with pytest.raises(InputError, match="k has no value"):
        derived.evaluate(values)


@pytest.mark.parametrize(
    ("change", "choices", "error", "says"),
    [
        ({"W_g": np.ones((3, 5))}, {}, UnknownName, "lstm has no 'W_g'; did you mean 'W_"),
        (
            {"W_f": np.ones((3, 4))},
            {},
            InputError,
            r"W_f has shape \(3, 4\), expected \(n, m \+ n\) = \(3, 5\)",
        ),
        ({"W_f": None}, {}, InputError, "lstm needs the parameter W_f"),
        ({"x": None}, {}, InputError, "lstm needs the input x"),
        ({"x": np.ones((4, 3))}, {}, InputError, "has shape"),
        ({}, {"time": 5}, InputError, "time 5 is outside 1 … 4"),
        ({}, {"time": 0}, InputError, "time 0 is outside 1 … 4"),
        ({"C": np.ones(4)}, {}, InputError, r"C has shape \(4,\)"),
    ],
)
def test_values_that_do_not_fit_are_named(change, choices, error, says):
    values = {n: a for n, a in (drawn() | change).items() if a is not None}
    with pytest.raises(error, match=says):
        ls.derive("lstm", "dC[t]/dC[t-1]").evaluate(values, **choices)


def test_before_the_first_step_there_are_states_only():
    """block reaches the states at time 0; total needs the equations of step 0, which do not exist."""
    values = drawn()
    block = ls.derive("lstm", "dC[t]/dC[t-4]", kind="block").evaluate(values)
    assert block.shape == (3, 3)
    with pytest.raises(InputError, match="no value at time 0"):
        ls.derive("lstm", "dC[t]/dC[t-4]", kind="total").evaluate(values)
    with pytest.raises(InputError, match="no value at time"):
        ls.derive("lstm", "dC[t]/dC[t-5]", kind="block").evaluate(values)


def test_slopes_of_the_loss_must_fit():
    derived, values = ls.derive("lstm", "dL/dW_f"), drawn()
    with pytest.raises(InputError, match=r"loss_slopes has shape \(3, 3\), expected \(4, 3\)"):
        derived.evaluate(values, loss_slopes=np.ones((3, 3)))


def test_a_cell_without_inputs_is_told_how_many_steps():
    cell = ls.parse("h[t] = tanh(W @ h[t-1])")
    values = {"W": np.eye(2) / 2, "h": np.ones(2)}
    assert ls.derive(cell, "dh[t]/dh[t-2]").evaluate(values, time=3).shape == (2, 2)
    assert ls.derive(cell, "dL/dW").evaluate(values, loss_slopes=np.ones((3, 2))).shape == (2, 2)
    with pytest.raises(InputError, match="steps"):
        ls.derive(cell, "dh[t]/dh[t-2]").evaluate(values)


def test_one_unit_and_one_input():
    values = drawn(sizes=(("n", 1), ("m", 1)))
    found = ls.derive("lstm", "dC[t]/dC[t-2]").evaluate(values)
    expected = ls.derive("lstm", "dC[t]/dC[t-2]", form="expanded").evaluate(values)
    assert found.shape == (1, 1)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_a_state_of_one_unit_takes_its_weight_as_number_vector_or_matrix(shape):
    cell = ls.parse("state h : 1\nh[t] = tanh(w @ h[t-1])")
    values = {"w": np.full(shape, 1.5), "h": np.array([0.3])}
    a = np.tanh(1.5 * 0.3)
    expected = 1.5**2 * (1 - a**2) * (1 - np.tanh(1.5 * a) ** 2)
    found = ls.derive(cell, "dh[t]/dh[t-2]").evaluate(values, time=2)
    np.testing.assert_allclose(found.reshape(()), expected, rtol=1e-13)


@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_a_scalar_input_has_a_weight_with_one_column(shape):
    cell = ls.parse("input x : 1\nh[t] = tanh(W @ h[t-1] + U @ x[t])")
    rng = np.random.default_rng(2)
    values = {
        "W": rng.normal(size=(3, 3)),
        "U": rng.normal(size=shape),
        "x": rng.normal(size=(2, 1)),
    }
    U, x = values["U"].reshape(3), values["x"][:, 0]
    first = np.tanh(U * x[0])
    second = np.tanh(values["W"] @ first + U * x[1])
    found = ls.derive(cell, "dh[t]/dx[t-1]").evaluate(values)
    expected = (1 - second**2) * (values["W"] @ ((1 - first**2) * U))
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    gradient = ls.derive(cell, "dL/dU").evaluate(values)
    back = 1 + values["W"].T @ (1 - second**2)
    np.testing.assert_allclose(
        gradient, (1 - second**2) * x[1] + back * (1 - first**2) * x[0], rtol=1e-12
    )


def test_evaluate_takes_signals_at_their_times():
    """A one-step result needs no run: f_t, … as numbers give what a run with these values gives."""
    derived = ls.derive("lstm", "dC[t]/dC[t-1]", kind="block")
    f = np.array([0.5, 0.25, 0.125])
    np.testing.assert_array_equal(derived.evaluate({"f[t]": f}), np.diag(f))


def test_limits_are_quantity_errors():
    with pytest.raises(QuantityError, match="436 elementary paths"):
        ls.derive("lstm", "dC[t]/dC[t-4]", form="expanded", limit=100)


def test_python_objects_show_themselves():
    derived = ls.derive("rnn", "dh[t]/dh[t-1]")
    assert "h_t" in str(derived.expr) and "∂" in str(derived.derivation)
    assert r"\tanh" in sympy.latex(ls.cell("rnn").equations[0].right)
    assert "tanh" in str(ls.cell("rnn"))
