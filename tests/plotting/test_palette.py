"""A cell has one colour and one dash, and curves can be told apart in grey."""

from itertools import combinations

import pytest

from lstmsym.cells import catalogue
from lstmsym.plotting.palette import DASHES, FEW, KINDS, MANY, SLOTS, lines, luminance, ramp

MAIN = [name for name, slot in SLOTS.items() if slot < 3]


def different_in_grey(one, other):
    return one.dash != other.dash or abs(luminance(one.colour) - luminance(other.colour)) > 0.1


def test_dashes_differ():
    assert len(set(DASHES)) == len(DASHES) >= len(MANY)


@pytest.mark.parametrize("others", [[], ["gru"], ["mine", "yours"], ["gru_after", "lstm_coupled"]])
def test_a_cell_looks_the_same_in_every_figure(others):
    alone = lines(["lstm", "rnn"])
    among = lines([*others, "rnn", "lstm"])
    assert among["lstm"] == alone["lstm"]
    assert among["rnn"] == alone["rnn"]


@pytest.mark.parametrize("count", range(2, 25))
def test_lines_are_told_apart_in_grey(count):
    names = [*catalogue(), *(f"mine{i}" for i in range(25))][:count]
    styles = list(lines(names).values())
    if count <= len(MANY):
        assert all(different_in_grey(a, b) for a, b in combinations(styles, 2))
    assert len(set(styles)) == count


def test_six_colours_then_eight():
    names = ["lstm", "gru", "rnn", "a", "b", "c"]
    assert {line.colour for line in lines(names).values()} == set(FEW)
    assert {line.colour for line in lines([*names, "d", "e"]).values()} == set(MANY)


def test_the_main_cells_have_slots_of_their_own():
    assert set(MAIN) == {"lstm", "gru", "rnn"}
    assert len({SLOTS[name] for name in MAIN}) == 3


@pytest.mark.parametrize("count", range(2, 9))
def test_a_ramp_darkens(count):
    light = [luminance(line.colour) for line in ramp(count)]
    assert light == sorted(light, reverse=True)
    assert all(different_in_grey(a, b) for a, b in combinations(ramp(count), 2))


def test_kinds_are_told_apart_in_grey():
    assert all(different_in_grey(a, b) for a, b in combinations(KINDS.values(), 2))
