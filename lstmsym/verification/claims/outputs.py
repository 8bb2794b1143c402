"""Outputs that a page does not give at every step: o = V h_T + c, or none though its claims have ŷ_t - y_t."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import in_equation
from lstmsym.verification.claims.alternative import Alternative, in_claims
from lstmsym.verification.claims.gradients import is_about_gradients
from lstmsym.verification.claims.letters import LOSSES, Letter, differences, letter_of, recurs
from lstmsym.verification.claims.losses import is_at_end
from lstmsym.verification.claims.sources import Written
from lstmsym.verification.claims.wording import spoken


def with_last_output(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document with o_T for the o of o = V h_T + c, which every step could have."""
    names = _last_outputs(written)
    if not names:
        return
    found = []
    for w in written:
        forward = isinstance(w.equation.left, f.Symbol) and letter_of(w.equation.left) in names
        time = f.Symbol("t") if forward else f.Symbol("T")
        equation = _timed(w.equation, names, time)
        found.append(replace(w, equation=_now(equation) if forward else equation))
    pairs = (pair for w in found for pair in differences(w.equation))
    targets = {letter_of(b) for a, b in pairs if letter_of(a) in names and not b.scripts}
    found = [replace(w, equation=_timed(w.equation, targets, f.Symbol("T"))) for w in found]
    yield Alternative(found, note=LAST, last_only=True)


def _last_outputs(written: Sequence[Written]) -> set[Letter]:
    """The letters without a time that are computed from h_T, and from each other."""
    names: set[Letter] = set()
    for w in written:
        left, right = w.equation.left, w.equation.sides[1]
        plain = isinstance(left, f.Symbol) and not left.scripts and left.base not in LOSSES
        if not isinstance(left, f.Symbol) or not plain or is_about_gradients(w.equation):
            continue
        read = [a for a in f.walk(right) if isinstance(a, f.Symbol)]
        if any(is_at_end(a) or (letter_of(a) in names and not a.scripts) for a in read):
            names.add(letter_of(left))
    return names


def _timed(equation: f.Equation, names: set[Letter], time: f.Node) -> f.Equation:
    """An equation with a time below some letters that have none."""
    script = f.Script("below", "plain", (time,))

    def rule(node: f.Node) -> f.Node | None:
        if isinstance(node, f.Script):
            return node
        if not isinstance(node, f.Symbol):
            return None
        if not node.scripts:
            return replace(node, scripts=(script,)) if letter_of(node) in names else None
        inside = node.scripts[0].inside
        of = inside[0] if len(inside) == 1 else None
        named = node.base == "delta" and len(node.scripts) == 1
        if named and isinstance(of, f.Symbol) and not of.scripts and letter_of(of) in names:
            return f.Product(
                (f.Symbol("delta"), replace(of, scripts=(script,))), ("",), place=node.place
            )
        return None

    return in_equation(equation, rule)


def _now(equation: f.Equation) -> f.Equation:
    """An equation of the last step as that of every step."""

    def rule(node: f.Node) -> f.Node | None:
        if isinstance(node, f.Symbol) and is_at_end(node):
            return replace(node, scripts=(replace(node.scripts[0], inside=(f.Symbol("t"),)),))
        return None

    return in_equation(equation, rule)


def with_unwritten_output(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document with ŷ_t = softmax(W_{hy} h_t) where its claims have W_{hy} and ŷ - y, and no equation has."""
    states = [w for w in written if recurs(w.equation)]
    lefts = {letter_of(w.equation.left) for w in written if isinstance(w.equation.left, f.Symbol)}
    given = (w.equation for w in written if not is_about_gradients(w.equation))
    forward = {a for e in given for a in f.walk(e) if isinstance(a, f.Symbol)}
    claims = [w.equation for w in written if is_about_gradients(w.equation)]
    pairs = (pair for e in claims for pair in differences(e))
    hatted = (a for a, b in pairs if a.base == b.base and a.accents and a.accents != b.accents)
    outputs = {a for a in hatted if letter_of(a) not in lefts}
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


def with_named_logits(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document in which z_t of ∂L/∂z_t = ŷ_t - y_t is the argument of the softmax that gives ŷ_t.

    Where no equation gives ŷ_t, and z_t has one, ŷ_t is the softmax of z_t.
    """
    forward = [w for w in written if not is_about_gradients(w.equation)]
    lefts = {letter_of(a): w for w in forward if isinstance(a := w.equation.left, f.Symbol)}
    for w in written:
        by = next(filter(None, map(_by, w.equation.sides[:-1])), None)
        pairs = [a for side in w.equation.sides[1:] for a in _whole_difference(side)]
        if by is None or len(pairs) != 1 or w in forward:
            continue
        known = letter_of(by) in lefts and not any(map(spoken, by.scripts))
        output, _ = pairs[0]
        if letter_of(output) in lefts and not known and _is_softmax(lefts[letter_of(output)]):
            yield _with_logits(written, by)
            return
        if known and letter_of(output) not in lefts and output.accents:
            at = written.index(lefts[letter_of(by)]) + 1
            plain = f.Symbol(by.base, by.accents, output.scripts)
            said = replace(
                w.equation, sides=(output, f.Apply("softmax", (plain,))), relations=("=",)
            )
            given = replace(written[at - 1], equation=said)
            yield Alternative([*written[:at], given, *written[at:]], note=SOFTMAX)
            return


def _by(left: f.Node) -> f.Symbol | None:
    """What a gradient is by: o_t of ∂L/∂o_t and of δo_t."""
    of = left.below if isinstance(left, f.Derivative) else None
    if isinstance(left, f.Product) and len(left.factors) == 2:
        of = left.factors[1]
    return of if isinstance(of, f.Symbol) else None


def _whole_difference(side: f.Node) -> list[tuple[f.Symbol, f.Symbol]]:
    """(ŷ, y) of a side that is ŷ - y."""
    while isinstance(side, f.Bracket):
        side = side.inside
    parts = side.parts if isinstance(side, f.Sum) else ()
    signs = [sign for sign, _ in parts]
    first, second = (a for _, a in parts) if signs == [1, -1] else (None, None)
    plain = isinstance(first, f.Symbol) and isinstance(second, f.Symbol)
    return [(first, second)] if plain else []  # type: ignore[list-item]


def _is_softmax(written: Written) -> bool:
    right = written.equation.sides[-1]
    return isinstance(right, f.Apply) and right.function == "softmax"


def _with_logits(written: Sequence[Written], by: f.Symbol) -> Alternative:
    """The document with the name that the cell gives to the argument of its softmax."""
    words = {s for s in by.scripts if spoken(s)}

    def same(node: f.Node) -> bool:
        return (
            isinstance(node, f.Symbol)
            and letter_of(node) == letter_of(by)
            and words <= {*node.scripts}
        )

    def rule(node: f.Node) -> f.Node | None:
        if not isinstance(node, f.Symbol) or not same(node):
            return None
        kept = tuple(s for s in node.scripts if s not in words)
        return replace(node, base=LOGITS, accents=(), scripts=kept)

    def again(node: f.Node) -> f.Node | None:
        named = isinstance(node, f.Symbol) and node.base == LOGITS
        if not isinstance(node, f.Symbol) or not named:
            return None
        return replace(node, base=by.base, accents=by.accents, scripts=(*node.scripts, *words))

    return Alternative(in_claims(written, rule), again)


LOGITS = "logits"


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


LAST = "the output is that of the last step, as the text says"
SOFTMAX = (
    "no equation gives the prediction; it is taken for the softmax of what ŷ - y is the gradient by"
)
UNWRITTEN = (
    "no equation gives the output; it is taken for the softmax of its weight times the state"
)
