"""∂A_t/∂B_{t-k} of any kind, lag, form and layout, as a derivation with its steps."""

from __future__ import annotations

from collections.abc import Iterator

from lstmsym.calculus.laws import tidy
from lstmsym.derivation.definitions import definitions
from lstmsym.derivation.forms import FORMS, Asked, counted
from lstmsym.derivation.kinds import one_step
from lstmsym.derivation.notation import column_remarks, split_steps
from lstmsym.derivation.quantity import KINDS, LAYOUTS, Quantity, check_choice
from lstmsym.derivation.steps import Derivation, Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Transposed
from lstmsym.errors import QuantityError

PATH_LIMIT = 500


def derive_state(
    cell: Cell, quantity: Quantity, kind: str = "total", form: str = "product",
    layout: str = "numerator", limit: int = PATH_LIMIT,
) -> Derivation:  # fmt: skip
    """The derivation of a signal by an earlier one. Raises QuantityError for what cannot be asked."""
    check_choice("kind", kind, KINDS)
    check_choice("form", form, tuple(FORMS))
    check_choice("layout", layout, LAYOUTS)
    assert quantity.lag is not None
    _refuse(cell, quantity, kind)
    asked = Asked(cell, quantity.above, quantity.below, quantity.lag, kind)
    steps = tuple(FORMS[form](asked, limit))
    expr = asked.product if form == "product" else steps[0].right
    named = definitions(cell, [expr, *(s.right for s in steps)])
    written = [expr, *(s.right for s in (*steps, *named))]
    remarks = (*_remarks(asked), *column_remarks(cell, written))
    left, lines = asked.left, (*split_steps(cell), *steps)
    if layout == "denominator":
        lines = (*split_steps(cell), *map(_transposed, steps))
        expr, left = tidy(Transposed(expr)), Transposed(left)
    return Derivation(
        cell, quantity.text, kind, layout, form, left, expr, lines, named, asked.count, remarks
    )


def _refuse(cell: Cell, quantity: Quantity, kind: str) -> None:
    if kind == "total":
        return
    if quantity.lag == 0 and quantity.below in cell.states:
        raise QuantityError(
            f"'{quantity.text}': kind '{kind}' reaches back one step or more; within one step ask for kind 'total'"
        )
    if quantity.below not in cell.states:
        known = ", ".join(cell.states)
        raise QuantityError(
            f"kind '{kind}' is about states ({known}); '{quantity.below}' is none, ask for kind 'total'"
        )


def _transposed(step: Step) -> Step:
    return Step(Transposed(step.left), tidy(Transposed(step.right)), step.because)


def _remarks(asked: Asked) -> Iterator[str]:
    cell, count = asked.cell, asked.count
    if asked.kind == "direct" and _differs_from_total(asked):
        yield "This is the carousel, one path of several; it is not the whole derivative."
    if asked.kind == "step" and asked.lag != 1 and len(cell.states) > 1:
        yield (
            "A product of one-step matrices: from lag 2 on it misses the paths through gates "
            "computed in between."
        )
    if count is not None:
        yield f"{counted(count)} elementary path{'s' * (count != 1)}."


def _differs_from_total(asked: Asked) -> bool:
    one, other = (one_step(asked.cell, asked.above, asked.below, k) for k in ("direct", "total"))
    return one != other
