"""The gradient as a double sum over the step that loses and the step that learns.

∂L/∂W = Σ_{t=1}^T Σ_{k=1}^t ∂L_t/∂h_t ∂h_t/∂s_k ∂⁺s_k/∂W

Pascanu, Mikolov & Bengio 2013, eq. (3)–(5), with the joint state s where a cell has more than one. ∂⁺s_k/∂W is
the immediate derivative: s_{k-1} held fixed. The factor ∂h_t/∂s_k is a product of t-k state Jacobians,
and it is what vanishes or explodes.
"""

from __future__ import annotations

from sympy import Symbol

from lstmsym.calculus.chain import parameter_pull
from lstmsym.calculus.laws import tidy
from lstmsym.derivation.normal import with_preactivations
from lstmsym.derivation.state import within
from lstmsym.derivation.steps import Step
from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.derived import Adjoint, Gradient, Partial, SumOverTime, Transposed
from lstmsym.equations.terms import (
    MatrixProduct,
    Parameter,
    Plus,
    T,
    Term,
    at,
    is_fill,
    parameters_in,
    t,
    zeros,
)

step_k = Symbol("k", integer=True)


def double_sum(cell: Cell, parameter: Parameter) -> Step:
    """∂L/∂parameter as the double sum, each state's share written out.

    An output that is no state is read at its own step alone: it gives a single sum beside the double one.
    """
    named = with_preactivations(cell)
    users = [e for e in named if parameter in parameters_in(e.right)]
    through = tidy(_shares(parameter, users, [_immediate(named, e.name) for e in users]))
    body = tidy(_with_time_of_loss(named, at(through, step_k)))
    if cell.output in cell.states:
        right: Term = SumOverTime(SumOverTime(body, step_k, 1, t), t, 1, T)
        reason = "L_t reaches back to step k through the states, and there into the parameter"
        return Step(Gradient(parameter), right, reason)
    here = tidy(_shares(parameter, users, [_own_step(named, e.name) for e in users]))
    sums = [SumOverTime(here, t, 1, T)] if not is_fill(here, 0) else []
    if not is_fill(body, 0):
        sums.append(SumOverTime(SumOverTime(body, step_k, 1, t - 1), t, 1, T))
    right = tidy(Plus(zeros(*parameter.shape), *sums))
    reason = (
        f"L_t sees {cell.output}_t, which holds the parameter at step t and the states of step t-1"
    )
    return Step(Gradient(parameter), right, reason)


def _shares(parameter: Parameter, users: list[Equation], adjoints: list[Term]) -> Term:
    """The sum of what the equations that hold a parameter give to its gradient."""
    shares = (
        parameter_pull(e, parameter, adjoint)
        for e, adjoint in zip(users, adjoints, strict=True)
        if not is_fill(adjoint, 0)
    )
    return Plus(zeros(*parameter.shape), *shares)


def _own_step(cell: Cell, name: str) -> Term:
    """The adjoint of one signal when only its way to the output within the step carries the loss on."""
    output = cell.signal(cell.output)
    inner = Transposed(within(cell, cell.output, name))
    return tidy(MatrixProduct(inner, Adjoint(output, "own")))


def _immediate(cell: Cell, name: str) -> Term:
    """The adjoint at step t of one signal when only the states of that step carry the loss on."""
    shares = (
        MatrixProduct(Transposed(within(cell, s, name)), Adjoint(cell.signal(s), "carried"))
        for s in cell.states
    )
    return tidy(Plus(zeros(*cell.signal(name).shape), *shares))


def _with_time_of_loss(cell: Cell, share: Term) -> Term:
    """Put (∂h_t/∂s_k)ᵀ ∂L_t/∂h_t for the adjoint that state s carries back to step k."""
    output = cell.signal(cell.output)
    carried = {
        Adjoint(cell.signal(s, step_k), "carried"): MatrixProduct(
            Transposed(Partial(output, cell.signal(s, step_k), "block")), Adjoint(output, "own")
        )
        for s in cell.states
    }
    return share.xreplace(carried)
