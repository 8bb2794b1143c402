r"""What a stated loss says of its target: with L_t = -yᵀ log ŷ, ŷ = softmax(z), the y for which ∂L/∂z = ŷ - y.

The loss of a run is drawn as its slopes; the target that gives these slopes is worked out from them. So a claim
with ŷ - y is judged like any other, and no loss has to be run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lstmsym.equations.cell import Cell
from lstmsym.equations.terms import Elementwise, Signal, Softmax, Term
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.claim import Verdict
from lstmsym.verification.claims.derivatives import LOSSES
from lstmsym.verification.claims.glossary import Glossary, Key
from lstmsym.verification.claims.helpers import Helper, is_known
from lstmsym.verification.claims.scripts import split_scripts
from lstmsym.verification.claims.sources import Written

TIMES = {"t": 3, "k": 2, "T": 5}
PREACTIVATION = "z of the softmax"


def targets(
    cell: Cell, words: Glossary, forward: Sequence[Written], letter: str
) -> dict[Key, Helper]:
    """The target of a stated loss as a helper symbol: y_t = ŷ_t - ∂L/∂z_t."""
    times = {**TIMES, letter: 3}
    found: dict[Key, Helper] = {}
    for written in forward:
        for said in _losses(written.equation):
            pair = _pair(said, words, times)
            if pair is None:
                continue
            output, target, scale = pair
            by = _argument(cell, words, output, times, forward) if scale == 0 else output
            if by is not None:
                slope: f.Node = f.Derivative(f.Symbol("L"), by)
                half = f.Quotient(slope, f.Number(str(scale))) if scale > 1 else slope
                node = f.Sum(((1, output), (-1, half)))
                for key in _keys(target, times):
                    found[key] = (node, True)
    return found
