"""What a thing says, in order, before any format: headings, sentences and displayed lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lstmsym.derivation.bounds import Bound
from lstmsym.derivation.steps import Derivation, Document, Program, Section, Step
from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.derived import Blocks, Partial, StateJacobian
from lstmsym.equations.terms import Term, t, walk
from lstmsym.errors import MissingRule
from lstmsym.printing.derivatives import Joint
from lstmsym.printing.lines import Line, lines_of


@dataclass(frozen=True)
class Heading:
    """A title: level 0 of a document, 1 of a section, 2 of a result, which has its formula in front."""

    level: int
    words: str
    term: Term | None = None


@dataclass(frozen=True)
class Prose:
    """A sentence, or several."""

    words: str


@dataclass(frozen=True)
class Display:
    """Displayed lines, aligned with each other; `compact` writes one-step blocks as entries of J."""

    lines: tuple[Line, ...]
    compact: bool = False


Piece = Heading | Prose | Display


def outline(thing: Any, steps: bool = True) -> list[Piece]:
    """The pieces of a thing. Raises MissingRule for what has no outline."""
    return list(_Outline(steps).of(thing))


class _Outline:
    """One walk; what a document has displayed already is not defined again."""

    def __init__(self, steps: bool) -> None:
        self.steps = steps
        self.shown: set[tuple[Term, Term]] = set()
        self.said: set[str] = set()

    def of(self, thing: Any) -> Iterator[Piece]:
        method = getattr(self, f"of_{type(thing).__name__.lower()}", None)
        if method is None:
            name = type(thing).__name__
            raise MissingRule(f"no outline of {name}; add of_{name.lower()} to printing/outline.py")
        yield from method(thing)

    def of_document(self, document: Document) -> Iterator[Piece]:
        yield Heading(0, document.title)
        for section in document.sections:
            yield from self.of(section)

    def of_section(self, section: Section) -> Iterator[Piece]:
        yield Heading(1, section.title)
        yield from map(Prose, section.prose)
        loose: list[Any] = []
        for item in section.items:
            if isinstance(item, Equation | Step | Bound):
                loose.append(item)
                continue
            yield from self.display(loose)
            loose = []
            yield from ([lead(item)] if isinstance(item, Derivation) else [])
            yield from self.of(item)
        yield from self.display(loose)

    def of_cell(self, cell: Cell) -> Iterator[Piece]:
        yield from self.display(list(cell))
        yield from self.display([Step(weight, blocks, "") for weight, blocks in cell.splits])

    def of_equation(self, equation: Equation) -> Iterator[Piece]:
        yield from self.display([equation])

    of_step = of_bound = of_equation

    def of_program(self, program: Program) -> Iterator[Piece]:
        yield Prose("For t = T, …, 1, with every adjoint after step T zero:")
        yield from self.display(list(program.assignments))
        yield Prose("Then, for the parameters:")
        yield from self.display(list(program.gradients))

    def of_derivation(self, derivation: Derivation) -> Iterator[Piece]:
        """left = expr with the way to it, what the names in it stand for, and remarks."""
        compact = not self.steps and any(_is_block_jacobian(s) for s in derivation.definitions)
        result = Step(derivation.left, derivation.expr, "")
        steps = list(derivation.steps) if self.steps and derivation.steps else [result]
        yield from self.display(steps, compact)
        defined = [s for s in derivation.definitions if (s.left, s.right) not in self.shown]
        if defined:
            yield Prose("where")
            yield from self.display(defined, compact, derivation.cell)
        if self.steps:
            new = [a for a in derivation.remarks if a not in self.said]
            self.said |= set(new)
            yield from map(Prose, new)

    def display(
        self, things: list[Any], compact: bool = False, cell: Cell | None = None
    ) -> Iterator[Piece]:
        """The things as one display; with a cell, a compact J_t is said to be ∂(h_t, C_t)/∂(…)."""
        if things:
            self.shown |= {(s.left, s.right) for s in things if isinstance(s, Step)}
            lines = lines_of(things)
            yield Display(tuple(with_joint(lines, cell) if compact and cell else lines), compact)


def with_joint(lines: Iterable[Line], cell: Cell) -> Iterator[Line]:
    """J_t = ∂(h_t, C_t)/∂(h_{t-1}, C_{t-1}) before its blocks, which are then its entries."""
    for line in lines:
        if isinstance(line.left, StateJacobian):
            now, before = (tuple(cell.signal(s, time) for s in cell.states) for time in (t, t - 1))
            yield Line(line.left, Joint((now, before)))
            yield Line(None, line.right)
        else:
            yield line


def lead(derivation: Derivation) -> Heading:
    """The heading of a result: its left side, its kind, and what is unusual about it."""
    by_state = any(isinstance(a, Partial) for a in walk(derivation.left))
    words = ["total"] if by_state and derivation.kind == "total" else []
    words += [derivation.form] if derivation.form != "product" else []
    words += ["denominator layout"] if derivation.layout == "denominator" else []
    return Heading(2, ", ".join(words), derivation.left)


def headed(thing: Any, steps: bool = True) -> list[Piece]:
    """The pieces of a thing that stands alone: a cell with its source, a result with its heading."""
    if isinstance(thing, Cell):
        return [Heading(0, thing.title), *map(Prose, _about(thing)), *outline(thing, steps)]
    if isinstance(thing, Derivation):
        return [Heading(0, thing.cell.title), lead(thing), *outline(thing, steps)]
    if isinstance(thing, Program):
        title = Heading(0, f"{thing.cell.title}: backpropagation through time")
        return [title, *outline(thing, steps)]
    return outline(thing, steps)


def _about(cell: Cell) -> Iterator[str]:
    if cell.source:
        yield f"Source: {cell.source}."
    if cell.differs:
        yield f"Differs from the source: {cell.differs}."
    inputs = ", ".join(x.name for x in cell.inputs) or "none"
    yield f"State: ({', '.join(cell.states)}). Input: {inputs}. The loss sees {cell.output}_t."


def _is_block_jacobian(step: Step) -> bool:
    return isinstance(step.left, StateJacobian) and isinstance(step.right, Blocks)
