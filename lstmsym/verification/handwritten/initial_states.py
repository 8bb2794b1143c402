"""Slips with the state before the first step: zero, or that of another step, where the given one belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from lstmsym.verification.handwritten.program_run import Array, Backward
from lstmsym.verification.handwritten.variants import Variant

# What stands where the initial state belongs: the words, and the array.
INSTEAD: tuple[tuple[str, Callable[[Backward, str], Array]], ...] = (
    ("zero", lambda run, name: np.zeros_like(run.signal(name, 1))),
    ("that of the last step, as states[t - 1] reads it at t = 0", lambda run, name: run.signal(name, run.steps)),
    ("that of step 1", lambda run, name: run.signal(name, 1)),
)  # fmt: skip


def with_other_initial_states(run: Backward) -> Iterator[Variant]:
    """The backward pass with another state before step 1, in one of the states or in all."""
    states = list(run.rollout.initial)
    for words, array in INSTEAD:
        given = {name: array(run, name) for name in states}
        for chosen in ([name] for name in states):
            yield _with({name: given[name] for name in chosen}, words)
        if len(states) > 1:
            yield _with(given, words)


def _with(initial: dict[str, Array], words: str) -> Variant:
    said = f"the state before the first step, {' and '.join(f'{n}_0' for n in initial)}, is taken to be {words}"
    return Variant("wrong initial state", lambda: said, {}, initial=initial)
