"""Slips that code makes in many places at once: in a function that all gates share, in every summand of a sum."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lstmsym.derivation.steps import Program, Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Adjoint
from lstmsym.equations.terms import Elementwise, Fill, Hadamard, Plus, Term, t, walk
from lstmsym.printing.documents import line
from lstmsym.verification.handwritten.program_run import carried
from lstmsym.verification.handwritten.variants import (
    COMMON,
    Steps,
    Variant,
    changed,
    summands,
)
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


def in_shared_functions(program: Program, least: int = 2) -> Iterator[Variant]:
    """A slope that is wrong wherever its function is derived, in so many assignments at least."""
    for functions in (*((f,) for f in SIGNS), tuple(SIGNS)):
        for slip, made in SHARED.items():
            for choice in itertools.count():
                found = list(_shared(program, functions, made, choice))
                if not found:
                    break
                if len(found) >= least:
                    wrong = " and ".join(SIGNS[f] for f in functions)
                    said = f"{wrong} wrong everywhere: {{}} for {{}}, and so on"
                    shown = found[0][2:]
                    yield Variant(slip, _filled(said, shown), {n: step for n, step, *_ in found})


def _shared(
    program: Program, functions: tuple[str, ...], made: Callable[[Slope], list[Term]], choice: int
) -> Iterator[tuple[int, Step, Term, Term]]:
    """Number and step of every assignment that changes, with what stands where."""
    for n, step in enumerate(program.assignments):
        right, first = step.right, None
        for s in Form(right, program.cell).slopes:
            news = made(s) if s.function in functions else []
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


def carried_from_one_step(steps: Steps) -> Iterator[Variant]:
    """What is handed back is what one step adds, without what came to it from later ones."""
    for n, step in steps:
        whole = step.left.xreplace({t: t + 1})
        local = [a for a in summands(step) if a not in carried(step)]
        if local and any(whole in walk(a) for a in carried(step)):
            one = (Plus(*local) if len(local) > 1 else local[0]).xreplace({t: t + 1})
            right = step.right.xreplace({whole: one})
            yield changed("carried part lost", n, step, right, _stands_for_whole(one, whole))


def _stands_for_whole(one: Term, whole: Term) -> Callable[[], str]:
    return lambda: (
        f"only {line(one)} is handed back where the whole {line(whole)} belongs, with what came from later steps"
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


def in_every_summand(cell: Cell, steps: Steps) -> Iterator[Variant]:
    """The same slip in two or more summands of one sum: Wᵀ without its transpose in all gates."""
    for n, step in steps:
        for slip in COMMON if summands(step) else ():
            yield from _summandwise(cell, n, step, slip)


def _summandwise(cell: Cell, n: int, step: Step, slip: Slip) -> Iterator[Variant]:
    parts = summands(step)
    found = [list(mutants([Form(a, cell)], [slip])) for a in parts]
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


def summands_lost(steps: Steps) -> Iterator[Variant]:
    """Two summands or more that are forgotten."""
    for n, step in steps:
        parts = summands(step)
        for count in range(2, len(parts)) if len(parts) <= MOST_SUMMANDS else ():
            for lost in itertools.combinations(parts, count):
                kept = [a for a in parts if a not in lost]
                if kept:
                    right = Plus(*kept) if len(kept) > 1 else kept[0]
                    yield changed("lost paths", n, step, right, _missing(lost))


def _missing(lost: tuple[Term, ...]) -> Callable[[], str]:
    return lambda: f"these are missing: {', '.join(map(line, lost))}"
