"""What the parts of a returned tuple are called, as the return statement of a function says: 'return dx, dW, db'."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Function = Callable[..., Any]
DEEPEST = 3


@dataclass(frozen=True)
class Labelled:
    """What a function returned, with a name for each of its parts; '' for an expression, () if nothing is known."""

    found: Any
    labels: tuple[str, ...]


def labels_of(function: Function) -> tuple[str, ...]:
    """The names in the last `return a, b` of a function, or of the function whose answer it returns."""
    plain = inspect.unwrap(getattr(function, "__func__", function))
    return _labels(plain, DEEPEST) if inspect.isfunction(plain) else ()


@lru_cache(maxsize=64)
def _labels(function: Function, deep: int) -> tuple[str, ...]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return ()
    given = [r.value for r in _returns(tree.body[0]) if r.value is not None]
    if not given:
        return ()
    last = given[-1]
    if isinstance(last, ast.Tuple | ast.List):
        return tuple(_label(part) for part in last.elts)
    called = _called(last.func, function) if isinstance(last, ast.Call) and deep else None
    return _labels(called, deep - 1) if called is not None else ()


def _returns(node: ast.AST) -> Iterator[ast.Return]:
    """The return statements of a function, without those of functions inside it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Return):
            yield child
        elif not isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield from _returns(child)


def _label(part: ast.expr) -> str:
    """x of x, of self.x and of x[…]; '' of anything else."""
    if isinstance(part, ast.Subscript):
        return _label(part.value)
    return getattr(part, "id", getattr(part, "attr", ""))


def _called(node: ast.expr, function: Function) -> Function | None:
    """The function of the same file that a name means, or a class and a name."""
    if isinstance(node, ast.Name):
        found = function.__globals__.get(node.id)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = function.__globals__.get(node.value.id)
        found = vars(owner).get(node.attr) if isinstance(owner, type) else None
    else:
        found = None
    found = getattr(found, "__func__", found)
    return found if inspect.isfunction(found) else None
