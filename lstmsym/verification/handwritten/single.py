"""Slips in the sum over time that gives one gradient: its factors, its times, its axes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lstmsym.calculus.laws import tidy
from lstmsym.derivation.steps import Step
from lstmsym.printing.documents import line
from lstmsym.verification.handwritten.matching import Matching
from lstmsym.verification.handwritten.reductions import wrongly_summed
from lstmsym.verification.handwritten.relations import Sizes, sizes_of
from lstmsym.verification.handwritten.variants import COMMON, RARE, Variant, in_one_step

Array = Any
Said = tuple[str, tuple[str, ...]]
Steps = dict[str, Step]


def in_single_arrays(
    matching: Matching, wrong: list[str], found: Any
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The slips' names and lines, where each of the arrays has one of its own and all adjoints are as found."""
    said: dict[str, Said] = {}
    for name in matching.order:
        if name in wrong:
            one = _of_array(matching, found, name)
            if one is None:
                return None
            said[name] = one
    names = tuple(dict.fromkeys(slip for slip, _ in said.values()))
    lines = dict.fromkeys(text for _, texts in said.values() for text in texts)
    return names, tuple(lines)


def _of_array(matching: Matching, found: Any, name: str) -> Said | None:
    backward, program = matching.fit.backward, matching.fit.backward.program
    held = matching.holds[name]
    if any(map(matching.is_signal, held)):
        return None
    true = {q: matching.gradient_of(program, q) for q in held}
    each = matching.each_draw(name, program, backward, found)
    sizes = sizes_of({n: np.shape(a) for n, a in matching.fit.layouts.items()})
    words = wrongly_summed(matching.returned[name], each, sizes)
    if words:
        return "wrong sum", (f"wrong sum: in the gradient by {name}, {words}",)
    parts = list(_blocks(matching, name, each, sizes)) if len(held) > 1 else []
    if parts and all(words for _, words in parts):
        said = (f"wrong sum: in the part of {name} that is {q}, {words}" for q, words in parts)
        return "wrong sum", tuple(said)
    for variant, steps in _changed(matching, true):
        if matching.gives_one(name, backward, steps, found):
            first = next(q for q in held if steps[q] is not true[q])
            right, written = line(true[first].right), line(tidy(steps[first].right))
            left = line(true[first].left)
            lines = (
                f"{variant.slip}: {variant.words}",
                f"right:   {left} = {right}",
                f"written: {left} = {written}",
            )
            return variant.slip, lines
    return None


def _blocks(matching: Matching, name: str, each: Array, sizes: Sizes) -> Iterator[tuple[str, str]]:
    """The parts of a fused array that are wrong, each with the slip in its sum; none in words where it has none."""
    layout = matching.fit.layouts[name]
    for q in matching.holds[name]:
        inside = np.isin(layout, matching.fit.space.places[q])
        block = np.ix_(
            *(np.flatnonzero(inside.any(axis=_but(k, inside.ndim))) for k in range(inside.ndim))
        )
        found, draws = matching.returned[name][block], np.stack([draw[block] for draw in each])
        if not matching.same(found, draws.sum(axis=0)):
            yield q, wrongly_summed(found, draws, sizes) or ""


def _but(axis: int, count: int) -> tuple[int, ...]:
    return tuple(k for k in range(count) if k != axis)


def _changed(matching: Matching, true: Steps) -> Iterator[tuple[Variant, Steps]]:
    """One slip in all the weights that an array holds, or in one of them."""
    cell = matching.fit.backward.program.cell
    found = {q: list(in_one_step(cell, [(0, s)], (*COMMON, *RARE))) for q, s in true.items()}
    counts = {len(v) for v in found.values()}
    for n in range(counts.pop() if len(counts) == 1 else 0):
        together = {q: v[n].steps[0] for q, v in found.items()}
        yield next(iter(found.values()))[n], together
    for q, all_of_one in found.items() if len(true) > 1 else ():
        for variant in all_of_one:
            yield variant, {**true, q: variant.steps[0]}
