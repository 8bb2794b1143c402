"""docs/cells.md is what the cells say today; run scripts/cells_table.py after a change of the catalogue."""

from pathlib import Path

import pytest

import lstmsym as ls
from lstmsym.cells.facts import FAMILIES
from lstmsym.cli.sheet import ANSWER, sheet, table

PAGE = (Path(__file__).parents[2] / "docs" / "cells.md").read_text(encoding="utf-8")
SHOWN = ("rnn", "lstm", "gru", "lstm_fgr", "mamba", "highway", "fastrnn", "clockwork")


@pytest.mark.parametrize("name", SHOWN)
def test_a_sheet_is_that_of_the_cell(name):
    assert f"\n{sheet(ls.cell(name))}" in PAGE
    row = table([ls.cell(name)]).splitlines()[-1]
    assert f"\n{row}\n" in PAGE


def test_the_page_answers_first_and_has_every_cell_under_its_family():
    assert PAGE.startswith(ANSWER)
    heads = [line for line in PAGE.splitlines() if line.startswith(("## Family: ", "### "))]
    family, found = "", {}
    for head in heads:
        if head.startswith("## "):
            family = head.removeprefix("## Family: ")
        else:
            found[head.removeprefix("### ")] = family
    assert found == {name: ls.cell(name).family for name in ls.catalogue()}
    assert list(dict.fromkeys(found.values())) == list(FAMILIES)


def test_formulas_are_closed_and_tables_are_not_cut():
    assert PAGE.count("$$") % 2 == 0
    rows = [line for line in PAGE.splitlines() if line.startswith("| [")]
    assert len(rows) == len(ls.catalogue()) and all(row.count("|") == 5 for row in rows)
