"""A claim of a document, and the verdict on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lstmsym.formulas.tree import Node

VERDICTS = ("right", "right_as", "wrong", "approximation", "cannot_read", "undefined")


@dataclass(frozen=True)
class Claim:
    """One link of an equation: left = right, at a place of the document.

    left      what the chain of equalities is about: its first side
    relation  "=", "+=", "approx", …
    latex     the equation as it is written; `says` the side that is judged
    before    the prose in front of it
    stepwise  whether the gradient of a weight may be the share of one step, as its document goes step by step
    at_end    whether it is about the last step alone, as one of several cases
    begins    whether it is the first part of a gradient to which += adds others later
    worked    whether numbers of an example are worked out behind it
    name      what the author writes for the left side where that is a name for it: δ_t of ∂L/∂h_t
    """

    left: Node
    right: Node
    relation: str
    latex: str
    says: str
    line: int
    column: int = 1
    before: str = ""
    cell: int = 0
    stepwise: bool = False
    at_end: bool = False
    begins: bool = False
    worked: bool = False
    name: Node | None = None

    @property
    def adds(self) -> bool:
        """Whether the right side is a part of what the left side names."""
        return self.relation == "+=" or self.begins


@dataclass(frozen=True)
class Verdict:
    """What is to be said of a claim.

    target     what it is about, as ∂L/∂f[t]; empty for a forward equation
    reading    the senses in which it is right, one sentence each; empty for the plain one
    diagnosis  of a wrong one: which slip, or what is known about the difference
    corrected  the right formula in LaTeX, in the letters of the document, what differs marked
    error      the largest difference over the largest true entry, in float64
    method     how it was judged
    """

    claim: Claim
    verdict: str
    target: str = ""
    reading: tuple[str, ...] = ()
    diagnosis: str = ""
    corrected: str = ""
    error: float | None = None
    method: str = ""
    slips: tuple[str, ...] = ()
    message: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        place = {"line": self.claim.line} | ({"cell": self.claim.cell} if self.claim.cell else {})
        return place | {
            "latex": self.claim.latex,
            "target": self.target,
            "verdict": self.verdict,
            "reading": "; ".join(self.reading) or None,
            "diagnosis": self.diagnosis or self.message or None,
            "slips": list(self.slips),
            "corrected": self.corrected or None,
            "error": self.error,
            "method": self.method or None,
        }


@dataclass(frozen=True)
class Judged:
    """A document with its verdicts."""

    cell: Any
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def counts(self) -> dict[str, int]:
        """How many claims have each verdict."""
        found = [v.verdict for v in self.verdicts]
        return {name: found.count(name) for name in VERDICTS if name in found}

    @property
    def exit_code(self) -> int:
        """0 all right, 1 something wrong, 2 something that could not be judged."""
        counts = self.counts
        if counts.get("wrong") or counts.get("approximation"):
            return 1
        return 2 if counts.get("cannot_read") or counts.get("undefined") or not self.verdicts else 0
