"""check_gradients and assert_gradients: right ones pass, planted slips do not, and both say what was seen."""

import json

import numpy as np
import pytest

import lstmsym as ls
from lstmsym.errors import Disagreement, InputError, UnknownName
from lstmsym.verification.handwritten.check import GradientsDiffer
from tests.verification.handwritten.examples import gradients, loss, shapes

W = (3, 4)
WAYS = ({}, {"method": "central differences"}, {"mode": "directions"}, {"step": 1e-4})


def squares(p):
    return 0.5 * np.sum(p["W"] ** 2)


def check(f, g, at=None, **options):
    return ls.check_gradients(f, g, at or {"W": W}, **options)


@pytest.mark.parametrize("options", WAYS)
def test_a_right_backward_pass_is_right_by_every_method(options):
    found = check(loss, gradients, shapes(), **options)
    assert found.passed and {v.verdict for v in found.arrays} == {"right"}
    assert found.times is None and found.slip is None
    assert all(v.error <= v.tolerance < 1e-4 for v in found.arrays)


@pytest.mark.parametrize("options", WAYS)
@pytest.mark.parametrize("slip", [{"carried": 0.0}, {"slope": 0.999}, {"late": True}])
def test_a_wrong_backward_pass_is_wrong_by_every_method(slip, options):
    found = check(loss, lambda p: gradients(p, **slip), shapes(), **options)
    wrong = {v.name for v in found.arrays if v.verdict == "wrong"}
    assert not found.passed and found.exit_code == 1
    assert wrong == ({"W"} if "late" in slip else {"x", "h0", "c0", "W", "b"})
    for v in found.judged("wrong"):
        assert v.error > v.tolerance and v.found != v.expected
        assert np.shape(v.worst) == (len(shapes()[v.name]),)


def test_complex_step_is_taken_where_the_forward_pass_is_analytic():
    assert check(squares, lambda p: {"W": p["W"]}).method == "complex step"
    kinked = check(lambda p: np.sum(np.abs(p["W"])), lambda p: {"W": np.sign(p["W"])})
    assert kinked.passed and kinked.method.startswith("central") and "slope" in kinked.reason
    cast = check(lambda p: float(np.sum(p["W"])), lambda p: {"W": np.ones(W)})
    assert cast.passed and "complex arrays" in cast.reason
    with pytest.raises(InputError, match="complex step is not possible"):
        check(lambda p: float(np.sum(p["W"])), lambda p: p, method="complex step")


def test_a_buffer_that_drops_the_imaginary_part_is_noticed():
    def buffered(p):
        kept = np.zeros(W)
        kept[:] = p["W"]
        return np.sum(kept**3) + np.sum(p["W"])

    found = check(buffered, lambda p: {"W": 3 * p["W"] ** 2 + 1})
    assert found.passed and found.method.startswith("central")


def test_the_worst_entry_is_named_with_both_values():
    def spoilt(p):
        g = p["W"].copy()
        g[2, 1] += 0.5
        return {"W": g}

    for mode in ("entries", "directions"):
        (v,) = check(squares, spoilt, mode=mode).arrays
        assert v.worst == (2, 1) and v.found - v.expected == pytest.approx(0.5)
        assert v.error == pytest.approx(0.5 / max(abs(v.found), abs(v.expected)))


def test_one_wrong_entry_of_a_large_array_is_found_by_halving():
    def spoilt(p):
        g = p["W"].copy()
        g[17, 40] *= 1.001
        return {"W": g}

    found = check(squares, spoilt, {"W": (50, 60)})
    assert found.arrays[0].worst == (17, 40) and found.calls < 100


def test_the_tolerance_can_be_given():
    nearly = lambda p: {"W": 1.001 * p["W"]}  # noqa: E731
    assert not check(squares, nearly).passed
    assert check(squares, nearly, tolerance=0.01).passed
    assert check(squares, nearly, tolerance=0.01, mode="directions").passed


def test_gradients_in_float32_are_judged_by_what_float32_can_say():
    single = lambda p: {"W": p["W"].astype(np.float32)}  # noqa: E731
    assert check(squares, single).passed
    assert not check(squares, lambda p: {"W": 1.0001 * single(p)["W"]}).passed


def test_a_random_loss_is_not_called_right():
    rng = np.random.default_rng(0)
    found = check(lambda p: np.sum(p["W"]) * rng.normal(), lambda p: {"W": np.ones(W)})
    assert not found.passed and found.exit_code in (1, 2)


@pytest.mark.parametrize(
    "returned",
    [
        lambda g: {"dW": g},
        lambda g: {"grad_W": g},
        lambda g: {"dL_dW": g},
        lambda g: {"w": g},
        lambda g: g,
        lambda g: [g],
        lambda g: (1.5, {"W": g}),
        lambda g: (1.5, g),
    ],
)
def test_gradients_may_be_returned_in_many_forms(returned):
    assert check(squares, lambda p: returned(p["W"])).passed


def test_a_tuple_shorter_than_the_arrays_is_read_by_its_shapes():
    at = {"x": (2,), "W": (3, 2), "b": (3,)}
    f = lambda p: np.sum(np.sin(p["W"] @ p["x"] + p["b"]))  # noqa: E731

    def g(p):
        d = np.cos(p["W"] @ p["x"] + p["b"])
        return np.outer(d, p["x"]), d

    found = check(f, g, at)
    assert [v.verdict for v in found.arrays] == ["not returned", "right", "right"]


REFUSED = {
    "not scalar":     (lambda p: p["W"], lambda p: p, {}, "shape \\(3, 4\\)"),
    "nothing":        (lambda p: None, lambda p: p, {}, "NoneType"),
    "not finite":     (lambda p: np.inf, lambda p: p, {}, "the loss is inf"),
    "complex":        (lambda p: 1j, lambda p: p, {}, "complex at real"),
    "no gradients":   (squares, lambda p: None, {}, "return a dict"),
    "other keys":     (squares, lambda p: {"V": 1.0}, {}, "did you mean|known: W"),
    "two for one":    (squares, lambda p: (p["W"], p["W"], p["W"]), {}, "3 gradients were returned"),
    "words":          (squares, lambda p: {"W": "right"}, {}, "real numbers"),
    "method":         (squares, lambda p: p, {"method": "complx step"}, "complex step"),
    "mode":           (squares, lambda p: p, {"mode": "entry"}, "entries"),
    "step":           (squares, lambda p: p, {"step": -1.0}, "positive"),
    "tolerance":      (squares, lambda p: p, {"tolerance": 0.0}, "positive"),
    "no arrays":      (squares, lambda p: p, {"at": {"n": 3}}, "floats"),
    "a list":         (squares, lambda p: p, {"at": [3]}, "dict"),
    "empty shape":    (squares, lambda p: p, {"at": {"W": (0, 2)}}, "at least 1"),
    "complex arrays": (squares, lambda p: p, {"at": {"W": np.ones(2) * 1j}}, "real arrays"),
    "sequence":       (squares, lambda p: p, {"sequence": "w"}, "did you mean 'W'"),
    "axis":           (squares, lambda p: p, {"sequence": {"W": 2}}, "no axis 2"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_line(name):
    f, g, options, said = REFUSED[name]
    with pytest.raises((InputError, UnknownName), match=said) as caught:
        ls.check_gradients(f, g, **{"at": {"W": W}, **options})
    assert "\n" not in str(caught.value)


def test_what_the_functions_raise_is_passed_on():
    with pytest.raises(ZeroDivisionError):
        check(lambda p: 1 / 0, lambda p: p)


def test_assert_gradients_raises_the_report():
    assert ls.assert_gradients(squares, lambda p: {"W": p["W"]}, {"W": W}).passed
    with pytest.raises(GradientsDiffer, match="W  wrong") as caught:
        ls.assert_gradients(squares, lambda p: {"W": 2 * p["W"]}, {"W": W})
    assert isinstance(caught.value, AssertionError) and isinstance(caught.value, Disagreement)
    assert "2 times the true one" in str(caught.value)


def test_whole_numbers_are_passed_on_and_not_moved():
    def chosen(p):
        return p["W"][p["row"], 0] * p["times"]

    def g(p):
        found = np.zeros(W)
        found[p["row"], 0] = p["times"]
        return {"W": found}

    found = check(chosen, g, {"W": W, "row": 2, "times": np.int64(3)})
    assert found.passed and [v.name for v in found.arrays] == ["W"]


def test_shapes_are_drawn_by_the_seed():
    losses = [check(squares, lambda p: {"W": p["W"]}, rng=seed).loss for seed in (1, 1, 2)]
    assert losses[0] == losses[1] != losses[2]


def test_a_result_is_text_markdown_html_and_json():
    found = check(loss, lambda p: gradients(p, carried=0.0), shapes())
    data = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert data["schema"] == "lstmsym/gradients/1" and data["summary"] in str(found)
    assert set(data["arrays"][0]) >= {
        "name", "verdict", "worst", "found", "expected", "error", "tolerance", "method",
    }  # fmt: skip
    page, markdown = found.html(), found._repr_markdown_()
    assert '<b class="wrong">' in page and "\x02" not in page
    assert all(v.name in str(found) and f"`{v.name}`" in markdown for v in found.arrays)


def test_few_runs_are_made_where_random_directions_agree():
    calls = {"loss": 0, "gradients": 0}

    def counted(name, function):
        def called(p):
            calls[name] += 1
            return function(p)

        return called

    functions = counted("loss", loss), counted("gradients", gradients)
    assert ls.check_gradients(*functions, shapes(), mode="directions").passed
    assert calls["loss"] <= 8 and calls["gradients"] <= 2


@pytest.mark.parametrize("factor", [1, 2])
def test_gradients_beside_a_dict_are_read_by_their_names(factor):
    def both(p):
        grads = gradients(p)
        dx = factor * grads.pop("x")
        return grads, dx

    found = ls.check_gradients(loss, both, shapes())
    assert not found.judged("not returned")
    assert [v.name for v in found.judged("wrong")] == ([] if factor == 1 else ["x"])
