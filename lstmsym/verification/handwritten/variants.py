"""Programs of backpropagation with a slip at one place of one assignment, as the table of slips makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lstmsym.derivation.steps import Program, Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Adjoint
from lstmsym.equations.terms import Elementwise, Plus, Signal, Term, walk
from lstmsym.printing.documents import line
from lstmsym.verification.mutants import mutants
from lstmsym.verification.slips.sites import Form
from lstmsym.verification.slips.table import SLIPS, Slip

Array = Any
Words = Callable[[], str]
Steps = Sequence[tuple[int, Step]]  # numbers of assignments, and the assignments
OTHER = "another quantity"
COMMON = tuple(s for s in SLIPS if s.common)
RARE = tuple(s for s in SLIPS if not s.common)


@dataclass(frozen=True)
class Variant:
    """A program with a slip.

    slip        its name
    said        says in words what was done; worked out only for the one that is printed
    steps       number of the assignment (or of the gradient) → the step that stands there instead
    parameters  arrays that the changed terms name in addition
    initial     states before the first step that are read instead of the given ones
    """

    slip: str
    said: Words
    steps: Mapping[int, Step]
    parameters: Mapping[str, Array] | None = None
    initial: Mapping[str, Array] | None = None

    @property
    def words(self) -> str:
        """What was done."""
        return self.said()

    def of(self, program: Program) -> Program:
        """The program with the assignments replaced."""
        new = tuple(self.steps.get(n, s) for n, s in enumerate(program.assignments))
        return replace(program, assignments=new)


def in_one_step(cell: Cell, steps: Steps, slips: Iterable[Slip]) -> Iterator[Variant]:
    """The slips at every place of every step, slip by slip."""
    forms = [(n, s, Form(s.right, cell)) for n, s in steps]
    for slip in slips:
        for n, step, form in forms if slip.name != OTHER else ():
            for m in mutants([form], [slip]):
                if m.term.shape == step.right.shape:
                    yield changed(slip.name, n, step, m.term, lambda m=m: m.words)  # type: ignore[misc]


def changed(slip: str, n: int, step: Step, right: Term, said: Words) -> Variant:
    """The variant with one other right side."""
    return Variant(slip, lambda: f"in {line(step.left)}, {said()}", {n: replace(step, right=right)})


def signals_for_activations(cell: Cell, steps: Steps) -> Iterator[Variant]:
    """h_t for tanh(C_t), and other signals in the place of an activated one."""
    for n, step in steps:
        inside = {
            a
            for a in walk(step.right)
            if isinstance(a, Elementwise) and isinstance(a.inside, Signal)
        }
        for a in sorted(inside, key=str):
            for s in cell.signals.values():
                new = s.at(a.inside.time)
                if s.rows == a.rows and new != a.inside:
                    right = step.right.xreplace({a: new})
                    yield changed("wrong gate", n, step, right, _stands_for(new, a))


def own_for_whole(program: Program, steps: Steps) -> Iterator[Variant]:
    """The slope of the loss of one step where the whole gradient has to be carried on."""
    owned = {a.of.name for s in program.assignments for a in walk(s.right) if _is_own(a)}
    for n, step in steps:
        for a in walk(step.right):
            if isinstance(a, Adjoint) and not _is_own(a) and a.of.name in owned:
                new = Adjoint(a.of, "own")
                right = step.right.xreplace({a: new})
                yield changed("wrong adjoint", n, step, right, _stands_for(new, a))


def _is_own(term: Term) -> bool:
    return isinstance(term, Adjoint) and term.scope == "own"


def _stands_for(new: Term, a: Term) -> Words:
    return lambda: f"{line(new)} stands where {line(a)} belongs"


def summands(step: Step) -> tuple[Term, ...]:
    """The summands of a right side; none where it is no sum."""
    return step.right.parts if isinstance(step.right, Plus) else ()
