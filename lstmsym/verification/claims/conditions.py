"""Conditions under which a claim holds that does not hold as it stands: a start at zero, a loss at the end alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.evaluate import Evaluator
from lstmsym.verification.claims.hearing import Hearing, Match
from lstmsym.verification.claims.own_names import asked
from lstmsym.verification.claims.summands import is_nothing

LAST_ONLY = "the loss is that of the last step alone"
STEP_ONLY = "the loss is that of step t alone"
TO_ITSELF = "the derivative on the right is what comes back from the next step"
T_IS_LAST = "t is the last step"
RUN = "in a run of {n} steps"
MOST_STEPS = 24  # of a run that a claim writes out


def under_conditions(hearing: Hearing) -> Iterator[tuple[Hearing, str, str]]:
    """The hearing under each condition that the document may mean, how right it then is, and the condition."""
    court = hearing.court
    if court.at_rest and not court.resting:
        zeros = " and ".join(f"{a}_0 = 0" for a in court.at_rest)
        resting = replace(hearing, court=replace(court, resting=True))
        yield resting, "right", f"with {zeros}, as the document says"
    if is_from(hearing, "T"):
        yield replace(hearing, court=replace(court, last_only=True)), "right_as", LAST_ONLY
    elif is_from(hearing, "t"):
        last = replace(hearing, court=replace(court, last_only=True), at_end=True)
        yield last, "right_as", STEP_ONLY
    added = adds_to_itself(hearing)
    if added is not None:
        yield added, "right_as", TO_ITSELF
    if sums_to_t(hearing):
        yield replace(hearing, at_end=True), "right_as", T_IS_LAST
    if 1 < (n := last_number(hearing)) <= MOST_STEPS:
        run = replace(court, steps=n)
        yield replace(hearing, court=run), "right_as", RUN.format(n=n)
        run = replace(run, last_only=True)
        yield replace(hearing, court=run), "right_as", f"{RUN.format(n=n)}; {LAST_ONLY}"


def vanishes(hearing: Hearing, match: Match) -> bool:
    """Whether a summand of the claim is nothing in this sense, and so may have any factor."""
    right = hearing.claim.right
    while isinstance(right, f.Bracket):
        right = right.inside
    moment = hearing.court.moments[0]
    evaluator = hearing.evaluator(moment, match.exact, match.reading)
    parts = [a for _, a in right.parts] if isinstance(right, f.Sum) else []
    return any(is_nothing(evaluator, a, hearing.times(moment)) for a in parts)


def says_nothing(hearing: Hearing, match: Match) -> bool:
    """Whether a sum repeats the left side beside what is zero: ∂L/∂C = 0 + ∂L/∂C."""
    right, left = hearing.claim.right, hearing.claim.left
    parts = right.parts if isinstance(right, f.Sum) else ()
    rest = tuple(a for a in parts if a != (1, left))
    if not rest or len(rest) == len(parts) or hearing.claim.adds:
        return False
    moment = hearing.court.moments[0]
    evaluator = hearing.evaluator(moment, match.exact, match.reading)
    return not np.any(evaluator.value(f.Sum(rest), hearing.times(moment)).array != 0)


def adds_to_itself(hearing: Hearing) -> Hearing | None:
    """The claim ∂L/∂C_t = … + ∂L/∂C_t, its last summand from the next step on; None for others."""
    claim, (left, right) = hearing.claim, (hearing.claim.left, hearing.claim.right)
    below = left.below if isinstance(left, f.Derivative) else None
    if (
        not isinstance(right, f.Sum)
        or (1, left) not in right.parts
        or not isinstance(below, f.Symbol)
    ):
        return None
    carried = f.Symbol(f"d{below.base}_next", below.accents)
    parts = tuple((sign, carried if a == left else a) for sign, a in right.parts)
    return replace(hearing, claim=replace(claim, right=f.Sum(parts)))


def sums_to_t(hearing: Hearing) -> bool:
    """Whether a claim that is about no time sums over the steps up to t."""
    letters = (f.Symbol("t"), f.Symbol(hearing.court.letter))
    sums = (a for a in f.walk(hearing.claim.right) if isinstance(a, f.Big) and a.kind == "sum")
    over = (b for a in sums for b in a.over if isinstance(b, f.Range))
    return is_about_weight(hearing) and any(b.upper in letters for b in over)


def is_about_weight(hearing: Hearing) -> bool:
    """Whether a claim is about the gradient of the whole loss by a weight."""
    quantity = hearing.quantity()
    return (
        quantity is not None
        and quantity.time is None
        and quantity.loss is None
        and not quantity.is_jacobian
    )


def last_number(hearing: Hearing) -> int:
    """The last step that a claim about the whole loss names, where it names all of its steps by number; else 0."""
    quantity = hearing.quantity()
    if quantity is None or quantity.is_jacobian or quantity.loss is not None:
        return 0
    sides = (hearing.claim.left, hearing.claim.right)
    if quantity.time is None and (whole := _numbered_sum(hearing.claim.right)):
        return whole
    scripts = [a for side in sides for a in f.walk(side) if isinstance(a, f.Script)]
    parts = [b for s in scripts for b in s.inside if not _is_shifted(b)]
    inside = [a for b in parts for a in f.walk(b)]
    letters = {a.base for a in inside if isinstance(a, f.Symbol)}
    if letters & {"t", "T", hearing.court.letter} or any(
        isinstance(a, f.Big) for side in sides for a in f.walk(side)
    ):
        return 0
    return max(
        (int(a.digits) for a in inside if isinstance(a, f.Number) and a.digits.isdigit()), default=0
    )


def _is_shifted(node: f.Node) -> bool:
    """Whether a script is a letter and a number: the 1 of k+1 is no step."""
    return isinstance(node, f.Sum) and any(isinstance(a, f.Symbol) for a in f.walk(node))


def _numbered_sum(node: f.Node) -> int:
    """The 6 of a Σ_{t=1}^6 that is all of a side; 0 elsewhere."""
    while isinstance(node, f.Bracket):
        node = node.inside
    over = (
        node.over[0]
        if isinstance(node, f.Big) and node.kind == "sum" and len(node.over) == 1
        else None
    )
    upper = over.upper if isinstance(over, f.Range) else None
    return int(upper.digits[:4]) if isinstance(upper, f.Number) and upper.digits.isdigit() else 0


def is_from(hearing: Hearing, letter: str) -> bool:
    """Whether the claim carries the gradient of the whole loss at a step, T or t, back to an earlier one."""
    quantity = hearing.quantity()
    if quantity is None or quantity.is_jacobian or quantity.loss is not None:
        return False
    times = hearing.times(hearing.court.moments[0])
    if letter == "t" and (quantity.time is None or quantity.time >= times["t"]):
        return False
    evaluator = hearing.evaluator(hearing.court.moments[0], True, hearing.base)
    right = f.walk(hearing.claim.right)
    ends = (a for b in right for a in _derivatives(evaluator, b, times))
    return any(_is_at(evaluator, a, {**times, **more}, times[letter]) for a, more in ends)


def _derivatives(
    evaluator: Evaluator, node: f.Node, times: Mapping[str, int]
) -> Iterator[tuple[f.Derivative, Mapping[str, int]]]:
    """A derivative, also by its name, with the letters of its times."""
    if isinstance(node, f.Derivative):
        yield node, {}
    for helper, letters in (
        asked(evaluator.helpers, node, times) if isinstance(node, f.Symbol) else ()
    ):
        if isinstance(helper.right, f.Derivative):
            yield helper.right, letters


def _is_at(evaluator: Evaluator, node: f.Derivative, times: Mapping[str, int], step: int) -> bool:
    if node.above is None or evaluator.loss_time(node.above, times) is None:
        return False
    try:
        return evaluator.found(node.below, times).time == step
    except LstmsymError:
        return False
