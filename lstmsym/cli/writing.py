"""Files and folders, written whole or not at all: first under another name beside the target, then renamed."""

from __future__ import annotations

import json
import os
import re
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
    """The folder that a report may be written to: a new one, an empty one, or an earlier report."""
    real = Path(os.path.realpath(path))
    _check_folder(real.parent, path)
    if real.exists() and not real.is_dir():
        raise InputError(f"{path} is a file; name a folder for the report")
    found = _names(real)
    if found and not _reported(real):
        first, more = min(found), f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise InputError(f"{path} is no report and holds {first}{more}; name another folder")
    return real


def _names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()} if folder.exists() else set()


def _reported(folder: Path) -> set[str]:
    """The names that the manifest of a report lists, its own included; none where there is no report."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["schema"] == SCHEMA:
            return {MANIFEST, *map(str, manifest["files"])}
    return set()


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """An empty folder to write to; it takes the place of `path` if nothing goes wrong.

    What others have put into an earlier report stays. Raises InputError where that has a name of the new report.
    """
    real = checked_folder(path)
    other = real.with_name(f".{real.name[:100]}.{os.getpid()}.partial")
    other.mkdir()
    try:
        yield other
        checked_folder(path)
        kept = _names(real) - _reported(real)
        if clash := kept & _names(other):
            raise InputError(f"{path / min(clash)} was not written by a report; move it elsewhere")
        _swap(other, real, kept)
    finally:
        shutil.rmtree(other, ignore_errors=True)


def _swap(new: Path, old: Path, kept: set[str]) -> None:
    """Two renames, the first taken back if the second fails; then the files to be kept follow."""
    if not old.exists():
        return os.rename(new, old)
    aside = new.with_suffix(".old")
    os.rename(old, aside)
    try:
        os.rename(new, old)
    except BaseException:
        os.rename(aside, old)
        raise
    for name in sorted(kept):
        os.rename(aside / name, old / name)
    shutil.rmtree(aside)


def file_stem(name: str) -> str:
    """A cell's name as that of a file: stack(lstm, 2) is stack_lstm_2."""
    return re.sub(r"[^\w.-]+", "_", name).strip("_")
