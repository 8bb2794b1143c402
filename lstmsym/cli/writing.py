"""Files and folders, written whole or not at all: first under another name beside the target, then renamed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lstmsym.errors import InputError

MANIFEST = "report.json"
SCHEMA = "lstmsym/report/1"


def checked_target(path: Path) -> Path:
    """The file that a result may be written to, links followed. Raises InputError before any work is done."""
    real = Path(os.path.realpath(path))
    if real.is_dir():
        raise InputError(f"{path} is a folder; name a file in it, as in {path / 'out.tex'}")
    _check_folder(real.parent, path)
    return real


def _check_folder(folder: Path, path: Path) -> None:
    if not folder.exists():
        raise InputError(
            f"{path}: there is no folder '{folder}'; make it with: mkdir -p '{folder}'"
        )
    if not folder.is_dir():
        raise InputError(f"{path}: '{folder}' is a file; a folder was expected")
    if not os.access(folder, os.W_OK):
        raise InputError(f"{path}: the folder '{folder}' cannot be written to; name another one")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Another name with the same suffix to write to; it becomes `path` if nothing goes wrong."""
    real = checked_target(path)
    if real.exists() and not real.is_file():  # a device or a pipe: there is nothing to replace
        yield real
        return
    other = real.with_name(f".{real.stem[:100]}.{os.getpid()}.partial{real.suffix}")
    try:
        yield other
        os.replace(other, real)
    except BaseException:
        other.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """The text, ending in a newline, as a whole file."""
    with whole_file(path) as other:
        other.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def checked_folder(path: Path) -> Path:
    """The folder that a report may be written to: a new one, an empty one, or an earlier report and nothing else."""
    real = Path(os.path.realpath(path))
    _check_folder(real.parent, path)
    if real.exists() and not real.is_dir():
        raise InputError(f"{path} is a file; name a folder for the report")
    foreign = sorted(_foreign(real)) if real.exists() else []
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise InputError(
            f"{path} holds {foreign[0]}{more}, not written by a report; name another folder"
        )
    return real


def _foreign(folder: Path) -> set[str]:
    """The names in a folder that no manifest of a report lists."""
    found = {str(file.relative_to(folder)) for file in folder.rglob("*") if not file.is_dir()}
    with suppress(OSError, ValueError, KeyError, TypeError):
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["schema"] == SCHEMA:
            found -= {MANIFEST, *map(str, manifest["files"])}
    return found


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """An empty folder to write to; it takes the place of `path` if nothing goes wrong."""
    real = checked_folder(path)
    other = real.with_name(f".{real.name[:100]}.{os.getpid()}.partial")
    other.mkdir()
    try:
        yield other
        _swap(other, checked_folder(path))
    finally:
        shutil.rmtree(other, ignore_errors=True)


def _swap(new: Path, old: Path) -> None:
    """Two renames; if the second fails, the first is taken back. `new` may hold the old folder afterwards."""
    if not old.exists():
        return os.rename(new, old)
    aside = new.with_suffix(".old")
    os.rename(old, aside)
    try:
        os.rename(new, old)
    except BaseException:
        os.rename(aside, old)
        raise
    shutil.rmtree(aside)
