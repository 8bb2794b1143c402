r"""Which rows of a text are the equations of a cell, which state something, and which are left out with a note.

Nothing is left out silently: `Rows.notes` says each, and a row that is none of these is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lstmsym.formulas import tree as f
from lstmsym.formulas.calls import FUNCTIONS
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.stated import ALIASES
from lstmsym.formulas.times import moment
from lstmsym.formulas.tree import Equation, Formula, Node, Number, Symbol, walk

NO_EQUATION = "this is no equation of a signal, like h_t = \\tanh(W h_{t-1} + U x_t)"
LOSSES = ("L", "ell", "loss", "Loss", "cost", "J")
EQUALS = ("=", ":=", "equiv", "triangleq", "gets")

# Definitions that change nothing, without braces and spaces; any other is taken at its word.
DEFINITIONS: dict[str, tuple[str, ...]] = {
    "sigmoid": (
        r"\frac11+e^-a", r"\frac11+\exp(-a)", "1/(1+e^-a)", r"1/(1+\exp(-a))", "(1+e^-a)^-1",
    ),
    "tanh": (r"\frace^a-e^-ae^a+e^-a", "(e^a-e^-a)/(e^a+e^-a)", r"\frac1-e^-2a1+e^-2a"),
    "relu": (r"\max(0,a)", r"\max(a,0)"),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """left = right, and what a tag or a comment beside it says."""

    left: Node
    right: Node
    tag: str = ""


@dataclass
class Rows:
    """The rows of a text, sorted; `functions` holds rows such as g = tanh, `bodies` those like g(x) = 4σ(x) - 2."""

    equations: list[Row] = field(default_factory=list)
    functions: list[tuple[Symbol, str]] = field(default_factory=list)
    numbers: list[tuple[Symbol, str]] = field(default_factory=list)
    bodies: list[tuple[Symbol, Node, Node]] = field(default_factory=list)
    blocks: list[Symbol] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def sorted_rows(text: Text, formulas: Iterable[Formula], time: str) -> Rows:
    """Every row where it belongs. Raises CellError for one that belongs nowhere."""
    rows, given = Rows(), []
    for formula in formulas:
        if not isinstance(formula, Equation):
            raise text.fail(formula.place, NO_EQUATION)
        given.append(formula)
    for equation in given:
        others = [e for e in given if e is not equation]
        _enter(rows, text, equation, others, time)
    return rows


def _enter(rows: Rows, text: Text, equation: Equation, others: list[Equation], time: str) -> None:
    *lefts, right = equation.sides
    left = lefts[0] if lefts else right
    if note := _left_out(text, equation, others, time):
        rows.notes.append(f"{_short(text.at(equation))} ({note})")
    elif not lefts or any(r not in EQUALS for r in equation.relations):
        raise text.fail(equation.place, NO_EQUATION)
    elif isinstance(left, Symbol) and (function := _function(right)):
        rows.functions.append((left, function))
    elif isinstance(left, Symbol) and isinstance(right, Number) and not _is_timed(left, time):
        rows.numbers.append((left, right.digits))
    elif isinstance(left, Symbol) and _is_blocks(right) and not _is_timed(left, time):
        rows.blocks.append(left)
    elif bodies := [body for a in lefts if (body := _body(a, time))]:
        rows.bodies += [(*body, right) for body in bodies]
    else:
        for n, side in enumerate(lefts):
            _check_left(text, side, time)
            follows = lefts[n + 1] if n + 1 < len(lefts) else right
            rows.equations.append(Row(side, follows, equation.tag if n == 0 else ""))


def _check_left(text: Text, left: Node, time: str) -> None:
    pair = left.factors if isinstance(left, f.Product) and left.signs == ("",) else (left,)
    at_a_time = len(pair) == 2 and moment(pair[1], time) is not None
    if not (isinstance(left, Symbol | f.Stack | f.Bracket) or at_a_time):
        raise text.fail(
            left.place,
            f"'{text.at(left)}' cannot stand left of =; an equation defines one signal at "
            f"{time or 't'}, like h_t = …",
        )


def _left_out(text: Text, equation: Equation, others: list[Equation], time: str) -> str:
    """What a row is that says no signal; "" for one that may."""
    left = equation.left
    if "in" in equation.relations:
        return "sizes"
    if isinstance(left, f.Derivative):
        return "a derivative"
    if isinstance(left, f.Apply) and _is_known(text, left, equation.sides[-1]):
        return f"the definition of {left.function}"
    if isinstance(left, Symbol):
        if left.base == "delta" and any(isinstance(a, f.Derivative) for a in walk(equation)):
            return "a derivative"
        if left.base in LOSSES and not _is_read(left.base, others):
            return "the loss"
        if _is_initial(left, others, time):
            return "an initial state"
        if left.base == time and not left.scripts:
            return "a range of the time"
    return ""


def _is_known(text: Text, left: f.Apply, body: Node) -> bool:
    """Whether a function is defined as everybody does; the variable is written a in the table."""
    variable = re.escape(_bare(text.at(left.arguments[0])))
    plain = re.sub(rf"(?<![a-z\\]){variable}(?![a-z])", "a", _bare(text.at(body)))
    return plain in DEFINITIONS.get(left.function, ())


def _bare(written: str) -> str:
    return re.sub(r"\\left|\\right|\\,|\\mathrm|[\s{}]", "", written).replace(r"\dfrac", r"\frac")


def _is_read(base: str, equations: Iterable[Equation]) -> bool:
    """Whether an equation reads a letter; one loss may read another."""
    kept = (e for e in equations if getattr(e.left, "base", "") not in LOSSES)
    sides = (side for e in kept for side in e.sides[1:])
    return any(isinstance(a, Symbol) and a.base == base for side in sides for a in walk(side))


def _is_initial(left: Symbol, others: list[Equation], time: str) -> bool:
    """h_0 where h_t has an equation of its own, or h at t-1 is read."""
    zeros = [s for s in left.scripts if s.inside == (Number("0"),)]
    if not zeros:
        return False
    kept = tuple(s for s in left.scripts if s not in zeros)
    return any(
        isinstance(a, Symbol)
        and (a.base, a.accents) == (left.base, left.accents)
        and tuple(s for s in a.scripts if not _is_time(s, time)) == kept
        and _is_timed(a, time)
        for other in others
        for a in walk(other)
    )


def _is_timed(symbol: Symbol, time: str) -> bool:
    return any(_is_time(s, time) for s in symbol.scripts)


def _is_time(script: f.Script, time: str) -> bool:
    return any(moment(a, time) is not None for a in script.inside)


def _function(right: Node) -> str:
    """The activation that stands alone on a right side; "" for anything else."""
    if not isinstance(right, Symbol) or right.scripts or right.accents or right.primes:
        return ""
    name = ALIASES.get(right.base, right.base)
    return name if name in FUNCTIONS else ""


def _is_blocks(right: Node) -> bool:
    """One row of named blocks: W_f = (W_fh W_fx)."""
    return isinstance(right, f.Grid) and len(right.rows) == 1


def _body(left: Node, time: str) -> tuple[Symbol, Node] | None:
    """The function and the variable of g(x) = …; None where the left side is no function."""
    if isinstance(left, f.Apply) and left.function == "sigmoid":
        return Symbol("sigma"), left.arguments[0]
    if isinstance(left, f.Product) and left.signs == ("",) and isinstance(left.factors[0], Symbol):
        function, bracket = left.factors[0], left.factors[1]
        inside = bracket.inside if isinstance(bracket, f.Bracket) else None
        plain = isinstance(inside, Symbol) and not inside.scripts and not _is_timed(function, time)
        if isinstance(inside, Symbol) and plain and moment(inside, time) is None:
            return function, inside
    return None


def _short(written: str, most: int = 60) -> str:
    words = " ".join(written.split())
    return words if len(words) <= most else words[: most - 2] + " …"
