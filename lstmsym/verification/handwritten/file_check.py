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
    arrays_beside,
    arrays_of,
    function_of,
    one_line,
    run_file,
)
from lstmsym.verification.handwritten.small_constants import (
    but_for,
    nearly,
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

    Gradients that are nearly right, or wrong for no reason that was found, are looked at once more without the small
    constants of the file, as in log(p + 1e-9).
    Raises FileFailed with the line of the file where its code fails, UnknownName for a function it does not have.
    """
    asked = (forward, backward)
    naming = {"cell": cell, "names": names}
    found = _checked(run_file(path), path, asked, at, **naming, **options)
    unnamed = found.slip is not None and not found.slip.names
    constants = small_constants(path) if nearly(found) or unnamed else {}
    if constants:
        again = _checked(run_file(path, shrunk), path, asked, at, **naming, **options)
        if again.passed and nearly(found):
            warnings = (*again.warnings, but_for(found, constants))
            return replace(again, loss=found.loss, warnings=warnings)
        if again.slip is not None and again.slip.names:
            return replace(found, slip=again.slip)
    return found


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
