"""Every figure says what it shows, and shows the numbers that it was given."""

import math
import sys
from dataclasses import replace

import numpy as np
import pytest

from lstmsym.errors import InputError, UnknownName
from lstmsym.plotting import flow, forget_bias, gain, numbers, paths

MADE = {
    "flow": lambda f: flow.figure(f("make_flow")({"rnn": -0.9, "lstm": -0.2})),
    "vanishing": lambda f: gain.vanishing(f("gains")),
    "exploding": lambda f: gain.exploding(f("gains")),
}


def words(figure):
    """All that is written in a figure."""
    texts = [figure.get_supxlabel()]
    for ax in figure.axes:
        texts += [
            ax.get_xlabel(),
            ax.get_ylabel(),
            ax.get_title(),
            *(t.get_text() for t in ax.texts),
        ]
    return " ".join(texts).replace("\n", " · ")


@pytest.mark.parametrize("name", MADE)
def test_conditions_units_and_quantity_are_on_every_figure(request, name):
    found = words(MADE[name](request.getfixturevalue))
    for needed in ("spectral norm", "kind: total", "initialisation", "n = 8", "T = 60", "5 seeds",
                   "float64", "lag $k = T - t$ (steps)", "\\|\\partial h_{T}/\\partial h_{t}\\|_2"):  # fmt: skip
        assert needed in found, needed


def test_a_flow_is_drawn_as_it_was_measured(make_flow):
    figure = flow.figure(make_flow({"lstm": -0.2}))
    (curve,) = figure.axes[0].lines
    np.testing.assert_allclose(curve.get_ydata(), -0.2 * np.arange(60) / math.log(10))


def test_norms_below_the_smallest_float_are_drawn(make_flow):
    figure = flow.figure(make_flow({"rnn": -30.0}))
    low, _ = figure.axes[0].get_ylim()
    assert low < -760
    assert "10^{-" in figure.axes[0].yaxis.get_major_formatter()(-400.0)


def test_norms_that_are_exactly_zero_are_told(make_flow):
    whole = make_flow({"lstm": -0.2, "rnn": -0.5})
    logs = whole["rnn"].by_seed.copy()
    logs[:, 3:] = -np.inf
    cells = (whole["lstm"], replace(whole["rnn"], by_seed=logs))
    found = words(flow.figure(replace(whole, cells=cells)))
    assert "rnn: exactly 0 at 57 lags, not drawn" in found
    assert "lstm: exactly" not in found


@pytest.mark.parametrize(
    "norm, written",
    [("frobenius", "_{\\mathrm{F}}"), ("probe", "u^\\top"), ("euclidean", "\\|_2")],
)
def test_the_norm_is_written_as_it_is(make_flow, norm, written):
    assert written in flow.figure(make_flow({"rnn": -1.0}, norm=norm)).axes[0].get_ylabel()


def test_gains_are_panels_of_one_scale(gains):
    figure = gain.exploding(gains)
    rnn, lstm, slopes = figure.axes
    assert [ax.get_title("left") for ax in figure.axes] == ["rnn", "lstm", "slopes"]
    assert rnn.get_ylim() == lstm.get_ylim()
    curves = [line for line in slopes.lines if len(line.get_xdata()) == 3]
    np.testing.assert_allclose([c.get_ydata()[1] for c in curves], [0, -2 / 3], atol=1e-9)


def test_gains_are_sorted_and_named(gains):
    found = words(gain.vanishing(gains[::-1]))
    assert found.index("$g = 1.5$ (1.39)") < found.index("$g = 6$ (none)")


def test_a_gain_figure_needs_a_flow():
    with pytest.raises(InputError, match="at least one flow"):
        gain.vanishing([])


def test_paths_of_one_run_and_of_many(comparison):
    one = paths.figure(comparison)
    many = paths.figure({"gain 1": [comparison] * 3, "gain 2": [comparison]}, conditions=["LSTM"])
    assert len(one.axes) == 2 and len(many.axes) == 4
    assert len(many.axes[0].lines) == 9
    assert "LSTM" in words(many) and "relative error" in words(one)
    assert "\\|\\partial C_{T}/\\partial C_{t}\\|_2" in words(one)


def test_paths_need_a_run():
    with pytest.raises(InputError, match="at least one run in each column"):
        paths.figure({"gain 1": []})


def test_forget_bias(make_flow):
    flows = [make_flow({"lstm": s}, f"gaussian, forget bias {b}") for b, s in ((1, -0.3), (3, 0.1))]
    figure = forget_bias.figure({"gain 1": flows}, (np.array([0.0, 3]), np.array([-0.69, -0.05])))
    halves = figure.axes[1].lines[1].get_ydata()
    assert 10 ** halves[0] == pytest.approx(math.log(2) / 0.3)
    assert np.isnan(halves[1])


def test_forget_bias_needs_one(make_flow):
    with pytest.raises(InputError, match="flows measured with a forget bias"):
        forget_bias.figure({"": [make_flow({"lstm": -0.1})]}, (np.zeros(1), np.zeros(1)))


def test_unknown_venue(make_flow):
    with pytest.raises(UnknownName, match="no venue 'icmll'; did you mean 'icml'"):
        flow.figure(make_flow({"lstm": -0.2}), "icmll")


def test_no_figure_touches_pyplot(make_flow):
    before = "matplotlib.pyplot" in sys.modules
    flow.figure(make_flow({"lstm": -0.2}))
    assert ("matplotlib.pyplot" in sys.modules) == before


def test_numbers_beside_a_figure(gains):
    columns = numbers.of_flows(gains)
    assert {len(column) for column in columns.values()} == {3 * 2 * 60}
    assert columns["init"][0] == "gaussian, gain 1.5"
    assert numbers.of_slopes(gains)["cell"] == ["rnn", "lstm"] * 3
    assert numbers.about(gains[0])["norm"] == "spectral"
