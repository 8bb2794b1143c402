"""The catalogue as pages of the documentation, docs/cells.md and docs/cells/, and as the index of `lstmsym cells`."""

from pathlib import Path

from lstmsym import catalogue, cell
from lstmsym.cells.index import index_text
from lstmsym.cli.sheet import pages

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

(DOCS / "cells").mkdir(exist_ok=True)
(ROOT / "lstmsym" / "cells" / "index.json").write_text(index_text(), encoding="utf-8")
for path, text in pages([cell(name) for name in catalogue()]).items():
    (DOCS / path).write_text(text, encoding="utf-8")
