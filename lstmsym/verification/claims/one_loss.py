"""Pages that follow the loss of one step back: ∂E_t/∂C_t = δh_t ⊙ o_t ⊙ (1 - tanh²(C_t)), and nothing from t+1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import in_equation
from lstmsym.formulas.times import moment
from lstmsym.verification.claims.alternative import Alternative
from lstmsym.verification.claims.gradients import is_about_gradients
from lstmsym.verification.claims.letters import LOSSES
from lstmsym.verification.claims.sources import Written


def with_one_loss(written: Sequence[Written], text: str) -> Iterator[Alternative]:
    """The document about the loss of step t alone, where it derives ∂E_t and goes to no later step."""
    claims = [w for w in written if is_about_gradients(w.equation)]
    derived = [a for w in claims for a in f.walk(w.equation) if isinstance(a, f.Derivative)]
    lone = [a for a in derived if _is_of_step(a.above)]
    scripts = [a for w in claims for a in f.walk(w.equation) if isinstance(a, f.Script)]
    later = any((moment(a, "t") or 0) < 0 for s in scripts for a in s.inside)
    sums = any(isinstance(a, f.Big) for w in claims for a in f.walk(w.equation))
    if len(lone) < SEVERAL or later or sums:
        return
    found = [
        replace(w, equation=in_equation(w.equation, _whole), at_end=True) if w in claims else w
        for w in written
    ]
    yield Alternative(found, _of_step, ONE, last_only=True)


def _is_of_step(above: f.Node | None) -> bool:
    """Whether E_t stands above the line."""
    inside = [s.inside for s in above.scripts] if isinstance(above, f.Symbol) else []
    return getattr(above, "base", "") in LOSSES and inside == [(f.Symbol("t"),)]


def _whole(node: f.Node) -> f.Node | None:
    """∂E_t as ∂E, where it is the only loss."""
    if (
        isinstance(node, f.Derivative)
        and isinstance(node.above, f.Symbol)
        and _is_of_step(node.above)
    ):
        return replace(node, above=replace(node.above, scripts=()))
    return None


def _of_step(node: f.Node) -> f.Node | None:
    """∂E as ∂E_t again."""
    above = node.above if isinstance(node, f.Derivative) else None
    if not isinstance(node, f.Derivative) or not isinstance(above, f.Symbol):
        return None
    bare = above.base in LOSSES and not above.scripts
    return replace(node, above=replace(above, scripts=(NOW,))) if bare else None


NOW = f.Script("below", "plain", (f.Symbol("t"),))
SEVERAL = 2
ONE = "the loss is that of step t alone: nothing comes back from later steps"
