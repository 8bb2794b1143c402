"""The value of a written formula on an instance: one method a node of `formulas.tree`.

Products without a sign bind tighter than those with one, and \\odot least; what stands between shapes is
settled by `algebra`. A formula that goes beyond a number system (e^a modulo a prime) raises NotExact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from sympy import Rational

from lstmsym.equations.activations import ACTIVATIONS
from lstmsym.equations.terms import Term
from lstmsym.equations.terms import t as now
from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.numerics.translate import evaluate
from lstmsym.verification.claims.algebra import ELEMENTWISE, Algebra, Misfit, Value
from lstmsym.verification.claims.derivatives import Derivatives, written
from lstmsym.verification.claims.entries import Entries, Unreadable
from lstmsym.verification.claims.glossary import Key, moment
from lstmsym.verification.claims.symbols import DELTAS, Symbols, Undefined, split_scripts
from lstmsym.verification.field import Field

DEPTH = 40
TIGHT = ({""}, {"dot", "times", "*", "ast", "otimes"}, set(ELEMENTWISE) | {"oplus"})
EXACT = {*ACTIVATIONS, "softmax"} - {"exp", "log", "sqrt", "sin", "cos"}


class NotExact(LstmsymError):
    """A function that has no value modulo a prime."""


@dataclass
class Evaluator(Entries, Derivatives):
    """Values of nodes under one reading; `times` binds letters, `helpers` are symbols the document defines.

    members  letters that run over names: q in Σ_{q ∈ {f, i, o}}
    """

    symbols: Symbols
    algebra: Algebra
    helpers: Mapping[Key, tuple[f.Node, bool]] = field(default_factory=dict)
    members: Mapping[str, f.Node] = field(default_factory=dict)
    letter: str = "t"
    depth: int = 0

    def value(self, node: f.Node, times: Mapping[str, int]) -> Value:
        """The value of a node at these times. Raises Undefined, Misfit, Unreadable or NotExact."""
        method = getattr(self, f"of_{type(node).__name__}", None)
        if method is None:
            raise Unreadable(node, f"{type(node).__name__.lower()} has no value in a formula")
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
        found = self.symbols.find(node, times)
        helper = self.helper(node, times)
        if found is not None and helper is None:
            value = self.symbols.value(found, times)
            return value if found.power is None else self.algebra.power(value, found.power)
        if helper is not None:
            return helper
        special = (
            self.kronecker(node) or self.special(node, times) or self.symbols.delta(node, times)
        )
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
        for time, letters in _moments(node, times):
            found = self.helpers.get((node.base, node.accents, "".join(sorted(letters))))
            if found is None or found[1] != (time is not None):
                continue
            if self.depth > DEPTH:
                raise Unreadable(node, f"'{written(node)}' is defined by itself")
            inner = replace(self, depth=self.depth + 1)
            return inner.value(
                found[0], times if time is None else {**times, "t": time, self.letter: time}
            )
        return None

    def special(self, node: f.Symbol, times: Mapping[str, int]) -> Value | None:
        """I, and J_t for the state Jacobian."""
        if node.base == "I" and not node.accents:
            return replace(self.algebra.number(1), eye=True)
        if node.base == "J":
            for time, letters in _moments(node, times):
                if not letters and time is not None:
                    return self.joint(time)
                if time is not None and (block := self.block_of(letters, time)) is not None:
                    return block
            if (entry := self.symbols.joint_entry(node, times)) is not None:
                return self.symbols.picked(self.joint(entry[0]), entry[1])
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
        for sign, part in node.parts:
            value = self.value(part, times)
            values.append(value if sign > 0 else self.algebra.negative(value))
        return reduce(self.algebra.add, values)

    def of_Product(self, node: f.Product, times: Mapping[str, int]) -> Value:
        factors, signs = self.joined(list(node.factors), list(node.signs), times)
        return self.tightly(factors, signs, times, 0)

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
        turned = isinstance(second, f.Transpose)
        of = second.inside if isinstance(second, f.Transpose) else second
        if first.base in DELTAS and plain and isinstance(of, f.Symbol):
            found = self.differential(self.substituted(of), times, first.base)
            return self.algebra.transpose(found) if found is not None and turned else found
        if isinstance(second, f.Bracket) and second.style != "curly":
            return self.called(first, second, times)
        return None

    def differential(self, of: f.Symbol, times: Mapping[str, int], sign: str) -> Value | None:
        """δC_t, dC_t: the adjoint of what follows."""
        found = self.symbols.find(of, times)
        return None if found is None else self.symbols.adjoint(found, times, sign)

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
        argument = self.value(second.inside, times)
        function = self.activation_of(argument, times)
        if function is None:
            return None
        if first.primes:
            return self.algebra.slope(function, argument)
        return self.algebra.apply(function, argument)

    def tightly(
        self, factors: list[Any], signs: list[str], times: Mapping[str, int], level: int
    ) -> Value:
        """Groups of the tightest signs first, from the left; from the right where that does not fit."""
        if len(factors) == 1:
            only = factors[0]
            return only if isinstance(only, Value) else self.value(only, times)
        if level == len(TIGHT):
            raise Misfit(f"the sign {signs[0]} joins no values here")
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

    def from_left(self, values: list[Value], signs: list[str]) -> Value:
        result = values[0]
        for value, sign in zip(values[1:], signs, strict=True):
            result = self.algebra.multiply(result, value, sign)
        return result

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

    def of_Stack(self, node: f.Stack, times: Mapping[str, int]) -> Value:
        return self.algebra.stack([self.value(a, times) for a in node.parts])

    def of_Grid(self, node: f.Grid, times: Mapping[str, int]) -> Value:
        rows = [[self.value(a, times) for a in row] for row in node.rows]
        return Value(self.algebra.arithmetic.blocks(_filled(rows, self.algebra)))

    # --- functions --------------------------------------------------------------------------------

    def of_Apply(self, node: f.Apply, times: Mapping[str, int]) -> Value:
        if node.function == "diag":
            return self.algebra.diagonal(self.value(node.arguments[0], times))
        argument = self.value(node.arguments[0], times)
        if node.primes:
            value = self.slope(node, argument, times)
        else:
            value = self.function(node.function, argument, node.power)
            if node.function in ("sech", "csch"):
                return value
        return self.algebra.power(value, node.power)

    def slope(self, node: f.Apply, argument: Value, times: Mapping[str, int]) -> Value:
        """φ′(a); under one reading φ′ of an activated value is the slope written in that value."""
        if self.symbols.reading.output_slope and self.is_output(node.function, argument, times):
            self.algebra.note(f"{node.function}′ of the activated value is the slope written in it")
            return self.algebra.slope_at(node.function, argument, argument)
        return self.algebra.slope(node.function, argument)

    def function(self, name: str, argument: Value, power: int = 1) -> Value:
        if name == "sech" and power % 2 == 0:
            y = self.algebra.apply("tanh", argument)
            slope = self.algebra.slope_at("tanh", y, argument)
            return self.algebra.power(slope, power // 2)
        exact = isinstance(self.algebra.arithmetic, Field)
        if exact and name not in EXACT:
            raise NotExact(f"{name} has no value modulo a prime")
        if name in FLOATS:
            value = Value(FLOATS[name](np.asarray(argument.array, dtype=float)), argument.row)
            return self.algebra.power(value, power) if name == "sech" else value
        if name not in ACTIVATIONS and name != "softmax":
            raise Misfit(f"the function {name} is not known here")
        return self.algebra.apply(name, argument)

    # --- over time --------------------------------------------------------------------------------

    def of_Big(self, node: f.Big, times: Mapping[str, int]) -> Value:
        if not node.over:
            raise Unreadable(node, f"a {node.kind} without an index; write what it runs over")
        over = node.over[0] if len(node.over) == 1 else None
        if isinstance(over, f.Range) and self.is_component(over, times):
            size = self.size_of(over.index, node.body, times)
            if size:
                return self.over_components(node, over.index, size, times)
        values = [self.value_with(node.body, bound) for bound in self.bindings(node.over, times)]
        if not values:
            return self.algebra.number(0 if node.kind == "sum" else 1)
        if node.kind == "sum":
            return reduce(self.algebra.add, values)
        ordered = values if self.symbols.reading.ascending else values[::-1]
        return self.from_left(ordered, [""] * (len(ordered) - 1))

    def value_with(self, body: f.Node, bound: tuple[dict[str, int], dict[str, f.Node]]) -> Value:
        times, members = bound
        return replace(self, members={**self.members, **members}).value(body, times)

    def bindings(
        self, over: tuple[Any, ...], times: Mapping[str, int]
    ) -> list[tuple[dict[str, int], dict[str, f.Node]]]:
        """Every choice of the indices, oldest first."""
        found: list[tuple[dict[str, int], dict[str, f.Node]]] = [(dict(times), {})]
        for one in over:
            if isinstance(one, f.Members):
                found = [(a, {**b, one.index: m}) for a, b in found for m in one.members]
            else:
                found = [({**a, one.index: j}, b) for a, b in found for j in self.range(one, a)]
        return found

    def range(self, over: f.Range, times: Mapping[str, int]) -> range:
        lower = 1 if over.lower is None else moment(over.lower, times)
        upper = times["T"] if over.upper is None else moment(over.upper, times)
        if lower is None or upper is None:
            raise Unreadable(over, f"the limits of the index {over.index} are no times")
        return range(lower, upper + 1)


FLOATS: dict[str, Callable[[Any], Any]] = {
    "sech": lambda a: 1 / np.cosh(a),
    "cosh": np.cosh,
    "sinh": np.sinh,
    "sin": np.sin,
    "cos": np.cos,
    "sqrt": np.sqrt,
    "log": np.log,
    "ln": np.log,
    "exp": np.exp,
}


def _moments(node: f.Symbol, times: Mapping[str, int]) -> list[tuple[int | None, str]]:
    return [(time, letters) for time, power, letters in split_scripts(node, times) if power is None]


def _mapped(node: f.Node, swap: Any) -> f.Node:
    if isinstance(node, f.Product):
        return replace(node, factors=tuple(map(swap, node.factors)))
    return swap(node)


def _bare(node: f.Node) -> f.Node:
    return node.inside if isinstance(node, f.Bracket) else node


def _spelled(name: str) -> str:
    return name.replace("_", "")


def _filled(rows: list[list[Value]], algebra: Algebra) -> list[list[Any]]:
    """Blocks of a grid as matrices; 0 and I of the size of their row and column."""
    heights = [next((a.shape[0] for a in row if a.dims == 2), 0) for row in rows]
    widths = [next((a.shape[1] for a in col if a.dims == 2), 0) for col in zip(*rows, strict=True)]
    grid = []
    for row, height in zip(rows, heights, strict=True):
        line = []
        for a, width in zip(row, widths, strict=True):
            if a.dims == 1:
                a = algebra.diagonal(a)
            if a.dims == 0:
                size = height or width
                eye = algebra.arithmetic.eye(max(size, width or size))[
                    : height or size, : width or size
                ]
                a = Value(algebra.arithmetic.multiply(a.array, eye))
            line.append(a.array)
        grid.append(line)
    return grid
