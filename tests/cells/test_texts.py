"""Catalogue texts are complete: read again they say the same, and nothing in them is left to chance."""

import pytest

import lstmsym as ls
from lstmsym.equations.syntax import HEAD_KEYS, parse


@pytest.mark.parametrize("name", ls.catalogue())
def test_a_text_read_back_gives_the_same_cell(name):
    cell = ls.cell(name)
    again = ls.parse(cell.text, name)
    assert again.equations == cell.equations
    assert (again.states, again.inputs, again.output) == (cell.states, cell.inputs, cell.output)
    assert all(getattr(again, key) == getattr(cell, key) for key in ("title", *HEAD_KEYS))
    assert list(again.parameters.items()) == list(cell.parameters.items())


@pytest.mark.parametrize("name", ls.catalogue())
def test_texts_are_written_in_the_order_in_which_they_are_computed(name):
    lines = [e.line for e in ls.cell(name)]
    assert lines == sorted(lines)


@pytest.mark.parametrize("name", ls.catalogue())
def test_comments_are_meanings_and_the_rest_of_a_text_is_short(name):
    cell, source = ls.cell(name), parse(ls.cell(name).text)
    written = {line.number: line.comment for line in source.lines}
    assert {e.line: e.meaning for e in cell} == {n: c for n, c in written.items() if c}
    assert set(source.keys) | {"differs"} == set(HEAD_KEYS) and all(source.keys.values())
    assert all(len(row) <= 120 for row in cell.text.splitlines())


@pytest.mark.parametrize("name", ls.catalogue())
def test_without_comments_the_equations_stay(name):
    cell = ls.cell(name)
    bare = "\n".join(row.partition("#")[0] for row in cell.text.splitlines())
    found = ls.parse(bare)
    assert [(e.left, e.right) for e in found] == [(e.left, e.right) for e in cell]
    assert (found.title, found.source, {e.meaning for e in found}) == ("cell", "", {""})
