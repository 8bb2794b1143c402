"""The readings that one formula allows: what is tried, in which order, and how it is said.

The first of each list is what the marks mean by themselves; a document is read one way throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product


@dataclass(frozen=True)
class Reading:
    """How the marks of a document are taken.

    delta         δo_t, do_t and o̅_t are adjoints of the gate, or of its pre-activation
    alone         what δ_t without a name belongs to: the output, its pre-activation, or a state
    scaled        v M and M v of a vector and a matrix are diag(v) M and M diag(v)
    output_slope  σ′(f_t) of the activated value is the slope written in it, f_t (1 - f_t)
    transposed    Jacobians are in denominator layout: rows are inputs
    ascending     the product over time has its oldest factor on the left
    kind          of a derivative of a state by an earlier one that does not say it
    """

    delta: str = "gate"
    alone: str = "output"
    scaled: bool = False
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
    ("alone", "preactivation"):  "δ is the gradient by the pre-activation",
    ("alone", "state"):          "δ is the gradient by the cell state",
    ("scaled", True):            "a vector beside a matrix stands for diag(v)",
    ("output_slope", True):      "σ′ of the activated value is the slope written in it",
    ("transposed", True):        "Jacobians in transposed (denominator) layout",
    ("ascending", True):         "the oldest factor of the product over time on the left",
    ("kind", "block"):           "∂ between states of the kind block",
    ("kind", "direct"):          "∂ between states is the direct partial derivative",
    ("kind", "step"):            "∂ between states of the kind step",
}

DOCUMENT: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("delta",        ("gate", "preactivation")),
    ("alone",        ("output", "preactivation", "state")),
    ("transposed",   (False, True)),
)
CLAIM: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("output_slope", (False, True)),
    ("scaled",       (False, True)),
    ("ascending",    (False, True)),
    ("kind",         ("total", "block", "direct")),
)
# fmt: on


def document_readings() -> Iterator[Reading]:
    """Every way to take a whole document, the plain one first."""
    yield from _variants(Reading(), DOCUMENT)


def claim_readings(base: Reading) -> Iterator[Reading]:
    """Every way to take one claim of it, the plain one first, then with one change, then with more."""
    found = list(_variants(base, CLAIM))
    yield from sorted(found, key=lambda a: len(a.words()) - len(base.words()))


def _variants(
    base: Reading, choices: tuple[tuple[str, tuple[object, ...]], ...]
) -> Iterator[Reading]:
    names = [name for name, _ in choices]
    for values in product(*(options for _, options in choices)):
        changes = dict(zip(names, values, strict=True))
        yield replace(base, **changes)  # type: ignore[arg-type]
