r"""What dots leave out: J_t \cdots J_{k+1} and a_1 + \dots + a_T go step by step; σ′(·) is at its gate's argument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lstmsym.equations.terms import Parameter, walk
from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import rewritten
from lstmsym.verification.claims.entries import Unreadable
from lstmsym.verification.claims.glossary import moment
from lstmsym.verification.claims.symbols import Symbols
from lstmsym.verification.claims.value import Value

PLACE = f.Symbol("\u2160")  # where a time stood: no author's letter
NO_WEIGHT = "no weight beside this function says of which gate it is; write its argument"
UNLIKE = "the dots stand between terms that are not the same at other times; write the product with ∏ or the sum with Σ"


@dataclass(frozen=True)
class Argument(f.Node):
    """The argument of a gate, which an author leaves out."""

    name: str


class Dotted:
    """The part of the evaluator that knows dots."""

    symbols: Symbols

    def written_out(self, parts: Sequence[Any], times: Mapping[str, int]) -> list[tuple[int, Any]]:
        """The parts with those that dots leave out, each with the number of the part whose sign it takes.

        Raises Unreadable where the neighbours of the dots are not one thing at two times.
        """
        found: list[tuple[int, Any]] = []
        same = -1
        for n, part in enumerate(parts):
            if not isinstance(part, f.Dots):
                found += [(n, part)] if n != same else []
            elif not 0 < n < len(parts) - 1:
                raise Unreadable(part, UNLIKE)
            else:
                between = _between_groups(part, parts[:n], parts[n + 1 :], times)
                same = n + 1 if between is None else same
                found += [(n + 1, a) for a in between or ()]
        return found

    def of_gate(self, node: Any, others: Sequence[Any], times: Mapping[str, int]) -> Any:
        """A factor with each σ′(·) in it at the argument in which the weight beside it stands."""

        def rule(a: f.Node) -> f.Node | None:
            if isinstance(a, f.Apply) and a.arguments == (f.Dots(),):
                return replace(a, arguments=(Argument(self._argument_beside(a, others, times)),))
            return a if isinstance(a, f.Product) else None

        return rewritten(node, rule) if isinstance(node, f.Apply | f.Bracket) else node

    def of_Argument(self, node: Argument, times: Mapping[str, int]) -> Value:
        """A pre-activation at t."""
        return Value(self.symbols.truth.signal(node.name, times["t"]))

    def _argument_beside(
        self, node: f.Node, others: Sequence[Any], times: Mapping[str, int]
    ) -> str:
        for other in others:
            found = self.symbols.find(other, times) if isinstance(other, f.Symbol) else None
            if found is not None and found.meaning.kind != "signal":
                return self._argument_with(found.meaning.name)
        raise Unreadable(node, NO_WEIGHT)

    def _argument_with(self, parameter: str) -> str:
        """The pre-activation that a weight stands in."""
        truth = self.symbols.truth
        return next(
            e.name
            for e in truth.named
            if any(isinstance(a, Parameter) and a.name == parameter for a in walk(e.right))
        )


def _between_groups(
    dots: f.Dots, before: Sequence[Any], behind: Sequence[Any], times: Mapping[str, int]
) -> list[f.Node] | None:
    """What lies between two terms, or between two products: D_t W ⋯ D_{k+1} W."""
    for size in range(1, 1 + min(len(before), len(behind), LARGEST_GROUP)):
        groups = before[-size:], behind[:size]
        if not all(isinstance(a, f.Node) for group in groups for a in group):
            break
        first, last = (_group(a) for a in groups)
        try:
            return _between(dots, first, last, times)
        except Unreadable:
            continue
    raise Unreadable(dots, UNLIKE)


def _group(parts: Sequence[Any]) -> f.Node:
    if len(parts) == 1:
        only: f.Node = parts[0]
        return only
    return f.Bracket(f.Product(tuple(parts), ("",) * (len(parts) - 1)), "round")


LARGEST_GROUP = 3  # factors


def _between(
    dots: f.Dots, before: Any, behind: Any, times: Mapping[str, int]
) -> list[f.Node] | None:
    """What lies between two terms; None where they are the same term, [] where they are neighbours."""
    if not isinstance(before, f.Node) or not isinstance(behind, f.Node):
        raise Unreadable(dots, UNLIKE)
    (first, start), (last, end) = _timeless(before, times), _timeless(behind, times)
    away = {b - a for a, b in zip(start, end, strict=False)}
    if first == last and len(away) == 1 and len(start) == len(end):
        (steps,) = away
        one = 1 if steps > 0 else -1
        return _run(first, start, range(one, steps, one)) if steps else None
    if isinstance(before, f.Derivative) and isinstance(behind, f.Derivative) and behind.above:
        (below, top), (above, reached) = (_timeless(a, times) for a in (before.below, behind.above))
        if below == above and len(top) == len(reached) == 1:  # ∂h_t/∂C_t ⋯ ∂C_{k+1}/∂C_k
            return _run(last, end, range(top[0] - reached[0], 0, -1))
    raise Unreadable(dots, UNLIKE)


def _run(timeless: f.Node, start: Sequence[int], steps: range) -> list[f.Node]:
    return [_at(timeless, [a + n for a in start]) for n in steps]


def _timeless(node: f.Node, times: Mapping[str, int]) -> tuple[f.Node, list[int]]:
    """A formula with its times taken out, and the times."""
    found: list[int] = []

    def rule(a: f.Node) -> f.Node | None:
        time = moment(a, times)
        if time is None:
            return None
        found.append(time)
        return PLACE

    return rewritten(node, lambda a: _in_scripts(a, rule)), found


def _in_scripts(node: f.Node, rule: Any) -> f.Node | None:
    """A symbol with a rule applied to what stands in its scripts."""
    if not isinstance(node, f.Symbol) or not node.scripts:
        return None
    return f.Symbol(
        node.base, node.accents, tuple(_changed(s, rule) for s in node.scripts), node.primes
    )


def _changed(script: f.Script, rule: Any) -> f.Script:
    return f.Script(script.where, script.style, tuple(rule(a) or a for a in script.inside))


def _at(node: f.Node, moments: Sequence[int]) -> f.Node:
    """A timeless formula at other times."""
    rest: Iterator[int] = iter(moments)
    rule = lambda a: f.Number(str(next(rest))) if a == PLACE else None  # noqa: E731
    return rewritten(node, lambda a: _in_scripts(a, rule))
