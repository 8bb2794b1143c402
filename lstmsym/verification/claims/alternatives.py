"""Other ways in which a whole document may be meant; one counts where it makes more of its claims right.

A letter may have two meanings on one page: z_3 = V s_3 above, z_2 = U x_2 + W s_1 below. σ may be any activation,
which words say to be tanh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import rewritten
from lstmsym.verification.claims.alternative import Alternative
from lstmsym.verification.claims.claim import Verdict
from lstmsym.verification.claims.outputs import is_state, with_last_output, with_unwritten_output
from lstmsym.verification.claims.sources import Written
from lstmsym.verification.claims.unrolled import Key, Meaning, key_of, meanings_of, of_every_step


def alternatives(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The ways in which a document may be meant beside the plain one."""
    yield from _with_two_meanings(written)
    yield from _with_another_delta(written)
    yield from _with_tanh(written, text)
    yield from with_last_output(written)
    yield from with_unwritten_output(written)


def _with_two_meanings(written: Sequence[Written]) -> Iterator[Alternative]:
    """The document with a letter under another name where it may have its first meaning."""
    for key, meanings in meanings_of(written).items():
        first, *later = dict.fromkeys(a.right for a in meanings)
        if len(later) != 1 or not any(a.numbered for a in meanings) or _recurs(key, meanings):
            continue
        one = next(a for a in meanings if a.right == first)
        other = next(a for a in meanings if a.right == later[0])
        general = list(written)
        for a in (one, other):
            general[a.at] = replace(general[a.at], equation=a.equation)
        for end in dict.fromkeys((one.at + 1, other.at)):
            before = [replace(a, equation=_renamed(a.equation, key)) for a in general[:end]]
            yield Alternative(of_every_step([*before, *general[end:]]), _author_of(key))


def _recurs(key: Key, meanings: Sequence[Meaning]) -> bool:
    """Whether a letter is a state, of which an example is no second meaning."""
    return any(
        isinstance(a, f.Symbol) and key_of(a) == key for b in meanings for a in f.walk(b.right)
    )


def _renamed(equation: f.Equation, key: Key) -> f.Equation:
    """An equation with another name for a letter: the letter twice."""

    def rule(node: f.Node) -> f.Node | None:
        if isinstance(node, f.Symbol) and key_of(node) == key:
            return replace(node, base=2 * node.base)
        return None

    found = rewritten(equation, rule)
    assert isinstance(found, f.Equation)
    return found


def _author_of(key: Key) -> Callable[[Verdict], Verdict]:
    """How a verdict is put into the letters of its author."""
    base, accents = key

    def rule(node: f.Node) -> f.Node | None:
        if isinstance(node, f.Symbol) and key_of(node) == (2 * base, accents):
            return replace(node, base=base)
        return None

    def back(verdict: Verdict) -> Verdict:
        claim = verdict.claim
        left, right = rewritten(claim.left, rule), rewritten(claim.right, rule)
        return replace(verdict, claim=replace(claim, left=left, right=right))

    return back


def _with_another_delta(written: Sequence[Written]) -> Iterator[Alternative]:
    """The document in which δ_t = … ⊙ (1 - h_t²) is δ_t defined anew, after δ_t = ∂L/∂h_t."""
    lefts = [w.equation.left for w in written]
    named = [n for n, a in enumerate(lefts) if _is_bare_delta(a)]
    stated = [n for n in named if isinstance(written[n].equation.sides[1], f.Derivative)]
    for n in named if stated else ():
        if n > stated[0] and n not in stated:
            before = [replace(w, equation=_as_zeta(w.equation)) for w in written[:n]]
            yield Alternative(of_every_step([*before, *written[n:]]), _from_zeta)


def _is_bare_delta(node: f.Node) -> bool:
    """Whether δ has times alone in its scripts."""
    if not isinstance(node, f.Symbol) or node.base != "delta":
        return False
    inside = (a for s in node.scripts for a in s.inside)
    letters = {b.base for a in inside for b in f.walk(a) if isinstance(b, f.Symbol)}
    return letters <= {"t", "T", "k", "tau"}


def _as_zeta(equation: f.Equation) -> f.Equation:
    def rule(node: f.Node) -> f.Node | None:
        if isinstance(node, f.Symbol) and _is_bare_delta(node) and node.scripts:
            return replace(node, base=ZETA)
        return None

    found = rewritten(equation, rule)
    assert isinstance(found, f.Equation)
    return found


def _from_zeta(verdict: Verdict) -> Verdict:
    def rule(node: f.Node) -> f.Node | None:
        return (
            replace(node, base="delta")
            if isinstance(node, f.Symbol) and node.base == ZETA
            else None
        )

    claim = verdict.claim
    name = None if claim.name is None else rewritten(claim.name, rule)
    left, right = rewritten(claim.left, rule), rewritten(claim.right, rule)
    return replace(verdict, claim=replace(claim, left=left, right=right, name=name))


ZETA = "zeta"  # no author's letter for a gradient


def _with_tanh(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document with tanh for the σ of its state, where words name tanh and no formula does."""
    states = [w for w in written if is_state(w.equation)]
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

    found = rewritten(equation, rule)
    assert isinstance(found, f.Equation)
    return found


SIGMA = "σ of the state is taken for tanh, as the text says"
