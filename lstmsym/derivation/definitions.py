"""What the names in a derivation stand for: J_t, the one-step blocks, the one-step matrices of kind step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from lstmsym.derivation.kinds import one_step
from lstmsym.derivation.state import is_long, state_jacobian, within
from lstmsym.derivation.steps import Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Partial, StateJacobian
from lstmsym.equations.terms import Term, t, walk

DEFINED = ("step", "block")


def definitions(cell: Cell, terms: Iterable[Term]) -> tuple[Step, ...]:
    """A line for every name in the terms and in these lines themselves: J_t and its blocks first."""
    return _defined(terms, lambda name: _lines(cell, name))


def definitions_within(cell: Cell, terms: Iterable[Term]) -> tuple[Step, ...]:
    """The same for the names of derivatives within one step alone."""
    return _defined(terms, lambda name: _within_line(cell, name))


def _defined(terms: Iterable[Term], lines: Callable[[Term], Iterator[Step]]) -> tuple[Step, ...]:
    found: dict[Term, Step] = {}
    front = list(terms)
    while front:
        for name in walk(front.pop(0)):
            for step in lines(name):
                if step.left not in found:
                    found[step.left] = step
                    front.append(step.right)
    return tuple(found.values())


def _lines(cell: Cell, name: Term) -> Iterator[Step]:
    if isinstance(name, StateJacobian):
        yield from state_jacobian(cell)
    elif isinstance(name, Partial) and _is_one_step(name):
        above, below = name.above.name, name.below.name
        left = Partial(cell.signal(above), cell.signal(below, t - 1), name.kind)
        yield Step(left, one_step(cell, above, below, name.kind), "")
    else:
        yield from _within_line(cell, name)


def _within_line(cell: Cell, name: Term) -> Iterator[Step]:
    """What a derivative within one step is, where it is too long to stand in the lines themselves."""
    if not isinstance(name, Partial) or name.kind != "total" or name.above.time != name.below.time:
        return
    above, below = name.above.name, name.below.name
    value = within(cell, above, below)
    if is_long(value):
        yield Step(Partial(cell.signal(above), cell.signal(below), name.kind), value, "")


def _is_one_step(name: Partial) -> bool:
    return name.kind in DEFINED and name.above.time - name.below.time == 1
