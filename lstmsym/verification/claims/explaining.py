"""Why a claim is wrong: the slip that gives its value, the right formula, and how far off it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lstmsym.derivation.quantity import read_quantity
from lstmsym.equations.derived import Diagonal
from lstmsym.equations.terms import Term
from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.claim import Verdict
from lstmsym.verification.claims.correcting import Letters, corrected
from lstmsym.verification.claims.functions import NotExact
from lstmsym.verification.claims.hearing import Hearing
from lstmsym.verification.claims.question import claimed, says_diagonal, target_of
from lstmsym.verification.claims.scripts import split_scripts
from lstmsym.verification.claims.symbols import DELTAS, Found, Symbols
from lstmsym.verification.claims.written_times import at_written_times
from lstmsym.verification.diagnosis import Diagnosis, diagnose
from lstmsym.verification.instances import float_instance
from lstmsym.verification.kinds import other_kinds
from lstmsym.verification.truths import Target, forms

UNEXPLAINED = {
    False: "no single slip that people usually make gives this value",
    True: "no single slip or pair of slips that people usually make gives this value",
}


def explained(verdict: Verdict, hearing: Hearing, two: bool = True) -> Verdict:
    """The verdict with its diagnosis and the right formula; two: whether two slips at once are looked for."""
    target = target_of(hearing)
    if target is None:
        return verdict
    try:
        found = _found_if_valued(hearing, target, two)
        words = UNEXPLAINED[two] if found is None else found.words
        true = forms(hearing.court.cell, target)[0].whole if found is None else found.true
        changed = None if found is None else found.changed
        return replace(
            verdict, diagnosis=_joined(verdict, words), slips=found.slips if found else (),
            corrected=_corrected(hearing, true, changed),
        )  # fmt: skip
    except LstmsymError:
        return verdict


def _found_if_valued(hearing: Hearing, target: Target, two: bool) -> Diagnosis | None:
    """The slip; none of a claim that has no value on the runs of the search."""
    try:
        return _found(hearing, target, two)
    except LstmsymError:
        return None


def _found(hearing: Hearing, target: Target, two: bool) -> Diagnosis | None:
    """The slip; of a derivative over steps perhaps one in its direct kind."""
    found = _diagnosis(hearing, target, two=False)
    if found is None and "kind" in hearing.marks:  # ∂f_t/∂W_f, meant with earlier steps held fixed
        local = replace(hearing, base=replace(hearing.base, kind="local"))
        found = _diagnosis(local, target, two=False)
    between = "]/d" in target.quantity and not target.quantity.endswith("[t]")
    if found is None and between and target.kind == "total":
        found = _diagnosis(hearing, replace(target, kind="direct"), two=False)
        if found is not None:
            return replace(found, words=f"{found.words}; and it is the direct derivative only")
    return _diagnosis(hearing, target, two=True) if found is None and two else found


def _corrected(hearing: Hearing, true: Term, changed: Term | None = None) -> str:
    """A true right side as the author would have written it: ∂C_t/∂C_k is about step k, not t-k."""
    true = at_written_times(true, hearing)
    changed = changed and at_written_times(changed, hearing)
    if isinstance(true, Diagonal) and says_diagonal(hearing):
        true = true.inside
    return corrected(true, letters_of_document(hearing), changed)


def said_of_kind(verdict: Verdict, hearing: Hearing) -> Verdict:
    """A verdict on ∂C_t/∂C_{t-1} of another kind than total, with the paths that this kind leaves out."""
    kind = hearing.kind if hearing.matched is not None else ""
    if kind in ("", "total"):
        return verdict
    target = target_of(hearing)
    if target is None:
        return verdict
    try:
        quantity = read_quantity(hearing.court.cell, target.quantity)
        kinds = other_kinds(hearing.court.cell, quantity, "total")
        words = next((said for term, said in kinds if term.kind == kind), "")
        true = forms(hearing.court.cell, target)[0].whole
        right = _corrected(hearing, true)
    except LstmsymError:
        return verdict
    if verdict.verdict == "approximation":
        return replace(verdict, diagnosis=words, corrected=right, error=hearing.error())
    return replace(verdict, reading=(*verdict.reading, words)) if words else verdict


def _joined(verdict: Verdict, words: str) -> str:
    return f"{verdict.diagnosis}; {words}" if verdict.diagnosis else words


def _diagnosis(hearing: Hearing, target: Target, two: bool) -> Diagnosis | None:
    """The slip by its value: modulo a prime, or in floats where the formula needs them."""
    cell, value = hearing.court.cell, claimed(hearing, target)
    try:
        return diagnose(target, value, cell, two=two)
    except NotExact:
        steps = target.steps
        where = (float_instance(cell, steps, 0), float_instance(cell, steps + 1, 1))
        return diagnose(target, value, cell, where, two=two)


def letters_of_document(hearing: Hearing) -> Letters:
    """The author's names for the cell's, and how the claim writes gradients."""
    court, claim = hearing.court, hearing.claim
    times = hearing.times(court.moments[0])
    evaluator = court.evaluator(court.moments[0], True, hearing.base)
    names: dict[str, str] = {}
    above = False
    by_delta = any(isinstance(a, f.Symbol) and a.base in DELTAS for a in f.walk(claim.right))
    derivative = not by_delta and any(isinstance(a, f.Derivative) for a in _nodes(hearing))
    for a in _nodes(hearing):
        if not isinstance(a, f.Symbol):
            continue
        found = evaluator.symbols.find(a, times)
        if found is not None and found.meaning.kind != "columns":
            names.setdefault(found.meaning.name, _identifier(evaluator.symbols, a, found, times))
            above |= any(s.where == "above" and s.style in ("round", "angle") for s in a.scripts)
    gates = hearing.base.delta == "preactivation"
    return Letters({k: v for k, v in names.items() if k != v}, derivative, gates, above)


def _nodes(hearing: Hearing) -> Iterator[f.Node]:
    yield from f.walk(hearing.claim.left)
    yield from f.walk(hearing.claim.right)


def _identifier(symbols: Symbols, symbol: f.Symbol, found: Found, times: Mapping[str, int]) -> str:
    """The written letters in place of the cell's name, in the author's order: Gamma_u for i, W_hf for W_fh."""
    for _, _, letters in split_scripts(symbol, times):
        known = symbols.glossary.find(symbol.base, symbol.accents, letters)
        if known == found.meaning and (letters.isalnum() or len(letters.partition("~")[0]) < 2):
            accents = (a for a in symbol.accents if a in ("tilde", "hat", "bar"))
            below = letters.replace("~", "_")
            return "_".join([symbol.base, *accents, *([below] if below else [])])
    return found.meaning.name
