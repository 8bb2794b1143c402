"""Which slip a wrong backward pass has: the program with that slip, run on the author's arrays, gives its numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lstmsym.calculus.laws import tidy
from lstmsym.cells import find_cell
from lstmsym.printing.documents import line
from lstmsym.verification.handwritten.exchanged import exchanged, slopes_for_gates
from lstmsym.verification.handwritten.fitting import Fit, NoFit
from lstmsym.verification.handwritten.fitting_file import Asked, fitted_to
from lstmsym.verification.handwritten.initial_states import with_other_initial_states
from lstmsym.verification.handwritten.loss_slopes import NAME, before_the_cell, multiplied
from lstmsym.verification.handwritten.many_places import (
    carried_from_one_step,
    gates_for_preactivations,
    in_every_summand,
    in_shared_functions,
    summands_lost,
)
from lstmsym.verification.handwritten.matching import Matching
from lstmsym.verification.handwritten.program_run import Backward
from lstmsym.verification.handwritten.reach import Reach
from lstmsym.verification.handwritten.single import in_single_arrays
from lstmsym.verification.handwritten.slices import sliced
from lstmsym.verification.handwritten.slopes import NOISY, Slopes
from lstmsym.verification.handwritten.times import Sequence
from lstmsym.verification.handwritten.truncation import truncated
from lstmsym.verification.handwritten.variants import (
    COMMON,
    RARE,
    Variant,
    in_one_step,
    own_for_whole,
    signals_for_activations,
)

EQUAL, EQUAL_SINGLE = 1e-6, 1e-3
FEW_STEPS = (3, 4)
MOST_MISSED = 2
ALSO_BEFORE = "what comes to the cell from the loss is wrong too, as it is where the same function is used there"


@dataclass(frozen=True)
class Explanation:
    """What was written wrongly, or why it could not be named.

    names  the names of the slips, none where nothing explains every number
    lines  what to say
    """

    cell: str
    names: tuple[str, ...]
    lines: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"cell": self.cell, "names": list(self.names), "words": list(self.lines)}


def explain(
    cell: Any,
    names: Mapping[str, str] | None,
    slopes: Slopes,
    sequence: Sequence | None,
    beside: Mapping[str, Any] | None = None,
) -> Explanation:
    """The slip in the backward pass behind `slopes`; a long sequence is cut to the first steps that show it.

    cell    a cell of the catalogue, a path or a Cell
    names   the author's names in the cell's letters; the others are found by trying
    beside  arrays that both passes use besides their arguments; the input is looked for there too
    """
    known = find_cell(cell)
    for shorter in _cuts(slopes, sequence):
        returned = shorter.author.gradients(shorter.point.fresh())
        asked = Asked(shorter, returned, names or {}, beside or {})
        try:
            fitted, true, said = fitted_to(known, asked)
        except NoFit as why:
            return unnamed(known, str(why))
        matching = Matching(fitted, returned, true, EQUAL_SINGLE if slopes.noise > NOISY else EQUAL)
        if matching.wrong:
            found = _searched(matching)
            return replace(found, lines=(*said, *found.lines))
        if np.isfinite(matching.bound):
            return clipped(known, f"±{matching.bound:.6g}")
    return unnamed(known, "the gradients by the cell's own arrays are right")


def clipped(cell: Any, bound: str) -> Explanation:
    """What is said of gradients that are right but for being clipped."""
    said = f"clipped: the gradients are clipped to {bound}; but for that they are right"
    return Explanation(find_cell(cell).name, ("clipped",), (said,))


def unnamed(cell: Any, why: str) -> Explanation:
    """What is said where no slip was found."""
    return Explanation(find_cell(cell).name, (), (f"not named: {why}",))


def scaled(cell: Any, factor: str) -> Explanation:
    """What is said of gradients that are all the true ones times one factor."""
    said = f"every gradient is {factor}; what is returned belongs to another loss, as to a sum for a mean"
    return Explanation(find_cell(cell).name, (NAME,), (said,))


def _cuts(slopes: Slopes, sequence: Sequence | None) -> Iterator[Slopes]:
    if sequence and sequence.steps > min(FEW_STEPS):
        shorter = slopes.at(sequence.cut(slopes.point, _few(slopes, sequence)))
        if _runs(shorter):
            yield shorter
    yield slopes


def _few(slopes: Slopes, sequence: Sequence) -> int:
    """A small number of steps that is no other size, so that an axis of time is told from the others."""
    shapes = {n: list(np.shape(slopes.point.values[n])) for n in slopes.point.names}
    for name, axis in sequence.axes.items():
        if name in shapes:
            shapes[name].pop(axis)
    others = {size for shape in shapes.values() for size in shape}
    possible = [n for n in FEW_STEPS if n <= sequence.steps]
    return next((n for n in possible if n not in others), possible[0])


def _runs(slopes: Slopes) -> bool:
    """Whether both passes of the author take arrays of these lengths."""
    try:
        slopes.author.loss(slopes.point.fresh())
        slopes.author.gradients(slopes.point.fresh())
    except Exception:  # whatever the author's code raises
        return False
    return True


def _searched(matching: Matching) -> Explanation:
    """The first that gives every number: slips in single gradients, one in the program, one before the cell."""
    fitted = matching.fit
    cell, program = fitted.space.cell.name, fitted.backward.program
    adjoints = fitted.backward.adjoints(program, matching.slopes)
    factor = multiplied(fitted, matching.returned, matching.true)
    if factor:
        return Explanation(cell, (NAME,), (factor,))
    single = in_single_arrays(matching, matching.wrong, adjoints)
    if single is not None:
        return Explanation(cell, *single)
    cut_off = truncated(matching)
    if cut_off:
        return Explanation(cell, ("truncated",), (f"truncated: {cut_off}",))
    reach = Reach(matching, adjoints)
    for variant in itertools.filterfalse(reach.rules_out, _tried(matching, reach)):
        backward = _run_of(variant, fitted)
        missed = matching.missed(variant.of(program), backward, MOST_MISSED)
        if missed is None or set(matching.wrong) <= set(missed[0]):
            continue
        rest = in_single_arrays(matching, *missed) if missed[0] else ((), ())
        if rest is not None:
            lines = (*_lines(variant, matching), *rest[1])
            return Explanation(cell, tuple(dict.fromkeys((variant.slip, *rest[0]))), lines)
    shared = _in_shared_functions_and_before(matching)
    if shared is not None:
        return Explanation(cell, (shared.slip,), (*_lines(shared, matching), ALSO_BEFORE))
    said = before_the_cell(fitted, matching.returned, matching.equal)
    if said:
        name, words = said
        return Explanation(cell, (name,) if name else (), (words,))
    return Explanation(cell, (), (_not_named(fitted),))


def _in_shared_functions_and_before(matching: Matching) -> Variant | None:
    """A slip in a function that the author uses before the cell too, so that the slopes of the loss are others."""
    free, backward = matching.with_any_slopes(), matching.fit.backward
    if free is None or free.missed(backward.program, backward) is not None:
        return None  # slopes of the loss alone explain it, and would explain much else
    tried = in_shared_functions(backward.program, least=1)
    found = [v for v in tried if free.missed(v.of(backward.program), backward) is not None]
    return found[0] if len(found) == 1 else None


def _run_of(variant: Variant, fitted: Fit) -> Backward:
    """The run with what a slip names or reads besides."""
    run = fitted.backward.with_parameters(variant.parameters or {})
    return run.with_initial(variant.initial or {})


def _not_named(fitted: Fit) -> str:
    """Why no slip was found: none fits, or the arrays leave open what enters the cell from the loss."""
    count, rank = len(fitted.map), fitted.rank
    if rank == count:
        return "not named: no single slip gives all of these numbers"
    return (
        f"not named: {count} slopes of the loss are unknown (steps · batch · units), and the gradients determine "
        f"{rank} of them; give fewer steps, a smaller batch, or more inputs"
    )


def _tried(matching: Matching, reach: Reach) -> Iterator[Variant]:
    """The slips, those that are made most easily first."""
    program = matching.fit.backward.program
    cell = program.cell
    open_steps = [(n, s) for n, s in enumerate(program.assignments) if not reach.spoils[n]]
    yield from sliced(matching.fit)
    yield from gates_for_preactivations(program)
    yield from in_shared_functions(program)
    yield from exchanged(program)
    yield from in_one_step(cell, open_steps, COMMON)
    yield from slopes_for_gates(cell, open_steps)
    yield from with_other_initial_states(matching.fit.backward)
    yield from carried_from_one_step(open_steps)
    yield from summands_lost(open_steps)
    yield from in_every_summand(cell, open_steps)
    yield from signals_for_activations(cell, open_steps)
    yield from own_for_whole(program, open_steps)
    yield from in_one_step(cell, open_steps, RARE)


def _lines(variant: Variant, matching: Matching) -> Iterator[str]:
    """The slip, and the assignment as it should be and as it is."""
    yield f"{variant.slip}: {variant.words}"
    if len(variant.steps) == 1 and not variant.parameters:
        ((n, step),) = variant.steps.items()
        left, true = line(step.left), matching.fit.backward.program.assignments[n]
        yield f"right:   {left} = {line(true.right)}"
        yield f"written: {left} = {line(tidy(step.right))}"
