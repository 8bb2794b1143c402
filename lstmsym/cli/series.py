"""Measured curves as CSV: one line for each gain, cell and lag."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

SAID = ("quantity", "kind", "norm", "cell", "init", "gain", "hidden", "steps", "seeds", "dtype")
CURVES = ("lag", "log_norm", "log_norm_sd")


def csv_of(flows: list[dict[str, Any]]) -> str:
    """The numbers of flows, as --json gives them, in long form; natural logs, empty where not finite."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*SAID, *CURVES])
    for flow in flows:
        for cell in flow["cells"]:
            writer.writerows(_lines(flow | cell))
    return out.getvalue()


def _lines(said: dict[str, Any]) -> Iterator[list[Any]]:
    start = [said.get(name, "") for name in SAID]
    for values in zip(*(said[name] for name in CURVES), strict=True):
        yield [*start, *("" if v is None or v - v != 0 else v for v in values)]
