"""At which times an error enters: the sequence is cut to one step, two steps, … and checked again each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstmsym.errors import InputError, LstmsymError, UnknownName, nearest
from lstmsym.verification.handwritten.author import Author
from lstmsym.verification.handwritten.compare import Comparison, Verdict
from lstmsym.verification.handwritten.naming import (
    is_initial,
    is_sequence,
    is_target,
    surely_sequence,
)
from lstmsym.verification.handwritten.noise import last_digits
from lstmsym.verification.handwritten.point import Point
from lstmsym.verification.handwritten.slopes import Slopes

Array = Any
Axes = Mapping[str, int]
LONGEST = 6
INTERACT = 1e-7
CARRIED = "the error is in what is carried from step to step, or in how steps are summed"


@dataclass(frozen=True)
class Sequence:
    """Which axes are time: array → axis; `steps` is T."""

    axes: Axes
    steps: int

    def cut(self, point: Point, steps: int) -> Point:
        """The first steps only."""
        return point.with_values(
            {n: np.take(point.values[n], range(steps), axis) for n, axis in self.axes.items()}
        )


@dataclass(frozen=True)
class Times:
    """What cutting the sequence has shown.

    wrong    T → the arrays whose gradients are wrong there
    at       array over time → the steps, from 1, at which its own gradient is wrong at full length
    stopped  what came in the way at the first length that could not be judged
    """

    sequence: Sequence
    wrong: Mapping[int, tuple[str, ...]]
    at: Mapping[str, tuple[int, ...]]
    stopped: str = ""

    @property
    def sentence(self) -> str:
        """In words, with what it says about the place of the slip; no more than was seen."""
        bad = [steps for steps, names in self.wrong.items() if names]
        right = _right(min(bad, default=len(self.wrong) + 1) - 1)
        if not bad:
            last = self.stopped or f"wrong at T = {self.sequence.steps}"
            return f"{right}; {last}" if right else last
        if right:
            return f"{right}, wrong from T = {min(bad)} on: {CARRIED}"
        first = self.wrong[1]
        if all(map(is_initial, first)) and self.wrong.get(2, first) != first:
            return f"at T = 1 wrong by {', '.join(first)} only, from T = 2 on by more: {CARRIED}"
        return "wrong at T = 1 already, where nothing is carried"

    def as_dict(self) -> dict[str, Any]:
        return {
            "arrays": dict(self.sequence.axes),
            "steps": self.sequence.steps,
            "wrong": {str(steps): list(names) for steps, names in self.wrong.items()},
            "stopped": self.stopped,
            "at": {name: list(places) for name, places in self.at.items()},
            "sentence": self.sentence,
        }


def find_sequence(author: Author, asked: Any = None) -> Sequence | None:
    """The arrays over time, as asked (a name, names, or name → axis) or found by trying; None if there are none."""
    point = author.point
    if asked is not None:
        axes = _asked(point, asked)
        lengths = {np.shape(point.values[n])[a] for n, a in axes.items()}
        if len(lengths) != 1:
            raise InputError(
                f"the arrays over time have the lengths {sorted(lengths)}; one was expected"
            )
        return Sequence(axes, lengths.pop())
    named = [
        n
        for n, a in point.values.items()
        if is_sequence(n) and isinstance(a, np.ndarray) and a.ndim > 0
    ]
    named.sort(key=surely_sequence)
    return next(filter(None, (_found(author, name) for name in named)), None)


def where(slopes: Slopes, sequence: Sequence, verdicts: list[Verdict]) -> Times:
    """The verdicts at T = 1, 2, … up to six steps, and the wrong steps of arrays over time."""
    expected = {v.name for v in verdicts if v.verdict == "wrong"}
    wrong: dict[int, tuple[str, ...]] = {}
    stopped = ""
    for steps in range(1, min(sequence.steps, LONGEST) + 1):
        shorter = slopes.at(sequence.cut(slopes.point, steps))
        try:
            found = _wrong_at(shorter)
        except Exception as error:  # the author's code may take no sequence of this length
            stopped = f"not known, since at T = {steps} the code stops: {_said(error)}"
            break
        if not expected.issuperset(found):
            stopped = f"not known, since at T = {steps} other gradients are wrong"
            break
        wrong[steps] = found
    at = {
        v.name: _steps_wrong(v, sequence.axes[v.name]) for v in verdicts if v.name in sequence.axes
    }
    return Times(sequence, wrong, {name: places for name, places in at.items() if places}, stopped)


def _wrong_at(slopes: Slopes) -> tuple[str, ...]:
    author, point = slopes.author, slopes.point
    first = author.gradients(point.fresh())
    noise = lambda: last_digits(slopes, first, author.gradients(point.fresh()))  # noqa: E731
    failing = set(Comparison(slopes, first, noise).failing())
    return tuple(n for n in first if n in failing)


def _said(error: Exception) -> str:
    said = (str(error).splitlines() or [""])[0]
    return said if isinstance(error, LstmsymError) else f"{type(error).__name__}: {said}"


def _right(steps: int) -> str:
    """Up to which length all is right."""
    if steps < 1:
        return ""
    return "right for T = 1" if steps == 1 else f"right for T = 1 to {steps}"


def _steps_wrong(verdict: Verdict, axis: int) -> tuple[int, ...]:
    found, expected = verdict.returned, verdict.expected_array
    if verdict.verdict != "wrong" or expected is None or found.shape != expected.shape:
        return ()
    others = tuple(a for a in range(expected.ndim) if a != axis)
    size = np.max(np.abs(expected), axis=others)
    off = np.max(np.abs(found - expected), axis=others) > np.maximum(verdict.tolerance, 1e-7) * size
    return tuple(int(n) + 1 for n in np.flatnonzero(off))


def _asked(point: Point, asked: Any) -> dict[str, int]:
    named = (
        asked
        if isinstance(asked, Mapping)
        else {n: 0 for n in ([asked] if isinstance(asked, str) else asked)}
    )
    for name, axis in named.items():
        if name not in point.values:
            raise UnknownName(f"no array '{name}'; {nearest(str(name), point.values)}")
        if not 0 <= axis < np.ndim(point.values[name]):
            raise InputError(
                f"{name} has no axis {axis}; its shape is {np.shape(point.values[name])}"
            )
    return dict(named)


def _found(author: Author, name: str) -> Sequence | None:
    """The first axis of an array along which its parts act on each other and which can be cut."""
    shape = np.shape(author.point.values[name])
    moves = name in author.point.names and len(shape) > 1
    for axis in range(min(len(shape), 2)):
        if moves and shape[axis] > 1 and not _interact(author, name, axis):
            continue
        for axes in _companions(author.point, name, axis):
            sequence = Sequence(axes, shape[axis])
            if _can_be_cut(author, sequence):
                return sequence
    return None


def _interact(author: Author, name: str, axis: int) -> bool:
    """Whether the last two parts act on each other, or the first two; far ones may have forgotten each other."""
    length = np.shape(author.point.values[name])[axis]
    return any(_mixed(author, name, axis, (n, n + 1)) for n in dict.fromkeys((length - 2, 0)))


def _mixed(author: Author, name: str, axis: int, places: tuple[int, int]) -> bool:
    """Whether the loss has a mixed second difference in two parts; members of a batch have none."""
    shape, rng = np.shape(author.point.values[name]), np.random.default_rng(1)
    moves = []
    for place in places:
        move = np.zeros(shape)
        part = np.moveaxis(move, axis, 0)[place]
        part[...] = rng.standard_normal(part.shape)
        moves.append(move)
    a, b = moves
    f = [author.loss(author.point.along({name: m}, 0.1)) for m in (a + b, a, b, 0 * a)]
    return abs(f[0] - f[1] - f[2] + f[3]) > INTERACT * (max(map(abs, f)) - min(map(abs, f)))


def _companions(point: Point, name: str, axis: int) -> Iterator[dict[str, int]]:
    """The array with targets of its length, with all whole numbers of its length, alone."""
    length = np.shape(point.values[name])[axis]
    same = {
        n: axis if np.ndim(a) > axis and np.shape(a)[axis] == length else 0
        for n, a in point.values.items()
        if isinstance(a, np.ndarray) and n != name and length in np.shape(a)[: axis + 1]
    }
    given = {n: a for n, a in same.items() if n not in point.names}
    targets = {n: a for n, a in same.items() if is_target(n) or is_sequence(n)}
    for more in ({**given, **targets}, given, {}):
        yield {name: axis, **more}


def _can_be_cut(author: Author, sequence: Sequence) -> bool:
    """Whether the loss can be run on one step less, and on one step."""
    for steps in {1, max(1, sequence.steps - 1)}:
        shorter = author.at(sequence.cut(author.point, steps))
        try:
            shorter.loss(shorter.point.fresh())
        except Exception:  # whatever the author's code raises
            return False
    return True
