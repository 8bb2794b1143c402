"""The four derivatives that people mix up, at one lag each.

direct   the local Jacobian by the explicit argument, everything else held fixed
step     one step in which, of what was computed at t-1, only the states that depend on it directly move along
block    the other states at t-k are independent coordinates
total    whatever is computed from it, within step t-k too, moves along

Over k steps `direct` and `step` are products of one-step matrices by the state itself; only `block` and
`total` are derivatives then, and both are rows and columns of J_t J_{t-1} … J_{t-k+1}.
"""

from __future__ import annotations

from functools import lru_cache

from sympy import Expr, Symbol

from lstmsym.calculus.laws import tidy
from lstmsym.derivation.graph import carried, local, sources
from lstmsym.derivation.state import block, block_name, reached, select, within
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import (
    Blocks,
    Diagonal,
    Eye,
    Partial,
    ProductOverTime,
    StateJacobian,
    Transposed,
)  # fmt: skip
from lstmsym.equations.terms import MatrixProduct, Plus, Term, at, is_fill, t, zeros

j = Symbol("j", integer=True)


def one_step(cell: Cell, above: str, below: str, kind: str) -> Term:
    """∂above_t/∂below_{t-1} of a kind, written out."""
    return {"direct": direct, "step": step, "block": block, "total": total_one_step}[kind](
        cell, above, below
    )


@lru_cache(maxsize=4096)
def direct(cell: Cell, above: str, below: str) -> Term:
    """∂⁺above_t/∂below_{t-1}: zero when the equation does not mention it."""
    e, by = cell.by_name[above], cell.signal(below, t - 1)
    return local(e, by) if by in sources(e, before=True) else zeros(e.left.rows, by.rows)


@lru_cache(maxsize=4096)
def step(cell: Cell, above: str, below: str) -> Term:
    """block + Σ over the states s computed directly from it of ∂above_t/∂s_{t-1}|block ∂⁺s_{t-1}/∂below_{t-1}."""
    shares = [block(cell, above, below)]
    for s in carried(cell, below):
        e = cell.by_name[s]
        shares.append(MatrixProduct(block(cell, above, s), at(local(e, cell.signal(below)), t - 1)))
    return tidy(Plus(*shares))


@lru_cache(maxsize=4096)
def total_one_step(cell: Cell, above: str, below: str) -> Term:
    """Σ over all states s of ∂above_t/∂s_{t-1}|block ∂s_{t-1}/∂below_{t-1}; of an input or gate likewise."""
    shares = (
        MatrixProduct(block(cell, above, s), at(within(cell, s, below), t - 1))
        for s in own_first(cell, below)
        if s in reached(cell, cell.signal(below))
    )
    return tidy(Plus(zeros(cell.signal(above).rows, cell.signal(below).rows), *shares))


def own_first(cell: Cell, below: str) -> tuple[str, ...]:
    """The states, the one that the derivative is by before the others."""
    return tuple(sorted(cell.states, key=lambda s: s != below))


@lru_cache(maxsize=8192)
def over_steps(cell: Cell, above: str, below: str, lag: Expr, kind: str) -> Term:
    """∂above_t/∂below_{t-lag} of a kind as a product; lag ≥ 1, a number or k. The one that counts."""
    if lag == 0:
        return within(cell, above, below)
    if lag == 1:
        return one_step(cell, above, below, kind)
    if kind == "direct" or (kind == "step" and len(cell.states) > 1):
        return _repeated(cell, above, below, lag, kind)
    return _through_joint_state(cell, above, below, lag, kind)


def _repeated(cell: Cell, above: str, below: str, lag: Expr, kind: str) -> Term:
    """one_step(above, below) at t, then one_step(below, below) at every step before."""
    own = one_step(cell, below, below, kind) if below in cell.by_name else zeros(0, 0)
    newest = own if above == below else one_step(cell, above, below, kind)
    if is_fill(own, 0) or is_fill(newest, 0):
        return zeros(*newest.shape)
    if kind == "step":
        own, newest = (
            Partial(cell.signal(a), cell.signal(below, t - 1), kind) for a in (below, above)
        )
    if above == below:
        return _product(at(own, j), t - lag + 1, t)
    return tidy(MatrixProduct(newest, _product(at(own, j), t - lag + 1, t - 1)))


def _product(body: Term, lower: Expr, upper: Expr) -> Term:
    """∏ of matrices, or diag of ∏ ⊙ when every factor is diagonal."""
    if isinstance(body, Diagonal):
        return Diagonal(ProductOverTime(body.inside, j, lower, upper))
    return body if isinstance(body, Eye) else ProductOverTime(body, j, lower, upper)


def _through_joint_state(cell: Cell, above: str, below: str, lag: Expr, kind: str) -> Term:
    left, newest = _row(cell, above)
    right = _column(cell, below, kind)
    middle = ProductOverTime(StateJacobian(j, cell.state_size), j, t - lag + 1, newest)
    return tidy(MatrixProduct(left, middle, at(right, t - lag)))


def _row(cell: Cell, above: str) -> tuple[Term, Expr]:
    """What reads `above` off the joint state, and the newest J: a state's own row, or ∂above_t/∂states."""
    if above in cell.states:
        return (
            Eye(cell.state_size) if len(cell.states) == 1 else Transposed(select(cell, above))
        ), t
    blocks = (block_name(cell, above, s) for s in cell.states)
    return (
        blocks_of(*blocks) if len(cell.states) > 1 else block_name(cell, above, cell.states[0])
    ), t - 1


def _column(cell: Cell, below: str, kind: str) -> Term:
    """How the joint state moves with `below` at its own step."""
    if kind == "block":
        return Eye(cell.state_size) if len(cell.states) == 1 else select(cell, below)
    column = [within(cell, s, below) for s in cell.states]
    moved = [s for s, c in zip(cell.states, column, strict=True) if not is_fill(c, 0)]
    if moved == [below]:
        return _column(cell, below, "block")
    return column[0] if len(column) == 1 else Blocks(1, *column)


def blocks_of(*row: Term) -> Term:
    """One row of blocks."""
    return Blocks(len(row), *row)
