import pytest

from lstmsym.printing.breaks import (
    BEFORE_FACTOR,
    BEFORE_SUMMAND,
    DEEPEST,
    deeper,
    flat,
    pieces,
    row_starts,
)


def test_inside_brackets_a_place_is_worse_than_any_outside():
    inside = deeper(f"a{BEFORE_SUMMAND}b{BEFORE_FACTOR}c")
    assert [badness for badness, _ in pieces(inside)] == [0, 2, 3]
    assert flat(inside) == "abc"


def test_there_is_a_deepest_place():
    for _ in range(200):
        written = deeper(BEFORE_SUMMAND + BEFORE_FACTOR)
    assert max(map(ord, written)) <= DEEPEST


@pytest.mark.parametrize(
    "cut, limit, starts",
    [
        ([(0, 5), (0, 5)], 10, [0]),
        ([(0, 5), (0, 5)], 9, [0, 1]),
        ([(0, 5), (0, 5), (1, 5), (0, 5)], 12, [0, 1, 3]),  # not between the factors of piece 1
        ([(0, 50), (0, 5)], 12, [0, 1]),  # what cannot be broken stays
        (
            [(0, 4), (0, 5), (2, 20), (2, 20)],
            30,
            [0, 1, 3],
        ),  # inside brackets where nothing else helps
    ],
)
def test_rows_are_filled_from_the_best_places(cut, limit, starts):
    assert row_starts(cut, limit) == starts


def test_rows_after_the_first_have_less_room():
    assert row_starts([(0, 5), (0, 5), (0, 5)], 10, indent=0) == [0, 2]
    assert row_starts([(0, 5), (0, 5), (0, 5)], 10, indent=1) == [0, 2]
    assert row_starts([(0, 10), (0, 5), (0, 5)], 10, indent=1) == [0, 1, 2]
