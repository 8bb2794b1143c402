"""Which signal acts on which, within a step and across one, and how many ways lead along it.

An edge is one local Jacobian; an elementary path is a sequence of edges.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lstmsym.calculus.chain import equation_jacobian
from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.derived import Partial
from lstmsym.equations.terms import Signal, Term, at, is_fill, t

State = dict[str, int]


def local(equation: Equation, signal: Signal) -> Term:
    """∂⁺left/∂signal: the edge from a signal into an equation, at time t."""
    return equation_jacobian(equation, signal)


def local_partial(equation: Equation, signal: Signal) -> Partial:
    """The name of that edge."""
    return Partial(equation.left, signal, "local")


@lru_cache(maxsize=4096)
def sources(equation: Equation, before: bool) -> tuple[Signal, ...]:
    """The signals at t (or at t-1) that act on the equation's left side."""
    return tuple(
        s
        for s in (equation.before if before else equation.now)
        if not is_fill(local(equation, s), 0)
    )


def step_paths(cell: Cell, start: State, now: State) -> State:
    """Advance the number of paths that reach each signal by one step.

    start   paths that reach each state at t-1
    now     paths that begin at t: {name: 1} for the signal the derivative is by
    """
    reached: State = {s.name: now.get(s.name, 0) for s in cell.inputs}
    for e in cell:
        from_before = sum(start.get(s.name, 0) for s in sources(e, before=True))
        within = sum(reached.get(s.name, 0) for s in sources(e, before=False))
        reached[e.name] = from_before + within + now.get(e.name, 0)
    return reached


def count_paths(cell: Cell, above: str, below: str, lag: int, kind: str) -> int:
    """The number of elementary paths from below at t-lag to above at t that the kind admits."""
    if kind == "block":
        reached: State = {below: 1}
    elif kind == "total":
        reached = step_paths(cell, {}, {below: 1})
    else:
        first = _one_step(cell, above, below, kind)
        return first * _one_step(cell, below, below, kind) ** (lag - 1)
    for _ in range(lag):
        reached = step_paths(cell, reached, {})
    return reached.get(above, 0)


def _one_step(cell: Cell, above: str, below: str, kind: str) -> int:
    if kind == "direct":
        return int(any(s.name == below for s in sources(cell.by_name[above], before=True)))
    start = {below: 1} | {s: 1 for s in carried(cell, below)}
    return step_paths(cell, start, {}).get(above, 0)


def carried(cell: Cell, below: str) -> tuple[str, ...]:
    """The other states that are computed directly from a state within its own step."""
    names = (s for s in cell.states if s != below)
    return tuple(
        s for s in names if any(a.name == below for a in sources(cell.by_name[s], before=False))
    )


Path = tuple[Term, ...]


def paths(cell: Cell, above: str, below: str, lag: int, kind: str) -> Iterator[Path]:
    """Every elementary path as its local Jacobians, newest first, each at its own time."""
    if kind in ("block", "total"):
        yield from _walk_back(cell, above, below, lag, 0, kind == "total")
        return
    steps = [
        list(_one_step_paths(cell, above if d == 0 else below, below, kind, d)) for d in range(lag)
    ]
    yield from _combine(steps)


def _combine(steps: list[list[Path]]) -> Iterator[Path]:
    if not steps:
        yield ()
        return
    for first in steps[0]:
        for rest in _combine(steps[1:]):
            yield (*first, *rest)


def _one_step_paths(cell: Cell, above: str, below: str, kind: str, delay: int) -> Iterator[Path]:
    if kind == "direct":
        e = cell.by_name[above]
        yield from (
            (at(local(e, s), t - delay),) for s in sources(e, before=True) if s.name == below
        )
        return
    yield from _walk_back(cell, above, below, delay + 1, delay, False)
    for state in carried(cell, below):
        e = cell.by_name[state]
        edge = next(local(e, s) for s in sources(e, before=False) if s.name == below)
        for path in _walk_back(cell, above, state, delay + 1, delay, False):
            yield (*path, at(edge, t - delay - 1))


def _walk_back(
    cell: Cell, name: str, below: str, lag: int, delay: int, within: bool
) -> Iterator[Path]:
    """Paths from (below, lag) to (name, delay), found from the end; within: also inside the oldest step."""
    if name == below and delay == lag:
        yield ()
        return
    if name not in cell.by_name or (delay == lag and not within):
        return
    e = cell.by_name[name]
    for before in (True, False):
        for s in sources(e, before):
            older = delay + before
            if older > lag or not _reaches(cell, s.name, below, lag - older, within):
                continue
            for path in _walk_back(cell, s.name, below, lag, older, within):
                yield (at(local(e, s), t - delay), *path)


def _reaches(cell: Cell, name: str, below: str, lag: int, within: bool) -> bool:
    return _count(cell, name, below, lag, within) > 0


@lru_cache(maxsize=65536)
def _count(cell: Cell, name: str, below: str, lag: int, within: bool) -> int:
    if lag == 0 and not within:
        return int(name == below)
    return count_paths(cell, name, below, lag, "total" if within else "block")
