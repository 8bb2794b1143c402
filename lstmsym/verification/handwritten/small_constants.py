"""Small constants such as the ε of log(p + ε): a backward pass leaves them out, and is right but for them.

The file is run once more with all of them far smaller. Where every gradient is right then, it is they that made the
difference, and nothing else.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from lstmsym.verification.handwritten.compare import Verdict
from lstmsym.verification.handwritten.report import GradientCheck

LARGEST = 1e-5
SHRUNK = 1e-8
NEAR = 1e-3  # of the largest entry: a small ε makes no larger error, unless it is divided by


def small_constants(path: Path) -> dict[float, int]:
    """The small numbers of a file, each with the first line in which it stands."""
    found: dict[float, int] = {}
    for node in _small(ast.parse(path.read_bytes())):
        found.setdefault(node.value, node.lineno)  # type: ignore[arg-type]  # only floats are found
    return found


def shrunk(tree: ast.Module) -> ast.Module:
    """The same code with every small number far smaller."""
    for node in _small(tree):
        node.value = node.value * SHRUNK  # type: ignore[operator]  # only floats are found
    return tree


def nearly(found: GradientCheck) -> bool:
    """Whether all that is wrong is off by little."""
    wrong = found.judged("wrong")
    return bool(wrong) and all(off(v) <= NEAR for v in wrong)


def off(verdict: Verdict) -> float:
    """How far a gradient is off, relative to its largest entry where all are known."""
    expected, returned = verdict.expected_array, verdict.returned
    if expected is None or returned is None or expected.shape != returned.shape:
        return verdict.error
    size = float(abs(expected).max(initial=0.0))
    return float(abs(returned - expected).max(initial=0.0)) / size if size else verdict.error


def but_for(found: GradientCheck, constants: dict[float, int]) -> dict[str, str]:
    """What is said of gradients that are right but for small constants."""
    named = ", ".join(f"{value:g} in line {line}" for value, line in constants.items())
    most = max(off(v) for v in found.judged("wrong"))
    sentence = (
        f"judged with the small numbers of the file made far smaller: {named}; as it stands the gradients are off "
        f"by up to {most:.1e} of their largest entries, since one of the two passes leaves such a number out"
    )
    return {"name": "small constants", "sentence": sentence}


def _small(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, float) and 0 < value <= LARGEST:
            yield node  # type: ignore[misc]  # it is a Constant
