"""The value of a written formula on an instance: one method a node of `formulas.tree`.

A formula that goes beyond a number system (e^a modulo a prime) raises NotExact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from typing import Any

from sympy import Rational

from lstmsym.equations.terms import Elementwise, Term
from lstmsym.equations.terms import t as now
from lstmsym.formulas import tree as f
from lstmsym.numerics.translate import evaluate
from lstmsym.verification.claims.algebra import Algebra
from lstmsym.verification.claims.derivatives import written
from lstmsym.verification.claims.entries import Unreadable
from lstmsym.verification.claims.functions import Functions
from lstmsym.verification.claims.glossary import moment
from lstmsym.verification.claims.own_names import Helpers, asked
from lstmsym.verification.claims.products import Products
from lstmsym.verification.claims.scripts import split_scripts
from lstmsym.verification.claims.stacks import shift
from lstmsym.verification.claims.symbols import Symbols, Undefined
from lstmsym.verification.claims.value import Misfit, Value

DEPTH = 40


@dataclass
class Evaluator(Products, Functions):
    """Values of nodes under one reading; `times` binds letters, `helpers` are symbols the document defines.

    members  letters that run over names: q in Σ_{q ∈ {f, i, o}}
    """

    symbols: Symbols
    algebra: Algebra
    helpers: Helpers = field(default_factory=dict)
    members: Mapping[str, f.Node] = field(default_factory=dict)
    letter: str = "t"
    depth: int = 0

    def value(self, node: f.Node, times: Mapping[str, int]) -> Value:
        """The value of a node at these times. Raises Undefined, Misfit, Unreadable or NotExact."""
        method = getattr(self, f"of_{type(node).__name__}", None)
        if method is None:
            said = (
                f"'{node.text.strip()}' says"
                if isinstance(node, f.Words)
                else f"a {type(node).__name__.lower()} has"
            )
            raise Unreadable(node, f"{said} no value; write a formula for it")
        return method(node, times)

    def term_value(self, term: Term, time: int) -> Any:
        """The value of a term of the cell at a time."""
        truth = self.symbols.truth
        return evaluate(term, truth.env.bind({now: time}), truth.arithmetic)

    # --- leaves -----------------------------------------------------------------------------------

    def of_Number(self, node: f.Number, times: Mapping[str, int]) -> Value:
        fraction = Fraction(node.digits)
        return self.algebra.number(Rational(fraction.numerator, fraction.denominator))

    def of_Symbol(self, node: f.Symbol, times: Mapping[str, int]) -> Value:
        node, moved = self.moved(self.substituted(node))
        if moved:
            return self.bound(moved).value(node, times)
        found = self.symbols.find(node, times, powers=True)
        helper = self.helper(node, times)
        if found is not None and helper is None:
            value = self.symbols.value(found, times)
            return value if found.power is None else self.algebra.power(value, found.power)
        if helper is not None:
            return helper
        special = (
            self.kronecker(node) or self.special(node, times) or self.symbols.delta(node, times)
        )
        named = bool(node.scripts) and node.base in ("a", "z", "net", "raw", "pre")
        if special is None and named and (found := self.symbols.under_accent(node, times)):
            self.algebra.note(f"{node.base} is the argument of an activation")
            special = self.symbols.value(found, times)
        if special is None:
            raise Undefined(
                node,
                f"'{written(node)}' is defined neither by the cell nor by the text; give its equation",
            )
        return special

    def substituted(self, node: f.Symbol) -> f.Symbol:
        """The symbol with a running name put in: δ^q with q = f."""
        if not self.members:
            return node

        def swap(a: f.Node) -> f.Node:
            return self.members.get(a.base, a) if isinstance(a, f.Symbol) and not a.scripts else a

        scripts = tuple(
            replace(s, inside=tuple(_mapped(a, swap) for a in s.inside)) for s in node.scripts
        )
        member = self.members.get(node.base)
        if isinstance(member, f.Symbol):
            return replace(member, scripts=(*member.scripts, *scripts))
        return replace(node, scripts=scripts)

    def helper(self, node: f.Symbol, times: Mapping[str, int]) -> Value | None:
        """The value of a symbol that the document defines, at the time that is asked."""
        for found, letters in asked(self.helpers, node, times):
            if self.depth > DEPTH:
                raise Unreadable(node, f"'{written(node)}' is defined by itself")
            if {"t", self.letter} & letters.keys():
                letters |= dict.fromkeys(
                    ("t", self.letter), letters.get("t", letters.get(self.letter, 0))
                )
            inner = replace(self, depth=self.depth + 1)
            return inner.value(found.right, {**times, **letters})
        return None

    def special(self, node: f.Symbol, times: Mapping[str, int]) -> Value | None:
        """I, and J_t for the state Jacobian."""
        if node.base == "I" and not node.accents:
            return replace(self.algebra.number(1), eye=True)
        if (holds := self.indicated(node)) is not None:
            return holds
        if node.base in ("0", "1") and not node.scripts:
            return replace(self.algebra.number(int(node.base)), ones=True)
        if node.base == "S" and len(node.scripts) == 1 and not node.accents:
            (places,) = (moment(a, {}) for a in node.scripts[0].inside[:1])
            algebra = self.algebra
            return None if places is None else shift(places, algebra.stacks, algebra.arithmetic)
        if parts := self.collected(node, times):
            return self.together([self.value(a, times) for a in parts])
        if node.base in ("sigma", "tanh") and node.primes == 1:
            return self._slope_of_gate(node, times)
        if node.base == "J":
            for time, letters in _moments(node, times):
                if not letters and time is not None:
                    return self.joint(time)
                if time is not None and (block := self.block_of(letters, time)) is not None:
                    return block
            if (entry := self.symbols.joint_entry(node, times)) is not None:
                return self.symbols.picked(self.joint(entry[0]), entry[1])
        return None

    def _slope_of_gate(self, node: f.Symbol, times: Mapping[str, int]) -> Value | None:
        """σ′_{z_t}: the slope of the activation that gives z_t."""
        truth = self.symbols.truth
        for time, letters in _moments(node, times):
            equation = truth.cell.by_name.get(letters)
            argument = self.symbols.argument_of(letters) if equation else ""
            if argument and isinstance(getattr(equation, "right", None), Elementwise):
                at = times["t"] if time is None else time
                function = truth.cell.by_name[letters].right.function
                return self.algebra.slope(function, Value(truth.signal(argument, at)))
        return None

    def joint(self, time: int) -> Value:
        """J_t."""
        return Value(self.symbols.truth.state_jacobian(time))

    def block_of(self, letters: str, time: int) -> Value | None:
        """J_t^{hC}: one block of the state Jacobian."""
        cell = self.symbols.truth.cell
        for a in cell.states:
            for b in cell.states:
                if letters == _spelled(a) + _spelled(b):
                    return Value(self.symbols.truth.jacobian(a, time, b, time - 1, "block"))
        return None

    # --- sums and products ------------------------------------------------------------------------

    def of_Bracket(self, node: f.Bracket, times: Mapping[str, int]) -> Value:
        parts = node.inside
        if node.style == "angle" and isinstance(parts, f.Stack) and len(parts.parts) == 2:
            a, b = (self.value(part, times) for part in parts.parts)
            return self.angle(a, b)
        pair = isinstance(parts, f.Product) and parts.signs == ("",)
        if isinstance(parts, f.Product) and pair and node.style == "square":
            return self.side_by_side(parts, times)
        return self.value(parts, times)

    def angle(self, a: Value, b: Value) -> Value:
        """⟨a, b⟩: the inner product, or the outer one of vectors of different sizes or under a reading."""
        if a.dims != 1 or b.dims != 1:
            raise Misfit("⟨a, b⟩ is a product of two vectors")
        if self.symbols.reading.outer or a.shape != b.shape:
            return Value(self.algebra.arithmetic.outer(a.array, b.array))
        return Value(self.algebra.arithmetic.dot(a.array, b.array)[..., 0])

    def side_by_side(self, node: f.Product, times: Mapping[str, int]) -> Value:
        """[h x] of two vectors of different sizes is their concatenation; else a product."""
        if not all(isinstance(a, f.Symbol) for a in node.factors):
            return self.value(node, times)
        parts = [self.value(a, times) for a in node.factors]
        if all(a.dims == 1 for a in parts) and parts[0].shape != parts[1].shape:
            return self.algebra.stack(parts)
        return self.value(node, times)

    def of_Sum(self, node: f.Sum, times: Mapping[str, int]) -> Value:
        values = []
        parts = [part for _, part in node.parts]
        for n, part in self.written_out(parts, times) if f.Dots() in parts else enumerate(parts):
            sign = node.parts[n][0]
            value = self.value(part, times)
            values.append(value if sign > 0 else self.algebra.negative(value))
        return reduce(self.algebra.add, values)

    def of_Quotient(self, node: f.Quotient, times: Mapping[str, int]) -> Value:
        return self.algebra.divide(self.value(node.above, times), self.value(node.below, times))

    def of_Power(self, node: f.Power, times: Mapping[str, int]) -> Value:
        base = node.base
        if isinstance(base, f.Symbol) and base.base == "e" and not base.scripts:
            return self.function("exp", self.value(node.exponent, times))
        exponent = moment(node.exponent, times)
        entries = self.entries_of([node.exponent]) if exponent is None else None
        if entries is not None and not isinstance(base, f.Symbol | f.Number):
            return self.component(base, entries, times)
        if exponent is None and isinstance(node.exponent, f.Sum):
            (sign, part), *rest = node.exponent.parts
            size = moment(part, times) if not rest else None
            exponent = None if size is None else sign * size
        if exponent is None or abs(exponent) > 200:
            raise Unreadable(node, "an exponent is a whole number or a lag")
        return self.algebra.power(self.value(base, times), exponent)

    def of_Transpose(self, node: f.Transpose, times: Mapping[str, int]) -> Value:
        return self.algebra.transpose(self.value(node.inside, times))


def _moments(node: f.Symbol, times: Mapping[str, int]) -> list[tuple[int | None, str]]:
    return [(time, letters) for time, power, letters in split_scripts(node, times) if power is None]


def _mapped(node: f.Node, swap: Any) -> f.Node:
    if isinstance(node, f.Product):
        return replace(node, factors=tuple(map(swap, node.factors)))
    return swap(node)


def _spelled(name: str) -> str:
    return name.replace("_", "")
