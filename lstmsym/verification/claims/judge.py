"""The verdict on a claim: right, right in a sense that is said, wrong, or not to be judged."""

from __future__ import annotations

import re
from dataclasses import replace

from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.printing.documents import line
from lstmsym.verification.claims.claim import Claim, Verdict
from lstmsym.verification.claims.comparing import AS_DIAGONAL
from lstmsym.verification.claims.conditions import says_nothing, under_conditions, vanishes
from lstmsym.verification.claims.court import Court
from lstmsym.verification.claims.examples import has_decimals
from lstmsym.verification.claims.glossary import key
from lstmsym.verification.claims.gradients import is_about_gradients
from lstmsym.verification.claims.hearing import Hearing, Match
from lstmsym.verification.claims.parts_in_words import is_part
from lstmsym.verification.claims.reading import WORDS, Reading
from lstmsym.verification.claims.said import last_sentence
from lstmsym.verification.claims.senses import SHARE
from lstmsym.verification.claims.symbols import Undefined
from lstmsym.verification.claims.truth import Outside
from lstmsym.verification.claims.value import Misfit

STAR = "star"
APPROXIMATE = ("approx", "sim", "simeq", "propto")
EXACT = "exactly, modulo 2^61 - 1, on 2 draws"
FLOAT = "in float64 on 2 draws, to 9 digits"


def judge(
    court: Court, claim: Claim, base: Reading, direct: bool = False
) -> tuple[Verdict, Hearing]:
    """The verdict on a claim under one reading of the document, without a diagnosis yet."""
    hearing = Hearing(court, claim, base, direct=direct)
    if names(claim.left, STAR):
        return _of_every_gate(hearing)
    anything = stands_for_any(court, claim)
    if not anything:
        found = _judged(hearing)
        worked = claim.worked or has_decimals(claim.right)
        if found.verdict == "wrong" and worked and _names_steps(claim.right):
            return replace(
                found, verdict="undefined", diagnosis="", error=None, message=EXAMPLE
            ), hearing
        if court.last_only and found.verdict.startswith("right") and _is_empty(hearing):
            return _at_end(hearing, found)
        return (found.verdict == "wrong" and _conditionally(hearing)) or (found, hearing)
    each = [replace(hearing, members={anything: symbol_of(name)}) for name in court.cell.weights]
    every = [_judged(a) for a in each]
    right = [a for a in every if a.verdict.startswith("right")]
    full = [a for a, b in zip(every, each, strict=True) if a in right and not _is_empty(b)]
    if len(right) == len(every) and every:
        said = f"for every parameter in place of {anything}"
        return replace(every[0], reading=(*every[0].reading, said)), hearing
    if full and all(a.verdict == "wrong" for a in every if a not in right):
        weights = court.cell.weights.values()
        some = [line(w) for w, a in zip(weights, every, strict=True) if a in full]
        said = f"for {', '.join(some)} in place of {anything}, and not for the other parameters"
        return replace(full[0], verdict="right_as", reading=(*full[0].reading, said)), hearing
    if not full and names(claim.right, anything):
        wrong = [n for n, a in enumerate(every) if a.verdict == "wrong"]
        if len(wrong) + len(right) == len(every) and wrong:
            return every[wrong[0]], each[wrong[0]]
    message = f"'{anything}' is no weight of the cell; write the weight that is meant"
    return Verdict(claim, "undefined", message=message), hearing


def _names_steps(node: f.Node) -> bool:
    """Whether a formula is about steps by number: g_3 h_2 + g_2 h_1."""
    scripts = (a for a in f.walk(node) if isinstance(a, f.Script))
    return any(isinstance(a, f.Number) for s in scripts for a in s.inside)


def _at_end(hearing: Hearing, found: Verdict) -> tuple[Verdict, Hearing]:
    """The verdict where only the last step has a loss: a summand that is nothing before it has to be true there."""
    last = replace(hearing, at_end=True, matched=None)
    again = _judged(last)
    return (again, last) if again.verdict == "wrong" else (found, hearing)


def _conditionally(hearing: Hearing) -> tuple[Verdict, Hearing] | None:
    """The verdict on a claim that is right under a condition; None for others."""
    if not hearing.is_about_something():
        return None
    for again, verdict, said in under_conditions(hearing):
        found = _judged(again)
        if found.verdict.startswith("right") and not _is_empty(again):
            kept = found.verdict if verdict == "right" else verdict
            reading = (*found.reading, said)
            return replace(found, claim=hearing.claim, verdict=kept, reading=reading), again
    return None


def _is_empty(hearing: Hearing) -> bool:
    """Whether a claim that is right is so because one of its summands is nothing."""
    try:
        return hearing.matched is not None and vanishes(hearing, hearing.matched)
    except LstmsymError:
        return False


def _of_every_gate(hearing: Hearing) -> tuple[Verdict, Hearing]:
    """δW_⋆ = … for every gate in place of the star, that can stand there."""
    found = []
    for name in hearing.court.cell.signals:
        if name in hearing.court.cell.states:
            continue
        one = replace(hearing, members={STAR: symbol_of(name)})
        found.append((_judged(one), one))
    judged = [a for a in found if a[0].verdict not in ("undefined", "cannot_read")]
    if not judged:
        return found[0]
    wrong = [a for a in judged if not a[0].verdict.startswith("right")]
    verdict, one = (wrong or judged)[0]
    said = () if wrong else ("for every gate in place of ⋆",)
    return replace(verdict, reading=(*verdict.reading, *said)), one


def stands_for_any(court: Court, claim: Claim) -> str:
    """The letter of a weight that the cell does not have, as theta in ∂L/∂θ; "" where there is none."""
    left = claim.left
    below = left.below if isinstance(left, f.Derivative) else None
    if not isinstance(below, f.Symbol) or below.scripts or below.base not in ANY_WEIGHT:
        return ""
    known = court.glossary.find(below.base, below.accents, "") is not None
    return "" if known or (below.base, below.accents, "") in court.helpers else below.base


def names(node: f.Node, base: str) -> bool:
    """Whether a letter stands in a formula."""
    return any(isinstance(a, f.Symbol) and a.base == base for a in f.walk(node))


def symbol_of(name: str) -> f.Symbol:
    """A name of the cell as a written symbol."""
    base, accents, letters = key(name)
    script = f.Script("below", "plain", (f.Symbol(letters),))
    return f.Symbol(base, accents, (script,) if letters else ())


def _judged(hearing: Hearing) -> Verdict:
    claim = hearing.claim
    target = ""
    try:
        quantity = hearing.quantity()
        target = str(quantity) if quantity else ""
        match = hearing.matched = hearing.match()
    except Undefined as problem:
        return Verdict(claim, "undefined", target, message=str(problem))
    except Outside as problem:
        said = OFF.format(problem=problem)
        return Verdict(claim, "wrong", target, diagnosis=said, method=EXACT)
    except Misfit as problem:
        if not target and isinstance(claim.left, f.Symbol) and not is_about_gradients(claim.left):
            return Verdict(
                claim, "undefined", target, message=OTHER_WEIGHTS.format(problem=problem)
            )
        said = f"the shapes do not fit: {problem}"
        return Verdict(claim, "wrong", target, diagnosis=said, method=EXACT)
    except LstmsymError as problem:
        return Verdict(claim, "cannot_read", target, message=str(problem))
    except (ValueError, TypeError, KeyError, IndexError, ArithmeticError, RecursionError):
        return Verdict(claim, "cannot_read", target, message=BEYOND)
    if quantity is not None and hearing.is_dead() and not says_zero(claim.right):
        return Verdict(claim, "undefined", target, message=DEAD)
    if match is not None and says_nothing(hearing, match):
        return Verdict(claim, "undefined", target, message=NOTHING)
    if match is not None:
        return _agreed(claim, target, match)
    if is_part(claim.left) and not hearing.guessed():
        return Verdict(claim, "undefined", target, message=PART)
    if guessed := hearing.guessed():
        return Verdict(
            claim, "undefined", target, message=f"{guessed}, and the claim does not hold so"
        )
    assumed = ASSUMED.search(last_sentence(claim.before))
    kind = "approximation" if claim.relation in APPROXIMATE or assumed else "wrong"
    return Verdict(claim, kind, target, error=hearing.error(), method=EXACT)


def _agreed(claim: Claim, target: str, match: Match) -> Verdict:
    method = EXACT if match.exact else FLOAT
    plain = claim.adds and match.sense.words == SHARE
    words = tuple(a for a in match.words if not (plain and a == SHARE))
    special = [a for a in words if a not in PLAIN]
    near = claim.relation in APPROXIMATE or says_approximately(claim.before)
    if near and match.sense.kind in ("direct", "step", "block"):
        return Verdict(claim, "approximation", target, words, method=method)
    return Verdict(claim, "right_as" if special else "right", target, words, method=method)


def says_zero(node: f.Node) -> bool:
    """Whether a side is written as zero."""
    return node == f.Number("0") or node == f.Symbol("0")


def says_approximately(prose: str) -> bool:
    """Whether the last sentence before a claim says that something is left out of it."""
    return bool(NEAR.search(last_sentence(prose)))


NEAR = re.compile(
    r"\b(approximat\w*|ignor\w*|neglect\w*|truncat\w*|roughly|drop(?:ping|ped)?|omit\w*|"
    r"disregard\w*|treat\w* .{1,40} as constants?|only the direct)\b",
    re.IGNORECASE,
)
ASSUMED = re.compile(
    r"\b(if|when|whenever|suppose|assum\w+|in the limit|as)\b[^.;]*"
    r"(\\approx|≈|\\to\b|\\rightarrow|→|\\ll|\\gg|close to|saturat\w+)",
    re.IGNORECASE,
)
OFF = "{problem}: a time is one step off, or the limits of the sum are"
ANY_WEIGHT = ("theta", "Theta", "vartheta", "W", "w", "phi", "Phi", "P", "p", "b")
EXAMPLE = "this does not hold in general; it is worked out with the numbers of an example, which are not run here"
OTHER_WEIGHTS = (
    "the letters of this equation are not those of the cell ({problem}); "
    "rename them, or leave the cell to the document"
)
BEYOND = "this formula cannot be given a value; write it with the signals and weights of the cell"
PART = "words on the left name a part of the gradient, and the right side is none of its summands"
NOTHING = "the same derivative stands on both sides, and what is added to it is zero; say what the right one is"
DEAD = "no loss depends on this, as far as the equations say; give the equation by which the loss sees it"

# Said of a claim and no reason to call it anything but right.
PLAIN = (
    AS_DIAGONAL,
    "a diagonal Jacobian is multiplied elementwise, by its diagonal",
    "vectors in front of a matrix are read as rows",
    "a vector multiplies the rows of a matrix, as diag(v) does",
    *(WORDS[a] for a in (
        ("delta", "preactivation"), ("differential", "preactivation"), ("remembered", "carried"),
        ("capital", "carried"), ("rows", True), ("alone", "preactivation"), ("alone", "state"), ("outer", True),
        ("scaled", True), ("kind", "local"),
    )),
)  # fmt: skip
