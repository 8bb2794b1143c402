"""The catalogue's index as it lies beside the cells, read without SymPy; a cell that is not in it is read itself."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any
from zlib import crc32


@cache
def _index() -> dict[str, Any]:
    return json.loads(_folder().joinpath("index.json").read_text(encoding="utf-8"))


def _folder() -> Any:
    return files("lstmsym").joinpath("cells")


def families() -> tuple[str, ...]:
    """The families in the order in which they are listed."""
    return tuple(_index()["families"])


def listed() -> list[dict[str, Any]]:
    """Every cell of the catalogue in the order of the index: name, title, family, year, counts.

    An entry whose text has changed since, or that is missing, is made from the cell.
    """
    texts = {
        f.name.removesuffix(".cell"): f.read_text(encoding="utf-8")
        for f in _folder().iterdir()
        if f.name.endswith(".cell")
    }
    sums = {name: crc32(text.encode()) for name, text in texts.items()}
    known = [e for e in _index()["cells"] if sums.get(e["name"]) == e["checksum"]]
    changed = sorted(set(sums) - {e["name"] for e in known})
    return known if not changed else _renewed(known, changed)


def _renewed(known: list[dict[str, Any]], changed: list[str]) -> list[dict[str, Any]]:
    from lstmsym.cells import from_catalogue
    from lstmsym.cells.index import entry, in_order

    return in_order([*known, *(entry(from_catalogue(name)) for name in changed)])
