"""Which gradients an assignment of the program reaches: a slip in it cannot leave any of them right."""

from __future__ import annotations

import numpy as np

from lstmsym.derivation.steps import Program
from lstmsym.equations.derived import Adjoint
from lstmsym.verification.handwritten.matching import Found, Matching
from lstmsym.verification.handwritten.program_run import carried
from lstmsym.verification.handwritten.variants import Variant

OFF = 1.5


class Reach:
    """The returned gradients that are right, held against what each assignment reaches.

    An assignment is put off at the first step alone: what that changes is changed by a slip at any step. Where it
    is zero there, or of one step only what it hands on may be wrong, nothing is ruled out.
    """

    def __init__(self, matching: Matching, found: Found) -> None:
        self.matching, self.found = matching, found
        self.right = [
            n
            for n, held in matching.holds.items()
            if n not in matching.wrong and not any(map(matching.is_signal, held))
        ]
        program = matching.fit.backward.program
        self.spoils = [self._spoils(program, n) for n in range(len(program.assignments))]

    def rules_out(self, variant: Variant) -> bool:
        """Whether a slip would have made a gradient wrong that is right."""
        return bool(variant.steps) and all(self.spoils[n] for n in variant.steps)

    def _spoils(self, program: Program, off: int) -> bool:
        """Whether an assignment reaches one of the gradients that are right."""
        backward = self.matching.fit.backward
        only_handed_on = backward.steps == 1 and bool(carried(program.assignments[off]))
        if not self.right or only_handed_on:
            return False
        found = self._changed(program, off)
        return any(
            not self.matching.gives_one(
                name,
                backward,
                {q: self.matching.gradient_of(program, q) for q in self.matching.holds[name]},
                found,
            )
            for name in self.right
        )

    def _changed(self, program: Program, off: int) -> Found:
        """The adjoints, those of the first step with one assignment put off."""
        found = dict(self.found)
        value = self.matching.fit.backward.first_step(found, self.matching.slopes)
        for n, step in enumerate(program.assignments):
            assert isinstance(step.left, Adjoint)
            known = value(step.right)
            found[step.left.of.name, 1, "whole"] = OFF * np.asarray(known) if n == off else known
        return found
