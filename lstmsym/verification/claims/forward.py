"""The forward equations of a document made into its cell, and which of its equations they are.

A document says more than a cell holds: helper symbols, matrices written in blocks, an equation for the second
time. What the cell cannot take is left out one by one, and comes back as `rest`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from lstmsym.equations.cell import Cell
from lstmsym.errors import CellError, LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.formulas.cells import Reading
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.rewriting import below
from lstmsym.formulas.rows import LOSSES
from lstmsym.formulas.times import moment, time_letter
from lstmsym.verification.claims.defining import (
    first_of_each,
    is_assumption,
    is_general,
    losses_of,
    may_define,
    only_collects,
)
from lstmsym.verification.claims.links import (
    as_columns,
    between_links,
    first_link,
    named_parts,
    small_weights,
    with_logits,
)
from lstmsym.verification.claims.scalars import NUMBERS, entrywise, has_small_weights
from lstmsym.verification.claims.sources import Written
from lstmsym.verification.claims.whole import in_whole, matrices

MOST_LEFT_OUT = 12


@dataclass(frozen=True)
class Forward:
    """The cell of a document.

    cell    None where the equations make none, `problem` then says why
    turned  whether vectors are rows
    notes   what had to be taken for granted
    """

    cell: Cell | None = None
    problem: str = ""
    used: tuple[Written, ...] = ()
    rest: tuple[Written, ...] = ()
    turned: bool = False
    notes: tuple[str, ...] = ()


def forward_cell(written: list[Written], comments: str = "") -> Forward:
    """The cell that the equations of a document make, as many of them as it takes."""
    losses = losses_of(written)
    assumed = {id(a.passage) for a in written if is_assumption(a.equation)}
    defining = [
        a for a in written if may_define(a) and a not in losses and id(a.passage) not in assumed
    ]
    timed = any(getattr(a.equation.left, "scripts", ()) for a in defining)
    candidates = [
        a for a in defining
        if not only_collects(a.equation, defining) and not (timed and is_general(a.equation, defining))
    ]  # fmt: skip
    candidates = first_of_each(candidates)
    if not any(isinstance(a.equation.left, f.Symbol) for a in candidates):
        return Forward(problem="no forward equations", rest=tuple(written))
    document = Joined.of(candidates, comments)
    problem = ""
    numbers = has_small_weights([a.equation for a in candidates])
    for turned, small in ((False, False), (True, False), *[(False, True)] * numbers):
        kept, left_out = list(candidates), 0
        while kept and left_out <= MOST_LEFT_OUT:
            try:
                cell = document.cell(kept, turned, small)
                rest = tuple(a for a in written if a not in kept)
                return Forward(cell, "", tuple(kept), rest, turned, (NUMBERS,) * small)
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

    def cell(self, kept: list[Written], turned: bool, small: bool = False) -> Cell:
        """The cell of these equations; small: of numbers. Raises CellError."""
        moved = [entrywise(a) if small else a for a in map(self.moved, kept)]
        given = [*map(first_link, moved), *between_links(moved)]
        wholes = in_whole(given)
        weights = {b for a in zip(given, wholes, strict=True) for b in matrices(*a)}
        weights |= {b for a in wholes for b in small_weights(a)}
        equations = with_logits(named_parts(wholes))
        if turned:
            equations = [as_columns(a) for a in equations]
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
    lefts += [
        _spelled(e.left, letter) for e in equations
        if isinstance(e.left, f.Symbol) and not e.left.scripts and e.left.base not in LOSSES
        and _reads_signal(e, equations, letter)
    ]  # fmt: skip
    signals = [e for e in equations if getattr(e.left, "base", "") not in LOSSES]
    found = [a for e in signals for side in e.sides[1:] for a in f.plain_symbols(side)]
    read = {_spelled(a, letter): a for a in found}
    states = {_spelled(a, letter) for a in found if _is_earlier(a, letter)} & set(lefts)
    chosen = [a for a in lefts if a not in read]
    if "h" in lefts and "h" in read and "h" not in states:
        chosen = chosen or list(states)
    predicted = [a for a in chosen if a.endswith("_hat")]
    chosen = predicted if len(predicted) == 1 else chosen
    if len(chosen) == 1 and chosen[0].isidentifier():
        yield chosen[0]


def _reads_signal(equation: f.Equation, equations: list[f.Equation], letter: str) -> bool:
    """Whether ŷ = softmax(z) of z = V h_t + c is a signal, with its time left out: it reads what is computed."""
    computed = {
        _spelled(e.left, letter) for e in equations
        if e is not equation and isinstance(e.left, f.Symbol)
    }  # fmt: skip
    read = {_spelled(a, letter) for side in equation.sides[1:] for a in f.plain_symbols(side)}
    return bool(read & computed)


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
