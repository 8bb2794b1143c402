"""Returned gradients beside those of a program: does it give them all, or one of them?"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np

from lstmsym.derivation.steps import Program, Step
from lstmsym.equations.derived import Gradient
from lstmsym.errors import LstmsymError
from lstmsym.verification.handwritten.fitting import Fit
from lstmsym.verification.handwritten.open_slopes import MOST_OPEN, System, slopes_left_open
from lstmsym.verification.handwritten.program_run import Backward
from lstmsym.verification.handwritten.relations import clip_bound

Array = Any
Found = Any
MOST_UNKNOWN = 80
FAILED = (LstmsymError, LookupError, ArithmeticError, ValueError)


class Matching:
    """The returned gradients that a fit covers.

    true   the true gradients, in the author's shapes
    order  their names in the order in which they are compared
    bound  what all gradients are clipped to, if they are
    slopes those of the loss; with what the true gradients leave open of them, (1 + d, …)
    holds  name → the quantities of the cell that its array holds
    """

    def __init__(
        self, fit: Fit, returned: Mapping[str, Array], true: Mapping[str, Array], equal: float
    ) -> None:
        self.fit, self.true, self.equal = fit, true, equal
        self.returned = {
            n: np.reshape(returned[n], true[n].shape)
            for n in fit.layouts
            if n in returned and np.size(returned[n]) == np.size(true[n])
        }
        clipped = clip_bound(self.returned.values())
        self.bound = clipped[0] if clipped else np.inf
        self.wrong = [n for n, a in self.returned.items() if not self.same(a, true[n])]
        self.slopes = fit.slopes if self._is_plain else slopes_left_open(fit)
        self.lead = self.slopes.shape[:-3]
        self.holds = {n: self._held(fit.layouts[n]) for n in self.returned}
        self.order = sorted(self.returned, key=self._rank)

    def with_any_slopes(self) -> Matching | None:
        """The same with all slopes open, as if the loss were unknown; None where they are too many to be found."""
        entries = sum(a.size for a in self.returned.values())
        if entries < 1.5 * len(self.fit.map) or len(self.fit.map) > MOST_UNKNOWN:
            return None
        other = copy(self)
        units = self.fit.backward.unit_slopes()
        other.slopes = np.concatenate([np.zeros_like(units[:1]), units])
        other.lead = other.slopes.shape[:-3]
        return other

    @property
    def _is_plain(self) -> bool:
        """Whether one set of slopes is compared: the true one, or, where too much is open, one that fits."""
        free = len(self.fit.map) - self.fit.rank
        return not 0 < free <= MOST_OPEN or bool(np.isfinite(self.bound))

    def _rank(self, name: str) -> tuple[bool, bool, int]:
        """Wrong ones first, weights first, small ones first: a comparison ends early."""
        signal = any(map(self.is_signal, self.holds[name]))
        return name not in self.wrong, signal, self.returned[name].size

    def same(self, a: Array, b: Array) -> bool:
        """Equal, but for rounding and for what all gradients are clipped to."""
        b = np.clip(b, -self.bound, self.bound)
        size = max(float(np.max(np.abs(a), initial=0.0)), float(np.max(np.abs(b), initial=0.0)))
        return not size or bool(np.max(np.abs(a - b)) <= self.equal * size)

    def missed(
        self, program: Program, backward: Backward, most: int = 0
    ) -> tuple[list[str], Found] | None:
        """The returned gradients that a program misses, and its adjoints; None where it misses more than `most`."""
        missed, system = [], self._system()
        signals: list[dict[str, Array]] = []
        try:
            with np.errstate(all="ignore"):
                found = backward.adjoints(program, self.slopes)
                for name in self.order:
                    steps = {
                        q: self.gradient_of(program, q)
                        for q in self.holds[name]
                        if not self.is_signal(q)
                    }
                    if len(steps) < len(self.holds[name]):
                        signals = signals or self._signals(program, backward, found)
                    if not any(
                        self._gives(name, backward, steps, found, s, system)
                        for s in signals or [{}]
                    ):
                        missed.append(name)
                    if len(missed) > most:
                        return None
        except FAILED:
            return None
        return (missed, found) if system is None or system.decided else None

    def _signals(
        self, program: Program, backward: Backward, found: Found
    ) -> list[dict[str, Array]]:
        """The gradients by inputs and states; by a state also as it would be handed on if nobody took it up."""
        own = backward.signals_gradients(program, found, self.slopes)
        handed = backward.signals_gradients(backward.program, found, self.slopes)
        return [own] if all(np.array_equal(own[n], handed[n]) for n in own) else [own, handed]

    def gives_one(
        self, name: str, backward: Backward, steps: Mapping[str, Step], found: Found
    ) -> bool:
        """Whether gradients of weights as changed give one returned array."""
        try:
            with np.errstate(all="ignore"):
                system = self._system()
                given = self._gives(name, backward, steps, found, {}, system)
                return given and (system is None or system.decided)
        except FAILED:
            return False

    def each_draw(self, name: str, program: Program, backward: Backward, found: Found) -> Array:
        """The true gradients by one array, one a draw of the batch, in the author's shape."""
        space = self.fit.space
        flat = np.zeros((space.batch, space.length))
        for q in self.holds[name]:
            value = backward.gradient(self.gradient_of(program, q), found, self.slopes)
            flat[:, space.places[q]] = value[0] if self.lead else value
        return flat[:, self.fit.layouts[name]]

    def is_signal(self, quantity: str) -> bool:
        """Whether a quantity is an input or a state, not a weight."""
        return quantity not in self.fit.space.cell.weights

    def gradient_of(self, program: Program, weight: str) -> Step:
        """The step of the program that is the gradient by a weight."""
        for step in program.gradients:
            assert isinstance(step.left, Gradient)
            if step.left.parameter.name == weight:
                return step
        raise KeyError(weight)

    def _gives(
        self,
        name: str,
        backward: Backward,
        steps: Mapping[str, Step],
        found: Found,
        signals: Mapping[str, Array],
        system: System | None,
    ) -> bool:
        flat = np.zeros((*self.lead, self.fit.space.length))
        for quantity in self.holds[name]:
            if quantity in steps:
                each = backward.gradient(steps[quantity], found, self.slopes)
                value = each.sum(axis=len(self.lead))
            else:
                value = signals[quantity]
            flat[..., self.fit.space.places[quantity]] = value
            if system is None and not self._agrees(name, quantity, flat):
                return False
        given = flat[..., self.fit.layouts[name]]
        if system is not None:
            return system.agrees(self.returned[name], given)
        return self.same(self.returned[name], given)

    def _agrees(self, name: str, quantity: str, flat: Array) -> bool:
        """Whether the part of an array that is one quantity is given; if not, the others need not be worked out."""
        places = self._parts[name][quantity]
        found = self.returned[name].reshape(-1)
        given = np.clip(flat[self.fit.layouts[name].reshape(-1)[places]], -self.bound, self.bound)
        size = max(float(np.max(np.abs(a), initial=0.0)) for a in (found, given))
        return not size or bool(np.max(np.abs(found[places] - given)) <= self.equal * size)

    @cached_property
    def _parts(self) -> dict[str, dict[str, Array]]:
        """Array → quantity → where in the array, laid flat, it stands."""
        flat = {n: self.fit.layouts[n].reshape(-1) for n in self.holds}
        places = self.fit.space.places
        return {
            n: {q: np.flatnonzero(np.isin(flat[n], places[q])) for q in held}
            for n, held in self.holds.items()
        }

    def _system(self) -> System | None:
        """The equations for the slopes that are open; None where all are known."""
        return System(self.equal) if self.lead else None

    def _held(self, layout: Array) -> list[str]:
        return [q for q, places in self.fit.space.places.items() if np.isin(places, layout).any()]
