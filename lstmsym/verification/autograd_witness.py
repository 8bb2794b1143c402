"""Autograd as a witness: the same quantities by reverse mode through the run itself, no derived term used."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import make_vjp

from lstmsym.equations.terms import t
from lstmsym.numerics.arithmetic import Floats
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.rollout import rollout
from lstmsym.numerics.translate import evaluate
from lstmsym.verification.instances import Instance

Array = Any
AUTOGRAD = Floats(anp)


def pulled_back(
    instance: Instance, above: str, below: str, times: tuple[int, int], kind: str
) -> tuple[Array, Array]:
    """u and uᵀ ∂above/∂below of a kind, for a fixed random u; times = (of below, of above)."""
    oldest, newest = times
    directions = _directions(instance)
    u = directions[above]
    if kind in ("block", "total"):
        row = list(directions).index(above)
        taps, carried, inputs = _reverse(instance, newest)
        if kind == "block":
            return u, carried[below][row, oldest]
        found = inputs if below in inputs else taps
        return u, found[below][row, oldest - 1]
    pulled = u
    for time in range(newest, oldest, -1):
        pulled = _one_step(instance, above if time == newest else below, below, time, kind, pulled)
    return u, pulled


@lru_cache(maxsize=64)
def _directions(instance: Instance) -> dict[str, Array]:
    rng = np.random.default_rng(len(instance.cell.equations))
    sizes = Environment(sizes=instance.sizes)
    return {e.name: rng.normal(size=sizes.size(e.left.rows)) for e in instance.cell}


@lru_cache(maxsize=64)
def _reverse(
    instance: Instance, newest: int
) -> tuple[dict[str, Array], dict[str, Array], dict[str, Array]]:
    """One reverse pass with zero taps; draw number r is the derivative of signal number r at the newest time."""
    directions = _directions(instance)
    rows = len(directions)
    sizes = Environment(sizes=instance.sizes)
    taps = {e.name: np.zeros((rows, newest, sizes.size(e.left.rows))) for e in instance.cell}
    carried = {
        s: np.zeros((rows, newest, sizes.size(instance.cell.signals[s].rows)))
        for s in instance.cell.states
    }
    inputs = {n: np.repeat(a[None, :newest], rows, axis=0) for n, a in instance.inputs.items()}

    def loss(traced: tuple[dict[str, Array], ...]) -> Array:
        own, held, given = traced
        found = rollout(instance.cell, instance.parameters, _plain(given), instance.initial, steps=newest,
                        arithmetic=AUTOGRAD, taps=_plain(own), carry_taps=_plain(held))  # fmt: skip
        last = (found.signals[name][row, -1] for row, name in enumerate(directions))
        return sum(anp.dot(a, u) for a, u in zip(last, directions.values(), strict=True))

    backward, _ = make_vjp(loss)((taps, carried, inputs))
    return backward(1.0)


def _one_step(instance: Instance, above: str, below: str, time: int, kind: str, u: Array) -> Array:
    """uᵀ times the one-step matrix of kind direct or step."""
    run = instance.rollout

    def explicit(name: str, when: int, moved: dict[tuple[str, int], Array]) -> Array:
        def read(signal: str, at: int) -> Array:
            return moved[signal, at] if (signal, at) in moved else run.signal(signal, at)

        env = Environment(run.parameters, read, run.sizes, {t: when})
        return evaluate(instance.cell.by_name[name].right, env, AUTOGRAD)

    def one_step(b: Array) -> Array:
        nothing = 0.0 * anp.sum(b)  # autograd warns of an output that its input does not reach
        return moved_by(b) + nothing

    def moved_by(b: Array) -> Array:
        moved = {(below, time - 1): b}
        if kind == "direct":
            return explicit(above, time, moved)
        for e in instance.cell:
            if e.name in instance.cell.states and any(s.name == below for s in e.now):
                moved[e.name, time - 1] = explicit(e.name, time - 1, {(below, time - 1): b})
        for e in instance.cell:
            moved[e.name, time] = explicit(e.name, time, moved)
        return moved[above, time]

    backward, _ = make_vjp(one_step)(run.signal(below, time - 1))
    return backward(u)


@lru_cache(maxsize=64)
def loss_gradients(
    instance: Instance, named: bool = False
) -> tuple[dict[str, Array], dict[str, Array], dict[str, Array]]:
    """∂L by parameters, by signals (T, rows) and by inputs (T, m), by one reverse pass.

    named: with the pre-activations among the signals.
    """
    cell = instance.named if named else instance.cell
    sizes = Environment(sizes=instance.sizes)
    taps = {e.name: np.zeros((instance.steps, sizes.size(e.left.rows))) for e in cell}
    slopes = np.stack([instance.loss_slopes[time] for time in range(1, instance.steps + 1)])

    def loss(traced: tuple[dict[str, Array], ...]) -> Array:
        parameters, own, given = traced
        found = rollout(cell, _plain(parameters), _plain(given), instance.initial, steps=instance.steps,
                        arithmetic=AUTOGRAD, taps=_plain(own))  # fmt: skip
        return anp.sum(found.output * slopes)

    backward, _ = make_vjp(loss)((instance.parameters, taps, instance.inputs))
    return backward(1.0)


def _plain(traced: dict[str, Array]) -> dict[str, Array]:
    """autograd's boxed dict as a dict of boxed arrays."""
    return {name: traced[name] for name in traced}
