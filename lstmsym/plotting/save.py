"""Files: the same bytes whenever the same figure is saved, written whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from lstmsym.errors import InputError
from lstmsym.plotting.style import context, files

SCHEMA = "lstmsym/figure/1"
DATED = {
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
}


def save(figure: Figure, path: str | Path) -> Path:
    """Write a figure as PDF, SVG or PNG, as the ending says. Raises InputError where it cannot."""
    ending = _ending(path, tuple(DATED))
    picture = io.BytesIO()
    with context(files()):
        figure.savefig(picture, format=ending[1:], metadata=DATED[ending])
    return write_whole(path, picture.getvalue())


def save_all(
    figure: Figure,
    stem: str | Path,
    columns: Mapping[str, Sequence[Any]],
    about: Mapping[str, Any] | None = None,
) -> None:
    """The figure as PDF, SVG and PNG and its numbers as CSV, all under one name."""
    for ending in DATED:
        save(figure, f"{stem}{ending}")
    save_numbers(columns, f"{stem}.csv", about)


def save_numbers(
    columns: Mapping[str, Sequence[Any]], path: str | Path, about: Mapping[str, Any] | None = None
) -> Path:
    """Write what a figure shows as CSV or JSON: columns of one length, and the conditions.

    A CSV begins with the conditions as lines after #. What is not finite is empty, or null in JSON.
    """
    ending = _ending(path, (".csv", ".json"))
    plain = {name: [_plain(v) for v in column] for name, column in columns.items()}
    text = _csv(plain, about or {}) if ending == ".csv" else _json(plain, about or {})
    return write_whole(path, text.encode())


def _csv(columns: Mapping[str, list[Any]], about: Mapping[str, Any]) -> str:
    text = io.StringIO()
    text.writelines(f"# {name}: {value}\n" for name, value in about.items())
    table = csv.writer(text, lineterminator="\n")
    table.writerow(columns)
    table.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def _json(columns: Mapping[str, list[Any]], about: Mapping[str, Any]) -> str:
    whole = {"schema": SCHEMA, "about": dict(about), "columns": dict(columns)}
    return json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """A number as Python's, of nine digits, which any processor agrees on; None where not finite."""
    value = value.item() if hasattr(value, "item") else value
    if not isinstance(value, float):
        return value
    return float(f"{value:.9g}") if math.isfinite(value) else None


def write_whole(path: str | Path, content: bytes) -> Path:
    """Write beside the target and rename, so that no reader meets half a file.

    Raises InputError with the path and the system's reason; nothing is left behind.
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        os.replace(beside, target)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise InputError(f"cannot write {path}: {error.strerror or error}") from error
    return Path(path)


def _ending(path: str | Path, known: tuple[str, ...]) -> str:
    ending = Path(path).suffix.lower()
    if ending not in known:
        raise InputError(f"cannot write {path}: its name must end in {', '.join(known)}")
    return ending
