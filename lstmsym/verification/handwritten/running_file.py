"""A Python file with a forward and a backward pass: run once, its functions and arrays found."""

from __future__ import annotations

import ast
import contextlib
import io
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

from lstmsym.errors import InputError, LstmsymError, UnknownName, nearest

PRIVATE = "lstmsym_checked_file"
ARRAYS = ("shapes", "arrays")
Function = Callable[..., Any]
Change = Callable[[ast.Module], ast.Module]


class FileFailed(InputError):
    """A file that raised something; the message has the line of the file and what was raised."""


class _Fresh(SourceFileLoader):
    """The source as it is now, perhaps changed: bytecode is neither read nor written."""

    change: Change | None = None

    def get_code(self, fullname: str) -> Any:
        path = self.get_filename(fullname)
        code: Any = self.get_data(path)
        return self.source_to_code(
            self.change(ast.parse(code, path)) if self.change else code, path
        )


def run_file(path: Path, change: Change | None = None) -> ModuleType:
    """The module that a file is, run under a private name. Raises FileFailed with the line that failed.

    change  what is done to its syntax tree before
    """
    existing(path)
    loader = _Fresh(PRIVATE, str(path))
    loader.change = change
    spec = spec_from_loader(PRIVATE, loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[PRIVATE] = module
    with one_line(path), _as_a_script(path):
        loader.exec_module(module)
    return module


def existing(path: Path) -> None:
    """Raise InputError unless the path is a file."""
    if not path.is_file():
        found = "is no file" if path.exists() else "does not exist; give the path of a .py file"
        raise InputError(f"{path} {found}")


@contextlib.contextmanager
def _as_a_script(path: Path) -> Iterator[None]:
    """Files beside it can be imported, nothing is written beside it, and what it prints is left unsaid."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(path.resolve().parent))
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        sys.dont_write_bytecode = before
        sys.path.remove(str(path.resolve().parent))


@contextlib.contextmanager
def one_line(path: Path) -> Iterator[None]:
    """What the code of a file raises leaves as FileFailed: file, line, function, what was raised."""
    try:
        yield
    except LstmsymError:
        raise
    except SyntaxError as error:
        raise FileFailed(f"{path}, line {error.lineno}: {error.msg}") from error
    except (Exception, SystemExit) as error:
        said = (str(error).splitlines() or [""])[0]
        what = f"{type(error).__name__}: {said}" if said else type(error).__name__
        raise FileFailed(f"{path}{_place(error, path)}: {what}") from error


def _place(error: BaseException, path: Path) -> str:
    """The last line of the file on the way to the error."""
    lines = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    if not lines:
        return ""
    inside = "" if lines[-1].name == "<module>" else f", in {lines[-1].name}"
    return f", line {lines[-1].lineno}{inside}"


def function_of(module: ModuleType, path: Path, name: str) -> Function:
    """A function of the file by its name. Raises UnknownName with the nearest one."""
    found = getattr(module, name, None)
    if callable(found):
        return found
    known = [n for n, f in vars(module).items() if callable(f) and not n.startswith("_")]
    raise UnknownName(f"{path} has no function '{name}'; {nearest(name, known)}")


def arrays_beside(module: ModuleType) -> dict[str, Any]:
    """What of a file may be data: arrays, and lists of numbers."""
    kinds = ("ndarray", "list", "tuple")
    return {n: v for n, v in vars(module).items() if type(v).__name__ in kinds}


def arrays_of(module: ModuleType, path: Path, name: str | None) -> Mapping[str, Any]:
    """The dict of arrays or shapes of a file, or what a function of it returns.

    Unnamed it is `shapes`, `arrays` or both: where both have a name the array is taken.
    """
    wanted = [name] if name else list(ARRAYS)
    found = [getattr(module, n) for n in wanted if hasattr(module, n)]
    with one_line(path):
        dicts = [d for d in (f() if callable(f) else f for f in found) if isinstance(d, Mapping)]
    if dicts:
        return {n: value for d in dicts for n, value in d.items()}
    known = [n for n, v in vars(module).items() if isinstance(v, dict) and not n.startswith("_")]
    said = nearest(name or "shapes", known) if known else "it has no dict at all"
    asked = f"no dict '{name}'" if name else "no dict 'shapes' or 'arrays'"
    raise InputError(
        f"{path} has {asked} of arrays to check at ({said}); write one, as in "
        "shapes = {'x': (5, 3), 'W': (4, 3)}"
    )
