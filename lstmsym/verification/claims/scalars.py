"""Networks of numbers, h_t = tanh(w h_{t-1} + u x_t): judged as several of them side by side, entry by entry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.kinds import letter_of as case_of
from lstmsym.formulas.rewriting import below, in_equation, rewritten
from lstmsym.verification.claims.alternative import Alternative
from lstmsym.verification.claims.gradients import is_about_gradients
from lstmsym.verification.claims.letters import letter_of
from lstmsym.verification.claims.links import TIGHT
from lstmsym.verification.claims.sources import Written

THINGS = r"rnn|lstm|gru|cell|net\w*|case|recurrence|weights?|states?|setting|example|model|units?"
SAID = re.compile(
    rf"scalar (?:\w+ )?(?:{THINGS})\b|\b(?:are|is a|as) (?:all )?scalars?\b|\b1-?D\b|one[- ]dimensional"
    r"|标量|一维|純量|skalar|escalar|scalaire|скаляр|スカラー|스칼라",
    re.IGNORECASE,
)


def entrywise(equation: f.Equation) -> f.Equation:
    """An equation between numbers as one between vectors: w h_{t-1} as w ⊙ h_{t-1}."""

    def rule(node: f.Node) -> f.Node | None:
        if isinstance(node, f.Script):
            return node
        if not isinstance(node, f.Product):
            return None
        counted = [isinstance(a, f.Number) for a in node.factors]
        signs = tuple(
            sign if sign not in TIGHT or any(counted[n : n + 2]) else "odot"
            for n, sign in enumerate(node.signs)
        )
        return below(replace(node, signs=signs), lambda a: rewritten(a, rule))

    return in_equation(equation, rule)


def has_small_weights(equations: Sequence[f.Equation]) -> bool:
    """Whether what multiplies the signals of a network are small letters alone, as numbers have them."""
    signals = {letter_of(e.left) for e in equations if isinstance(e.left, f.Symbol)}
    weights = [
        a for e in equations for side in e.sides[1:] for b in f.walk(side)
        if isinstance(b, f.Product) for a in b.factors
        if isinstance(a, f.Symbol) and letter_of(a) not in signals
    ]  # fmt: skip
    return bool(weights) and all(case_of(a.base) != "capital" for a in weights)


def with_scalars(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document as one about numbers, where it says so or has small letters alone for its weights."""
    forward = [w.equation for w in written if not is_about_gradients(w.equation)]
    turned = any(isinstance(a, f.Transpose) for w in written for a in f.walk(w.equation))
    if not has_small_weights(forward) and (turned or not SAID.search(text)):
        return  # numbers have no transpose
    found = [
        w if is_about_gradients(w.equation) else replace(w, equation=entrywise(w.equation))
        for w in written
    ]
    if found != list(written):
        yield Alternative(found, note=NUMBERS)


NUMBERS = "the network is taken for one of numbers: its weights are scalars"
