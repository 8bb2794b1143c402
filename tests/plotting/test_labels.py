"""Names at the ends of curves do not overlap, and stay beside their curves."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Annotation, Text

from lstmsym.plotting import flow
from lstmsym.plotting.labels import END, MOST, spread

NARROW_TO_WIDE = ("icml", "beamer", "eccv", "article", "icml_full")
NAMES = (
    "rnn",
    "lstm",
    "gru",
    "lstm_peephole",
    "gru_after_keep",
    "a_cell_of_mine",
    "yours",
    "theirs",
)


def boxes(figure):
    figure.draw_without_rendering()
    notes = [n for ax in figure.axes for n in ax.texts if isinstance(n, Annotation)]
    return [Text.get_window_extent(n) for n in notes if n.get_gid() == END]


def overlap(one, other):
    """Whether two boxes share more than a hair."""
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    return wide > 0.5 and high > 0.05 * one.height


@pytest.mark.parametrize("venue", NARROW_TO_WIDE)
def test_labels_of_equal_curves_do_not_overlap(make_flow, venue):
    figure = flow.figure(make_flow({name: -0.3 for name in NAMES[:MOST]}), venue)
    found = boxes(figure)
    assert len(found) == MOST
    assert not any(overlap(a, b) for a, b in combinations(found, 2))
    assert all(figure.bbox.x0 <= b.x0 and b.x1 <= figure.bbox.x1 for b in found)


@pytest.mark.parametrize("venue", ["icml", "article", "beamer169"])
def test_nothing_is_cut_off(make_flow, venue):
    figure = flow.figure(make_flow({"rnn": -0.9, "lstm": -0.2}), venue)
    figure.draw_without_rendering()
    inside = figure.get_tightbbox().transformed(figure.dpi_scale_trans)
    assert inside.x0 >= -1 and inside.y0 >= -1
    assert inside.x1 <= figure.bbox.x1 + 1 and inside.y1 <= figure.bbox.y1 + 1


def test_a_curve_that_ends_early_is_named_where_it_ends(make_flow):
    """A leader across the axes would look like a curve."""
    whole = make_flow({"lstm": -0.2, "rnn": -0.5})
    logs = whole["rnn"].by_seed.copy()
    logs[:, 20:] = -np.inf
    figure = flow.figure(replace(whole, cells=(whole["lstm"], replace(whole["rnn"], by_seed=logs))))
    across = {n.get_text(): n.xyann[0] for n in figure.axes[0].texts}
    assert across["lstm"] > 1
    assert across["rnn"] == pytest.approx(19 / 59 + 0.05)


def test_one_lag_is_a_point_with_its_name(make_flow):
    whole = make_flow({"lstm": -0.2})
    one = replace(whole["lstm"], lag=np.arange(1), by_seed=np.zeros((1, 1)), seeds=1, steps=1)
    figure = flow.figure(replace(whole, cells=(one,)))
    assert figure.axes[0].lines[0].get_marker() == "."
    assert "1 seed," in figure.get_supxlabel() and "band" not in figure.get_supxlabel()


def test_beyond_six_curves_there_is_a_legend(make_flow):
    figure = flow.figure(make_flow({name: -0.1 * i for i, name in enumerate(NAMES)}))
    (ax,) = figure.axes
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list(NAMES)
    assert not boxes(figure)


heights = st.lists(st.floats(-0.5, 1.5), max_size=8).map(sorted)


@given(heights, st.floats(0.01, 0.12))
def test_spread_keeps_order_distance_and_bounds(wanted, box):
    found = np.array(spread(wanted, [box] * len(wanted)))
    assert len(found) == len(wanted)
    assert (np.diff(found) >= box - 1e-6).all()
    assert ((found >= box / 2 - 1e-6) & (found <= 1 - box / 2 + 1e-6)).all()


@given(st.lists(st.integers(0, 9), max_size=8, unique=True).map(sorted))
def test_spread_leaves_alone_what_has_room(tenths):
    wanted = [0.05 + tenth / 10 for tenth in tenths]
    assert spread(wanted, [0.1] * len(wanted)) == pytest.approx(wanted)


def test_spread_moves_a_crowd_to_both_sides():
    assert spread([0.5, 0.5, 0.5], [0.1, 0.1, 0.1]) == pytest.approx([0.4, 0.5, 0.6])
