"""The chain rule within one equation, forward as a Jacobian and backward as a pull.

∂term/∂signal = Σ over the arguments that hold the signal of (local Jacobian) (∂argument/∂signal)
"""

from __future__ import annotations

from functools import lru_cache

from lstmsym.calculus.laws import distribute, tidy
from lstmsym.calculus.rules import WEIGHTS, local_jacobian
from lstmsym.equations.cell import Equation
from lstmsym.equations.derived import Eye, Transposed
from lstmsym.equations.terms import (
    Hadamard,
    MatrixProduct,
    Parameter,
    Plus,
    Signal,
    Term,
    parameters_in,
    signals_in,
    zeros,
)  # fmt: skip


@lru_cache(maxsize=16384)
def equation_jacobian(equation: Equation, signal: Signal) -> Term:
    """∂⁺left/∂signal of one equation, all its other signals held fixed, as a sum of products.

    Shape (rows of left, rows of signal); zero when the equation does not mention the signal.
    """
    return distribute(jacobian(equation.right, signal, equation.left))


def jacobian(term: Term, signal: Signal, y: Term | None = None) -> Term:
    """∂term/∂signal, other signals held fixed; y names the term's value."""
    if term == signal:
        return Eye(term.rows)
    if signal not in signals_in(term):
        return zeros(term.rows, signal.rows)
    paths = (
        MatrixProduct(local_jacobian(term if y is None else y, term, n), jacobian(argument, signal))
        for n, argument in enumerate(term.parts)
        if signal in signals_in(argument)
    )
    return tidy(Plus(*paths))


def pull(linear: Term, adjoint: Term) -> Term:
    """Aᵀ δ, written as papers do: diag(a)ᵀ δ = δ ⊙ a."""
    pulled = tidy(MatrixProduct(Transposed(linear), adjoint))
    return _adjoint_first(pulled, adjoint)


def parameter_pull(equation: Equation, parameter: Parameter, adjoint: Term) -> Term:
    """The share of one equation at one step in ∂L/∂parameter, given the adjoint of its left side.

    A matrix that multiplies v gives δ vᵀ (`rules.WEIGHTS`); a vector or scalar gives Jᵀ δ.
    """
    return tidy(_pull_to(equation.right, parameter, adjoint, equation.left))


def _pull_to(term: Term, parameter: Parameter, adjoint: Term, y: Term) -> Term:
    if term == parameter:
        return adjoint
    shares = []
    for n, argument in enumerate(term.parts):
        if parameter not in parameters_in(argument):
            continue
        if isinstance(term, MatrixProduct) and n == 0:
            shares.append(WEIGHTS[type(argument)](argument, adjoint, term.parts[1]))
        else:
            shares.append(
                _pull_to(argument, parameter, pull(local_jacobian(y, term, n), adjoint), argument)
            )
    return Plus(*shares) if shares else zeros(*parameter.shape)


def _adjoint_first(term: Term, adjoint: Term) -> Term:
    if isinstance(term, Hadamard) and term.args[-1] == adjoint:
        return Hadamard(adjoint, *term.parts[:-1])
    return term
