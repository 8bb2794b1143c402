"""The verdicts on the equations of one model of a document, judged once whatever is asked of them later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from lstmsym.equations.cell import Cell
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.basis import Basis, bases_of
from lstmsym.verification.claims.claim import Judged
from lstmsym.verification.claims.courts import judged
from lstmsym.verification.claims.sorting import sorted_equations
from lstmsym.verification.claims.sources import Written
from lstmsym.verification.claims.trials import Trial, decided

Tried: TypeAlias = tuple[Basis, Trial, tuple[str, ...]]


@dataclass(frozen=True)
class Said:
    """What a document says beside its equations, and which letters of it are gradients.

    explains  whether the slips of wrong claims are looked for
    memory    the trials of the equations that were judged before
    """

    comments: str
    zeros: tuple[f.Symbol, ...]
    in_words: frozenset[str]
    words: frozenset[str]
    last_only: bool = False
    explains: bool = False
    memory: dict[Any, Tried] = field(default_factory=dict)


def judged_model(
    written: Sequence[Written], cell: str | Cell | None, renames: Mapping[str, str], said: Said
) -> Judged:
    """The verdicts on these equations, the wrong ones explained where that is asked for."""
    claims, forward, bounds = sorted_equations(written, said.words)
    key = tuple(written), said.last_only
    if key not in said.memory:
        said.memory[key] = _tried(claims, forward, cell, renames, said)
    basis, trial, guessed = said.memory[key]
    found = decided(trial, said.explains)
    basis = basis.believed(found, trial.court.cell)
    verdicts = tuple(map(basis.doubted, found))
    notes = tuple(a.replace("{cell}", trial.court.cell.name) for a in basis.notes)
    if bounds:
        notes += (
            f"{bounds} bounds, limits, updates and values (≤, →, ∈, W ← W - …, 0.25) are not judged",
        )
    return Judged(trial.court.cell, verdicts, (*notes, *guessed))


def _tried(
    claims: list[Written], forward: list[Written], cell: str | Cell | None,
    renames: Mapping[str, str], said: Said,
) -> Tried:  # fmt: skip
    """The trial before the cell that makes most claims about gradients right."""
    bases = bases_of(cell, forward, said.comments, bool(renames), claims)
    known = (
        replace(
            a, zeros=said.zeros, in_words=said.in_words, last_only=said.last_only or a.last_only
        )
        for a in bases
    )
    tried = [(basis, *judged(basis, claims, renames)) for basis in known]
    return max(tried, key=lambda a: a[1].about_gradients)
