"""One letter for one thing where a page has several: h(t-1) is h_{t-1}, H_{t-1} beside h_t, h_j beside o_t."""

from __future__ import annotations

from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import below, in_equation, joining, rewritten
from lstmsym.formulas.times import is_argument, moment, time_letter
from lstmsym.verification.claims.wording import UNITS, holds_gradient, letters_in


def with_times_below(equations: list[f.Equation]) -> list[f.Equation]:
    """h(t-1) as h_{t-1}."""
    letter = time_letter(equations)
    if not letter:
        return equations

    merged = joining(lambda first, second: _at_time(first, second, letter))
    return [in_equation(e, merged) for e in equations]


def _at_time(first: f.Node, second: f.Node, letter: str) -> f.Node | None:
    """h and (t-1), (t-1)^2 or (t-1)^T as one symbol with what hangs on it; None for other factors."""
    if isinstance(second, f.Power | f.Transpose):
        inner = second.base if isinstance(second, f.Power) else second.inside
        found = _at_time(first, inner, letter)
        if found is None:
            return None
        return replace(second, **{"base" if isinstance(second, f.Power) else "inside": found})  # type: ignore[arg-type]
    if not is_argument(first, "", second) or moment(second, letter) is None:
        return None
    assert isinstance(first, f.Symbol)
    assert isinstance(second, f.Bracket)
    script = f.Script("below", "plain", (second.inside,), place=second.place)
    place = f.Place(first.place.start, second.place.end)
    return replace(first, scripts=(*first.scripts, script), place=place)


def with_one_letter(equations: list[f.Equation]) -> list[f.Equation]:
    """h_j = φ(W h_{j-1} + …) beside o_t = V h_t: forward equations all with t."""
    forward = [e for e in equations if isinstance(e.left, f.Symbol) and not holds_gradient(e)]
    with_t = any("t" in letters_in(e.left) for e in forward)
    others = {time_letter([e]) for e in forward if "t" not in letters_in(e)} & set(UNITS)
    if not with_t or not others:
        return equations
    now = {f.Symbol(a): f.Symbol("t") for a in others}

    def rule(node: f.Node) -> f.Node | None:
        inner = lambda a: now.get(a) if isinstance(a, f.Symbol) else None  # noqa: E731
        return below(node, lambda a: rewritten(a, inner)) if isinstance(node, f.Script) else None

    return [
        in_equation(e, rule) if e in forward and "t" not in letters_in(e) else e for e in equations
    ]


def with_one_case(equations: list[f.Equation]) -> list[f.Equation]:
    """H_{t-1} beside h_t = …, where nothing computes H, is h_{t-1}."""
    forward = [e for e in equations if isinstance(e.left, f.Symbol) and not holds_gradient(e)]
    computed = {e.left.base for e in forward if isinstance(e.left, f.Symbol)}
    read = {
        a.base for e in forward for side in e.sides[1:] for a in f.plain_symbols(side)
        if any(moment(b, "t") == 1 for s in a.scripts for b in s.inside)
    }  # fmt: skip
    other = {a: a.swapcase() for a in read - computed if len(a) == 1 and a.swapcase() in computed}
    slips = _slips_of_case(equations)

    def rule(node: f.Node) -> f.Node | None:
        if not isinstance(node, f.Symbol):
            return None
        if node in slips or ("t" in letters_in(node) and node.base in other):
            return replace(node, base=node.base.swapcase())
        return None

    return [in_equation(e, rule) for e in equations] if other or slips else equations


def _slips_of_case(equations: list[f.Equation]) -> set[f.Node]:
    """w_{xh} that stands once on a page with W_{xh}."""
    weights = [
        a for e in equations for a in f.walk(e)
        if isinstance(a, f.Symbol) and a.scripts and a.base in "WUVwuv" and "t" not in letters_in(a)
    ]  # fmt: skip
    return {
        a for a in weights
        if a.base.islower() and weights.count(a) == 1 and replace(a, base=a.base.upper()) in weights
    }  # fmt: skip


def with_primed_times(equations: list[f.Equation]) -> list[f.Equation]:
    """s_t' under a sum over t' is s_{t'}."""

    def rule(node: f.Node) -> f.Node | None:
        over = {a.index for a in node.over} if isinstance(node, f.Big) else set()
        primed = {a.removesuffix("'") for a in over if a.endswith("'")}
        if not isinstance(node, f.Big) or not primed:
            return None
        return replace(node, body=rewritten(node.body, lambda a: _primed(a, primed)))

    return [in_equation(e, rule) for e in equations]


def _primed(node: f.Node, letters: set[str]) -> f.Node | None:
    """A symbol with one prime and t below, its prime at the t."""
    if not isinstance(node, f.Symbol) or node.primes != 1 or len(node.scripts) != 1:
        return None
    (script,) = node.scripts
    inside = script.inside[0] if len(script.inside) == 1 else None
    if not isinstance(inside, f.Symbol) or inside.base not in letters:
        return None
    return replace(node, primes=0, scripts=(replace(script, inside=(replace(inside, primes=1),)),))
