"""What is said of a claim beside its mark, and of a document at its end: the same words in every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lstmsym.verification.claims.claim import Judged, Verdict

# fmt: off
#   verdict           mark   pen          said in a count
VERDICTS: dict[str, tuple[str, str, str]] = {
    "right":         ("✓",   "right",     "right"),
    "right_as":      ("✓*",  "right",     "right as read"),
    "wrong":         ("✗",   "wrong",     "wrong"),
    "approximation": ("≈",   "weak",      "approximate"),
    "cannot_read":   ("?",   "weak",      "not readable"),
    "undefined":     ("?",   "weak",      "not defined"),
}
# fmt: on

NOTHING = "nothing to judge: no equation of a gradient, such as ∂L/∂f_t = …"


def mark(verdict: Verdict) -> str:
    """✓, ✓*, ✗, ≈ or ?."""
    return VERDICTS[verdict.verdict][0]


def pen_of(verdict: Verdict) -> str:
    """The colour by its meaning: right, wrong or weak."""
    return VERDICTS[verdict.verdict][1]


def place(verdict: Verdict) -> str:
    """The line, in a notebook the cell and its line."""
    claim = verdict.claim
    return f"{claim.cell}:{claim.line}" if claim.cell else str(claim.line)


def remarks(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """The remark on each claim, "" for one that is simply right; what is said of all of them is said at the end."""
    said = dict.fromkeys(throughout(verdicts), "")
    for verdict in verdicts:
        yield remark(verdict, said)


def throughout(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """The senses in which every claim has to be taken that is right in some sense, where there are several."""
    read = [v.reading for v in verdicts if v.verdict == "right_as"]
    return tuple(a for a in read[0] if all(a in r for r in read)) if len(read) > 1 else ()


def notes(judged: Judged) -> tuple[str, ...]:
    """What holds for the document as a whole."""
    common = throughout(judged.verdicts)
    return (*([f"✓* right in this sense: {'; '.join(common)}"] if common else []), *judged.notes)


def remark(verdict: Verdict, said: dict[str, str] | None = None) -> str:
    """Why a claim is not simply right; `said` is where each sense was explained before, and is added to."""
    senses = _senses(verdict, {} if said is None else said)
    words = {
        "right": "",
        "right_as": f"right in this sense: {senses}" if senses else "",
        "wrong": verdict.diagnosis or "this is not the derivative",
        "approximation": f"equal only in this sense: {senses}"
        if senses
        else verdict.diagnosis or "not equal",
    }.get(verdict.verdict, verdict.message or verdict.diagnosis)
    off = off_by(verdict.error) if verdict.verdict in ("wrong", "approximation") else ""
    return "; ".join(filter(None, [_line(words), off]))


def _senses(verdict: Verdict, said: dict[str, str]) -> str:
    """In which senses a claim is right; what was said of an earlier claim is pointed to."""
    here = place(verdict)
    new = [a for a in verdict.reading if said.get(a, here) == here]
    lines = dict.fromkeys(said[a] for a in verdict.reading if a not in new and said[a])
    said |= dict.fromkeys(new, here)
    pointed = [f"as in line {' and line '.join(lines)}"] if lines else []
    return "; ".join([*new, *pointed])


def off_by(error: float | None) -> str:
    """The largest difference over the largest true entry, in words.

    >>> off_by(0.8449), off_by(2e-5)
    ('off by up to 84%', 'off by up to 2.0e-05')
    """
    if error is None or error != error or not error:
        return ""
    plain = 0.01 <= error < 100
    return f"off by up to {f'{100 * error:.0f}%' if plain else f'{error:.1e}'}"


def summary(judged: Judged) -> str:
    """How many claims there are of each verdict.

    12 claims: 9 right, 2 right as read, 1 wrong
    """
    total = len(judged.verdicts)
    if not total:
        return NOTHING
    counts = ", ".join(f"{count} {VERDICTS[name][2]}" for name, count in judged.counts.items())
    return f"{total} claim{'s' * (total != 1)}: {counts}"


def judged_by(judged: Judged) -> str:
    """Which cell the claims were held against."""
    name = getattr(judged.cell, "name", "")
    own = "the document's own forward equations"
    return f"judged by {own if name == 'document' else name}"


def _line(words: str) -> str:
    """A message on one line, without the caret below it."""
    return words.split("\n")[0].strip()
