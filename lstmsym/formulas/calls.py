r"""What a letter before round brackets is: a signal at a time, an activation, a matrix, or a question.

h(t-1) is a signal, W(a + b) a product, g(a) an activation that the author has to state. Also turned
into what a cell can say: powers of functions, choices by time, signals whose time is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lstmsym.equations.activations import ACTIVATIONS
from lstmsym.equations.functions import FORMS
from lstmsym.errors import CellError
from lstmsym.formulas import tree as f
from lstmsym.formulas.names import Named, Naming
from lstmsym.formulas.rewriting import below, rewritten
from lstmsym.formulas.stated import Stated
from lstmsym.formulas.times import is_argument, moment
from lstmsym.formulas.tree import Node

FUNCTION_LETTERS = (*"fghsFGHS", "phi", "varphi", "psi", "rho", "Phi", "Psi", "Theta")
FUNCTIONS = {*ACTIVATIONS, "softmax", "max", "diag"}

# What no equation of a cell can hold, and what to write instead.
# fmt: off
REFUSED: dict[type[Node], str] = {
    f.Big:        "a sum over components; write the equation for whole vectors, Σ_j W_ij x_j as W x",
    f.Derivative: "a derivative; a cell has forward equations only",
    f.Norm:       "a norm; a cell has no word for it",
    f.Dots:       "dots leave something out; write it",
    f.Words:      "words cannot stand in an equation",
    f.Grid:       "a matrix of blocks; give each block its own product, as in W h + U x",
}
# fmt: on


@dataclass(frozen=True)
class Choice(Node):
    """One of two terms, by the remainder of the time: when(t % period == phase, a, b)."""

    period: str
    phase: str
    first: Node
    second: Node


@dataclass(frozen=True)
class Definition:
    """g(x) = 4σ(x) - 2, stated by the author: what stands for g(…)."""

    variable: Node
    body: Node


@dataclass
class Calls:
    """One text: its names, and what is known of them.

    signals  stand at a time; alone: letters that also stand without brackets behind them
    applied  functions that the text defines and uses
    untied   weights of their own at each depth, W^l
    """

    naming: Naming
    stated: Stated
    signals: set[str] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)
    applied: set[str] = field(default_factory=set)
    untied: set[str] = field(default_factory=set)
    definitions: dict[str, Definition] = field(default_factory=dict)

    def fail(self, node: Node, message: str) -> CellError:
        """An error at a node."""
        return self.naming.text.fail(node.place, message)

    # --- names ------------------------------------------------------------------------------------

    def named(self, node: Node) -> Node:
        """The tree with every symbol as its name, h(t-1) too."""
        return rewritten(node, self._name)

    def _name(self, node: Node) -> Node | None:
        if isinstance(node, f.Symbol):
            return self.naming.named(node)
        if isinstance(node, f.Sum):
            parts = tuple((sign, self.named(_digit(a))) for sign, a in node.parts)
            return replace(node, parts=parts)
        if not isinstance(node, f.Product) or not self.naming.time:
            return None
        factors, signs = list(node.factors), list(node.signs)
        for n in range(len(factors) - 2, -1, -1):
            if factors[n] == f.Symbol("Delta") and factors[n + 1] == f.Symbol(self.naming.time):
                factors[n : n + 2] = [Named("Delta_t", place=factors[n].place)]
                del signs[n]
            elif self._at_a_time(factors[n], signs[n], factors[n + 1]):
                factors[n : n + 2] = [self._with_time(factors[n], factors[n + 1])]
                del signs[n]
        if len(factors) == len(node.factors):
            return None
        if len(factors) == 1:
            return self.named(factors[0])
        return replace(node, factors=tuple(map(self.named, factors)), signs=tuple(signs))

    def _at_a_time(self, a: Node, sign: str, b: Node) -> bool:
        return is_argument(a, sign, b) and moment(b, self.naming.time) is not None

    def _with_time(self, symbol: Node, bracket: Node) -> Node:
        assert isinstance(symbol, f.Symbol)
        assert isinstance(bracket, f.Bracket)
        time = f.Script("below", "plain", (bracket.inside,), place=bracket.place)
        place = f.Place(symbol.place.start, bracket.place.end)
        return replace(symbol, scripts=(*symbol.scripts, time), place=place)

    # --- calls ------------------------------------------------------------------------------------

    def resolved(self, node: Node) -> Node:
        """The tree of names with its calls, powers and choices. Raises CellError."""
        match node:
            case Named(name=name, lag=None) if name in self.signals:
                return replace(node, lag=0)
            case Named(name=name, lag=0) if name in self.untied:
                return replace(node, lag=None)
            case f.Product():
                return self._product(node)
            case f.Apply():
                return self._apply(node)
            case f.Cases():
                return self._choice(node)
        if type(node) in REFUSED:
            raise self.fail(node, f"'{self.naming.text.at(node)}' is {REFUSED[type(node)]}")
        return below(node, self.resolved)

    def _product(self, node: f.Product) -> Node:
        factors: list[Node] = []
        signs: list[str] = []
        skip = False
        for n, factor in enumerate(node.factors):
            if skip:
                skip = False
                continue
            after = node.factors[n + 1] if n + 1 < len(node.factors) else None
            called = after is not None and node.signs[n] == "" and self._called(factor, after)
            signs += [node.signs[n - 1]] if factors else []
            factors.append(called or self.resolved(factor))
            skip = bool(called)
        return (
            replace(node, factors=tuple(factors), signs=tuple(signs))
            if len(factors) > 1
            else factors[0]
        )

    def _called(self, name: Node, bracket: Node) -> Node | None:
        """The application of an activation to what stands in brackets; None where it is a product."""
        if not isinstance(name, Named) or name.lag is not None or not self._is_round(bracket):
            return None
        place = f.Place(name.place.start, bracket.place.end)
        inside = bracket.inside if isinstance(bracket, f.Bracket) else bracket
        if name.name in self.definitions:
            self.applied.add(name.name)
            return self._substituted(self.definitions[name.name], inside, place)
        if name.name in self.stated.functions:
            return f.Apply(self.stated.functions[name.name], (self.resolved(inside),), place=place)
        factor = name.name in (*self.stated.kinds, *self.stated.numbers, "Delta_t", "dt")
        if factor or self._is_matrix(name, bracket):
            return None
        customary = name.name.partition("_")[0] in (*FUNCTION_LETTERS, "sigma", "act")
        if name.name in (self.signals | self.alone) and not customary:
            return None
        raise self.fail(name, self._question(name))

    def _question(self, name: Named) -> str:
        known = ", ".join(ACTIVATIONS)
        written = self.naming.text.at(name)
        also = f", or the signal {name.name}" if name.name in self.signals else ""
        return (
            f"'{written}(…)' may be an activation{also}, or a factor; state it, "
            f"as in  % {name.name} = tanh  or  % {name.name} : matrix; activations: {known}"
        )

    def _is_matrix(self, name: Named, bracket: Node) -> bool:
        base = name.name.partition("_")[0].rstrip("0123456789")
        several = isinstance(bracket, f.Stack)
        plain = base in tuple("WUVRAB") if several else base not in FUNCTION_LETTERS
        return len(base) == 1 and base.isupper() and plain

    def _is_round(self, node: Node) -> bool:
        if isinstance(node, f.Stack):
            return node.sign == "," and self.naming.text.at(node).startswith(
                ("(", r"\left(", r"\big")
            )
        return isinstance(node, f.Bracket) and node.style != "square"

    def _substituted(self, definition: Definition, inside: Node, place: f.Place) -> Node:
        argument = self.resolved(inside)
        body = rewritten(definition.body, lambda a: argument if a == definition.variable else None)
        return f.Bracket(body, "round", place=place)

    def _apply(self, node: f.Apply) -> Node:
        name, written = node.function, self.naming.text.at(node)
        if "LN" in written.partition("(")[0]:
            raise self.fail(
                node, "LN may be the logarithm or a layer normalisation; write \\ln for the first"
            )
        if node.primes:
            raise self.fail(node, f"'{written}' is a derivative; a cell has forward equations only")
        if name == "sigmoid" and written.startswith((r"\sigma", "σ")):
            if "sigma" in self.definitions:
                self.applied.add("sigma")
                return self._substituted(self.definitions["sigma"], node.arguments[0], node.place)
            name = self.stated.functions.get("sigma", name)
        if name not in (*FUNCTIONS, *FORMS):
            raise self.fail(
                node, f"'{name}' is no activation of a cell; known: {', '.join(ACTIVATIONS)}"
            )
        arguments = tuple(map(self.resolved, node.arguments))
        if name == "max" and len(arguments) == 2 and f.Number("0") in arguments:
            name, arguments = "relu", tuple(a for a in arguments if a != f.Number("0"))
        applied = f.Apply(name, arguments, place=node.place)
        if node.power == 1:
            return applied
        return f.Power(applied, f.Number(str(node.power)), place=node.place)

    def _choice(self, node: f.Cases) -> Node:
        advice = (
            "branches are read as a choice by time only: a & t \\bmod 2 = 0 \\\\ b & otherwise; "
            "for the larger of two write \\max(a, b), for the positive part ReLU(a)"
        )
        if len(node.branches) != 2:
            raise self.fail(node, advice)
        (first, condition), (second, other) = node.branches
        condition = _WORDING.sub("", condition)
        found = next(filter(None, (p.fullmatch(condition) for p in _REMAINDERS)), None)
        if not found or found["time"] != self.naming.time or not _is_otherwise(other):
            raise self.fail(node, advice)
        values = self.resolved(first), self.resolved(second)
        return Choice(found["period"], found["phase"], *values, place=node.place)


_WORDING = re.compile(r"[\s{}$.,]|\\[,;!]|\\(?:text|mathrm|mathbin|operatorname|quad)|(?<![a-z])if")
_REMAINDERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<time>\\?\w+?)(?:\\bmod|\\mod|mod|\\?%)(?P<period>\d+)=+(?P<phase>\d+)",
        r"(?P<time>\\?\w+?)(?:\\equiv|≡)(?P<phase>\d+)\(?(?:\\pmod|\\mod|\\bmod|mod)(?P<period>\d+)\)?",
    )
)


def _digit(node: Node) -> Node:
    """A bold 1 in a sum is 1 for every entry."""
    if isinstance(node, f.Symbol) and node.base in ("0", "1") and not node.scripts:
        return f.Number(node.base, place=node.place)
    return node


def callees(product: f.Product) -> list[Named]:
    """The names in a product that stand right before round brackets."""
    pairs = zip(product.factors, product.signs, product.factors[1:], strict=False)
    return [a for a, sign, b in pairs if isinstance(a, Named) and sign == "" and _encloses(b)]


def _encloses(node: Node) -> bool:
    return isinstance(node, f.Stack) or (isinstance(node, f.Bracket) and node.style != "square")


def _is_otherwise(condition: str) -> bool:
    return _WORDING.sub("", condition) in ("otherwise", "else", "")
