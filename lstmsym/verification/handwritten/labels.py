"""What the parts of an answer are called where they are returned: `return dU, dW`, in whichever function that stands.

A function is watched while it runs. Each sequence that it, or anything that it calls, returns is looked at as it is
returned, so that `return net.backward(x)` is read by the return statement of that method, wherever it comes from.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import CodeType, FrameType, FunctionType, MethodType
from typing import Any

OTHERS = {"numpy", "lstmsym"}  # their functions call nothing a gradient
GRADIENTS = re.compile(r"(\w*_)?(d|g|ds|gs|grads?|gradients?|deltas?|derivatives?)")
KEEPING = {"copy", "sum", "reshape", "ravel", "flatten", "squeeze", "astype"}


class Watched:
    """The names of the objects that were returned within sequences; those of the outermost function come first.

    The objects are kept, so that no other can have the id of one of them.
    """

    def __init__(self) -> None:
        self._named: dict[int, tuple[Any, list[str]]] = {}
        self._clipped: list[Any] = []

    def names(self, part: Any) -> list[str]:
        """What an object was called."""
        return self._named.get(id(part), (None, []))[1]

    def is_clipped(self, part: Any) -> bool:
        """Whether an object was returned by np.clip, and perhaps cut by it."""
        return any(part is a for a in self._clipped)

    def labels(self, found: Any) -> tuple[str, ...]:
        """One name for each part of a sequence, '' where there is none; () for anything else."""
        if not isinstance(found, tuple | list):
            return ()
        return tuple(next(iter(self.names(part)), "") for part in found)

    def seen(self, frame: FrameType, event: str, found: Any) -> None:
        """A function is left; the ones inside are left before the ones around them."""
        if event == "return" and frame.f_code.co_name == "clip":
            self._clipped.append(found)
        if event == "return" and isinstance(found, tuple | list) and _is_authors(frame):
            named = list(_named(frame, found))
            for part, name in reversed(named):
                self._named.setdefault(id(part), (part, []))[1].insert(0, name)


@contextmanager
def watching() -> Iterator[Watched]:
    """Watch what is called inside. Where a profiler runs already, nothing is seen."""
    watched, before = Watched(), sys.getprofile()
    if before is None or isinstance(before, FunctionType | MethodType):
        sys.setprofile(watched.seen)
    try:
        yield watched
    finally:
        if sys.getprofile() == watched.seen:
            sys.setprofile(before)


def _is_authors(frame: FrameType) -> bool:
    """Whether a frame is that of a function that somebody wrote for this, and no generator."""
    code, module = frame.f_code, str(frame.f_globals.get("__name__", ""))
    plain = not code.co_name.startswith("<") and not code.co_flags & inspect.CO_GENERATOR
    return plain and module.partition(".")[0] not in OTHERS


def _named(frame: FrameType, found: Any) -> Iterator[tuple[Any, str]]:
    """The parts by the return statement, or else by what the function knows them as."""
    unnamed: list[Any] = []
    for part, label in _written(_returned_at(frame.f_code, frame.f_lineno), found):
        if label:
            yield part, label
        unnamed += [part] if not label else part if isinstance(part, tuple | list) else []
    arrays = [part for part in unnamed if hasattr(part, "shape")]
    known = _known(frame) if arrays else {}
    if all(id(part) in known for part in arrays):  # else a name may be left over from another part
        yield from ((part, name) for part in arrays for name in known[id(part)])


def _written(node: ast.expr | None, found: Any) -> Iterator[tuple[Any, str]]:
    """Each part with the label that is written for it, '' where there is none."""
    if isinstance(found, tuple | list):
        parts = node.elts if isinstance(node, ast.Tuple | ast.List) else []
        if len(parts) == len(found):
            for part, value in zip(parts, found, strict=True):
                yield from _written(part, value)
            return
        if node is None or isinstance(node, ast.Name | ast.Call):
            yield from ((part, "") for part in found)
    yield found, _label(node)


def _label(node: ast.expr | None) -> str:
    """x of x, self.x, x[…], p['x'], x.T, x.copy() and x / n, dx of grads['x']; '' of anything else."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return _label(node.left)
    if isinstance(node, ast.Subscript):
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if not isinstance(key, str):
            return _label(node.value)
        return f"d{key}" if key[:1] != "d" and GRADIENTS.fullmatch(_label(node.value)) else key
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _label(node.func.value) if node.func.attr in KEEPING else ""
    if isinstance(node, ast.Attribute):
        return _label(node.value) if node.attr == "T" else node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _known(frame: FrameType) -> dict[int, list[str]]:
    """The names that a function has for objects: its variables, what stands in its dicts, attributes."""
    found: dict[int, list[str]] = {}
    local = frame.f_locals
    inside = [v if isinstance(v, dict) else getattr(v, "__dict__", {}) for v in local.values()]
    for names in (local, *inside):
        for name, value in names.items():
            if isinstance(name, str):
                found.setdefault(id(value), []).append(name)
    return found


def _returned_at(code: CodeType, line: int) -> ast.expr | None:
    """What stands behind `return` in a line of a function, or in its only one, which `with` may be left after."""
    found = _returns(code)
    for node in found:
        if node.lineno <= line - code.co_firstlineno + 1 <= (node.end_lineno or node.lineno):
            return node.value
    return found[0].value if len(found) == 1 else None


@lru_cache(maxsize=256)
def _returns(code: CodeType) -> tuple[ast.Return, ...]:
    """The return statements of a function; none where its text is not to be had."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(code)))
    except (OSError, TypeError, SyntaxError):
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.Return))
