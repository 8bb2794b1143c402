"""Slips planted in true gradients, printed as a document, read back and judged.

`python -m tests.verification.mutations 2 lstm gru` judges two mutants a slip of every gradient of these cells in all
notations and counts; without names, of the catalogue.
"""

from __future__ import annotations

import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import lstmsym as ls
from lstmsym.cells import catalogue
from lstmsym.derivation.program import bptt
from lstmsym.derivation.steps import Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Adjoint, Gradient, SumOverTime, Transposed
from lstmsym.equations.terms import Plus, Term
from lstmsym.errors import LstmsymError
from lstmsym.printing.breaks import flat
from lstmsym.verification.claims.claim import Judged, Verdict
from lstmsym.verification.claims.correcting import AuthorsWriter, Letters
from lstmsym.verification.claims.document import judge_document
from lstmsym.verification.diagnosis import CONSTANT, MEAN, SUMMANDS, TRANSPOSED, searched
from lstmsym.verification.mutants import Mutant, mutants
from lstmsym.verification.search import values_of
from lstmsym.verification.truths import Target, forms
from lstmsym.verification.values import Values

OTHERS = ("greff", "goodfellow", "split")
WHOLE = (CONSTANT, MEAN, SUMMANDS, TRANSPOSED)
Judge = Callable[..., Judged]


@dataclass(frozen=True)
class Style:
    """A way to write a claim: the letters of the cell, and how gradients are written."""

    name: str
    cell: Cell
    by_derivative: bool = False

    def claim(self, left: Term, right: Term) -> str:
        """left = right as a display."""
        letters = Letters({}, self.by_derivative, above=self.cell.time_above)
        first, second = (flat(AuthorsWriter(letters).write(a)) for a in (left, right))
        return f"\\[ {first} = {second} \\]"


def styles(name: str) -> Iterator[Style]:
    """δ and ∂L/∂ in the cell's own letters, δ in those of another notation that has letters for it."""
    own = ls.cell(name)
    yield Style("own", own)
    yield Style("fractions", own, by_derivative=True)
    for other in OTHERS:
        try:
            yield Style(other, ls.cell(name, other))
            return
        except LstmsymError:
            continue


@dataclass(frozen=True)
class Planted:
    """One gradient of a cell, true or with a slip in it."""

    style: Style
    step: Step
    mutant: Mutant | None = None

    @property
    def target(self) -> Target:
        left = self.step.left
        if isinstance(left, Gradient):
            return Target(f"dL/d{left.parameter.name}")
        assert isinstance(left, Adjoint)
        return Target(f"dL/d{left.of.name}[t]")

    @property
    def right(self) -> Term:
        return self.step.right if self.mutant is None else self.mutant.term

    @property
    def text(self) -> str:
        return self.style.claim(self.step.left, self.right)

    def judged(self, judge: Judge = judge_document) -> Verdict:
        """The one verdict of the judge."""
        (verdict,) = judge(self.text, "tex", cell=self.style.cell).verdicts
        return verdict

    @property
    def values(self) -> Values:
        return values_of(searched(self.style.cell, self.target)[0], self.target)

    def equals(self, other: Term) -> bool:
        """Whether the right side has the value of a term."""
        return _key(self.values, self.right) == _key(self.values, other)

    def alike(self, slip: str) -> bool:
        """Whether a slip of that name somewhere has the value of this one."""
        key = _key(self.values, self.right)
        return any(
            m.slip.name == slip and _key(self.values, m.term) == key
            for m in mutants_of(self.style.cell, self.target)
        )


def _key(values: Values, term: Term) -> int | None:
    value = values.of(term)
    return None if value is None else values.key(value)


@lru_cache(maxsize=4)
def mutants_of(cell: Cell, target: Target) -> tuple[Mutant, ...]:
    """All mutants of a gradient."""
    return tuple(mutants(forms(cell, target)))


def gradients(style: Style) -> Iterator[Planted]:
    """Every adjoint and every parameter gradient of a cell as it is."""
    program = bptt(style.cell)
    yield from (Planted(style, s) for s in (*program.assignments, *program.gradients))


def planted(true: Planted, each: int = 1) -> Iterator[Planted]:
    """Mutants of a gradient that have another value: so many a slip, the simplest and some by lot."""
    slips: dict[str, list[Mutant]] = {}
    for mutant in mutants_of(true.style.cell, true.target):
        slips.setdefault(mutant.slip.name, []).append(mutant)
    for name, made in slips.items():
        lot = zlib.crc32(f"{true.style.cell.name} {true.target.quantity} {name}".encode())
        order = [made[0], *(made[(lot + 97 * n) % len(made)] for n in range(2 * each))]
        found = (m for m in dict.fromkeys(order) if _differs(true, m))
        yield from (
            Planted(true.style, true.step, m) for m, _ in zip(found, range(each), strict=False)
        )


def sampled(true: Planted) -> Iterator[Planted]:
    """Mutants of a gradient that have another value, from a place by lot, without making all of them."""
    lot = zlib.crc32(f"{true.style.cell.name} {true.target.quantity}".encode())
    made = mutants(forms(true.style.cell, true.target))
    for mutant in islice(made, lot % 40, None, 1 + lot % 7):
        if _differs(true, mutant):
            yield Planted(true.style, true.step, mutant)


def _differs(true: Planted, mutant: Mutant) -> bool:
    value = true.values.of_mutant(mutant)
    return value is not None and true.values.key(value) != _key(true.values, true.step.right)


# --- what is found -----------------------------------------------------------------------------


def outcome(claim: Planted, verdict: Verdict) -> str:
    """named, alike, otherwise, read (right in a sense that it has), unnamed; and what must not be: missed, lost."""
    assert claim.mutant is not None
    if verdict.verdict in ("right", "right_as"):
        return "read" if has_sense(claim, verdict) else "missed"
    if verdict.verdict != "wrong":
        return "lost"
    if claim.mutant.slip.name in verdict.slips:
        return "named"
    if len(verdict.slips) == 1 and (verdict.slips[0] in WHOLE or claim.alike(verdict.slips[0])):
        return "alike"
    return "otherwise" if verdict.slips else "unnamed"


def has_sense(claim: Planted, verdict: Verdict) -> bool:
    """Whether a right_as has the value that its reading says."""
    senses = [holds for words, holds in SENSES if any(words in a for a in verdict.reading)]
    return any(holds(claim) for holds in senses)


def _is_share(claim: Planted) -> bool:
    right = claim.step.right
    return isinstance(right, SumOverTime) and claim.equals(right.body)


def _by_preactivations(claim: Planted) -> bool:
    """Whether the claim is true once its δ of gates are by their pre-activations."""
    named = bptt(claim.style.cell).cell
    gates = {
        a: named.signals.get(f"a_{a.of.name}")
        for a in _whole(claim.right) | _whole(claim.step.left)
    }
    put = {a: Adjoint(gate.at(a.of.time)) for a, gate in gates.items() if gate is not None}
    left, right = claim.step.left.xreplace(put), claim.right.xreplace(put)
    return _key(claim.values, left) == _key(claim.values, right)


def _whole(term: Term) -> set[Adjoint]:
    return {a for a in term.atoms(Adjoint) if a.scope == "whole"}


def _is_later(claim: Planted) -> bool:
    """Whether the claim is the right side without the loss of the step itself."""
    right = claim.step.right
    if not isinstance(right, Plus):
        return False
    own = [a for a in right.parts if isinstance(a, Adjoint) and a.scope != "whole"]
    return claim.equals(Plus(*(a for a in right.parts if a not in own)))


def _is_turned(claim: Planted) -> bool:
    return claim.equals(Transposed(claim.step.right))


SENSES: Sequence[tuple[str, Callable[[Planted], bool]]] = (
    ("the share of one time step", _is_share),
    ("gradient by its pre-activation", _by_preactivations),
    ("what the later steps send back", _is_later),
    ("transposed: rows and columns the other way round", _is_turned),
)


def main(each: int, names: Sequence[str]) -> None:
    """Walk and count."""
    total: Counter[str] = Counter()
    for name in names or catalogue():
        for style in styles(name):
            counts: Counter[str] = Counter()
            for true in gradients(style):
                counts[f"true {true.judged().verdict}"] += 1
                for claim in planted(true, each):
                    _count(claim, counts)
            total += counts
            print(name, style.name, dict(counts), flush=True)
    print("all", dict(total))


def _count(claim: Planted, counts: Counter[str]) -> None:
    assert claim.mutant is not None
    try:
        verdict = claim.judged()
    except LstmsymError as error:
        counts["refused"] += 1
        print("    refused", claim.text, str(error)[:200])
        return
    found = outcome(claim, verdict)
    counts[found] += 1
    if found not in ("named", "alike", "read"):
        said = "; ".join((*verdict.reading, verdict.diagnosis, verdict.message))[:150]
        print("   ", found, claim.target.quantity, claim.mutant.slip.name, claim.mutant.words, "|",
              claim.text[:250], "|", verdict.verdict, verdict.slips, said, flush=True)  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
