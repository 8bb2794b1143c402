"""The models of a document: lecture notes treat one network after the other, with the same letters.

A block of forward equations that says anew what a signal is, and that makes a cell by itself, begins another
model; what follows is judged by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lstmsym.formulas import tree as f
from lstmsym.verification.claims.forward import forward_cell
from lstmsym.verification.claims.gradients import is_about_gradients
from lstmsym.verification.claims.sources import Written

MOST_MODELS = 6


def models_of(
    written: Sequence[Written], words: frozenset[str], comments: str
) -> list[list[Written]]:
    """The equations of a document, model by model; one list where there is one model."""
    models: list[list[Written]] = [[]]
    for about, run in _runs(written, words):
        starts = () if about or len(models) >= MOST_MODELS else _starts(models[-1], run)
        begins = next((n for n in starts if forward_cell(run[n:], comments).cell is not None), None)
        if begins is None:
            models[-1] += run
        else:
            models[-1] += run[:begins]
            models.append(run[begins:])
    return models


def _starts(model: list[Written], run: list[Written]) -> Iterator[int]:
    """Where in a run of forward equations another model may begin: with it, or where it says something anew."""
    if model and _says_anew(model, run):
        yield 0
    for n in range(1, len(run)):
        if _says_anew([*model, *run[:n]], run[n : n + 1]):
            lefts = [a.equation.left for a in run[:n]]
            again = run[n].equation.left
            yield from range(lefts.index(again) + 1 if again in lefts else n, n + 1)


def _runs(written: Sequence[Written], words: frozenset[str]) -> list[tuple[bool, list[Written]]]:
    """Successive equations about gradients, and successive others."""
    runs: list[tuple[bool, list[Written]]] = []
    for a in written:
        about = is_about_gradients(a.equation, words)
        if runs and runs[-1][0] == about:
            runs[-1][1].append(a)
        else:
            runs.append((about, [a]))
    return runs


def _says_anew(model: Sequence[Written], run: Sequence[Written]) -> bool:
    """Whether a run gives a signal that the model has another right side."""
    known = {
        a.equation.left: a.equation.sides[1:] for a in reversed(model) if _is_timed(a.equation.left)
    }
    return any(
        a.equation.left in known and not set(a.equation.sides[1:]) & set(known[a.equation.left])
        for a in run
    )


def _is_timed(node: f.Node) -> bool:
    return isinstance(node, f.Symbol) and bool(node.scripts)
