"""Slips with what a cache holds: two gates exchanged, or a gate read after it was made its slope in place."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

from lstmsym.derivation.steps import Program, Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Adjoint
from lstmsym.equations.terms import Hadamard, Plus, Signal, Term
from lstmsym.printing.documents import line
from lstmsym.verification.handwritten.variants import Steps, Variant, changed, summands
from lstmsym.verification.slips.sites import Form


def exchanged(program: Program) -> Iterator[Variant]:
    """Two assignments with each other's factor: δf_t with C̃_t and δi_t with C_{t-1}; or with each other's name."""
    steps = [(n, s) for n, s in enumerate(program.assignments) if isinstance(s.right, Hadamard)]
    for (n, a), (m, b) in itertools.combinations(steps, 2):
        if set(_adjoints(a)) & set(_adjoints(b)):
            for p, q in itertools.product(_own(a, b), _own(b, a)):
                if p.shape == q.shape:
                    new = {n: replace(a, right=a.right.xreplace({p: q}))}
                    new[m] = replace(b, right=b.right.xreplace({q: p}))
                    yield Variant("swapped gates", _stand_exchanged(p, q, a, b), new)
    inner = Form(program.assignments[0].right, program.cell).inner
    gates = [(n, s) for n, s in steps if isinstance(s.left, Adjoint) and s.left.of.name in inner]
    for (n, a), (m, b) in itertools.combinations(gates, 2):
        if a.left.shape == b.left.shape:
            new = {n: replace(a, left=b.left), m: replace(b, left=a.left)}
            yield Variant("swapped gates", _stand_exchanged(a.left, b.left), new)


def slopes_for_gates(cell: Cell, steps: Steps) -> Iterator[Variant]:
    """f ⊙ (1 − f) where f belongs: the gate was multiplied by 1 − f in place before it was used again."""
    for n, step in steps:
        for slope in Form(step.right, cell).slopes:
            said = _stands_for(slope.term, slope.y)
            parts = summands(step) or (step.right,)
            for k, part in enumerate(parts):
                new = _with_slope(part, slope.y, slope.term)
                if new is not None:
                    right = [*parts[:k], new, *parts[k + 1 :]]
                    whole = Plus(*right) if len(right) > 1 else new
                    yield changed("slope too many", n, step, whole, said)


def _with_slope(term: Term, y: Term, slope: Term) -> Term | None:
    """A product with a slope for the activated value; None where that is no factor, or stands in its slope."""
    if not isinstance(term, Hadamard) or y not in term.args or slope in term.args:
        return None
    rest = [a for a in term.parts if a != y]
    inside = isinstance(slope, Hadamard) and set(slope.args) & set(rest)
    return None if inside else Hadamard(*rest, slope)


def _stands_for(slope: Term, y: Term) -> Callable[[], str]:
    return lambda: (
        f"{line(slope)} stands where {line(y)} belongs, as if {line(y)} had been changed in place before"
    )


def _adjoints(step: Step) -> list[Term]:
    return [a for a in step.right.args if isinstance(a, Adjoint)]


def _own(step: Step, other: Step) -> list[Term]:
    """The signals that are factors of one assignment and not of the other."""
    return [a for a in step.right.args if isinstance(a, Signal) and a not in other.right.args]


def _stand_exchanged(p: Term, q: Term, *steps: Step) -> Callable[[], str]:
    def said() -> str:
        where = f"in {' and '.join(line(s.left) for s in steps)}, " if steps else ""
        return f"{where}{line(p)} and {line(q)} stand exchanged"

    return said
