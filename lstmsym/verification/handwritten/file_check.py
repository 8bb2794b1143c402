"""The check of a file: its forward against its backward pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lstmsym.verification.handwritten.calling import Fitted
from lstmsym.verification.handwritten.check import check_gradients
from lstmsym.verification.handwritten.report import GradientCheck
from lstmsym.verification.handwritten.running_file import (
    arrays_of,
    function_of,
    one_line,
    run_file,
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

    Raises FileFailed with the line of the file where its code fails, UnknownName for a function it does not have.
    """
    module = run_file(path)
    functions = [function_of(module, path, name) for name in (forward, backward)]
    arrays = arrays_of(module, path, at)
    fitted = Fitted(path, functions[0], functions[1], arrays)
    with one_line(path):
        found = check_gradients(
            fitted.loss, fitted.gradients, arrays, cell=cell, names=names, **options
        )
    return replace(found, file=str(path), upstream=fitted.drawn)
