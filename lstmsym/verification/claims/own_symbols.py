"""Symbols that a document defines for itself, and the claims that are left when definitions are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.verification.claims.claim import Claim
from lstmsym.verification.claims.court import Court
from lstmsym.verification.claims.glossary import Glossary, Key
from lstmsym.verification.claims.gradients import goes_stepwise, is_about_gradients
from lstmsym.verification.claims.letters import LOSSES
from lstmsym.verification.claims.own_names import Helper, defined
from lstmsym.verification.claims.said import last_sentence
from lstmsym.verification.claims.scripts import split_scripts
from lstmsym.verification.claims.sources import Written, claims_of

TIMES = {"t": 3, "k": 2, "T": 5}


def is_known(words: Glossary, symbol: f.Symbol) -> bool:
    """Whether the cell has a symbol."""
    return any(
        words.find(symbol.base, symbol.accents, letters) is not None
        for _, _, letters in split_scripts(symbol, TIMES)
    )


def helpers_of(words: Glossary, written: Sequence[Written], letter: str) -> dict[Key, Helper]:
    """What the left sides that the cell does not know stand for.

    A definition by a derivative comes before others, which are claims about it then.
    """
    found: dict[Key, Helper] = {}
    for by_derivative in (True, False):
        for a in written:
            left, right = a.equation.left, a.equation.sides[1]
            if isinstance(right, f.Derivative) is by_derivative and _may_define(words, a):
                assert isinstance(left, f.Symbol)
                key, helper = defined(left, right, letter)
                if not helper.slots or words.find(*key) is None:
                    found.setdefault(key, helper)
    return found


def _may_define(words: Glossary, written: Written) -> bool:
    left, right = written.equation.left, written.equation.sides[1]
    if not isinstance(left, f.Symbol) or "+=" in written.equation.relations:
        return False
    if left.base in ("delta", "Delta"):
        return _names_gradient(written)
    if _is_block(words, left):
        return False
    return not (_is_recursive(left, right) or is_known(words, left) or _is_adjoint(words, left))


def _is_block(words: Glossary, symbol: f.Symbol) -> bool:
    """Whether a symbol is a block of the state Jacobian: J_t^{hC} is not J_t^{Ch}."""
    names = [a.replace("_", "") for a in words.cell.states]
    blocks = {a + b for a in names for b in names}
    found = split_scripts(symbol, TIMES)
    return symbol.base == "J" and any(
        t is not None and letters in blocks for t, _, letters in found
    )


def _is_recursive(left: f.Symbol, right: f.Node) -> bool:
    """Whether a symbol, at any time, stands in what it would be defined by: J_t in J_{t-1}, not W_f in W_{fh}."""
    names = _names(left)
    return any(names & _names(a) for a in f.walk(right) if isinstance(a, f.Symbol))


def _names(symbol: f.Symbol) -> set[Key]:
    """A symbol by each of its names."""
    return {
        (symbol.base, symbol.accents, letters) for _, _, letters in split_scripts(symbol, TIMES)
    }


def _is_unknown(court: Court, written: Written) -> bool:
    """Whether an equation goes through time with a symbol that nobody defines."""
    left, right = written.equation.left, written.equation.sides[1]
    if isinstance(left, f.Symbol) and left.base in LOSSES:
        return False
    recursive = isinstance(left, f.Symbol) and bool(left.scripts) and _is_recursive(left, right)
    known = any(isinstance(a, f.Symbol) and is_known(court.glossary, a) for a in f.walk(right))
    unknown = isinstance(left, f.Symbol) and not is_known(court.glossary, left)
    return recursive and known and unknown


def _is_adjoint(words: Glossary, symbol: f.Symbol) -> bool:
    """\\bar h and dh of a letter that the cell has."""
    if symbol.accents[-1:] == ("bar",):
        return is_known(words, replace(symbol, accents=symbol.accents[:-1]))
    stem = symbol.base[1:].split("_")[0]
    return symbol.base[0] in "dD" and bool(stem) and is_known(words, replace(symbol, base=stem))


def claims_before(
    court: Court, written: Sequence[Written], forward: Sequence[Written]
) -> Iterator[Claim]:
    """Every link to be judged; a helper's own definition is none, and x = ∂L/∂h is about ∂L/∂h."""
    every = [a.equation for a in written]
    assumed = {id(a.passage) for a in forward if _is_assumption(court, a)}
    meanings = dict(_definitions(court, [*written, *forward]))
    added = {a.equation.left for a in written if "+=" in a.equation.relations}
    for one in written:
        if _begins_a_sum(one, added) or _is_supposed(one):
            continue
        links = list(claims_of(one))
        if _names_gradient(one):  # of its links the first is true by definition
            links = [replace(a, left=links[0].right, name=a.left) for a in links]
        if _is_definition(court, one):
            target, links = links[0].right, links[1:]
            links = [replace(a, left=target, name=a.left) for a in links]
        for link in links:
            link = replace(link, begins=link.left in added and link.relation == "=")
            meant = _called(link, meanings)
            stepwise = link.stepwise or goes_stepwise(every, meant.left)
            yield replace(_turned(meant), stepwise=stepwise)
    for one in forward:
        left = one.equation.left
        if ":=" in one.equation.relations or _is_initial(left) or id(one.passage) in assumed:
            continue
        if _is_example(one.equation) or _is_general(court, one.equation):
            continue
        if left in meanings and not _is_definition(court, one):
            yield from (_called(a, meanings) for a in claims_of(one))
        elif isinstance(left, f.Symbol) and (
            _is_signal(court, left) or _is_unknown(court, one) or _is_block(court.glossary, left)
        ):
            yield from claims_of(one)


def _called(link: Claim, meanings: Mapping[f.Node, f.Node]) -> Claim:
    """A claim about what its left side is a name of."""
    if link.left not in meanings:
        return link
    return replace(link, left=meanings[link.left], name=link.name or link.left)


def _definitions(court: Court, written: Sequence[Written]) -> Iterator[tuple[f.Node, f.Node]]:
    """Left sides that are defined by a derivative, with it."""
    for one in written:
        if _is_definition(court, one) and isinstance(one.equation.sides[1], f.Derivative):
            yield one.equation.left, one.equation.sides[1]


def _is_definition(court: Court, written: Written) -> bool:
    """Whether an equation is the one by which a helper is defined."""
    left, right = written.equation.left, written.equation.sides[1]
    if not isinstance(left, f.Symbol) or left.base in ("delta", "Delta"):
        return False
    key, _ = defined(left, right, court.letter)
    return key in court.helpers and court.helpers[key].right is right


def _names_gradient(written: Written) -> bool:
    """Whether δ gets its meaning here: δ_t that of ∂L/∂h_t, δ_k^{(t)} of ∂L_t/∂h_k, δ_y of ∂L/∂z_t, δ^o := ∂L/∂o_t."""
    left, right = written.equation.left, written.equation.sides[1]
    above = right.above if isinstance(right, f.Derivative) else None
    if not isinstance(left, f.Symbol) or left.base not in ("delta", "Delta"):
        return False
    if not isinstance(above, f.Symbol) or above.base not in LOSSES:
        return False
    assert isinstance(right, f.Derivative)
    letters = {
        a.base for s in left.scripts for b in s.inside for a in f.walk(b) if isinstance(a, f.Symbol)
    }
    named = letters - {"t", "T", "k", "l", "i", "j"}
    of = getattr(right.below, "base", "")
    stated = written.equation.relations[0] == ":=" or bool(DEFINED.search(written.passage.before))
    return stated or not named or bool(above.scripts) or bool(of and of not in named)


DEFINED = re.compile(
    r"\b(?:defin\w*|denot\w*|let|call|write|setze|definier\w*)\b[^.;]{0,40}$", re.IGNORECASE
)


def _begins_a_sum(written: Written, added: set[f.Node]) -> bool:
    """Whether an equation sets a gradient to zero before its shares are added."""
    zero = written.equation.sides[-1] in (f.Number("0"), f.Symbol("0"))
    said = re.search(r"initiali[sz]|set to zero|start with", written.passage.before, re.IGNORECASE)
    return zero and (written.equation.left in added or said is not None)


def _is_assumption(court: Court, written: Written) -> bool:
    """Whether an equation sets a signal to a number: z_t = 1 ⇒ h_t = h̃_t says what would follow."""
    left, right = written.equation.left, written.equation.sides[-1]
    return isinstance(right, f.Number) and isinstance(left, f.Symbol) and _is_signal(court, left)


def _is_supposed(written: Written) -> bool:
    """Whether a derivative is zero under an assumption of the prose."""
    zero = written.equation.sides[-1] in (f.Number("0"), f.Symbol("0"))
    return zero and bool(SUPPOSED.search(last_sentence(written.passage.before)))


SUPPOSED = re.compile(
    r"\b(?:if|when|only the (?:last|final)|suppos\w*|assum\w*)\b|如果|假设|若|只有", re.IGNORECASE
)


def _is_general(court: Court, equation: f.Equation) -> bool:
    """Whether an equation says only what a signal depends on: h_t = f(h_{t-1}, x_t)."""
    right = equation.sides[1]
    pair = right.factors if isinstance(right, f.Product) and right.signs == ("",) else ()
    of = pair[0] if len(pair) == 2 and isinstance(pair[1], f.Stack) else None
    return isinstance(of, f.Symbol) and not of.scripts and not is_known(court.glossary, of)


def _is_example(equation: f.Equation) -> bool:
    """Whether numbers are put into an equation: c_1 = 1 × 0 + 0 × c̃_1."""
    put = (
        isinstance(a, f.Product) and {f.Number("0"), f.Number("1")} & {*a.factors}
        for side in equation.sides[1:] for a in f.walk(side)
    )  # fmt: skip
    return any(put)


def _is_initial(left: f.Node) -> bool:
    """Whether an equation says where a state begins."""
    scripts = left.scripts if isinstance(left, f.Symbol) else ()
    return any(s.inside == (f.Number("0"),) for s in scripts)


def _is_signal(court: Court, symbol: f.Symbol) -> bool:
    return any(
        (found := court.glossary.find(symbol.base, symbol.accents, letters)) is not None
        and found.kind == "signal"
        for _, _, letters in split_scripts(symbol, TIMES)
    )


def _turned(link: Claim) -> Claim:
    """A claim with what it is about on the left."""
    if not is_about_gradients(link.left) and isinstance(link.right, f.Derivative):
        return replace(link, left=link.right, right=link.left, name=None)
    return link
