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
from lstmsym.equations.cell import Cell
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
)

step_k = Symbol("k", integer=True)


def double_sum(cell: Cell, parameter: Parameter) -> Step:
    """∂L/∂parameter as the double sum, each state's share written out."""
    named = with_preactivations(cell)
    shares: list[Term] = []
    for e in named:
        if parameter not in parameters_in(e.right):
            continue
        adjoint = _immediate(named, e.name)
        if not is_fill(adjoint, 0):
            shares.append(at(parameter_pull(e, parameter, adjoint), step_k))
    body = tidy(Plus(*(_with_time_of_loss(named, share) for share in shares)))
    right = SumOverTime(SumOverTime(body, step_k, 1, t), t, 1, T)
    return Step(
        Gradient(parameter),
        right,
        "L_t reaches back to step k through the states, and there into the parameter",
    )


def _immediate(cell: Cell, name: str) -> Term:
    """The adjoint at step t of one signal when only the states of that step carry the loss on."""
    shares = []
    for s in cell.states:
        inner = within(cell, s, name)
        if not is_fill(inner, 0):
            shares.append(MatrixProduct(Transposed(inner), Adjoint(cell.signal(s), "carried")))
    return tidy(Plus(*shares)) if shares else Adjoint(cell.signal(name), "carried") * 0


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
