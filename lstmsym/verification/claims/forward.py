"""The forward equations of a document made into its cell, and which of its equations they are.

A document says more than a cell holds: helper symbols, matrices written in blocks, an equation for the second
time. What the cell cannot take is left out one by one, and comes back as `rest`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from lstmsym.equations.cell import Cell
from lstmsym.errors import CellError, LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.formulas.cells import Reading
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.rewriting import below, rewritten
from lstmsym.formulas.rows import LOSSES
from lstmsym.formulas.times import moment, time_letter
from lstmsym.verification.claims.derivatives import together
from lstmsym.verification.claims.losses import is_stated_loss
from lstmsym.verification.claims.sources import Written
from lstmsym.verification.claims.whole import in_whole, matrices

EQUALS = ("=", ":=", "equiv")
TIGHT = ("", "dot", "times", "*")
MOST_LEFT_OUT = 12


@dataclass(frozen=True)
class Forward:
    """cell: None where the equations make none, `problem` then says why; turned: vectors are rows."""

    cell: Cell | None = None
    problem: str = ""
    used: tuple[Written, ...] = ()
    rest: tuple[Written, ...] = ()
    turned: bool = False


def forward_cell(written: list[Written], comments: str = "") -> Forward:
    """The cell that the equations of a document make, as many of them as it takes."""
    defining = [a for a in written if _may_define(a)]
    timed = any(getattr(a.equation.left, "scripts", ()) for a in defining)
    candidates = [
        a for a in defining
        if not _only_collects(a.equation, defining) and not (timed and _is_general(a.equation))
    ]  # fmt: skip
    candidates = _first_of_each(candidates)
    if not any(isinstance(a.equation.left, f.Symbol) for a in candidates):
        return Forward(problem="no forward equations", rest=tuple(written))
    document = Joined.of(candidates, comments)
    problem = ""
    for turned in (False, True):
        kept, left_out = list(candidates), 0
        while kept and left_out <= MOST_LEFT_OUT:
            try:
                cell = document.cell(kept, turned)
                rest = tuple(a for a in written if a not in kept)
                return Forward(cell, "", tuple(kept), rest, turned)
            except CellError as error:
                problem = problem or str(error.message).splitlines()[0]
                culprit = document.culprit(kept, error)
                if culprit is None:
                    break
                kept.remove(culprit)
                left_out += 1
            except LstmsymError as error:
                problem = problem or str(error).splitlines()[0]
                break
    return Forward(problem=problem, rest=tuple(written))


def _may_define(written: Written) -> bool:
    """Whether an equation may define a signal, a function or a number."""
    equation = written.equation
    if any(a not in EQUALS for a in equation.relations) or is_stated_loss(equation):
        return False
    left, right = equation.left, equation.sides[-1]
    if isinstance(left, f.Derivative | f.Apply | f.Norm | f.Number):
        if not isinstance(left, f.Apply) or left.primes:
            return False
        return isinstance(left.arguments[0], f.Symbol)
    if any(isinstance(a, f.Dots | f.Derivative) for a in f.walk(equation)):
        return False
    if isinstance(left, f.Symbol) and any(
        isinstance(a, f.Number) for s in left.scripts for a in s.inside
    ):
        return False
    timed = isinstance(left, f.Symbol) and bool(left.scripts)
    return timed or not isinstance(right, f.Stack | f.Grid)


def _first_of_each(written: list[Written]) -> list[Written]:
    """Equations without those that say again what a signal is: they are claims; nor those of another letter of time."""
    letter = time_letter([a.equation for a in written]) or "t"
    seen: set[f.Node] = set()
    kept = []
    for a in written:
        own = time_letter([a.equation]) in ("", letter, "t")
        if own and a.equation.left not in seen:
            kept.append(a)
        seen.add(a.equation.left)
    return kept


def _is_general(equation: f.Equation) -> bool:
    """Whether an equation says what any gate is like, g = σ(a), and nothing of a time."""
    if not isinstance(equation.left, f.Symbol):
        return False
    symbols = [a for side in equation.sides for a in _symbols(side)]
    return len(symbols) > 1 and not any(a.scripts for a in symbols)


def _only_collects(equation: f.Equation, others: list[Written]) -> bool:
    """Whether an equation gives several signals one name, as gates_t = (a_t; i_t; f_t), that nothing else reads."""
    left = equation.left
    parts = next(filter(None, map(together, equation.sides[1:])), ())
    if not isinstance(left, f.Symbol) or not all(isinstance(a, f.Symbol) for a in parts):
        return False
    read = (b for a in others for side in a.equation.sides[1:] for b in _symbols(side))
    return bool(parts) and all((b.base, b.accents) != (left.base, left.accents) for b in read)


@dataclass(frozen=True)
class Joined:
    """The passages of a document in one text, so that errors point somewhere."""

    text: Text
    starts: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, written: Iterable[Written], comments: str) -> Joined:
        """The text of the passages in which the equations stand, each once."""
        starts: dict[int, int] = {}
        parts, at = [comments], len(comments) + 1
        for a in written:
            if id(a.passage) not in starts:
                starts[id(a.passage)] = at
                parts.append(a.passage.text)
                at += len(a.passage.text) + 1
        return cls(Text("\n".join(parts)), starts)

    def moved(self, written: Written) -> f.Equation:
        """The equation with the places of the whole text."""
        found = _moved(written.equation, self.starts[id(written.passage)])
        assert isinstance(found, f.Equation)
        return found

    def cell(self, kept: list[Written], turned: bool) -> Cell:
        """The cell of these equations. Raises CellError."""
        moved = [self.moved(a) for a in kept]
        given = [*map(_split, moved), *_between_links(moved)]
        wholes = in_whole(given)
        weights = {b for a in zip(given, wholes, strict=True) for b in matrices(*a)}
        equations = _named_parts(wholes)
        if turned:
            equations = [_columns(a) for a in equations]
        _refuse_repeated(self.text, equations)
        stated = dict.fromkeys(weights, "matrix") | dict.fromkeys(_outputs(equations), "output")
        return Reading.of(self.text, list(equations), stated).read("document")

    def culprit(self, kept: list[Written], error: CellError) -> Written | None:
        """The equation in which an error lies; None where it cannot be done without."""
        for a in reversed(kept):
            place = self.moved(a).place
            first, last = self.text.line(place), self.text.line(f.Place(place.end, place.end))
            if not first <= error.line <= last:
                continue
            column = place.start - self.text.whole.rfind("\n", 0, place.start)
            if error.line > first or error.column >= column or len(kept) == 1:
                return a
        return None


def _moved(node: f.Node, by: int) -> f.Node:
    moved = below(node, lambda child: _moved(child, by))
    return replace(moved, place=f.Place(node.place.start + by, node.place.end + by))


def _split(equation: f.Equation) -> f.Equation:
    """A chain h_t = tanh(a_t) = … as its first link; the others are claims."""
    plain = all(isinstance(a, f.Symbol) or _is_call(a) for a in equation.sides[:-1])
    if plain or len(equation.sides) == 2:
        return replace(equation, relations=("=",) * len(equation.relations))
    return replace(equation, sides=equation.sides[:2], relations=("=",))


def _between_links(equations: list[f.Equation]) -> Iterator[f.Equation]:
    """z_t = W h_{t-1} + … of a chain h_t = σ(z_t) = σ(W h_{t-1} + …), where nothing else says what z is."""
    lefts = {side for e in equations for side in e.sides[:1]}
    for e in equations:
        for a, b in pairwise(e.sides[1:]):
            if not isinstance(a, f.Apply) or not isinstance(b, f.Apply) or a.function != b.function:
                continue
            for name, value in ((a.arguments[0], b.arguments[0]), (b.arguments[0], a.arguments[0])):
                if isinstance(name, f.Symbol) and name not in lefts and name != value:
                    yield replace(e, sides=(name, value), relations=("=",))


def _is_call(node: f.Node) -> bool:
    """g(x) of a letter that is no time, in the definition of a function."""
    pair = node.factors if isinstance(node, f.Product) and node.signs == ("",) else ()
    inside = pair[1].inside if pair and isinstance(pair[1], f.Bracket) else None
    return isinstance(inside, f.Symbol) and not inside.scripts


def _named_parts(equations: list[f.Equation]) -> list[f.Equation]:
    """h_t = tanh(W h + b) beside a_t = W h + b is h_t = tanh(a_t)."""
    names = {
        _unsigned(e.sides[1]): e.left
        for e in equations
        if not isinstance(e.sides[1], f.Symbol | f.Number)
    }

    def named(node: f.Node) -> f.Node | None:
        return names.get(_unsigned(node)) if isinstance(node, f.Sum | f.Product) else None

    inside = [below(e.sides[-1], lambda a: rewritten(a, named)) for e in equations]
    return [replace(e, sides=(*e.sides[:-1], a)) for e, a in zip(equations, inside, strict=True)]


def _unsigned(node: f.Node) -> f.Node:
    """A formula with W · [h, x] as W [h, x]."""

    def rule(a: f.Node) -> f.Node | None:
        if not isinstance(a, f.Product) or not any(
            sign in ("dot", "times", "*") for sign in a.signs
        ):
            return None
        plain = tuple("" if sign in TIGHT else sign for sign in a.signs)
        return rewritten(replace(a, signs=plain), rule)

    return rewritten(node, rule)


def _columns(equation: f.Equation) -> f.Equation:
    """An author's row vectors as columns: x W becomes Wᵀ x."""
    return replace(
        equation, sides=(equation.left, *(rewritten(a, _turned) for a in equation.sides[1:]))
    )


def _turned(node: f.Node) -> f.Node | None:
    if not isinstance(node, f.Product) or node.signs[-1] not in TIGHT:
        return None
    *before, last = node.factors
    if not _is_matrix(last) or any(map(_is_matrix, before)):
        return None
    head = before[0] if len(before) == 1 else replace(
        node, factors=tuple(before), signs=node.signs[:-1])  # fmt: skip
    if len(before) > 1:
        head = f.Bracket(head, "round", place=node.place)
    head = rewritten(head, _turned)
    return replace(node, factors=(f.Transpose(last, place=last.place), head), signs=("",))


def _is_matrix(node: f.Node) -> bool:
    return (
        isinstance(node, f.Symbol)
        and len(node.base) == 1
        and node.base.isupper()
        and not any(isinstance(a, f.Sum) for s in node.scripts for a in s.inside)
    )


def _refuse_repeated(text: Text, equations: list[f.Equation]) -> None:
    """The second equation for a signal is a claim, and no part of the cell."""
    seen: set[f.Node] = set()
    for e in equations:
        for left in e.sides[:-1]:
            if left in seen:
                raise text.fail(e.place, "a second equation for the same signal")
            seen.add(left)


def _outputs(equations: list[f.Equation]) -> Iterator[str]:
    """What the loss sees: the one signal that no other equation reads, or the one state where h is none."""
    letter = time_letter(list(equations)) or "t"
    lefts = [_spelled(e.left, letter) for e in equations if _is_signal(e.left, letter)]
    signals = [e for e in equations if getattr(e.left, "base", "") not in LOSSES]
    found = [a for e in signals for side in e.sides[1:] for a in _symbols(side)]
    read = {_spelled(a, letter): a for a in found}
    states = {_spelled(a, letter) for a in found if _is_earlier(a, letter)} & set(lefts)
    chosen = [a for a in lefts if a not in read]
    if "h" in lefts and "h" in read and "h" not in states:
        chosen = chosen or list(states)
    if len(chosen) == 1 and chosen[0].isidentifier():
        yield chosen[0]


def _symbols(node: f.Node) -> Iterator[f.Symbol]:
    """The symbols of a formula, without those in their scripts."""
    if isinstance(node, f.Symbol):
        yield node
        return
    for child in f.children(node):
        yield from _symbols(child)


def _is_earlier(symbol: f.Symbol, letter: str) -> bool:
    """Whether a signal is read at t-1."""
    return any(moment(a, letter) == 1 for s in symbol.scripts for a in s.inside)


def _is_signal(left: f.Node, letter: str) -> bool:
    return isinstance(left, f.Symbol) and any(
        isinstance(a, f.Symbol) and a.base == letter for s in left.scripts for a in s.inside
    )


def _spelled(symbol: f.Node, letter: str) -> str:
    """A symbol without its time, as a name of the cell; "" for one with more scripts."""
    assert isinstance(symbol, f.Symbol)
    others = [s for s in symbol.scripts if not any(
        isinstance(a, f.Symbol) and a.base == letter for b in s.inside for a in f.walk(b))]  # fmt: skip
    if others:
        return repr((symbol.base, symbol.accents, others))
    return "_".join([symbol.base, *(a for a in symbol.accents if a != "vec")])
