"""Why a claim is wrong: the slip that gives its value, the right formula, and how far off it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from lstmsym.derivation.quantity import read_quantity
from lstmsym.equations.cell import Cell
from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.claim import Verdict
from lstmsym.verification.claims.correcting import Letters, corrected
from lstmsym.verification.claims.functions import NotExact
from lstmsym.verification.claims.hearing import Hearing
from lstmsym.verification.claims.targets import Quantity, quantity_of
from lstmsym.verification.diagnosis import Diagnosis, diagnose
from lstmsym.verification.instances import Instance, float_instance
from lstmsym.verification.kinds import other_kinds
from lstmsym.verification.truths import Target, forms

UNEXPLAINED = "no single slip or pair of slips that people usually make gives this value"


def explained(verdict: Verdict, hearing: Hearing, two: bool = True) -> Verdict:
    """The verdict with its diagnosis and the right formula; two: whether two slips at once are looked for."""
    target = _target(hearing)
    if target is None:
        return verdict
    letters = letters_of_document(hearing)
    try:
        found = _diagnosis(hearing, target, two=False)
        if found is None and "]/d" in target.quantity and not target.quantity.endswith("[t]"):
            found = _diagnosis(hearing, replace(target, kind="direct"), two=False)
        if found is None and two:
            found = _diagnosis(hearing, target, two=True)
        if found is not None:
            right = corrected(found.true, letters, found.changed)
            return replace(
                verdict, diagnosis=_joined(verdict, found.words), slips=found.slips, corrected=right
            )
        true = forms(hearing.court.cell, target)[0].whole
        return replace(
            verdict, diagnosis=_joined(verdict, UNEXPLAINED), corrected=corrected(true, letters)
        )
    except LstmsymError:
        return verdict


def said_of_kind(verdict: Verdict, hearing: Hearing) -> Verdict:
    """A verdict on ∂C_t/∂C_{t-1} of another kind than total, with the paths that this kind leaves out."""
    kind = hearing.kind if hearing.matched is not None else ""
    if kind in ("", "total"):
        return verdict
    target = _target(hearing)
    if target is None:
        return verdict
    try:
        quantity = read_quantity(hearing.court.cell, target.quantity)
        kinds = other_kinds(hearing.court.cell, quantity, "total")
        words = next((said for term, said in kinds if term.kind == kind), "")
        true = forms(hearing.court.cell, target)[0].whole
        right = corrected(true, letters_of_document(hearing))
    except LstmsymError:
        return verdict
    if verdict.verdict == "approximation":
        return replace(verdict, diagnosis=words, corrected=right, error=hearing.error())
    return replace(verdict, reading=(*verdict.reading, words)) if words else verdict


def _joined(verdict: Verdict, words: str) -> str:
    return f"{verdict.diagnosis}; {words}" if verdict.diagnosis else words


def _target(hearing: Hearing) -> Target | None:
    """What the claim is about, as the diagnosis asks for it; a lag that is a letter stays one."""
    try:
        first, second = (_quantity(hearing, n) for n in (0, 1))
    except LstmsymError:
        return None
    if first is None or second is None or first.columns:
        return None
    if not first.is_jacobian:
        return Target(first.asked, time=first.time or 3)
    assert first.time is not None and first.then is not None
    assert second.time is not None and second.then is not None
    lags = first.time - first.then, second.time - second.then
    asked = first.asked if lags[0] == lags[1] else f"d{first.name}[t]/d{first.by}[t-k]"
    if lags[0] < 0 or first.name not in hearing.court.cell.signals:
        return None
    return Target(asked, time=first.time, lag=2)


def _quantity(hearing: Hearing, n: int) -> Quantity | None:
    moment = hearing.court.moments[n]
    evaluator = hearing.court.evaluator(moment, True, hearing.base)
    return quantity_of(evaluator, hearing.claim.left, hearing.times(moment))


def _diagnosis(hearing: Hearing, target: Target, two: bool) -> Diagnosis | None:
    """The slip by its value: modulo a prime, or in floats where the formula needs them."""
    first = _quantity(hearing, 0)
    offset = 0 if first is None or first.time is None else hearing.court.moments[0].t - first.time
    claimed = lambda instance: _claimed(hearing, instance, target.time + offset)  # noqa: E731
    try:
        return diagnose(target, claimed, hearing.court.cell, two=two)
    except NotExact:
        where = (
            float_instance(hearing.court.cell, target.steps, 0),
            float_instance(hearing.court.cell, target.steps + 1, 1),
        )
        return diagnose(target, claimed, hearing.court.cell, where, two=two)


def _claimed(hearing: Hearing, instance: Instance, time: int) -> np.ndarray:
    return np.atleast_1d(np.asarray(hearing.claimed(instance, time).array))


def letters_of_document(hearing: Hearing) -> Letters:
    """The author's names for the cell's, and how the claim writes gradients."""
    court, claim = hearing.court, hearing.claim
    times = hearing.times(court.moments[0])
    evaluator = court.evaluator(court.moments[0], True, hearing.base)
    names: dict[str, str] = {}
    above = False
    derivative = any(isinstance(a, f.Derivative) for a in _nodes(hearing))
    for a in _nodes(hearing):
        if not isinstance(a, f.Symbol):
            continue
        found = evaluator.symbols.find(a, times)
        if found is not None and found.meaning.kind != "columns":
            names.setdefault(found.meaning.name, _identifier(a, found.meaning.name, court.cell))
            above |= any(s.where == "above" and s.style in ("round", "angle") for s in a.scripts)
    del claim
    gates = hearing.base.delta == "preactivation"
    return Letters({k: v for k, v in names.items() if k != v}, derivative, gates, above)


def _nodes(hearing: Hearing) -> Iterator[f.Node]:
    yield from f.walk(hearing.claim.left)
    yield from f.walk(hearing.claim.right)


def _identifier(symbol: f.Symbol, own: str, cell: Cell) -> str:
    """The written letter in place of the cell's, its subscripts those of the cell's name."""
    base = "_".join([symbol.base, *(a for a in symbol.accents if a in ("tilde", "hat", "bar"))])
    if own in cell.signals and "_" not in own.removesuffix("_tilde").removesuffix("_hat"):
        return base
    return own
