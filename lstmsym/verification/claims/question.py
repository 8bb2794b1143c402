"""A claim as the diagnosis asks about it: what it is about, and what it says on instances drawn elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lstmsym.calculus.laws import summands
from lstmsym.derivation.pascanu import double_sum
from lstmsym.equations.derived import SumOverTime
from lstmsym.equations.terms import Plus, T, Term, t
from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.comparing import laid_as
from lstmsym.verification.claims.conditions import MOST_STEPS, last_number
from lstmsym.verification.claims.hearing import Hearing
from lstmsym.verification.claims.senses import stated_kind
from lstmsym.verification.claims.sides import K
from lstmsym.verification.claims.targets import Quantity
from lstmsym.verification.instances import Instance
from lstmsym.verification.search import values_of
from lstmsym.verification.slips.sites import joined
from lstmsym.verification.truths import Target, forms

TIME = 3  # of a gradient that has none


def target_of(hearing: Hearing) -> Target | None:
    """What the claim is about, as the diagnosis asks for it; a lag that is a letter stays one."""
    try:
        first, second = (hearing.quantity(n) for n in (0, 1))
    except LstmsymError:
        return None
    if first is None or second is None:
        return _of_equation(hearing)
    return _of_states(hearing, first, second) if first.is_jacobian else _of_loss(hearing, first)


def _of_equation(hearing: Hearing) -> Target | None:
    """A claim about a signal itself: C_t = f_t ⊙ C_{t-1} + …, where the cell is given."""
    moment, left = hearing.court.moments[0], hearing.claim.left
    symbols = hearing.evaluator(moment, True, hearing.base).symbols
    found = symbols.find(left, hearing.times(moment)) if isinstance(left, f.Symbol) else None
    if found is None or found.time != moment.t or found.entries:
        return None
    equation = hearing.court.cell.by_name.get(found.meaning.name)
    return (
        None if equation is None else Target(f"{equation.name}[t]", time=TIME, truth=equation.right)
    )


def _of_states(hearing: Hearing, first: Quantity, second: Quantity) -> Target | None:
    assert first.time is not None and first.then is not None
    assert second.time is not None and second.then is not None
    lags = first.time - first.then, second.time - second.then
    asked = first.asked if lags[0] == lags[1] else f"d{first.name}[t]/d{first.by}[t-k]"
    if lags[0] < 0 or first.name not in hearing.court.cell.signals:
        return None
    time = 2 * K if is_to_step_k(hearing) else max(first.time, K + 1)
    stated = stated_kind(hearing.claim.left)
    return Target(asked, kind="direct" if stated == "local" else stated, time=time, lag=K)


def _of_loss(hearing: Hearing, quantity: Quantity) -> Target | None:
    if quantity.loss is None:
        run = last_number(hearing)
        run = run if run <= MOST_STEPS else 0
        time = K if _is_at_step_k(hearing) else quantity.time or run or TIME
        return Target(quantity.asked, time=time, part=quantity.part, run=run)
    truth = _of_one_loss(hearing, quantity) if quantity.time is None else None
    return None if truth is None else Target(quantity.asked, time=TIME, truth=truth)


def _of_one_loss(hearing: Hearing, quantity: Quantity) -> Term | None:
    """∂L_t/∂W as the sum over the steps k up to t; None for a loss at a time that is none of the letters."""
    cell, moment = hearing.court.cell, hearing.court.moments[0]
    if quantity.loss not in (moment.t, moment.T) or quantity.part is not None:
        return None
    whole = double_sum(cell, cell.parameter(quantity.name)).right
    losses = [a.body for a in summands(whole) if isinstance(a, SumOverTime)]
    return joined(Plus, losses).xreplace({t: t if quantity.loss == moment.t else T})


def _is_at_step_k(hearing: Hearing) -> bool:
    """Whether a claim is about ∂L/∂h_k: k is K on the instances of the search."""
    found = ((hearing.quantity(n), hearing.court.moments[n]) for n in (0, 1))
    return all(a is not None and a.time == moment.k != moment.t for a, moment in found)


def is_to_step_k(hearing: Hearing) -> bool:
    """Whether a claim is about ∂C_t/∂C_k, not ∂C_t/∂C_{t-k}."""
    found = ((hearing.quantity(n), hearing.court.moments[n]) for n in (0, 1))
    return all(a is not None and a.then == moment.k for a, moment in found)


def says_diagonal(hearing: Hearing) -> bool:
    """Whether the right side is a vector: ∂C_t/∂C_{t-1} = f_t."""
    right, *_ = hearing.right(hearing.court.moments[0], False, hearing.base)
    return right.dims < 2


def claimed(hearing: Hearing, target: Target) -> Callable[[Instance], np.ndarray]:
    """What the claim says on an instance, laid out as what is true where that is the same thing."""
    first = hearing.quantity()
    offset = 0 if first is None or first.time is None else hearing.court.moments[0].t - first.time
    true = forms(hearing.court.cell, target)[0].whole

    def on(instance: Instance) -> np.ndarray:
        found = np.atleast_1d(np.asarray(hearing.claimed(instance, target.time + offset).array))
        expected = values_of(instance, target).of(true)
        return found if expected is None else laid_as(found, np.shape(expected))

    return on
