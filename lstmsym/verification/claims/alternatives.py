"""Other ways in which a whole document may be meant; one counts where it makes more of its claims right.

A letter may have two meanings on one page: z_3 = V s_3 above, z_2 = U x_2 + W s_1 below. σ may be any activation,
which words say to be tanh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import rewritten
from lstmsym.verification.claims.claim import Judged, Verdict
from lstmsym.verification.claims.derivatives import LOSSES
from lstmsym.verification.claims.sources import Written, is_about_gradients
from lstmsym.verification.claims.unrolled import Key, Meaning, key_of, meanings_of, of_every_step


@dataclass(frozen=True)
class Alternative:
    """A document in other letters, how its verdicts are put back into those of the author, and what is said.

    last_only  whether the loss is that of the last step alone
    """

    written: list[Written]
    back: Callable[[Verdict], Verdict] = lambda verdict: verdict
    note: str = ""
    last_only: bool = False

    def seen(self, judged: Judged) -> Judged:
        """The verdicts as the author sees them."""
        notes = (*judged.notes, self.note) if self.note else judged.notes
        return replace(judged, verdicts=tuple(map(self.back, judged.verdicts)), notes=notes)


def alternatives(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The ways in which a document may be meant beside the plain one."""
    yield from _with_two_meanings(written)
    yield from _with_another_delta(written)
    yield from _with_tanh(written, text)
    yield from _with_last_output(written)
    yield from _with_unwritten_output(written)


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
    states = [w for w in written if _is_state(w.equation)]
    by_words = "tanh" in text and "tanh" not in _functions(written)
    if not by_words or "sigmoid" not in _functions(states):
        return
    found = [replace(w, equation=_as_tanh(w.equation, w in states)) for w in written]
    yield Alternative(of_every_step(found), note=SIGMA)


def _with_last_output(written: Sequence[Written]) -> Iterator[Alternative]:
    """The document with o_T for the o of o = V h_T + c, which every step could have."""
    names = _last_outputs(written)
    if not names:
        return
    found = []
    for w in written:
        forward = isinstance(w.equation.left, f.Symbol) and key_of(w.equation.left) in names
        time = f.Symbol("t") if forward else f.Symbol("T")
        equation = _timed(w.equation, names, time)
        found.append(replace(w, equation=_now(equation) if forward else equation))
    targets = {key_of(a) for w in found for a in _targets(w.equation, names)}
    found = [replace(w, equation=_timed(w.equation, targets, f.Symbol("T"))) for w in found]
    yield Alternative(found, note=LAST, last_only=True)


def _last_outputs(written: Sequence[Written]) -> set[Key]:
    """The letters without a time that are computed from h_T, and from each other."""
    names: set[Key] = set()
    for w in written:
        left, right = w.equation.left, w.equation.sides[1]
        plain = isinstance(left, f.Symbol) and not left.scripts and left.base not in LOSSES
        if not isinstance(left, f.Symbol) or not plain or is_about_gradients(w.equation):
            continue
        read = [a for a in f.walk(right) if isinstance(a, f.Symbol)]
        if any(_is_at_end(a) or (key_of(a) in names and not a.scripts) for a in read):
            names.add(key_of(left))
    return names


def _is_at_end(symbol: f.Symbol) -> bool:
    inside = symbol.scripts[0].inside if len(symbol.scripts) == 1 else ()
    return inside in ((f.Symbol("T"),), (f.Symbol("tau"),), (f.Symbol("τ"),))


def _timed(equation: f.Equation, names: set[Key], time: f.Node) -> f.Equation:
    """An equation with a time below some letters that have none."""
    script = f.Script("below", "plain", (time,))

    def rule(node: f.Node) -> f.Node | None:
        if isinstance(node, f.Script):
            return node
        if not isinstance(node, f.Symbol):
            return None
        if not node.scripts:
            return replace(node, scripts=(script,)) if key_of(node) in names else None
        inside = node.scripts[0].inside
        of = inside[0] if len(inside) == 1 else None
        named = node.base == "delta" and len(node.scripts) == 1
        if named and isinstance(of, f.Symbol) and not of.scripts and key_of(of) in names:
            return f.Product(
                (f.Symbol("delta"), replace(of, scripts=(script,))), ("",), place=node.place
            )
        return None

    found = rewritten(equation, rule)
    assert isinstance(found, f.Equation)
    return found


def _now(equation: f.Equation) -> f.Equation:
    """An equation of the last step as that of every step."""

    def rule(node: f.Node) -> f.Node | None:
        if isinstance(node, f.Symbol) and _is_at_end(node):
            return replace(node, scripts=(replace(node.scripts[0], inside=(f.Symbol("t"),)),))
        return None

    found = rewritten(equation, rule)
    assert isinstance(found, f.Equation)
    return found


def _targets(equation: f.Equation, names: set[Key]) -> Iterator[f.Symbol]:
    """What is taken from an output: the y of ŷ - y."""
    for a in f.walk(equation):
        parts = [b for _, b in a.parts] if isinstance(a, f.Sum) and len(a.parts) == 2 else []
        if any(isinstance(b, f.Symbol) and key_of(b) in names for b in parts):
            yield from (b for b in parts if isinstance(b, f.Symbol) and not b.scripts)


def _with_unwritten_output(written: Sequence[Written]) -> Iterator[Alternative]:
    """The document with ŷ_t = softmax(W_{hy} h_t) where its claims have W_{hy} and ŷ - y, and no equation has."""
    states = [w for w in written if _is_state(w.equation)]
    lefts = {key_of(w.equation.left) for w in written if isinstance(w.equation.left, f.Symbol)}
    forward = {a for w in states for a in f.walk(w.equation) if isinstance(a, f.Symbol)}
    claims = [w.equation for w in written if is_about_gradients(w.equation)]
    outputs = {a for e in claims for a in _hatted(e) if key_of(a) not in lefts}
    weights = {a for e in claims for a in _output_weights(e)} - forward
    if not states or len(outputs) != 1 or len(weights) != 1:
        return
    (output,), (weight,) = outputs, weights
    hidden = [w for w in written if getattr(w.equation.left, "base", "") == "h"]
    state = next((w for w in hidden if not is_about_gradients(w.equation)), states[-1])
    product = f.Product((weight, state.equation.left), ("",))
    right = f.Apply("softmax", (product,))
    said = replace(state.equation, sides=(output, right), relations=("=",))
    at = list(written).index(state) + 1
    yield Alternative([*written[:at], replace(state, equation=said), *written[at:]], note=UNWRITTEN)


def _hatted(equation: f.Equation) -> Iterator[f.Symbol]:
    """The ŷ_t of ŷ_t - y_t."""
    for a in f.walk(equation):
        parts = [b for _, b in a.parts] if isinstance(a, f.Sum) and len(a.parts) == 2 else []
        both = [b for b in parts if isinstance(b, f.Symbol)]
        if (
            len(both) == 2
            and {b.base for b in both} == {both[0].base}
            and both[0].accents != both[1].accents
        ):
            yield from (b for b in both if b.accents)


def _output_weights(equation: f.Equation) -> Iterator[f.Symbol]:
    """W_{hy}, W_y and V of a claim: capital letters whose script, if there is one, names y."""
    for a in f.walk(equation):
        if isinstance(a, f.Symbol) and a.base in ("W", "V", "U"):
            inside = [
                b.base
                for s in a.scripts
                for c in s.inside
                for b in f.walk(c)
                if isinstance(b, f.Symbol)
            ]
            if inside[-1:] in (["y"], ["o"]) or (a.base == "V" and not a.scripts):
                yield a


def _functions(written: Sequence[Written]) -> set[str]:
    return {a.function for w in written for a in f.walk(w.equation) if isinstance(a, f.Apply)}


def _is_state(equation: f.Equation) -> bool:
    """Whether a letter stands on both sides, at two times."""
    left = equation.left
    if not isinstance(left, f.Symbol):
        return False
    read = (a for side in equation.sides[1:] for a in f.walk(side) if isinstance(a, f.Symbol))
    return any(key_of(a) == key_of(left) and a.scripts != left.scripts for a in read)


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


LAST = "the output is that of the last step, as the text says"
UNWRITTEN = (
    "no equation gives the output; it is taken for the softmax of its weight times the state"
)
SIGMA = "σ of the state is taken for tanh, as the text says"
