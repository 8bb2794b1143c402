"""The catalogue as a page of the documentation, docs/cells.md, and as the index that `lstmsym cells` lists."""

from pathlib import Path

from lstmsym import catalogue, cell
from lstmsym.cells.index import index_text
from lstmsym.cli.sheet import page

ROOT = Path(__file__).parents[1]

index, sheets = index_text(), page([cell(name) for name in catalogue()])
(ROOT / "lstmsym" / "cells" / "index.json").write_text(index, encoding="utf-8")
(ROOT / "docs" / "cells.md").write_text(sheets, encoding="utf-8")
