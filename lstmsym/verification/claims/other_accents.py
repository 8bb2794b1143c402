"""Letters whose accent changes between the forward and the backward pass of a page: ŷ_t computed, ∂L/∂y_t derived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import Rule
from lstmsym.verification.claims.alternative import Alternative, in_claims, in_forward
from lstmsym.verification.claims.gradients import is_about_gradients
from lstmsym.verification.claims.letters import Letter, letter_of
from lstmsym.verification.claims.sources import Written

ACCENTS = ((), ("hat",), ("tilde",), ("bar",))
HAT = ("hat",)


def with_other_accents(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document with ŷ_t for the y_t of its claims where only ŷ_t is computed, with C̃_t for ĉ_t, with ŷ for y."""
    forward = [w.equation for w in written if not is_about_gradients(w.equation)]
    claims = [w.equation for w in written if is_about_gradients(w.equation)]
    computed = {letter_of(e.left) for e in forward if isinstance(e.left, f.Symbol)}
    known = computed | {letter_of(a) for e in forward for a in _symbols(e)}
    asked = {letter_of(a) for e in claims for a in _symbols(e)}
    other = {a: b for a in asked - known if (b := _meant(a, computed, asked))}
    if other:
        names = {b: a for a, b in other.items()}
        yield Alternative(in_claims(written, _rule(other)), _rule(names))
    none: tuple[str, ...] = ()
    bare = {(base, none) for base, accents in asked - known if accents == HAT} & computed
    if bare:
        yield _with_hats(written, bare)


def _meant(letter: Letter, computed: set[Letter], asked: set[Letter]) -> Letter | None:
    """The one letter of the forward pass that an unknown one can be, which no claim has beside it."""
    base, accents = letter
    found = [
        (one, other) for one in (base, base.swapcase()) for other in ACCENTS
        if (one, other) in computed - asked and (other, one) != (accents, base)
    ]  # fmt: skip
    alike = [a for a in found if bool(a[1]) == bool(accents)]
    return alike[0] if len(alike) == 1 else found[0] if len(found) == 1 else None


def _symbols(equation: f.Equation) -> Iterator[f.Symbol]:
    return (a for a in f.walk(equation) if isinstance(a, f.Symbol) and a.scripts)


def _with_hats(written: Sequence[Written], bare: set[Letter]) -> Alternative:
    """The document with ŷ for the y of its forward pass, as in its claims y is the target."""
    hats: dict[Letter, Letter] = {a: (a[0], HAT) for a in bare}
    found = in_forward(written, _rule(hats))
    said = ", ".join(sorted(base for base, _ in bare))
    return Alternative(
        found, note=f"{said} of the forward equations is the prediction, with a hat in the claims"
    )


def _rule(names: dict[Letter, Letter]) -> Rule:
    """The rule that puts other letters for some that have a time."""

    def rule(node: f.Node) -> f.Node | None:
        new = names.get(letter_of(node)) if isinstance(node, f.Symbol) and node.scripts else None
        if new is None or not isinstance(node, f.Symbol):
            return None
        return replace(node, base=new[0], accents=new[1])

    return rule
