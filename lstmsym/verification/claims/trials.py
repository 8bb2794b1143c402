"""One reading for a whole document: that under which most of its claims hold, the plainest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from lstmsym.formulas import tree as f
from lstmsym.verification.claims.algebra import AS_OUTER
from lstmsym.verification.claims.claim import Claim, Verdict
from lstmsym.verification.claims.comparing import TRANSPOSED
from lstmsym.verification.claims.court import Court
from lstmsym.verification.claims.document_marks import document_marks, own_marks
from lstmsym.verification.claims.explaining import explained, said_of_kind
from lstmsym.verification.claims.glossary import Key
from lstmsym.verification.claims.gradients import is_about_gradients
from lstmsym.verification.claims.hearing import Hearing
from lstmsym.verification.claims.judge import judge
from lstmsym.verification.claims.letters import letter_of
from lstmsym.verification.claims.parts_in_words import GUESSED
from lstmsym.verification.claims.reading import WORDS, Reading, document_readings

RIGHT = ("right", "right_as")
Judgement: TypeAlias = tuple[Verdict, Hearing]
NO_MEANING = "is defined neither by the cell nor by the text"
FEW = 3  # so many at most that no single slip explains are searched for two at once


@dataclass
class Trial:
    """The verdicts of all claims under one reading of the document."""

    court: Court
    reading: Reading
    verdicts: list[Judgement]

    @property
    def score(self) -> tuple[int, int, int, int, int]:
        """More right recursions of a δ, more right claims, more understood ones, then fewer special senses.

        A recursion holds for one δ alone; sums over time that forget a slope all hold for another.
        """
        right = [v.verdict in RIGHT for v, _ in self.verdicts]
        anchors = sum(recurs(h.claim) for (_, h), a in zip(self.verdicts, right, strict=True) if a)
        lost = sum(v.verdict in ("undefined", "cannot_read") for v, _ in self.verdicts)
        special = sum(len(v.reading) for v, _ in self.verdicts)
        return anchors, sum(right), -lost, -special, -len(self.reading.words())

    @property
    def is_right(self) -> bool:
        """Whether all claims are right."""
        return all(v.verdict in RIGHT for v, _ in self.verdicts)

    @property
    def about_gradients(self) -> tuple[int, int]:
        """Right claims about gradients, then understood ones; equations about signals are left out."""
        found = [v for v, _ in self.verdicts if is_about_gradients(v.claim.left) or v.target]
        lost = sum(v.verdict in ("undefined", "cannot_read") for v in found)
        return sum(v.verdict in RIGHT for v in found), -lost


def best_trial(court: Court, claims: list[Claim]) -> Trial:
    """The reading under which most claims hold."""
    marks = document_marks(claims, court)
    best: Trial | None = None
    judged: dict[tuple[object, ...], Judgement] = {}
    own = [own_marks(a, court, marks) for a in claims]
    for reading in sorted(document_readings(marks), key=lambda a: a.rows != court.turned):
        found = []
        for n, claim in enumerate(claims):
            key = n, *(getattr(reading, a) for a in own[n])
            if key not in judged:
                judged[key] = judge(court, claim, reading)
                if NO_MEANING in judged[key][0].message:
                    own[n] = []  # under no other reading either
                    judged[n,] = judged[key]
            found.append(judged[key])
        trial = Trial(court, reading, found)
        if best is None or trial.score > best.score:
            best = trial
        if best.is_right:
            break
    assert best is not None
    return best


def recurs(claim: Claim) -> bool:
    """Whether a claim gives a δ by that of the next step: δ_t = … δ_{t+1}, dh_t = … + dh_next."""
    named = list(f.plain_symbols(claim.left))
    if isinstance(claim.left, f.Derivative) or not 0 < len(named) < 3 or claim.adds:
        return False
    left, right = named[-1], list(f.plain_symbols(claim.right))
    again = any(letter_of(a) == letter_of(left) and a != left for a in right)
    return again or any(a.base.removeprefix("d").startswith(f"{left.base}_n") for a in right)


def decided(trial: Trial, explains: bool = True) -> list[Verdict]:
    """The verdicts of a trial after what its claims say about each other, the wrong ones explained."""
    found = _one_layout(trial.verdicts)
    found = _followed(trial, _direct_throughout(trial, found))
    found = _unsupported(trial.court, _granted(found))
    found, untransposed = _transposed_alike(found)
    if not explains and any(v.verdict == "wrong" for v, _ in found):
        return [v for v, _ in found]
    found = [(said_of_kind(v, h), h) for v, h in found]
    wanted = [v.verdict in ("wrong", "approximation") and not v.diagnosis for v, _ in found]
    once = [explained(v, h, two=False) if a else v for (v, h), a in zip(found, wanted, strict=True)]
    unnamed = [n for n, v in enumerate(once) if wanted[n] and not v.slips]
    for n in unnamed if len(unnamed) <= FEW else ():
        once[n] = explained(*found[n])
    for n in untransposed:
        once[n] = replace(once[n], diagnosis=UNTRANSPOSED, slips=("missing transpose",))
    return once


UNTRANSPOSED = (
    "a transpose is missing: two vectors make a matrix as δ xᵀ, as elsewhere on this page"
)


def _transposed_alike(found: list[Judgement]) -> tuple[list[Judgement], list[int]]:
    """Where outer products have their transposes, one without is a slip; with the numbers of those."""
    products = [
        bool(v.target) and h.is_matrix and v.verdict in RIGHT and not h.is_jacobian
        for v, h in found
    ]
    turned = [any(isinstance(a, f.Transpose) for a in f.walk(h.claim.right)) for _, h in found]
    read = [AS_OUTER in v.reading for v, _ in found]
    every = list(zip(products, turned, read, strict=True))
    if not any(p and t and not r for p, t, r in every):
        return found, []
    slips = [n for n, (p, t, r) in enumerate(every) if p and r and not t]
    again = [
        (replace(v, verdict="wrong", reading=()), h) if n in slips else (v, h)
        for n, (v, h) in enumerate(found)
    ]
    return again, slips


def _granted(found: list[Judgement]) -> list[Judgement]:
    """A claim is wrong by what was taken for granted, where that makes another claim right."""
    said = {a for v, _ in found if v.verdict in RIGHT for a in v.reading if a.startswith(GUESSED)}
    return [
        (replace(v, verdict="wrong", message="", error=h.error()), h)
        if v.verdict == "undefined" and any(v.message.startswith(a) for a in said)
        else (v, h)
        for v, h in found
    ]


def _unsupported(court: Court, found: list[Judgement]) -> list[Judgement]:
    """A claim is not wrong by a letter that was only guessed, and that makes no claim right."""
    supported = {a for v, h in found if v.verdict in RIGHT for a in _guessed_in(court, h.claim)}
    again = []
    for v, h in found:
        unsure = [a for a in _guessed_in(court, h.claim) if a not in supported]
        if v.verdict == "wrong" and unsure:
            letter, name = unsure[0], court.guessed[unsure[0]]
            said = UNSURE.format(letter=letter[0], name=name)
            v = Verdict(h.claim, "undefined", v.target, message=said)
        again.append((v, h))
    return again


def _guessed_in(court: Court, claim: Claim) -> list[Key]:
    """The guessed letters of a claim."""
    every = [a for side in (claim.left, claim.right) for a in f.walk(side)]
    bases = {(a.base, a.accents) for a in every if isinstance(a, f.Symbol)}
    return [a for a in court.guessed if a[:2] in bases]


UNSURE = "{letter} may stand for {name}, and the claim does not hold so; say what it is (--rename '{letter}={name}')"


def _one_layout(found: list[Judgement]) -> list[Judgement]:
    """Where most gradients of matrices stand as they are, a turned one is a mistake; Jacobians likewise."""
    groups = [h.is_jacobian for _, h in found]
    in_order = WORDS[
        "ascending", True
    ]  # a product turned as a whole has its factors the other way round too
    turned = [TRANSPOSED in v.reading and in_order not in v.reading for v, _ in found]
    plain = [
        v.verdict in RIGHT and h.is_matrix and not t
        for (v, h), t in zip(found, turned, strict=True)
    ]
    wrong = [
        t and any(p and g == group for p, g in zip(plain, groups, strict=True))
        for t, group in zip(turned, groups, strict=True)
    ]
    return [
        (replace(v, verdict="wrong", reading=(), error=h.error()), h) if bad else (v, h)
        for (v, h), bad in zip(found, wrong, strict=True)
    ]


def _followed(trial: Trial, found: list[Judgement]) -> list[Judgement]:
    """Links of a chain that only repeat a wrong one before them."""
    again = list(found)
    for n, (v, h) in enumerate(found[1:], 1):
        before, earlier = found[n - 1][0], found[n - 1][1].claim
        same = (earlier.left, earlier.latex, earlier.line) == (
            h.claim.left,
            h.claim.latex,
            h.claim.line,
        )
        if not same or v.verdict != "wrong" or before.verdict != "wrong":
            continue
        step, _ = judge(trial.court, replace(h.claim, left=earlier.right), trial.reading)
        if step.verdict in RIGHT:
            again[n] = replace(v, diagnosis=FOLLOWS.format(line=earlier.line)), h
    return again


FOLLOWS = "equal to the side before it, which is wrong: the chain goes wrong there, on line {line}"


def _direct_throughout(trial: Trial, found: list[Judgement]) -> list[Judgement]:
    """Where every ∂ between states that says its value is direct, those that do not are too."""
    kinds = {h.kind for v, h in found if v.verdict in (*RIGHT, "approximation") and h.kind}
    if kinds != {"direct"}:
        return found
    again = []
    for v, h in found:
        if v.verdict == "wrong":
            one = judge(trial.court, h.claim, trial.reading, direct=True)
            again.append(one if one[0].verdict != "wrong" else (v, h))
        else:
            again.append((v, h))
    return again
