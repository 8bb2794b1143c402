"""Random cells of the language, as text beside the same formulas in NumPy; and random terms.

`cells()` draws a `Drawn`: a cell text that nobody wrote by hand, and the `Model` that says in plain
functions what the text means. Both come from one draw and share no code with the reader.
Values stay bounded: what grows without bound is never squared, multiplied by itself or exponentiated.
"""

from __future__ import annotations

import itertools
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from sympy import Integer, Rational, Symbol, sympify

from lstmsym.equations.derived import (
    Blocks,
    Columns,
    Diagonal,
    Dot,
    Eye,
    Kronecker,
    Outer,
    Pieces,
    Read,
    Shift,
    Transposed,
    part_of,
)  # fmt: skip
from lstmsym.equations.terms import (
    Concatenation,
    Elementwise,
    Fill,
    Hadamard,
    MatrixProduct,
    Parameter,
    Plus,
    Quotient,
    Signal,
    Term,
    t,
)  # fmt: skip
from lstmsym.numerics.environment import Environment
from tests.witnesses import Model, sigmoid

settings.register_profile(
    "laws",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
settings.load_profile("laws")

Array = Any
SIZES = {"n": 3, "m": 2, "p": 4, "q": 5, "one": 1}  # "one" is declared as the number 1
SUM, PRODUCT, SIGNED, MATRIX, ATOM = range(5)
BOUNDED = ("sigmoid", "tanh")
LINEAR = ("relu", "identity", "softplus")

ACTIVATIONS: dict[str, Callable[[Any, Array], Array]] = {
    "sigmoid": sigmoid,
    "tanh": lambda xp, a: xp.tanh(a),
    "relu": lambda xp, a: xp.where(xp.real(a) > 0, a, 0.0),
    "identity": lambda xp, a: a,
    "exp": lambda xp, a: xp.exp(a),
    "softplus": lambda xp, a: xp.log(1 + xp.exp(a)),
    "square": lambda xp, a: a * a,
    "step": lambda xp, a: xp.where(xp.real(a) > 0, 1.0, 0.0),
}


@dataclass(frozen=True)
class Written:
    """An expression: its text, how tightly it binds, its value, and whether it can grow without bound."""

    text: str
    value: Callable[..., Array]  # of xp, parameters, signals now, states before
    level: int = ATOM
    grows: bool = False

    def at(self, level: int) -> str:
        """The text, in brackets where it binds less tightly than asked."""
        return self.text if self.level >= level else f"({self.text})"


@dataclass(frozen=True, eq=False)
class Drawn:
    """A cell text and the model of the same cell; the repr is the text, for hypothesis to show."""

    text: str
    model: Model

    def __repr__(self) -> str:
        return f"\n{self.text}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


@dataclass
class _Writer:
    """Draws expressions for one cell and remembers which parameters they introduced."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    now: dict[str, str] = field(
        default_factory=dict
    )  # signals that can be read at t, with their side
    old: dict[str, str] = field(default_factory=dict)  # states
    growing: set[str] = field(default_factory=set)
    shapes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    constants: dict[str, float] = field(default_factory=dict)
    scalars: list[str] = field(default_factory=list)

    def pick(self, choices: Any) -> Any:
        return self.draw(st.sampled_from(list(choices)))

    def flip(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def expression(self, side: str, depth: int) -> Written:
        """Any expression with so many rows."""
        if depth == 0:
            return self.leaf(side)
        kinds = (
            self.leaf, self.matrix_product, self.matrix_product, self.plus, self.hadamard,
            self.quotient, self.activation, self.minus, self.with_number,
        )  # fmt: skip
        return self.pick(kinds)(side, depth - 1)

    def leaf(self, side: str, depth: int = 0) -> Written:
        """A signal where one has this side, else a vector or a matrix onto a signal."""
        found = [self.signal_before(s) for s, r in self.old.items() if r == side]
        found += [self.signal_now(s) for s, r in self.now.items() if r == side]
        if found and self.flip(75):
            return self.pick(found)
        return self.vector(side) if self.flip(30) else self.matrix_product(side, 0)

    def signal_now(self, name: str) -> Written:
        value = lambda xp, p, now, old: now[name]  # noqa: E731
        return Written(f"{name}[t]", value, grows=name in self.growing)

    def signal_before(self, name: str) -> Written:
        value = lambda xp, p, now, old: old[name]  # noqa: E731
        return Written(f"{name}[t-1]", value, grows=name in self.growing)

    def vector(self, side: str) -> Written:
        """A parameter vector, sometimes one that is used already."""
        known = [
            p for p, sides in self.shapes.items() if sides == (side,) and p not in self.scalars
        ]
        name = self.pick(known) if known and self.flip(30) else self.new_parameter("b", (side,))
        return Written(name, lambda xp, p, now, old: p[name])

    def new_parameter(self, letter: str, sides: tuple[str, ...]) -> str:
        name = f"{letter}_{len(self.shapes) + 1}"
        self.shapes[name] = sides
        return name

    def matrix_product(self, side: str, depth: int) -> Written:
        """W @ of anything that has a length by itself: signals, sums of them, concatenations."""
        inside, width = self.anchored(depth) if self.flip(50) else self.stack(depth)
        known = [p for p, sides in self.shapes.items() if sides == (side, width)]
        name = (
            self.pick(known) if known and self.flip(25) else self.new_parameter("W", (side, width))
        )
        value = lambda xp, p, now, old: p[name] @ inside.value(xp, p, now, old)  # noqa: E731
        return Written(f"{name} @ {inside.at(MATRIX)}", value, MATRIX, inside.grows)

    def anchored(self, depth: int) -> tuple[Written, str]:
        """A signal, plain or multiplied by another expression of its side, and that side."""
        signals = [(self.signal_before(s), r) for s, r in self.old.items()]
        signals += [(self.signal_now(s), r) for s, r in self.now.items()]
        signal, side = self.pick(signals)
        if depth and self.flip(30) and not signal.grows:
            return self.times(signal, self.expression(side, depth - 1)), side
        if depth and self.flip(20):
            return self.activated(self.pick((*BOUNDED, *LINEAR)), signal), side
        return signal, side

    def stack(self, depth: int) -> tuple[Written, str]:
        """[a, b] or [a, b, c], and its side such as n+m."""
        parts = [self.anchored(max(depth - 1, 0)) for _ in range(self.draw(st.integers(2, 3)))]
        values = [a.value for a, _ in parts]

        def value(xp: Any, p: Any, now: Any, old: Any) -> Array:
            return xp.concatenate([v(xp, p, now, old) for v in values])

        text = ", ".join(a.text for a, _ in parts)
        side = "+".join(r for _, r in parts)
        return Written(f"[{text}]", value, grows=any(a.grows for a, _ in parts)), side

    def plus(self, side: str, depth: int) -> Written:
        a, b = self.expression(side, depth), self.expression(side, depth)
        return _combined(operator.add, f"{a.at(SUM)} + {b.at(PRODUCT)}", SUM, a, b)

    def minus(self, side: str, depth: int) -> Written:
        a, b = self.expression(side, depth), self.expression(side, depth)
        if self.flip(25):
            return _combined(operator.neg, f"-{a.at(SIGNED)}", SIGNED, a)
        return _combined(operator.sub, f"{a.at(SUM)} - {b.at(PRODUCT)}", SUM, a, b)

    def hadamard(self, side: str, depth: int) -> Written:
        return self.times(self.expression(side, depth), self.expression(side, depth))

    def times(self, a: Written, b: Written) -> Written:
        """a * b, the second squashed where both would grow; matrix products stand in brackets."""
        if a.grows and b.grows:
            b = self.activated(self.pick(BOUNDED), b)
        left = a.at(PRODUCT) if a.level != MATRIX else f"({a.text})"
        right = b.at(SIGNED) if b.level != MATRIX else f"({b.text})"
        return _combined(operator.mul, f"{left} * {right}", PRODUCT, a, b)

    def quotient(self, side: str, depth: int) -> Written:
        """a / b with b at least 1/2: 1 + square, 1.5 + sigmoid, 0.5 + softplus."""
        a, b = self.expression(side, depth), self.expression(side, depth)
        number, function = self.pick((("1", "square"), ("1.5", "sigmoid"), (".5", "softplus")))
        b = self.activated(function, b)
        below = _combined(lambda v: float(number) + v, f"{number} + {b.text}", SUM, b)
        left = a.at(PRODUCT) if a.level != MATRIX else f"({a.text})"
        whole = _combined(operator.truediv, f"{left} / ({below.text})", PRODUCT, a, below)
        return replace(whole, grows=a.grows)

    def activation(self, side: str, depth: int) -> Written:
        return self.activated(self.pick(ACTIVATIONS), self.expression(side, depth))

    def activated(self, function: str, a: Written) -> Written:
        """function(a); of exp and square the argument is squashed first where it grows."""
        if function == "exp" or (function == "square" and a.grows):
            a = self.activated(self.pick(BOUNDED), a)
        apply = ACTIVATIONS[function]
        value = lambda xp, p, now, old: apply(xp, a.value(xp, p, now, old))  # noqa: E731
        return Written(f"{function}({a.text})", value, grows=a.grows and function in LINEAR)

    def with_number(self, side: str, depth: int) -> Written:
        """2 * a, a * 0.25, 1 - a, a / 3, alpha * a for a scalar with or without a number."""
        a = self.expression(side, depth)
        number, kind = self.pick(("2", "0.75", ".5", "1.5e0")), self.draw(st.integers(0, 4))
        inside = a.at(SIGNED) if a.level != MATRIX else f"({a.text})"
        left = a.at(PRODUCT) if a.level != MATRIX else f"({a.text})"
        if kind == 0:
            return _combined(lambda v: float(number) * v, f"{number} * {inside}", PRODUCT, a)
        if kind == 1:
            return _combined(lambda v: v * float(number), f"{left} * {number}", PRODUCT, a)
        if kind == 2:
            return _combined(lambda v: float(number) - v, f"{number} - {a.at(PRODUCT)}", SUM, a)
        if kind == 3:
            return _combined(lambda v: v / float(number), f"{left} / {number}", PRODUCT, a)
        name = self.scalar()
        value = lambda xp, p, now, old: p[name] * a.value(xp, p, now, old)  # noqa: E731
        return Written(f"{name} * {inside}", value, PRODUCT, a.grows)

    def scalar(self) -> str:
        """A scalar parameter, with a stated number or learnt."""
        if self.scalars and self.flip(40):
            return self.pick(self.scalars)
        name = f"{self.pick(('alpha', 'beta'))}{len(self.scalars) + 1}"
        self.scalars.append(name)
        if self.flip(50):
            self.constants[name] = self.pick((0.95, -0.5, 1.25))
        else:
            self.shapes[name] = ("one",)
        return name


def _combined(operation: Callable[..., Array], text: str, level: int, *parts: Written) -> Written:
    values = [a.value for a in parts]
    value = lambda xp, p, now, old: operation(*(v(xp, p, now, old) for v in values))  # noqa: E731
    return Written(text, value, level, any(a.grows for a in parts))


# --- whole cells -------------------------------------------------------------------------------

STATES, GATES = ("h", "C", "s"), ("f", "i", "o", "g_tilde", "r")


@st.composite
def cells(draw: Callable[[st.SearchStrategy[Any]], Any], depth: int = 2) -> Drawn:
    """A random cell: up to three states and four other signals, none to two inputs, lines in any order."""
    states = draw(st.permutations(STATES))[: draw(st.integers(1, 3))]
    one_side = draw(st.integers(0, 99)) < 60
    sides = {s: "n" if one_side else draw(st.sampled_from(("n", "p", "q", "one"))) for s in states}
    inputs = {"x": draw(st.sampled_from(("m", "m", "one"))), "u": draw(st.sampled_from(("m", "q")))}
    writer = _Writer(draw, now=dict(inputs), old=dict(sides))
    writer.growing = {s for s in states if writer.flip(25)}
    gates = list(GATES[: draw(st.integers(0, 4))])
    computed = draw(st.permutations([*states, *gates]))
    equations = {}
    for name in computed:
        side = sides.get(name) or writer.pick(("n", *dict.fromkeys(sides.values())))
        equations[name], writer.now[name] = _equation(writer, name, side, depth)
    return _cell(writer, equations, states, inputs)


def _equation(writer: _Writer, name: str, side: str, depth: int) -> tuple[Written, str]:
    """The right side of one equation and its side."""
    if name not in writer.old:
        found, side = writer.stack(1) if writer.flip(10) else (writer.expression(side, depth), side)
        if found.grows:
            writer.growing.add(name)
        return found, side
    own = writer.signal_before(name)
    if name in writer.growing:
        a = writer.expression(side, 1)
        kept = writer.times(writer.activated("sigmoid", writer.expression(side, 1)), own)
        return writer.pick((a, writer.activated(writer.pick(LINEAR), a), _sum(kept, a))), side
    a = writer.activated(writer.pick(BOUNDED), writer.expression(side, depth))
    if writer.flip(40):
        return a, side
    gate = writer.activated("sigmoid", writer.expression(side, 1))
    other = _combined(lambda v: 1 - v, f"1 - {gate.text}", SUM, gate)
    if writer.flip(50):
        other = writer.activated("sigmoid", writer.expression(side, 1))
    return _sum(writer.times(gate, own), writer.times(other, a)), side


def _sum(a: Written, b: Written) -> Written:
    return _combined(operator.add, f"{a.at(SUM)} + {b.at(PRODUCT)}", SUM, a, b)


def _cell(
    writer: _Writer, equations: dict[str, Written], states: list[str], inputs: dict[str, str]
) -> Drawn:
    for s in states:
        if not _reads(equations, rf"{s}\[t-1\]"):
            half = _combined(lambda v: 0.5 * v, f"0.5 * {s}[t-1]", PRODUCT, writer.signal_before(s))
            equations[s] = _sum(half, equations[s])
    read = [x for x in inputs if _reads(equations, rf"{x}\[t\]")]
    lines = [f"{name}[t] = {right.text}" for name, right in equations.items()]
    lines = writer.draw(st.permutations(lines))
    choices = [*states, *(s for s in equations if writer.now[s] in ("n", "p", "q"))]
    output = "h" if "h" in states and writer.flip(60) else writer.pick(choices)
    model = Model(
        states=tuple(states),
        equations={name: right.value for name, right in equations.items()},
        shapes=_used(writer.shapes, equations),
        rows=writer.now,
        inputs=tuple(read),
        output=output,
        constants=_used(writer.constants, equations),
        label="drawn",
    )
    return Drawn("\n".join([*lines, *_declarations(writer, model)]), model)


def _reads(equations: dict[str, Written], name: str) -> bool:
    return any(re.search(rf"(?<!\w){name}", a.text) for a in equations.values())


def _used(table: dict[str, Any], equations: dict[str, Written]) -> dict[str, Any]:
    """Without what was drawn and then thrown away."""
    return {name: entry for name, entry in table.items() if _reads(equations, rf"{name}(?!\w)")}


def _declarations(writer: _Writer, model: Model) -> list[str]:
    found = []
    sized = {s: " : 1" if model.rows[s] == "one" else "" for s in model.rows}
    if (
        len(model.inputs) > 1
        or (model.inputs and writer.flip(30))
        or any(x == "u" or sized[x] for x in model.inputs)
    ):
        found.append("input " + "; ".join(x + sized[x] for x in model.inputs))
    if model.output != "h" or "h" not in model.states:
        found.append(f"output {model.output}")
    if writer.flip(30) or any(sized[s] for s in model.states):
        found.append("state " + "; ".join(s + sized[s] for s in model.states))
    for name in writer.scalars:
        if name in model.constants:
            found.append(f"scalar {name} = {model.constants[name]}")
        elif name in model.shapes:
            found.append(f"scalar {name}")
    return found


# --- random terms ------------------------------------------------------------------------------

n, m = (Symbol(name, integer=True, positive=True) for name in "nm")
STACK = Concatenation(Signal("h", t - 1, n), Signal("x", t, m))
SIDES = {n: 3, m: 2, n + m: 5, n * m: 6, Integer(1): 1}


@st.composite
def terms(
    draw: Callable[..., Any], shapes: Any = ((n, 1), (m, 1), (n, n), (n, m)), depth: int = 4
) -> Term:
    """A random term over all nodes that derivatives are made of, often with zeros, ones and identities."""
    rows, cols = draw(st.sampled_from(list(shapes)))
    return _term(draw, sympify(rows), sympify(cols), depth)


def _term(draw: Callable[..., Any], r: Any, c: Any, depth: int) -> Term:
    inner = lambda a, b: _term(draw, a, b, depth - 1)  # noqa: E731
    middle = lambda: draw(st.sampled_from((n, m)))  # noqa: E731
    made: list[Callable[[], Term]] = [
        lambda: Parameter(f"P_{SIDES[r]}{SIDES[c]}", r, c),
        lambda: Fill(draw(st.sampled_from((0, 1, 1, -1, 2, Rational(1, 2)))), r, c),
    ]
    if c == 1:
        made.append(lambda: Signal(draw(st.sampled_from("hC")) + str(SIDES[r]), t, r))
    if r == c:
        made.append(lambda: Eye(r))
    if (r, c) in ((n + m, n), (n + m, m)):
        made.append(lambda: part_of(STACK, 0 if c == n else 1))
    if c in (n, m) and r in (n, m):
        stacked, part = Parameter(f"Q{r}", r, n + m), part_of(STACK, 0 if c == n else 1)
        made += [lambda: Columns(stacked, part), lambda: MatrixProduct(stacked, part)]
    if depth:
        made += [
            lambda: Plus(*(inner(r, c) for _ in range(draw(st.integers(1, 3))))),
            lambda: Hadamard(*(inner(r, c) for _ in range(draw(st.integers(1, 3))))),
            lambda: _product(inner, middle, r, c, draw(st.integers(1, 3))),
            lambda: Transposed(inner(c, r)),
            lambda: Outer(inner(r, Integer(1)), inner(c, Integer(1))),
            lambda: Quotient(inner(r, c), Plus(Fill(2, r, c), Elementwise("tanh", inner(r, c)))),
            lambda: Elementwise(draw(st.sampled_from(("sigmoid", "tanh", "square"))), inner(r, c)),
        ]
        if r == c:
            made += [lambda: Diagonal(inner(r, Integer(1)))] * 2
            made.append(
                lambda: Plus(
                    Diagonal(inner(r, Integer(1))), inner(r, r), Diagonal(inner(r, Integer(1)))
                )
            )
        if (r, c) == (1, 1):
            side = middle()
            made.append(lambda: Dot(inner(side, Integer(1)), inner(side, Integer(1))))
            made.append(lambda: MatrixProduct(Fill(1, 1, side), inner(side, Integer(1))))
        if c == n + m:
            made.append(lambda: Blocks(2, inner(r, n), inner(r, m)))
        if (r, c) == (n + m, 1):
            made.append(lambda: Concatenation(inner(n, Integer(1)), inner(m, Integer(1))))
        made += _stacked(inner, r, c) * 2
        made = made[2:] * 2 + made[:2] if draw(st.booleans()) else made
    return made[draw(st.integers(0, len(made) - 1))]()


def _stacked(inner: Any, r: Any, c: Any) -> list[Callable[[], Term]]:
    """Terms of n pieces of size m: what is read of them, applied to them, and what they are made of."""
    one = Integer(1)
    found: dict[Any, list[Callable[[], Term]]] = {
        (n * m, one): [
            lambda: Kronecker(inner(n, one), inner(m, one)),
            lambda: MatrixProduct(Kronecker(inner(n, one), Eye(m)), inner(m, one)),
            lambda: MatrixProduct(Kronecker(Eye(n), inner(m, one)), inner(n, one)),
        ],
        (n * m, n * m): [
            lambda: Kronecker(Eye(n), Eye(m)),
            lambda: Transposed(Kronecker(inner(n, n), inner(m, m))),
            lambda: Kronecker(Shift(n, 1), inner(m, m)),
        ],
        (m, one): [
            lambda: Read(inner(n * m, one), inner(n, one)),
            lambda: MatrixProduct(Kronecker(Transposed(inner(n, one)), Eye(m)), inner(n * m, one)),
        ],
        (n, one): [
            lambda: MatrixProduct(Kronecker(Eye(n), Transposed(inner(m, one))), inner(n * m, one)),
        ],
        (m, n): [lambda: Pieces(inner(n * m, one), m)],
    }
    return found.get((r, c), [])


def _product(inner: Any, middle: Any, r: Any, c: Any, factors: int) -> Term:
    """A matrix product of so many factors, of which inner sides are drawn."""
    sides = [r, *(middle() for _ in range(factors - 1)), c]
    return MatrixProduct(*(inner(a, b) for a, b in itertools.pairwise(sides)))


def random_environment(seed: int = 0) -> Environment:
    """Values of every name that `terms` can use."""
    rng = np.random.default_rng(seed)
    sides = list(SIDES.values())
    parameters = {
        f"P_{r}{c}": rng.normal(size=(r, c) if c != 1 else r) for r in sides for c in sides
    }
    parameters |= {"Qn": rng.normal(size=(3, 5)), "Qm": rng.normal(size=(2, 5))}
    values = {f"{name}{r}": {1: rng.normal(size=r)} for name in "hC" for r in sides}
    return Environment(parameters, values, {n: 3, m: 2}, {t: 1})
