"""∂L/∂s_t and ∂L/∂W as derivations, read off the BPTT program."""

from __future__ import annotations

from collections.abc import Iterator

from lstmsym.calculus.laws import tidy
from lstmsym.derivation.definitions import definitions_within
from lstmsym.derivation.normal import with_preactivations
from lstmsym.derivation.notation import column_remarks, split_steps
from lstmsym.derivation.pascanu import double_sum
from lstmsym.derivation.program import bptt
from lstmsym.derivation.quantity import LAYOUTS, Quantity, check_choice
from lstmsym.derivation.steps import Derivation, Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Adjoint, Gradient, Transposed
from lstmsym.equations.terms import Term, walk
from lstmsym.errors import QuantityError

LOSS_FORMS = ("product", "double sum")


def derive_loss(
    cell: Cell, quantity: Quantity, layout: str = "denominator", form: str = "product"
) -> Derivation:
    """The derivation of the loss by a signal at t or by a parameter. The denominator layout has its own shape."""
    check_choice("form", form, LOSS_FORMS)
    check_choice("layout", layout, LAYOUTS)
    if form == "double sum" and not quantity.by_parameter:
        raise QuantityError(
            f"'{quantity.text}': the double sum over t and k is the gradient of a parameter, as 'dL/dW_f'"
        )
    steps = _steps(cell, quantity, form)
    named = definitions_within(with_preactivations(cell), [steps[-1].right])
    definitions = (*_adjoints_used(cell, steps[-1].right, steps[-1].left), *named)
    left, expr = steps[-1].left, steps[-1].right
    if layout == "numerator":
        steps = tuple(Step(Transposed(s.left), tidy(Transposed(s.right)), s.because) for s in steps)
        left, expr = steps[-1].left, steps[-1].right
    steps = (*split_steps(cell), *steps)
    used = [expr, *(s.right for s in definitions)]
    remarks = (
        "δs_t stands for ∂L/∂s_t; adjoints after the last step T are zero.",
        *column_remarks(cell, used),
    )
    return Derivation(
        cell, quantity.text, "total", layout, form, left, expr, steps, definitions, None, remarks
    )


def _steps(cell: Cell, quantity: Quantity, form: str) -> tuple[Step, ...]:
    program = bptt(cell)
    if form == "double sum":
        return (double_sum(cell, cell.parameter(quantity.below)),)
    found = program.gradients if quantity.by_parameter else program.assignments
    return (next(s for s in found if _name(s.left) == quantity.below),)


def _name(left: Term) -> str:
    return (
        left.of.name
        if isinstance(left, Adjoint)
        else left.parameter.name
        if isinstance(left, Gradient)
        else ""
    )


def _adjoints_used(cell: Cell, right: Term, left: Term) -> Iterator[Step]:
    """The assignments that the right side needs, directly or through others, in the program's order."""
    program = bptt(cell)
    by_name = {_name(s.left): s for s in program.assignments}
    needed: list[str] = []
    front = [right]
    while front:
        for a in walk(front.pop()):
            if isinstance(a, Adjoint) and a.scope == "whole" and a.of.name not in needed:
                needed.append(a.of.name)
                front.append(by_name[a.of.name].right)
    yield from (s for s in program.assignments if _name(s.left) in needed and s.left != left)
