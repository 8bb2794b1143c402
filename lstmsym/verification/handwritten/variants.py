"""Programs of backpropagation with one slip in them, as people make it in code.

Most slips stand at one place of one assignment and come from the table of slips. In code a slip is also made in
many places at once: in a function that all gates share, in every summand of a sum, in a slice.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lstmsym.derivation.steps import Program, Step
from lstmsym.equations.derived import Adjoint, Columns
from lstmsym.equations.terms import Elementwise, Fill, Hadamard, Parameter, Plus, Signal, Term, walk
from lstmsym.printing.documents import line
from lstmsym.verification.mutants import mutants
from lstmsym.verification.slips.sites import Form
from lstmsym.verification.slips.slope import Slope
from lstmsym.verification.slips.table import SLIPS, Slip

Array = Any
OTHER = "another quantity"
MOST_SUMMANDS = 7


@dataclass(frozen=True)
class Variant:
    """A program with a slip.

    slip        its name
    words       what was done
    steps       number of the assignment (or of the gradient) → the step that stands there instead
    parameters  arrays that the changed terms name in addition
    """

    slip: str
    words: str
    steps: Mapping[int, Step]
    parameters: Mapping[str, Array] | None = None

    def of(self, program: Program) -> Program:
        """The program with the assignments replaced."""
        new = tuple(self.steps.get(n, s) for n, s in enumerate(program.assignments))
        return replace(program, assignments=new)


def variants(program: Program) -> Iterator[Variant]:
    """The slips in the assignments, those that are made most easily first."""
    steps = program.assignments
    yield from in_shared_functions(program)
    yield from gates_for_preactivations(program)
    yield from in_one_step(program, steps, [s for s in SLIPS if s.common])
    yield from summands_lost(steps)
    yield from in_every_summand(program)
    yield from signals_for_activations(program)
    yield from in_one_step(program, steps, [s for s in SLIPS if not s.common])


def in_one_step(
    program: Program, steps: Iterable[Step], slips: Iterable[Slip] = SLIPS
) -> Iterator[Variant]:
    """Every slip of the table at every place of every step."""
    forms = [(n, s, Form(s.right, program.cell)) for n, s in enumerate(steps)]
    for slip in slips:
        for n, step, form in forms if slip.name != OTHER else ():
            for m in mutants([form], [slip]):
                if m.term.shape == step.right.shape:
                    words = f"in {line(step.left)}, {m.words}"
                    yield Variant(slip.name, words, {n: replace(step, right=m.term)})


def gates_for_preactivations(program: Program) -> Iterator[Variant]:
    """The gradients by the gates taken for those by their pre-activations, in all gates."""
    inner = Form(program.assignments[0].right, program.cell).inner
    changed = {}
    for n, step in enumerate(program.assignments):
        assert isinstance(step.left, Adjoint)
        outer = [a for a in walk(step.right) if isinstance(a, Adjoint)]
        if step.left.of.name in inner and len(outer) == 1:
            changed[n] = replace(step, right=outer[0])
    if len(changed) > 1:
        words = "the gradients by all gates are taken for those by their pre-activations: no slope is there"
        yield Variant("missing slope", words, changed)


# What a function shared by all gates gives in place of the slope: the name of the slip, and the term.
SHARED: dict[str, Callable[[Slope], Iterable[Term]]] = {
    "missing slope": lambda s: [Fill(1, *s.y.shape)],
    "activated twice": lambda s: [s.activated],
    "slope in the argument": lambda s: [s.of_argument],
    "slope of another": lambda s: [s.of(f) for f in ("sigmoid", "tanh") if f != s.function],
    "slope misremembered": lambda s: _misremembered(s),
}


def in_shared_functions(program: Program) -> Iterator[Variant]:
    """A slope that is wrong wherever its function is derived."""
    for function in ("sigmoid", "tanh"):
        for slip, made in SHARED.items():
            yield from _shared(program, function, slip, made)


def _shared(
    program: Program, function: str, slip: str, made: Callable[[Slope], Iterable[Term]]
) -> Iterator[Variant]:
    for choice in itertools.count():
        changed: dict[int, Step] = {}
        shown = ""
        for n, step in enumerate(program.assignments):
            right = step.right
            for s in Form(right, program.cell).slopes:
                news = list(made(s)) if s.function == function else []
                if choice < len(news) and (new := _slope_replaced(right, s, news[choice])) != right:
                    right, shown = new, shown or f"{line(news[choice])} for {line(s.term)}"
            if right is not step.right:
                changed[n] = replace(step, right=right)
        if not changed:
            return
        if len(changed) > 1:
            sign = {"sigmoid": "σ′", "tanh": "tanh′"}[function]
            yield Variant(slip, f"everywhere {sign} is wrong: {shown}, and so on", changed)


def _misremembered(s: Slope) -> list[Term]:
    y = s.y
    one, square = Fill(1, *y.shape), Elementwise("square", y)
    minus = Plus(one, Hadamard(Fill(-1, *y.shape), y))
    if s.function == "tanh":
        return [minus, Elementwise("square", minus), Plus(one, square), square, Hadamard(y, minus)]
    return [y, minus, Hadamard(y, Plus(one, y)), Plus(one, square), Hadamard(minus, minus)]


def _slope_replaced(term: Term, s: Slope, new: Term) -> Term:
    """The term with a slope replaced wherever it stands, as a factor or alone."""
    if term == s.term:
        return new
    if isinstance(term, Hadamard) and set(s.factors) <= set(term.args):
        rest = [a for a in term.parts if a not in s.factors]
        return Hadamard(*rest, new) if rest else new
    args = [_slope_replaced(a, s, new) if isinstance(a, Term) else a for a in term.args]
    return (
        term.func(*args) if any(a is not b for a, b in zip(args, term.args, strict=True)) else term
    )


def in_every_summand(program: Program) -> Iterator[Variant]:
    """The same slip in two or more summands of one sum: Wᵀ without its transpose in all gates."""
    for n, step in enumerate(program.assignments):
        if isinstance(step.right, Plus):
            for slip in (s for s in SLIPS if s.common):
                yield from _summandwise(program, n, step, slip)


def _summandwise(program: Program, n: int, step: Step, slip: Slip) -> Iterator[Variant]:
    parts = step.right.parts
    changed = [list(mutants([Form(a, program.cell)], [slip])) for a in parts]
    counts = {len(found) for found in changed if found}
    if len(counts) != 1 or sum(map(bool, changed)) < 2:
        return
    for k in range(counts.pop()):
        new = [found[k].term if found else a for a, found in zip(parts, changed, strict=True)]
        if all(a.shape == b.shape for a, b in zip(new, parts, strict=True)):
            first = next(found[k] for found in changed if found)
            words = f"in {line(step.left)}, in every summand: {first.words}"
            yield Variant(slip.name, words, {n: replace(step, right=Plus(*new))})


def summands_lost(steps: Iterable[Step]) -> Iterator[Variant]:
    """Two summands or more that are forgotten."""
    for n, step in enumerate(steps):
        parts = step.right.parts if isinstance(step.right, Plus) else ()
        for count in range(2, len(parts)) if len(parts) <= MOST_SUMMANDS else ():
            for lost in itertools.combinations(parts, count):
                kept = [a for a in parts if a not in lost]
                if kept:
                    right = Plus(*kept) if len(kept) > 1 else kept[0]
                    words = f"in {line(step.left)}, these are missing: {', '.join(map(line, lost))}"
                    yield Variant("lost paths", words, {n: replace(step, right=right)})


def signals_for_activations(program: Program) -> Iterator[Variant]:
    """h_t for tanh(C_t), and other signals in the place of an activated one."""
    for n, step in enumerate(program.assignments):
        inside = {
            a
            for a in walk(step.right)
            if isinstance(a, Elementwise) and isinstance(a.inside, Signal)
        }
        for a in sorted(inside, key=str):
            for s in program.cell.signals.values():
                new = s.at(a.inside.time)
                if s.rows == a.rows and new != a.inside:
                    right = step.right.xreplace({a: new})
                    words = f"in {line(step.left)}, {line(new)} stands where {line(a)} belongs"
                    yield Variant("wrong gate", words, {n: replace(step, right=right)})


Window = tuple[str, int, int]


def wrong_slices(
    program: Program, windows: Mapping[str, list[int]], columns: Callable[[str, str, int], Array]
) -> Iterator[Variant]:
    """A part of the concatenation cut out at the wrong place, for one part or for all of them.

    windows  label → first columns at which a slice of its width may begin, in the author's order
    columns  (weight, label, first column) → the columns of the weight there
    """
    labels = list(windows)
    for starts in itertools.product(*([None, *windows[label]] for label in labels)):
        chosen = {label: s for label, s in zip(labels, starts, strict=True) if s is not None}
        if chosen:
            yield from _sliced(program, chosen, columns)


def _sliced(
    program: Program, starts: Mapping[str, int], columns: Callable[[str, str, int], Array]
) -> Iterator[Variant]:
    changed: dict[int, Step] = {}
    parameters: dict[str, Array] = {}
    for n, step in enumerate(program.assignments):
        instead = {}
        for a in walk(step.right):
            if isinstance(a, Columns) and a.part.label in starts:
                name = f"{a.parameter.name}_at_{a.part.label}"
                instead[a] = Parameter(name, *a.shape)
                parameters[name] = columns(a.parameter.name, a.part.label, starts[a.part.label])
        if instead:
            changed[n] = replace(step, right=step.right.xreplace(instead))
    if changed:
        cut = " and ".join(
            f"that by {label} from column {start} on" for label, start in starts.items()
        )
        words = f"the gradient of the concatenation is cut at the wrong place: {cut}"
        yield Variant("wrong slice", words, changed, parameters)
