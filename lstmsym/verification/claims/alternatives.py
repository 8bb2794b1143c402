"""Other ways in which a whole document may be meant; one counts where it makes more of its claims right.

A letter may have two meanings on one page: z_3 = V s_3 above, z_2 = U x_2 + W s_1 below. σ may be any activation,
which words say to be tanh.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import Rule, in_equation, rewritten
from lstmsym.verification.claims.alternative import Alternative, everywhere
from lstmsym.verification.claims.expressions import with_named_expressions
from lstmsym.verification.claims.letters import letter_of, recurs
from lstmsym.verification.claims.named_gradients import with_named_gradients
from lstmsym.verification.claims.one_loss import with_one_loss
from lstmsym.verification.claims.other_accents import with_other_accents
from lstmsym.verification.claims.outputs import (
    with_last_output,
    with_named_logits,
    with_unwritten_output,
)
from lstmsym.verification.claims.scalars import with_scalars
from lstmsym.verification.claims.sources import Written
from lstmsym.verification.claims.unrolled import meanings_of, of_every_step


def _with_two_meanings(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document with a letter under another name where it may have its first meaning."""
    for key, meanings in meanings_of(written).items():
        first, *later = dict.fromkeys(a.right for a in meanings)
        if len(later) != 1 or any(recurs(a.equation) for a in meanings):
            continue
        base, twice = key[0], 2 * key[0]  # no author writes a letter twice
        one = next(a for a in meanings if a.right == first)
        other = next(a for a in meanings if a.right == later[0])
        general = list(written)
        for a in (one, other):
            general[a.at] = replace(general[a.at], equation=a.equation)
        for end in dict.fromkeys((one.at + 1, other.at)):
            before = _renamed(general[:end], lambda a, key=key: letter_of(a) == key, twice)  # type: ignore[misc]
            yield Alternative(of_every_step([*before, *general[end:]]), _named_back(twice, base))


def _renamed(
    written: Sequence[Written], meant: Callable[[f.Symbol], bool], new: str
) -> list[Written]:
    """Equations with another name for a letter."""

    def rule(node: f.Node) -> f.Node | None:
        return replace(node, base=new) if isinstance(node, f.Symbol) and meant(node) else None

    return everywhere(written, rule)


def _named_back(new: str, base: str) -> Rule:
    """The rule that puts a letter back into that of its author."""

    def rule(node: f.Node) -> f.Node | None:
        return replace(node, base=base) if isinstance(node, f.Symbol) and node.base == new else None

    return rule


def _with_another_delta(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document in which δ_t = … ⊙ (1 - h_t²) is δ_t defined anew, after δ_t = ∂L/∂h_t."""
    lefts = [w.equation.left for w in written]
    named = [n for n, a in enumerate(lefts) if _is_bare_delta(a)]
    stated = [n for n in named if isinstance(written[n].equation.sides[1], f.Derivative)]
    for n in named if stated else ():
        if n > stated[0] and n not in stated:
            before = _renamed(written[:n], lambda a: bool(a.scripts) and _is_bare_delta(a), ZETA)
            back = _named_back(ZETA, "delta")
            yield Alternative(of_every_step([*before, *written[n:]]), back)


def _with_any_gate(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document with a star for the letter of which words say that it is any gate: G ∈ {f, i, o}."""
    computed = {w.equation.left.base for w in written if isinstance(w.equation.left, f.Symbol)}
    for letter in {a[1] for a in ANY_GATE.finditer(text)} - computed:
        runs = [w for w in written if not _sums_over(w.equation, letter)]
        named = _renamed(runs, lambda a, letter=letter: a.base == letter, "star")  # type: ignore[misc]
        again = iter(named)
        found = [next(again) if w in runs else w for w in written]
        if found != list(written):
            yield Alternative(found, _named_back("star", letter))


def _sums_over(equation: f.Equation, letter: str) -> bool:
    bigs = (a for a in f.walk(equation) if isinstance(a, f.Big))
    return any(b.index == letter for a in bigs for b in a.over)


ANY_GATE = re.compile(
    r"(?<![A-Za-z\\_^{])([A-Za-z])\s*\$?\s*(?:\\in(?![a-z])|∈)\s*\$?\s*(?:\\left)?\\?[\[{(](?:[^\]}),]+,){2,}"
)


def _with_local_shares(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document in which g_t = ∂L/∂h_t is what reaches h_t at its own step, where ∂L/∂h_t = g_t + … follows."""
    named: dict[f.Node, f.Node] = {
        w.equation.left: w.equation.sides[1] for w in written
        if isinstance(w.equation.left, f.Symbol) and not _is_bare_delta(w.equation.left)
        and isinstance(w.equation.sides[1], f.Derivative)
    }  # fmt: skip
    added = [
        a for w in written for side in w.equation.sides[1:] if isinstance(side, f.Sum)
        for _, a in side.parts if named.get(a) == w.equation.left
    ]  # fmt: skip
    found = [
        replace(w, equation=replace(w.equation, sides=(w.equation.left, _local(w.equation.sides[1]))))
        if w.equation.left in added and len(w.equation.sides) == 2 else w
        for w in written
    ]  # fmt: skip
    if found != list(written):
        yield Alternative(found)


def _local(node: f.Node) -> f.Node:
    return replace(node, kind="local part") if isinstance(node, f.Derivative) else node


def _is_bare_delta(node: f.Node) -> bool:
    """Whether δ has times alone in its scripts."""
    if not isinstance(node, f.Symbol) or node.base != "delta":
        return False
    inside = (a for s in node.scripts for a in s.inside)
    letters = {b.base for a in inside for b in f.walk(a) if isinstance(b, f.Symbol)}
    return letters <= {"t", "T", "k", "tau"}


ZETA = "zeta"  # no author's letter for a gradient


def _with_tanh(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document with tanh for the σ of its state, where words name tanh and no formula does."""
    states = [w for w in written if recurs(w.equation)]
    by_words = "tanh" in text and "tanh" not in _functions(written)
    if not by_words or "sigmoid" not in _functions(states):
        return
    found = [replace(w, equation=_as_tanh(w.equation, w in states)) for w in written]
    yield Alternative(of_every_step(found), note=SIGMA)


def _functions(written: Sequence[Written]) -> set[str]:
    return {a.function for w in written for a in f.walk(w.equation) if isinstance(a, f.Apply)}


def _as_tanh(equation: f.Equation, state: bool) -> f.Equation:
    """An equation with tanh for σ: for all of a state, elsewhere for its slope."""

    def rule(node: f.Node) -> f.Node | None:
        sigma = isinstance(node, f.Apply) and node.function == "sigmoid"
        if not isinstance(node, f.Apply) or not sigma or not (state or node.primes):
            return None
        return replace(
            node, function="tanh", arguments=tuple(rewritten(a, rule) for a in node.arguments)
        )

    return in_equation(equation, rule)


SIGMA = "σ of the state is taken for tanh, as the text says"


# How a document may be meant beside the plain way, one after the other.
WAYS: tuple[Callable[[Sequence[Written], str], Iterator[Alternative]], ...] = (
    _with_two_meanings,
    _with_another_delta,
    _with_any_gate,
    _with_local_shares,
    with_named_gradients,
    with_named_expressions,
    with_scalars,
    _with_tanh,
    with_last_output,
    with_other_accents,
    with_unwritten_output,
    with_named_logits,
    with_one_loss,
)
