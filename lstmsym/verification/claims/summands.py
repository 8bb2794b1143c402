"""Summands of a claim that are nothing in some sense of it: there they could have any factor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.evaluate import Evaluator


def dropped(meant: Evaluator, full: Evaluator, node: f.Node, times: Mapping[str, int]) -> bool:
    """Whether a summand anywhere in a formula is nothing as it is meant, and something with every ∂ in full."""
    return any(
        is_nothing(meant, a, times) and not is_nothing(full, a, times) for a in _summands(node)
    )


def is_nothing(evaluator: Evaluator, node: f.Node, times: Mapping[str, int]) -> bool:
    """Whether a part of a formula has the value 0; one without a value of its own is something."""
    if isinstance(node, f.Dots):
        return False
    try:
        return not np.any(evaluator.value(node, times).array != 0)
    except (LstmsymError, ValueError, TypeError):
        return False


def _summands(node: f.Node) -> Iterator[f.Node]:
    """The parts of every sum outside of scripts and of sums over time, whose letters have no value here."""
    if isinstance(node, f.Script | f.Big):
        return
    if isinstance(node, f.Sum):
        yield from (a for _, a in node.parts)
    for child in f.children(node):
        yield from _summands(child)
