"""When a check says less than it seems to: a table of what makes gradients look right, or cannot be judged.

Each line has a name, a test that gives what it found (empty: nothing), and the sentence that says it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lstmsym.verification.handwritten.author import Author
from lstmsym.verification.handwritten.compare import Verdict
from lstmsym.verification.handwritten.naming import is_initial
from lstmsym.verification.handwritten.noise import is_single
from lstmsym.verification.handwritten.relations import (
    clip_bound,
    factor,
    factor_words,
    only_clipped,
    sizes_of,
)
from lstmsym.verification.handwritten.slopes import NOISY, Slopes
from lstmsym.verification.handwritten.times import Sequence as OverTime

Array = Any
TINY_WEIGHT = 1e-2
SINGLE = 1e-5  # float32 leaves less, unless much cancels


@dataclass
class Findings:
    """What the weaknesses are looked for in.

    first, second  the gradients of two calls at the same arrays
    values         the loss, of two calls
    """

    author: Author
    slopes: Slopes
    first: dict[str, Array]
    second: dict[str, Array]
    values: tuple[float, float]
    verdicts: list[Verdict] = field(default_factory=list)
    sequence: OverTime | None = None

    @property
    def arrays(self) -> dict[str, Array]:
        """The arrays of floats."""
        return {n: self.author.point.values[n] for n in self.author.point.names}

    @property
    def weights(self) -> dict[str, Array]:
        """Matrices that are neither over time nor initial states."""
        over = set(self.sequence.axes) if self.sequence else set()
        return {
            n: a
            for n, a in self.arrays.items()
            if a.ndim == 2 and min(a.shape) > 1 and n not in over and not is_initial(n)
        }

    def judged(self, verdict: str) -> list[Verdict]:
        return [v for v in self.verdicts if v.verdict == verdict]


@dataclass(frozen=True)
class Weakness:
    """A line of the table; `sentence` has {} for what the test found."""

    name: str
    test: Callable[[Findings], Sequence[str] | str]
    sentence: str


def weaknesses(findings: Findings) -> list[dict[str, str]]:
    """The lines that apply, as {"name": …, "sentence": …}."""
    found = ((w, w.test(findings)) for w in WEAKNESSES)
    return [
        {"name": w.name, "sentence": w.sentence.format(said if isinstance(said, str) else ", ".join(said))}
        for w, said in found
        if said
    ]  # fmt: skip


def _loss_writes(f: Findings) -> list[str]:
    return sorted(f.author.changed["loss"])


def _gradients_write(f: Findings) -> list[str]:
    return sorted(f.author.changed["gradients"])


def _random_loss(f: Findings) -> str:
    a, b = f.values
    return f"{a:.12g} and {b:.12g}" if a != b else ""


def _not_repeated(f: Findings) -> list[str]:
    return [
        n for n, a in f.first.items()
        if n not in f.second or not np.array_equal(a, f.second[n], equal_nan=True)
    ]  # fmt: skip


def _accumulated(f: Findings) -> list[str]:
    return [n for n in _not_repeated(f) if n in f.second and _doubled(f.first[n], f.second[n])]


def _changing(f: Findings) -> list[str]:
    return [n for n in _not_repeated(f) if n not in _accumulated(f)]


def _doubled(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool(np.allclose(b, 2 * a, rtol=1e-9)) and bool(np.any(a))


def _aliases(f: Findings) -> list[str]:
    return [f"{a} and {b}" for a, b in f.author.shared]


def _single_given(f: Findings) -> Sequence[str]:
    return f.author.point.single


def _single_returned(f: Findings) -> list[str]:
    return [n for n, a in f.first.items() if a.size > 1 and np.any(a) and is_single(a)]


def _single_loss(f: Findings) -> str:
    steady = f.values[0] == f.values[1]
    cause = "float32 inside" if f.slopes.noise < SINGLE else "numbers that are rounded on the way"
    return f"{f.slopes.noise:.0e}, as of {cause}" if steady and f.slopes.noise > NOISY else ""


def _one_step(f: Findings) -> str:
    return ", ".join(f.sequence.axes) if f.sequence and f.sequence.steps == 1 else ""


def _zero_states(f: Findings) -> list[str]:
    return [n for n, a in f.arrays.items() if is_initial(n) and not np.any(a)]


def _no_states(f: Findings) -> str:
    named = any(is_initial(n) for n in f.author.point.values)
    return ", ".join(f.sequence.axes) if f.sequence and not named else ""


def _square(f: Findings) -> str:
    shapes = {n: a.shape for n, a in f.weights.items()}
    all_square = bool(shapes) and all(a == b for a, b in shapes.values())
    return ", ".join(f"{n} {s}" for n, s in shapes.items()) if all_square else ""


def _equal_sizes(f: Findings) -> str:
    """The size of the state, if it is that of the input or the number of steps."""
    if f.sequence is None:
        return ""
    states = {a.shape[-1] for n, a in f.arrays.items() if is_initial(n) and a.ndim == 1}
    for name, axis in list(f.sequence.axes.items())[:1]:
        rest = list(np.shape(f.author.point.values[name]))
        steps = rest.pop(axis)
        if name in f.arrays and len(rest) == 1 and states == {rest[0]}:
            return f"state and {name} have {rest[0]} rows each"
        if states == {steps} and steps > 1:
            return f"the state has {steps} rows and the sequence {steps} steps"
    return ""


def _tiny(f: Findings) -> list[str]:
    return [n for n, a in f.weights.items() if np.any(a) and np.max(np.abs(a)) < TINY_WEIGHT]


def _zero_gradient(f: Findings) -> list[str]:
    """Expected to be zero and returned as zero: nothing was compared."""
    return [
        v.name for v in f.judged("right")
        if v.expected_array is not None and not np.any(v.expected_array)
    ]  # fmt: skip


def _returned_zero(f: Findings) -> list[str]:
    return [v.name for v in f.judged("wrong") if v.returned is not None and not np.any(v.returned)]


def _not_returned(f: Findings) -> list[str]:
    return [v.name for v in f.judged("not returned")]


def _unknown(f: Findings) -> list[str]:
    return f.author.unknown


def _by_order(f: Findings) -> list[str]:
    wrong = [v.name for v in f.judged("wrong")]
    return list(f.author.by_order) if set(wrong) & set(f.author.by_order) else []


def _other_shape(f: Findings) -> list[str]:
    return [
        f"{n} has {np.shape(a)}, its gradient {f.first[n].shape}"
        for n, a in f.arrays.items()
        if n in f.first and np.shape(a) != f.first[n].shape
    ]


def _not_finite(f: Findings) -> list[str]:
    return [n for n, a in f.first.items() if not np.all(np.isfinite(a))]


def _clipped(f: Findings) -> list[str]:
    """Several entries of all arrays that share one largest magnitude, in more than one place."""
    if bound := only_clipped(f.verdicts):
        return [f"some entries are cut to {bound}"]
    found = clip_bound(f.first.values())
    return [f"{found[1]} entries are ±{found[0]:.6g}"] if found else []


def _silent_clip(f: Findings) -> list[str]:
    return [] if _clipped(f) else f.author.clipped


def _one_factor(f: Findings) -> str:
    return one_factor(f.verdicts, {n: np.shape(a) for n, a in f.author.point.values.items()})


def one_factor(verdicts: Sequence[Verdict], shapes: Mapping[str, tuple[int, ...]]) -> str:
    """The factor, in words, that is the same in all arrays that have a gradient; nothing where there is none."""
    known = [v for v in verdicts if v.expected_array is not None and np.any(v.expected_array)]
    found = [factor(v.returned, v.expected_array) for v in known]
    factors = [c for c in found if c is not None]
    if not known or len(factors) < max(2, len(found)) or np.ptp(factors) > 1e-5 * abs(factors[0]):
        return ""
    return factor_words(factors[0], sizes_of(shapes))


# fmt: off
WEAKNESSES = (
    Weakness("loss changes its arguments", _loss_writes,
             "the loss writes into its arguments: {}; a backward pass on the same arrays sees other numbers"),
    Weakness("gradients change their arguments", _gradients_write,
             "the backward pass writes into its arguments: {}"),
    Weakness("loss is not repeatable", _random_loss,
             "two runs of the loss at the same arrays differ: {}; fix its seed, or no difference means anything"),
    Weakness("gradients accumulate", _accumulated,
             "a second call returns twice the first: {}; set the gradients to zero at the start of the backward pass"),
    Weakness("gradients are not repeatable", _changing,
             "a second call at the same arrays returns other gradients: {}"),
    Weakness("shared memory", _aliases,
             "these are one piece of memory: {}; what is added to one of them changes the other"),
    Weakness("float32 given", _single_given,
             "given in float32 and checked in float64: {}"),
    Weakness("float32 returned", _single_returned,
             "the gradients hold float32 numbers only: {}; in float64 the check would see far smaller slips"),
    Weakness("noisy loss", _single_loss,
             "values of the loss carry a relative error of {}; small slips drown in it"),
    Weakness("one step", _one_step,
             "the sequence has one step ({}): nothing is carried, and slips in what is carried cannot show"),
    Weakness("zero initial state", _zero_states,
             "the initial state is zero: {}; terms with the state at time 0 cannot show, draw it at random"),
    Weakness("no initial state", _no_states,
             "no initial state is among the arrays, only the sequence {}; if it is zero, terms with it do not show"),
    Weakness("square weights", _square,
             "every weight is square: {}; a missing transpose or swapped slices keep their shapes, take other sizes"),
    Weakness("equal sizes", _equal_sizes,
             "{}; slices and sums over the wrong axis keep their shapes, take other sizes"),
    Weakness("tiny weights", _tiny,
             "no entry is above 0.01: {}; lost terms are small then, draw weights of size one"),
    Weakness("gradient not returned", _not_returned,
             "no gradient is returned for {}; nothing was compared there"),
    Weakness("unknown key", _unknown,
             "returned under names that no array has: {}"),
    Weakness("by order", _by_order,
             "returned without names, and told from others of the same shape by their places alone: {}; return a dict"),
    Weakness("other shape", _other_shape,
             "a gradient has the shape of its array; here {}"),
    Weakness("not finite", _not_finite,
             "not every returned number is finite: {}"),
    Weakness("zero gradient", _zero_gradient,
             "the loss does not depend on {} at these arrays: zero was compared with zero"),
    Weakness("gradient returned as zero", _returned_zero,
             "returned as zero, though the loss depends on it: {}; it was perhaps made and never added to"),
    Weakness("clipped", _clipped,
             "{}: clipped gradients are no gradients, check them before they are clipped"),
    Weakness("silent clip", _silent_clip,
             "the backward pass clips {}, and at these arrays cuts nothing; where it does, they are no gradients"),
    Weakness("one factor", _one_factor,
             "every gradient is {}; a mean stands for a sum in one of the two, a factor is lost, or they are scaled"),
)
# fmt: on
