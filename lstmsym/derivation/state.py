"""One step: every signal by every state one step before, and the joint state Jacobian J_t.

∂A_t/∂s_{t-1}|block = ∂⁺A_t/∂s_{t-1} + Σ over u_t in A's equation of ∂⁺A_t/∂u_t ∂u_t/∂s_{t-1}|block

The other states at t-1 are independent coordinates. Only J_t, all states by all states, multiplies over time.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lstmsym.calculus.laws import tidy
from lstmsym.derivation.graph import local, local_partial, sources
from lstmsym.derivation.steps import Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Blocks, Eye, Partial, Selector, StateJacobian
from lstmsym.equations.terms import MatrixProduct, Plus, Signal, Term, is_fill, t, zeros

LONGEST = 100  # nodes of a derivative that is written out inside another one


@lru_cache(maxsize=65536)
def block(cell: Cell, above: str, state: str) -> Term:
    """∂above_t/∂state_{t-1}|block in terms of signals and of other states' blocks. Shape (rows, rows)."""
    for name in _on_the_way(cell, above, reached(cell, cell.signal(state, t - 1))):
        _block(cell, name, state)
    return _block(cell, above, state)


@lru_cache(maxsize=65536)
def _block(cell: Cell, above: str, state: str) -> Term:
    below = cell.signal(state, t - 1)
    nothing = zeros(cell.signal(above).rows, below.rows)
    if above not in reached(cell, below):
        return nothing
    return tidy(Plus(nothing, *_shares(cell, above, below)))


@lru_cache(maxsize=8192)
def reached(cell: Cell, signal: Signal) -> frozenset[str]:
    """What a signal, at t or at t-1, acts on at t; a signal at t acts on itself."""
    found = {signal.name} if signal.time == t else set()
    for e in cell:
        now = any(s.name in found for s in sources(e, before=False))
        if now or signal in sources(e, before=True):
            found.add(e.name)
    return frozenset(found)


def _on_the_way(cell: Cell, above: str, found: frozenset[str]) -> Iterator[str]:
    """What is computed before `above`: worked out in this order, no derivative needs a deep one that is not there."""
    for e in cell:
        if e.name == above:
            return
        if e.name in found:
            yield e.name


def _shares(cell: Cell, above: str, below: Signal) -> list[Term]:
    if above not in cell.by_name:
        return []
    e = cell.by_name[above]
    shares = [local(e, s) for s in sources(e, before=True) if s == below]
    for s in sources(e, before=False):
        inner = _block(cell, s.name, below.name)
        if not is_fill(inner, 0):
            shares.append(MatrixProduct(local(e, s), _named(cell, s, below, inner)))
    return shares


def _named(cell: Cell, s: Signal, below: Signal, inner: Term) -> Term:
    """A state's block stays a name; any other signal's is written out."""
    return Partial(s, below, "block") if s.name in cell.states else inner


def block_steps(cell: Cell, above: str, state: str) -> tuple[Step, ...]:
    """The chain rule over the arguments of one equation, then its local Jacobians put in."""
    below, e = cell.signal(state, t - 1), cell.by_name[above]
    left = Partial(e.left, below, "block")
    chain: list[Term] = [local_partial(e, s) for s in sources(e, before=True) if s == below]
    through = [s for s in sources(e, before=False) if not is_fill(block(cell, s.name, state), 0)]
    chain += [MatrixProduct(local_partial(e, s), Partial(s, below, "block")) for s in through]
    value = block(cell, above, state)
    if not chain:
        return (Step(left, value, f"no path leads from {state} into {above} within one step"),)
    names = ", ".join(f"{s.name}_t" for s in through)
    reason = (
        f"chain rule: {state} acts on {above} through {names}"
        if through
        else f"{state} acts on {above} directly"
    )
    if through and len(chain) > len(through):
        reason = f"chain rule: {state} acts on {above} directly and through {names}"
    steps = [Step(left, chain[0] if len(chain) == 1 else Plus(*chain), reason)]
    return (*steps, Step(left, value, "local Jacobians put in, slopes written in the outputs"))


@lru_cache(maxsize=1024)
def state_jacobian(cell: Cell) -> tuple[Step, ...]:
    """What J_t stands for: the block matrix of names first, then each block that is not one name already."""
    jacobian = StateJacobian(t, cell.state_size)
    if len(cell.states) == 1:
        name = cell.states[0]
        return (Step(jacobian, block(cell, name, name), f"the state is {name} alone"),)
    pairs = [(a, b) for a in cell.states for b in cell.states]
    blocks = [block_name(cell, a, b) for a, b in pairs]
    joint = ", ".join(cell.states)
    head = Step(
        jacobian,
        Blocks(len(cell.states), *blocks),
        f"the joint state is ({joint}); rows are outputs",
    )
    defined = [
        Step(n, block(cell, a, b), "")
        for n, (a, b) in zip(blocks, pairs, strict=True)
        if isinstance(n, Partial)
    ]
    return (head, *defined)


def block_name(cell: Cell, above: str, state: str) -> Term:
    """The name of a one-step block, or zero."""
    value = block(cell, above, state)
    return (
        value
        if is_fill(value, 0)
        else Partial(cell.signal(above), cell.signal(state, t - 1), "block")
    )


@lru_cache(maxsize=65536)
def within(cell: Cell, above: str, below: str) -> Term:
    """∂above_t/∂below_t through the equations of step t alone, what was before held fixed.

    A long one by way of another state names that state's derivative.
    """
    for name in _on_the_way(cell, above, reached(cell, cell.signal(below))):
        _within(cell, name, below)
    return _within(cell, above, below)


@lru_cache(maxsize=65536)
def _within(cell: Cell, above: str, below: str) -> Term:
    rows, by = cell.signal(above).rows, cell.signal(below)
    if above == below:
        return Eye(rows)
    nothing = zeros(rows, by.rows)
    if above not in reached(cell, by):
        return nothing
    e = cell.by_name[above]
    shares = (MatrixProduct(local(e, s), _inner(cell, s, by)) for s in sources(e, before=False))
    return tidy(Plus(nothing, *shares))


def _inner(cell: Cell, s: Signal, by: Signal) -> Term:
    inner = _within(cell, s.name, by.name)
    named = s.name in cell.states and is_long(inner)
    return Partial(s, by, "total") if named else inner


def is_long(term: Term) -> bool:
    """Whether a derivative is rather named than written out inside another one."""
    return _nodes(term) > LONGEST


@lru_cache(maxsize=65536)
def _nodes(term: Term) -> int:
    return 1 + sum(map(_nodes, term.parts))


def select(cell: Cell, state: str) -> Selector:
    """The columns of the joint state's identity that belong to one state."""
    return Selector(state, cell.states.index(state), *(cell.signal(s).rows for s in cell.states))
