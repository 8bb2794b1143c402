"""A whole document before the court: its cell, one reading for all of it, the verdicts, and the slips explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lstmsym.equations.cell import Cell
from lstmsym.errors import InputError
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.alternative import Alternative
from lstmsym.verification.claims.alternatives import WAYS
from lstmsym.verification.claims.basis import comments_of
from lstmsym.verification.claims.claim import Claim, Judged, Verdict
from lstmsym.verification.claims.gradients import is_about_gradients, words_for_adjoints
from lstmsym.verification.claims.models import models_of
from lstmsym.verification.claims.one_model import Said, judged_model
from lstmsym.verification.claims.said import explained_in_words, zeros_of
from lstmsym.verification.claims.sorting import without_size
from lstmsym.verification.claims.sources import Written, read_sources
from lstmsym.verification.claims.trials import RIGHT
from lstmsym.verification.claims.unrolled import of_every_step

MOST_CLAIMS = 2_000
MOST_ALTERNATIVES = 8


def judge_document(
    text: str, kind: str = "text", cell: str | Cell | None = None,
    renames: Mapping[str, str] | None = None,
) -> Judged:  # fmt: skip
    """The verdicts on all claims of a document.

    kind     tex, markdown, text or notebook
    cell     of the catalogue, or a Cell; None where the document's own forward equations make it
    renames  written symbol → name in the cell: {"\\Gamma_u": "i"}

    Raises InputError where there is no formula, or no cell to judge by.
    """
    sources = read_sources(text, kind)
    if not sources.equations and not sources.refused:
        raise InputError("no equation in this document; verify judges claims such as ∂L/∂f_t = …")
    written = [
        replace(a, equation=without_size(a.equation)) for a in sources.equations[:MOST_CLAIMS]
    ]
    words = words_for_adjoints([a.equation for a in written])
    comments = comments_of(text, kind)
    said = Said(comments, tuple(zeros_of(text)), explained_in_words(text), words)
    meant = Alternative(of_every_step(written))
    found = _in_models(meant.written, cell, renames or {}, said)
    if any(v.verdict not in RIGHT for one in found for v in one.verdicts):
        meant = _best_alternative(Alternative(written), found, text, cell, renames or {}, said)
        said = replace(said, last_only=meant.last_only, explains=True)
        found = [meant.seen(one) for one in _in_models(meant.written, cell, renames or {}, said)]
    judged = [v for one in found for v in _without_repeated(one)]
    verdicts = (*judged, *map(_refused, sources.refused))
    ordered = sorted(verdicts, key=lambda v: (v.claim.cell, v.claim.line, v.claim.column))
    notes = tuple(dict.fromkeys(a for one in found for a in one.notes))
    if len(found) > 1:
        notes += (
            f"{len(found)} models, one after the other: each claim is judged by the equations before it",
        )
    return Judged(max(found, key=lambda a: len(a.verdicts)).cell, tuple(ordered), notes)


def _best_alternative(
    plain: Alternative, found: list[Judged], text: str, cell: str | Cell | None,
    renames: Mapping[str, str], said: Said,
) -> Alternative:  # fmt: skip
    """The way to take a document that makes most of its claims right, each step from the last that helped."""
    best, most, tries = plain, _score(found)[0], 0
    for way in WAYS:
        for other in way(best.written, text):
            tries += 1
            if tries > MOST_ALTERNATIVES:
                break
            meant = replace(said, last_only=other.last_only or best.last_only)
            tried = _score(_in_models(other.written, cell, renames, meant))[0]
            if tried > most:
                best, most = other.after(best), tried
                break
    return replace(best, written=of_every_step(best.written)) if best is plain else best


def _in_models(
    written: list[Written], cell: str | Cell | None, renames: Mapping[str, str], said: Said
) -> list[Judged]:
    """The verdicts model by model, or by one cell for the whole document where that makes more of it right."""
    models = models_of(written, said.words, said.comments) if cell is None else [written]
    found = [judged_model(part, cell, renames, said) for part in models]
    if len(models) > 1:
        found = _by_earlier_models(models, found, renames, said)
        whole = judged_model(written, cell, renames, said)
        found = found if _score(found, True) >= _score([whole], True) else [whole]
    return found if cell is not None else _by_catalogue(written, found, renames, said)


def _by_catalogue(
    written: list[Written], found: list[Judged], renames: Mapping[str, str], said: Said
) -> list[Judged]:
    """The verdicts after claims on a network that the document only names have come before its cell.

    A page that gives the RNN may say of the LSTM no more than C_t = f_t ⊙ C_{t-1} + i_t ⊙ C̃_t.
    """
    lost = {_place(v) for one in found for v in one.verdicts if v.verdict == "undefined"}
    rest = [a for a in written if (a.passage.cell, a.line, a.column) in lost]
    if not rest or len(rest) == len(written):
        return found
    tried = judged_model(rest, None, renames, said)
    right, wrong = _score([tried])
    if (
        not right or right < -2 * wrong
    ):  # a cell that only letters name is believed where most claims hold
        return found
    known = {(_place(v), v.claim.says): v for v in tried.verdicts if v.verdict != "undefined"}
    note = f"what these equations do not define is judged as {tried.cell.name} by its letters"
    again = []
    for one in found:
        kept = tuple(
            known.get((_place(v), v.claim.says), v) if v.verdict == "undefined" else v
            for v in one.verdicts
        )
        again.append(replace(one, verdicts=kept, notes=(*one.notes, note)))
    return again


def _by_earlier_models(
    models: list[list[Written]], found: list[Judged], renames: Mapping[str, str], said: Said
) -> list[Judged]:
    """The verdicts after claims that a model does not know have come before the models before it."""
    again = list(found)
    for n in range(1, len(models)):
        for earlier in range(n - 1, -1, -1):
            lost = {_place(v) for v in again[n].verdicts if v.verdict == "undefined"}
            back = [a for a in models[n] if (a.passage.cell, a.line, a.column) in lost]
            if not back:
                break
            tried = judged_model([*models[earlier], *back], None, renames, said)
            known = {
                (_place(v), v.claim.says): v for v in tried.verdicts if v.verdict != "undefined"
            }
            kept = tuple(
                known.get((_place(v), v.claim.says), v) if v.verdict == "undefined" else v
                for v in again[n].verdicts
            )
            again[n] = replace(again[n], verdicts=kept)
    return again


def _place(verdict: Verdict) -> tuple[int, int, int]:
    return verdict.claim.cell, verdict.claim.line, verdict.claim.column


def _without_repeated(one: Judged) -> list[Verdict]:
    """The verdicts without those on forward equations that make no cell, where the notes say why."""
    rest = [
        v for v in one.verdicts
        if v.verdict != "undefined" or v.target or is_about_gradients(v.claim.left) or v.message not in one.notes
    ]  # fmt: skip
    return rest or list(one.verdicts)


def _score(found: Sequence[Judged], of_gradients: bool = False) -> tuple[int, int]:
    """More right claims, or those about gradients alone, then fewer wrong ones."""
    every = [v for one in found for v in one.verdicts]
    verdicts = [v.verdict for v in every if v.target or not of_gradients]
    return sum(a in RIGHT for a in verdicts), -sum(
        a in ("wrong", "approximation") for a in verdicts
    )


def _refused(a: object) -> Verdict:
    claim = Claim(f.Words(""), f.Words(""), "", a.text, "", a.line, a.column, "", a.cell)  # type: ignore[attr-defined]
    return Verdict(claim, "cannot_read", message=a.message)  # type: ignore[attr-defined]
