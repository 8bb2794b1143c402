"""Products in a written formula: which factors belong together, and which are multiplied first.

Products without a sign bind tighter than those with one, and \\odot least; what stands between shapes is
settled by `algebra`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lstmsym.equations.terms import Elementwise
from lstmsym.formulas import tree as f
from lstmsym.verification.claims.algebra import ELEMENTWISE
from lstmsym.verification.claims.derivatives import Derivatives
from lstmsym.verification.claims.dots import Dotted
from lstmsym.verification.claims.glossary import moment
from lstmsym.verification.claims.grids import Grids
from lstmsym.verification.claims.losses import Inner
from lstmsym.verification.claims.overtime import Overtime
from lstmsym.verification.claims.symbols import DELTAS, Undefined
from lstmsym.verification.claims.value import Beyond, Misfit, Value

TIGHT = ({""}, {"dot", "times", "*", "ast", "otimes"}, set(ELEMENTWISE) | {"oplus"})


def _without_prose(node: f.Product) -> tuple[list[Any], list[str]]:
    """Factors and signs without the sentence that stands beside a formula on several lines."""
    said = [isinstance(a, f.Words) and " " in a.text for a in node.factors]
    pairs = zip(("", *node.signs), node.factors, said, strict=True)
    kept = [(sign, a) for sign, a, prose in pairs if not prose]
    return [a for _, a in kept], [sign for sign, _ in kept[1:]]


class Products(Overtime, Grids, Dotted, Derivatives):
    """The part of the evaluator that knows products."""

    def of_Product(self, node: f.Product, times: Mapping[str, int]) -> Value:
        factors, signs = self.without_dots(*_without_prose(node), times)
        return self.tightly(*self.joined(factors, signs, times), times, 0)

    def without_dots(
        self, factors: list[Any], signs: list[str], times: Mapping[str, int]
    ) -> tuple[list[Any], list[str]]:
        """The factors with those that dots stand for; σ′(·) is of the gate whose weight comes next."""
        before = ("", *signs)
        if any(isinstance(a, f.Dots) for a in factors):
            pairs = [(before[n], a) for n, a in self.written_out(factors, times)]
            factors, signs = [a for _, a in pairs], [sign for sign, _ in pairs[1:]]
        beside = ([*factors[n + 1 :], *factors[:n]] for n in range(len(factors)))
        return [self.of_gate(a, b, times) for a, b in zip(factors, beside, strict=True)], signs

    def of_Inner(self, node: Inner, times: Mapping[str, int]) -> Value:
        """The inner product of two vectors."""
        first, second = (self.value(a, times).array for a in (node.first, node.second))
        return Value(self.algebra.arithmetic.dot(first, second)[..., 0])

    def joined(
        self, factors: list[Any], signs: list[str], times: Mapping[str, int]
    ) -> tuple[list[Any], list[str]]:
        """δ C_t as one adjoint, h(t-1) as one signal, φ(a) as one function, ∂/∂h (…) as one derivative."""
        n = 0
        while n + 1 < len(factors):
            merged = self.merged(factors[n], factors[n + 1], times) if signs[n] == "" else None
            if merged is None:
                n += 1
                continue
            factors[n : n + 2], signs[n : n + 1] = [merged], []
        return factors, signs

    def merged(self, first: Any, second: Any, times: Mapping[str, int]) -> Value | f.Node | None:
        if not isinstance(first, f.Node) or not isinstance(second, f.Node):
            return None
        if isinstance(first, f.Derivative) and first.above is None:
            return self.value(replace(first, above=_bare(second)), times)
        if not isinstance(first, f.Symbol):
            return None
        plain = not (first.scripts or first.accents or first.primes)
        if isinstance(second, f.Symbol) and second.base == "delta" and not second.scripts:
            return None
        if isinstance(second, f.Power) and first.base in DELTAS and plain:
            inner = self.merged(first, second.base, times)
            return None if inner is None else self.raised(inner, second, times)
        turned = isinstance(second, f.Transpose)
        of = second.inside if isinstance(second, f.Transpose) else second
        if first.base in DELTAS and plain and isinstance(of, f.Symbol):
            found = self.differential(self.substituted(of), times, first.base)
            return self.algebra.transpose(found) if found is not None and turned else found
        if isinstance(second, f.Bracket) and second.style != "curly":
            return self.called(first, second, times)
        return None

    def raised(
        self, base: Value | f.Node, power: f.Power, times: Mapping[str, int]
    ) -> Value | None:
        """δh_t² as the square of δh_t."""
        exponent = moment(power.exponent, times)
        found = base if isinstance(base, Value) else self.value(base, times)
        return None if exponent is None else self.algebra.power(found, exponent)

    def differential(self, of: f.Symbol, times: Mapping[str, int], sign: str) -> Value | None:
        """δC_t, dC_t: the adjoint of what follows."""
        found = self.symbols.find(replace(of, primes=0), times)
        if found is None and (parts := self.collected(of, times)):
            each = [self.differential(a, times, sign) for a in parts if isinstance(a, f.Symbol)]
            return self.together([a for a in each if a is not None]) if None not in each else None
        found = found or self.symbols.under_accent(of, times) or self.symbols.of_target(of, times)
        if found is None or of.primes > 1:
            return None
        if of.primes:
            return self.symbols.primed(found, times)
        return self.symbols.adjoint(found, times, sign)

    def called(self, first: f.Symbol, second: f.Bracket, times: Mapping[str, int]) -> Value | None:
        """h(t-1) of a signal; g(a), f'(a) of a symbol that is no signal of the cell."""
        time = moment(second.inside, times)
        script = f.Script("below", "round", (second.inside,))
        found = self.symbols.find(replace(first, scripts=(*first.scripts, script)), times)
        if time is not None and found is not None and found.time is not None:
            return self.symbols.value(found, times)
        if self.symbols.find(replace(first, primes=0), times) is not None and not first.primes:
            return None
        return self.unnamed_function(first, second, times)

    def unnamed_function(
        self, first: f.Symbol, second: f.Bracket, times: Mapping[str, int]
    ) -> Value | None:
        """φ(a): the activation that the cell applies to this very argument."""
        argument = self.argument_of_unnamed(second.inside, times)
        function = self.activation_of(argument, times)
        if function is None:
            return None
        if first.primes > 1:
            raise Beyond("a second derivative stands in no gradient")
        if first.primes:
            return self.algebra.slope(function, argument)
        return self.algebra.apply(function, argument)

    def argument_of_unnamed(self, node: f.Node, times: Mapping[str, int]) -> Value:
        """The argument of φ; a letter that nobody defines is that of the activation of the only state."""
        try:
            return self.value(node, times)
        except Undefined:
            truth = self.symbols.truth
            rights = [truth.cell.by_name[a].right for a in truth.cell.states]
            functions = {a.function for a in rights if isinstance(a, Elementwise)}
            if len(functions) != 1 or len(rights) != 1:
                raise
            whole: Any = self
            found: Value | None = whole.only_argument(f.Apply(functions.pop(), (node,)), times)
            if found is None:
                raise
            return found

    def tightly(
        self, factors: list[Any], signs: list[str], times: Mapping[str, int], level: int
    ) -> Value:
        """Groups of the tightest signs first, from the left; from the right where that does not fit."""
        if len(factors) == 1:
            only = factors[0]
            return only if isinstance(only, Value) else self.value(only, times)
        if level == len(TIGHT):
            raise Beyond(f"the sign {signs[0]} joins no values here")
        groups: list[tuple[list[Any], list[str]]] = [([factors[0]], [])]
        between: list[str] = []
        loose = set().union(*TIGHT[level + 1 :])
        for factor, sign in zip(factors[1:], signs, strict=True):
            if sign in loose:
                groups.append(([factor], []))
                between.append(sign)
            else:
                groups[-1][0].append(factor)
                groups[-1][1].append(sign)
        if between:
            values = [self.tightly(a, s, times, 0) for a, s in groups]
            return self.chained(values, between)
        values = [a if isinstance(a, Value) else self.value(a, times) for a in factors]
        return self.chained(values, signs)

    def chained(self, values: list[Value], signs: list[str]) -> Value:
        try:
            return self.from_left(values, signs)
        except Misfit:
            result = values[-1]
            for value, sign in zip(values[-2::-1], signs[::-1], strict=True):
                result = self.algebra.multiply(value, result, sign)
            return result


def _bare(node: f.Node) -> f.Node:
    return node.inside if isinstance(node, f.Bracket) else node
