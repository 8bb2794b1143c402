"""The check of a file: its forward against its backward pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from lstmsym.verification.handwritten.calling import Fitted
from lstmsym.verification.handwritten.check import check_gradients
from lstmsym.verification.handwritten.report import GradientCheck
from lstmsym.verification.handwritten.running_file import (
    Change,
    arrays_beside,
    arrays_of,
    existing,
    function_of,
    one_line,
    run_file,
)
from lstmsym.verification.handwritten.small_constants import (
    but_for,
    clearer,
    freed_by,
    shrunk,
    small_constants,
)


def check_file(
    path: Path,
    forward: str = "forward",
    backward: str = "backward",
    at: str | None = None,
    *,
    cell: Any = None,
    names: Mapping[str, str] | None = None,
    **options: Any,
) -> GradientCheck:
    """check_gradients on two functions of a file, which is run for it.

    at   the name of the file's dict of arrays or shapes; `shapes` or `arrays` if not given

    What is wrong is looked at once more without the small constants of the file, as in log(p + 1e-9): a gradient that
    is right then is right but for them, and a slip is looked for where they do not stand in the way.
    Raises FileFailed with the line of the file where its code fails, UnknownName for a function it does not have.
    """

    def checked(change: Change | None = None, **naming: Any) -> GradientCheck:
        asked = (forward, backward)
        return _checked(run_file(path, change), path, asked, at, **naming, **options)

    naming = {"cell": cell, "names": names}
    existing(path)
    with one_line(path):
        constants = small_constants(path)
    found = checked() if constants else checked(**naming)
    if not constants or not found.judged("wrong"):
        return checked(**naming) if constants and cell else found
    again = checked(shrunk)
    if not clearer(again, found):
        return checked(**naming) if cell else found
    if cell and again.judged("wrong"):
        again = checked(shrunk, **naming)
    freed = freed_by(again, found)
    if not freed:
        return replace(found, times=again.times, slip=again.slip)
    warnings = (*again.warnings, but_for(freed, constants))
    return replace(again, loss=found.loss, warnings=warnings)


def _checked(
    module: ModuleType, path: Path, asked: tuple[str, str], at: str | None, **options: Any
) -> GradientCheck:
    functions = [function_of(module, path, name) for name in asked]
    arrays = arrays_of(module, path, at)
    fitted = Fitted(path, functions[0], functions[1], arrays)
    with one_line(path):
        found = check_gradients(
            fitted.loss, fitted.gradients, arrays, beside=arrays_beside(module), **options
        )
    return replace(found, file=str(path), upstream=fitted.drawn)
