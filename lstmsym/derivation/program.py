"""Backpropagation through time as a program: adjoints from t+1 to t, then sums over t for the parameters.

δs_t = ∂L_t/∂s_t + Σ over u_t that use s_t of (∂⁺u_t/∂s_t)ᵀ δu_t + Σ over u_{t+1} of (∂⁺u_{t+1}/∂s_t)ᵀ δu_{t+1}
∂L/∂W = Σ_t of the shares of the equations that hold W

The edges are the same local Jacobians as forwards, transposed. δ_{T+1} = 0.
"""

from __future__ import annotations

from functools import lru_cache

from lstmsym.calculus.chain import parameter_pull, pull
from lstmsym.calculus.laws import tidy
from lstmsym.derivation.graph import local, sources
from lstmsym.derivation.normal import with_preactivations
from lstmsym.derivation.steps import Program, Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Adjoint, Gradient, SumOverTime
from lstmsym.equations.terms import Parameter, Plus, Signal, T, Term, at, parameters_in, t, zeros


@lru_cache(maxsize=256)
def bptt(cell: Cell) -> Program:
    """The program of a cell; the loss L = Σ_t L_t sees the cell's output signal."""
    named = with_preactivations(cell)
    computed = tuple(_assignment(named, e.left) for e in reversed(named.equations))
    received = tuple(_assignment(named, x) for x in named.inputs)
    gradients = tuple(_gradient(named, p) for p in named.weights.values())
    return Program(named, computed + received, gradients)


def _assignment(cell: Cell, signal: Signal) -> Step:
    shares: list[Term] = [Adjoint(signal, "own")] if signal.name == cell.output else []
    now = [e for e in reversed(cell.equations) if signal in sources(e, before=False)]
    earlier = signal.at(t - 1)
    later = [e for e in cell if earlier in sources(e, before=True)]
    shares += [pull(local(e, signal), Adjoint(e.left)) for e in now]
    shares += [at(pull(local(e, earlier), Adjoint(e.left)), t + 1) for e in later]
    right = tidy(Plus(*shares)) if shares else zeros(*signal.shape)
    return Step(
        Adjoint(signal),
        right,
        _because(cell, signal, [e.name for e in now], [e.name for e in later]),
    )


def _because(cell: Cell, signal: Signal, now: list[str], later: list[str]) -> str:
    ways = ["the loss at t"] if signal.name == cell.output else []
    ways += [f"{n}_t" for n in now] + [f"{n}_{{t+1}}" for n in later]
    return (
        f"{signal.name}_t acts on L through {', '.join(ways)}"
        if ways
        else f"{signal.name}_t does not act on L"
    )


def _gradient(cell: Cell, parameter: Parameter) -> Step:
    users = [e for e in cell if parameter in parameters_in(e.right)]
    shares = [parameter_pull(e, parameter, Adjoint(e.left)) for e in users]
    body = tidy(Plus(*shares))
    uses = ", ".join(f"{e.name}_t" for e in users)
    return Step(
        Gradient(parameter),
        SumOverTime(body, t, 1, T),
        f"{parameter.name} is in the equation of {uses} at every step",
    )
