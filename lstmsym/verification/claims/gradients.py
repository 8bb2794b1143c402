"""How a page writes gradients: which letters are adjoints, and whether dW is a sum over time or the share of a step."""

from __future__ import annotations

from collections.abc import Sequence

from lstmsym.formulas import tree as f
from lstmsym.verification.claims.scripts import BATCH
from lstmsym.verification.claims.symbols import DELTAS


def words_for_adjoints(equations: Sequence[f.Equation]) -> frozenset[str]:
    r"""How a document writes adjoints: dC beside C, dh_next beside h; BAR where \bar h is one and no signal."""
    bases = {a.base for e in equations for a in f.walk(e) if isinstance(a, f.Symbol)}
    words = {
        a for a in bases
        if len(a) > 1 and a[0] in "dD" and (stem := a[1:].split("_")[0]) and stem in bases
    }  # fmt: skip
    forward = (e for e in equations if not _is_barred(e.left))
    read = any(_is_barred(a) for e in forward for side in e.sides[1:] for a in f.walk(side))
    return frozenset(words if read else {*words, BAR})


def _is_barred(node: f.Node) -> bool:
    return isinstance(node, f.Symbol) and node.accents[-1:] == ("bar",)


BAR = "bar"


def is_about_gradients(node: f.Node, words: frozenset[str] = frozenset()) -> bool:
    """Whether a node holds a derivative, an adjoint or a nabla; words: letters such as dC."""
    return any(isinstance(a, f.Derivative) or _is_delta(a, words) for a in f.walk(node))


def _is_delta(node: f.Node, words: frozenset[str]) -> bool:
    if isinstance(node, f.Symbol):
        return node.base in ("delta", "Delta", *words) or (BAR in words and _is_barred(node))
    if isinstance(node, f.Product):
        pairs = zip(node.factors, node.factors[1:], node.signs, strict=False)
        return any(
            isinstance(a, f.Symbol) and a.base in DELTAS and not (a.scripts or a.accents or sign)
            and isinstance(b, f.Symbol)
            for a, b, sign in pairs
        )  # fmt: skip
    return False


def goes_stepwise(equations: Sequence[f.Equation], left: f.Node) -> bool:
    """Whether dW is the backward pass of one step: where a document never sums over time, nor writes ∂L/∂W."""
    nodes = [a for e in equations for a in f.walk(e)]
    added = [a for a in nodes if isinstance(a, f.Big) and a.kind == "sum"]
    if any(_is_share(a.body) for a in added):
        return True
    sums = any(b.index not in BATCH for a in added for b in a.over)
    fractions = any(isinstance(a, f.Derivative) for a in nodes)
    weights = {
        e.left.below
        for e in equations
        if isinstance(e.left, f.Derivative) and _is_weight(e.left.below)
    }
    return not sums and (not fractions or _is_d(left) or len(weights) >= SEVERAL)


def _is_share(node: f.Node) -> bool:
    """Whether what is summed is the gradient of a weight at a step, dW^{(t)}: others are such shares then."""
    if isinstance(node, f.Derivative):
        return isinstance(node.below, f.Symbol) and node.below.base in WEIGHTS
    symbols = list(f.plain_symbols(node))
    return 0 < len(symbols) < 3 and symbols[-1].base.removeprefix("d") in WEIGHTS


SEVERAL = 2  # so many gradients of weights without a sum are the backward pass of one step, not a sum forgotten


WEIGHTS = ("W", "U", "V", "R", "b", "w")


def _is_weight(node: f.Node) -> bool:
    """Whether a symbol looks like a weight: W_f, U, b_o, and no time in its scripts."""
    return (
        isinstance(node, f.Symbol)
        and node.base in WEIGHTS
        and not any(
            b.base == "t"
            for s in node.scripts
            for a in s.inside
            for b in f.walk(a)
            if isinstance(b, f.Symbol)
        )
    )


def _is_d(node: f.Node) -> bool:
    """dW, in one word or two."""
    if isinstance(node, f.Product):
        return node.factors[0] == f.Symbol("d")
    return isinstance(node, f.Symbol) and node.base[:1] == "d" and len(node.base) > 1
