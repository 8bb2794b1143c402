"""docs/cells.md and docs/cells/ are what the cells say today; run scripts/cells_table.py after a change."""

from pathlib import Path

import pytest

import lstmsym as ls
from lstmsym.cells.facts import FAMILIES
from lstmsym.cli.sheet import ANSWER, sheet, table

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "cells.md").read_text(encoding="utf-8")
SHEETS = {path.stem: path.read_text(encoding="utf-8") for path in (DOCS / "cells").glob("*.md")}
SHOWN = ("rnn", "lstm", "gru", "lstm_fgr", "mamba", "highway", "fastrnn", "clockwork")


@pytest.mark.parametrize("name", SHOWN)
def test_a_sheet_is_that_of_the_cell(name):
    cell = ls.cell(name)
    assert f"\n{sheet(cell)}" in SHEETS[cell.family.lower().replace(" ", "-")]
    row = table([cell]).splitlines()[-1]
    assert f"\n{row}\n" in PAGE


def test_the_answer_comes_first_and_every_cell_has_a_row_and_a_sheet():
    assert PAGE.startswith(ANSWER)
    rows = [line for line in PAGE.splitlines() if line.startswith("| [")]
    assert {row[3 : row.index("]")] for row in rows} == set(ls.catalogue())
    assert all(row.count("|") == 5 for row in rows), "no formula cuts the table"
    for row in rows:
        page, anchor = row[row.index("](") + 2 : row.index(")")].split("#")
        assert f"\n## {anchor}\n" in SHEETS[Path(page).stem]


def test_every_family_has_its_page():
    headings = {text.splitlines()[0].removeprefix("# Family: ") for text in SHEETS.values()}
    assert headings == set(FAMILIES) and len(SHEETS) == len(FAMILIES)
    assert all(f"\ncells/{stem}\n" in PAGE for stem in SHEETS)


def test_formulas_are_closed():
    assert all(text.count("$$") % 2 == 0 for text in SHEETS.values())
