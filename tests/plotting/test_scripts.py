"""One script is one figure, named like what it writes; nothing in figures/ was made by hand."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))
DRAWING = [script for script in SCRIPTS if script.stem != "cells_table"]  # it writes docs/cells.md
FIGURES = {path.name for path in (ROOT / "figures").iterdir()}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_is_short_and_says_what_it_shows(script):
    text = script.read_text()
    assert len(ast.get_docstring(ast.parse(text)).splitlines()[0]) > 20
    assert 10 <= len(text.splitlines()) <= 42


def test_every_script_has_written_its_figure_and_no_other_is_there():
    endings = (".csv", ".pdf", ".png", ".svg")
    assert {f"{script.stem}{ending}" for script in DRAWING for ending in endings} == FIGURES
