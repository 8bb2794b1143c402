"""Slips that code makes in many places at once: in a function that all gates share, in every summand of a sum."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lstmsym.derivation.steps import Program, Step
from lstmsym.equations.derived import Adjoint
from lstmsym.equations.terms import Elementwise, Fill, Hadamard, Plus, Term, walk
from lstmsym.printing.documents import line
from lstmsym.verification.handwritten.variants import COMMON, Variant, changed, summands
from lstmsym.verification.mutants import mutants
from lstmsym.verification.slips.sites import Form
from lstmsym.verification.slips.slope import Slope
from lstmsym.verification.slips.table import Slip

MOST_SUMMANDS = 7
SIGNS = {"sigmoid": "σ′", "tanh": "tanh′"}

# What a function shared by all gates gives in place of the slope: the name of the slip, and the terms.
SHARED: dict[str, Callable[[Slope], list[Term]]] = {
    "missing slope":         lambda s: [Fill(1, *s.y.shape)],
    "activated twice":       lambda s: [s.activated],
    "slope in the argument": lambda s: [s.of_argument],
    "slope of another":      lambda s: [s.of(f) for f in SIGNS if f != s.function],
    "slope misremembered":   lambda s: _misremembered(s),
}  # fmt: skip


def in_shared_functions(program: Program) -> Iterator[Variant]:
    """A slope that is wrong wherever its function is derived."""
    for function in SIGNS:
        for slip, made in SHARED.items():
            for choice in itertools.count():
                found = list(_shared(program, function, made, choice))
                if not found:
                    break
                if len(found) > 1:
                    said = f"everywhere {SIGNS[function]} is wrong: {{}} for {{}}, and so on"
                    shown = found[0][2:]
                    yield Variant(slip, _filled(said, shown), {n: step for n, step, *_ in found})


def _shared(
    program: Program, function: str, made: Callable[[Slope], list[Term]], choice: int
) -> Iterator[tuple[int, Step, Term, Term]]:
    """Number and step of every assignment that changes, with what stands where."""
    for n, step in enumerate(program.assignments):
        right, first = step.right, None
        for s in Form(right, program.cell).slopes:
            news = made(s) if s.function == function else []
            if choice < len(news) and (new := _replaced(right, s, news[choice])) != right:
                right, first = new, first or (news[choice], s.term)
        if first:
            yield n, replace(step, right=right), *first


def _filled(said: str, shown: Iterable[Term]) -> Callable[[], str]:
    return lambda: said.format(*map(line, shown))


def _misremembered(s: Slope) -> list[Term]:
    y = s.y
    one, square = Fill(1, *y.shape), Elementwise("square", y)
    minus = Plus(one, Hadamard(Fill(-1, *y.shape), y))
    if s.function == "tanh":
        return [minus, Elementwise("square", minus), Plus(one, square), square, Hadamard(y, minus)]
    return [y, minus, Hadamard(y, Plus(one, y)), Plus(one, square), Hadamard(minus, minus)]


def _replaced(term: Term, s: Slope, new: Term) -> Term:
    """The term with a slope replaced wherever it stands, as a factor or alone."""
    if term == s.term:
        return new
    if isinstance(term, Hadamard) and set(s.factors) <= set(term.args):
        rest = [a for a in term.parts if a not in s.factors]
        return Hadamard(*rest, new) if rest else new
    args = [_replaced(a, s, new) if isinstance(a, Term) else a for a in term.args]
    return (
        term.func(*args) if any(a is not b for a, b in zip(args, term.args, strict=True)) else term
    )


def gates_for_preactivations(program: Program) -> Iterator[Variant]:
    """The gradients by the gates taken for those by their pre-activations, in all gates."""
    inner = Form(program.assignments[0].right, program.cell).inner
    steps = {}
    for n, step in enumerate(program.assignments):
        assert isinstance(step.left, Adjoint)
        outer = [a for a in walk(step.right) if isinstance(a, Adjoint)]
        if step.left.of.name in inner and len(outer) == 1:
            steps[n] = replace(step, right=outer[0])
    if len(steps) > 1:
        words = "the gradients by all gates are taken for those by their pre-activations, without any slope"
        yield Variant("missing slope", lambda: words, steps)


def in_every_summand(program: Program) -> Iterator[Variant]:
    """The same slip in two or more summands of one sum: Wᵀ without its transpose in all gates."""
    for n, step in enumerate(program.assignments):
        for slip in COMMON if summands(step) else ():
            yield from _summandwise(program, n, step, slip)


def _summandwise(program: Program, n: int, step: Step, slip: Slip) -> Iterator[Variant]:
    parts = summands(step)
    found = [list(mutants([Form(a, program.cell)], [slip])) for a in parts]
    counts = {len(each) for each in found if each}
    if len(counts) != 1 or sum(map(bool, found)) < 2:
        return
    for k in range(counts.pop()):
        new = [each[k].term if each else a for a, each in zip(parts, found, strict=True)]
        if all(a.shape == b.shape for a, b in zip(new, parts, strict=True)):
            first = next(each[k] for each in found if each)
            yield changed(slip.name, n, step, Plus(*new), _in_every(first))


def _in_every(mutant: object) -> Callable[[], str]:
    return lambda: f"in every summand: {getattr(mutant, 'words', '')}"


def summands_lost(program: Program) -> Iterator[Variant]:
    """Two summands or more that are forgotten."""
    for n, step in enumerate(program.assignments):
        parts = summands(step)
        for count in range(2, len(parts)) if len(parts) <= MOST_SUMMANDS else ():
            for lost in itertools.combinations(parts, count):
                kept = [a for a in parts if a not in lost]
                if kept:
                    right = Plus(*kept) if len(kept) > 1 else kept[0]
                    yield changed("lost paths", n, step, right, _missing(lost))


def _missing(lost: tuple[Term, ...]) -> Callable[[], str]:
    return lambda: f"these are missing: {', '.join(map(line, lost))}"
