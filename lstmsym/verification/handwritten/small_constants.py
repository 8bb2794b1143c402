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


def clearer(again: GradientCheck, found: GradientCheck) -> bool:
    """Whether without small constants fewer gradients are wrong, or the same, and those freed were off by little."""
    wrong = {v.name for v in again.judged("wrong")}
    freed = freed_by(again, found)
    return len(wrong) + len(freed) == len(found.judged("wrong")) and all(
        off(v) <= NEAR for v in freed
    )


def freed_by(again: GradientCheck, found: GradientCheck) -> list[Verdict]:
    """The gradients that are wrong with small constants and right without."""
    right = {v.name for v in again.judged("right")}
    return [v for v in found.judged("wrong") if v.name in right]


def off(verdict: Verdict) -> float:
    """How far a gradient is off, relative to its largest entry where all are known."""
    expected, returned = verdict.expected_array, verdict.returned
    if expected is None or returned is None or expected.shape != returned.shape:
        return verdict.error
    size = float(abs(expected).max(initial=0.0))
    return float(abs(returned - expected).max(initial=0.0)) / size if size else verdict.error


def but_for(freed: list[Verdict], constants: dict[float, int]) -> dict[str, str]:
    """What is said of gradients that are right but for small constants."""
    named = ", ".join(f"{value:g} in line {line}" for value, line in constants.items())
    most = max(map(off, freed))
    sentence = (
        f"judged with the small numbers of the file made far smaller: {named}; as it stands "
        f"{', '.join(v.name for v in freed)} would be off by up to {most:.1e} of the largest entry, since one of the "
        "two passes leaves such a number out"
    )
    return {"name": "small constants", "sentence": sentence}


def _small(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, float) and 0 < value <= LARGEST:
            yield node  # type: ignore[misc]  # it is a Constant
