"""The readings that one formula allows: what is tried, in which order, and how it is said.

The first of each list is what the marks mean by themselves; a document is read one way throughout.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import product

MOST_CHANGES = 2


@dataclass(frozen=True)
class Reading:
    """How the marks of a document are taken.

    delta         δo_t is the adjoint of the gate, or of its pre-activation
    differential  do_t and o̅_t likewise
    remembered    dC_t of an inner state is the whole adjoint, or what later steps send back
    capital       Δh_t is the adjoint, or what later steps send back
    alone         what δ_t without a name belongs to: the output, its pre-activation, or a state
    scaled        v M and M v of a vector and a matrix are diag(v) M and M diag(v)
    output_slope  σ′(f_t) of the activated value is the slope written in it, f_t (1 - f_t)
    rows          vectors are rows
    transposed    Jacobians are in denominator layout: rows are inputs
    outer         ⟨a, b⟩ is the outer product of two vectors
    ascending     the product over time has its oldest factor on the left
    kind          of a derivative of a state by an earlier one that does not say it
    """

    delta: str = "gate"
    differential: str = "gate"
    remembered: str = "whole"
    capital: str = "whole"
    alone: str = "output"
    rows: bool = False
    scaled: bool = False
    outer: bool = False
    output_slope: bool = False
    transposed: bool = False
    ascending: bool = False
    kind: str = "total"

    def words(self) -> tuple[str, ...]:
        """What is said of a claim that was read so and not as the marks mean by themselves."""
        plain = Reading()
        return tuple(
            words
            for (name, value), words in WORDS.items()
            if getattr(self, name) == value != getattr(plain, name)
        )


# fmt: off
WORDS: dict[tuple[str, object], str] = {
    ("delta", "preactivation"):  "δ of a gate is the gradient by its pre-activation",
    ("differential", "preactivation"): "d of a gate is the gradient by its pre-activation",
    ("remembered", "carried"):   "d of the inner state is what the later steps send back",
    ("capital", "carried"):      "Δ of a signal is what the later steps send back",
    ("alone", "preactivation"):  "δ is the gradient by the pre-activation",
    ("alone", "state"):          "δ is the gradient by the cell state",
    ("alone", "state argument"): "δ is the gradient by the pre-activation of the state",
    ("rows", True):              "vectors are rows",
    ("scaled", True):            "a vector beside a matrix stands for diag(v)",
    ("output_slope", True):      "σ′ of the activated value is the slope written in it",
    ("transposed", True):        "Jacobians in transposed (denominator) layout",
    ("ascending", True):         "the oldest factor of the product over time on the left",
    ("kind", "block"):           "∂ between states of the kind block",
    ("kind", "local"):           "∂ on the right is by the explicit argument alone",
    ("outer", True):             "⟨a, b⟩ is the outer product",
    ("kind", "direct"):          "∂ between states is the direct partial derivative",
    ("kind", "step"):            "∂ between states of the kind step",
    ("kind", "recursive"):       "∂ of step t by a weight is by the explicit argument alone",
}

DOCUMENT: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("delta",        ("gate", "preactivation")),
    ("differential", ("gate", "preactivation")),
    ("remembered",   ("whole", "carried")),
    ("capital",      ("whole", "carried")),
    ("alone",        ("output", "preactivation", "state", "state argument")),
    ("rows",         (False, True)),
    ("transposed",   (False, True)),
)
CLAIM: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("outer",        (False, True)),
    ("output_slope", (False, True)),
    ("scaled",       (False, True)),
    ("ascending",    (False, True)),
    ("kind",         ("total", "local", "recursive", "block", "direct")),
)
# fmt: on


def document_readings(marks: Collection[str]) -> Iterator[Reading]:
    """Every way to take a whole document in what it mentions, the plain one first, then by the number of changes."""
    found = _variants(Reading(), tuple(a for a in DOCUMENT if a[0] in marks))
    yield from sorted(found, key=lambda a: len(a.words()))


def claim_readings(base: Reading, marks: Collection[str]) -> Iterator[Reading]:
    """Every way to take one claim of it, the plain one first, then with one change, then with two."""
    found = _variants(base, tuple(a for a in CLAIM if a[0] in marks))
    known = len(base.words())
    few = (a for a in found if len(a.words()) - known <= MOST_CHANGES)
    yield from sorted(few, key=lambda a: len(a.words()))


def _variants(
    base: Reading, choices: tuple[tuple[str, tuple[object, ...]], ...]
) -> Iterator[Reading]:
    names = [name for name, _ in choices]
    for values in product(*(options for _, options in choices)):
        changes = dict(zip(names, values, strict=True))
        yield replace(base, **changes)  # type: ignore[arg-type]
