"""Measured curves as CSV: one line for each cell and lag."""

from __future__ import annotations

import csv
import io
from typing import Any

COLUMNS = ("cell", "init", "hidden", "steps", "seeds", "dtype", "quantity", "kind", "norm")
CURVES = ("lag", "log_norm", "log_norm_sd")


def csv_of(data: dict[str, Any]) -> str:
    """The numbers of a flow, as --json gives them, in long form."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, *CURVES])
    for cell in data["cells"]:
        said = {**data, **cell}
        for values in zip(*(cell[name] for name in CURVES), strict=True):
            writer.writerow([*(said[name] for name in COLUMNS), *values])
    return out.getvalue()
