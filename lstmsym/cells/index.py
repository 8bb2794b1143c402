"""The index of the catalogue: what a listing shows of each cell, written down so that listing reads no equations.

`index.json` is made by scripts/cells_table.py. An entry holds for the text it was made from, told by its checksum.
"""

from __future__ import annotations

import json
from typing import Any
from zlib import crc32

from lstmsym.cells import catalogue, from_catalogue
from lstmsym.cells.facts import FAMILIES, gates, parameter_count, polynomial
from lstmsym.equations.cell import Cell


def entry(cell: Cell) -> dict[str, Any]:
    """What a listing shows of a cell: names, counts and the source."""
    return {
        "name": cell.name,
        "title": cell.title,
        "family": cell.family,
        "year": cell.year,
        "source": cell.source,
        "states": list(cell.states),
        "gates": list(gates(cell)),
        "parameter_count": polynomial(parameter_count(cell), cell.sizes),
        "checksum": crc32(cell.text.encode()),
    }


def in_order(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By family, then year, then name."""
    rank = {family: i for i, family in enumerate(FAMILIES)}
    return sorted(entries, key=lambda e: (rank[e["family"]], e["year"], e["name"]))


def index_text() -> str:
    """What index.json has to hold: one line a cell."""
    entries = in_order([entry(from_catalogue(name)) for name in catalogue()])
    rows = ",\n".join(f"  {json.dumps(e, ensure_ascii=False)}" for e in entries)
    return f'{{"families": {json.dumps(FAMILIES)},\n "cells": [\n{rows}\n]}}\n'
