"""A cell in the notation of a paper: its letters, its weights whole or split, its order of summands and of equations.

What a signal is called follows from what it is ("forget gate"), what a weight is called from what it multiplies:
the input, the state, the cell state (a peephole), or nothing (a bias).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lstmsym.equations.bidirectional import BOTH
from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.rename import COPY, Names, rewritten
from lstmsym.equations.roles import Roles, Written
from lstmsym.equations.terms import Term, is_fill
from lstmsym.errors import CellError

WORDS = {"cell": "peephole", "input": "weights on the input", "state": "weights on the state"}


@dataclass(frozen=True)
class Family:
    """The letters of one kind of cell.

    signals     what a signal is → its letter; in the order in which the equations are written
    subscripts  what a signal is → the letter its weights bear, where it is not the signal's own
    needs       what a cell of this kind has at least
    weights     role → name with {} for that letter: input, state, cell, joint, bias, inner bias, input bias, state bias
    order       the roles in the order of the summands
    joint       whether the weights of one gate are one matrix
    notes       what the paper has otherwise
    """

    signals: Mapping[str, str]
    weights: Mapping[str, str]
    order: tuple[str, ...]
    needs: frozenset[str] = frozenset()
    subscripts: Mapping[str, str] = field(default_factory=dict)
    joint: bool = False
    notes: str = ""

    def letter(self, meaning: str) -> str:
        """The letter that the weights of a signal bear."""
        return self.subscripts.get(meaning, self.signals[meaning].removesuffix("_tilde"))


@dataclass(frozen=True)
class Notation:
    """The notation of a paper, for one or more families of cells."""

    name: str
    title: str
    source: str
    families: tuple[Family, ...]
    time_above: bool = False


@dataclass(frozen=True)
class Rewriting:
    """A cell in a notation; `origins` says of each of its parameters what it is in the parameters of the old cell."""

    cell: Cell
    origins: Mapping[str, Term]


def in_notation(cell: Cell, notation: Notation) -> Rewriting:
    """The cell rewritten; what it computes stays the same.

    Raises CellError for a cell that the paper has no letters for.
    """
    family = _family(cell, notation)
    signals = {
        e.name: family.signals.get(stem(e), e.name.split(COPY)[0]) + marks(e.name) for e in cell
    }
    _check_letters(cell, signals, notation)
    roles = Roles(cell, family.order, family.joint)
    names = Names(signals)
    equations: list[Equation] = []
    origins: dict[str, Term] = {}
    for e in cell:
        written = roles.written(e, _Weights(family, e, notation))
        _enter(origins, written, cell, notation)
        equations.append(
            replace(e, left=rewritten(e.left, names), right=rewritten(written.term, names))
        )
    found = replace(
        cell,
        equations=_ordered(equations, [signals[e.name] for e in _as_written(cell, family)]),
        states=tuple(signals[s] for s in cell.states),
        output=signals[cell.output],
        title=f"{cell.title}, in the notation of {notation.title}",
        differs="; ".join(filter(None, [cell.differs, family.notes])),
        splits=(),
        text="",
        time_above=notation.time_above,
    )
    return Rewriting(found, origins)


@dataclass(frozen=True)
class _Weights:
    """The names of the weights in one equation."""

    family: Family
    equation: Equation
    notation: Notation

    def has(self, role: str) -> bool:
        return role in self.family.weights

    def __call__(self, role: str) -> str:
        if role not in self.family.weights:
            raise CellError(
                f"the notation '{self.notation.name}' has no letter for the {WORDS.get(role, role)} of "
                f"{self.equation.name}; take another one, or 'own'"
            )
        name = self.family.weights[role].format(self.family.letter(stem(self.equation)))
        return name.rstrip("_") + marks(self.equation.name)


def stem(e: Equation) -> str:
    """What a signal is, without what else the comment says."""
    return e.meaning.split(",")[0].strip()


def marks(name: str) -> str:
    """The marks of the copy that a signal stands in, as they stand behind its name."""
    return "".join(f"{COPY}{mark}" for mark in name.split(COPY)[1:])


def _family(cell: Cell, notation: Notation) -> Family:
    """The family with the fewest letters that has one for every signal."""
    said = {stem(e) for e in cell} - {BOTH}
    fitting = [f for f in notation.families if f.needs <= said <= f.signals.keys()]
    if fitting:
        return min(fitting, key=lambda family: len(family.signals))
    known = {meaning for family in notation.families for meaning in family.signals}
    strange = next((e for e in cell if stem(e) not in {*known, BOTH}), None)
    what = f"'{strange.meaning}' ({strange.name}) of {cell.name}" if strange else cell.name
    raise CellError(
        f"the notation '{notation.name}' has no letters for {what}; it knows {', '.join(sorted(known))}"
    )


def _check_letters(cell: Cell, signals: Mapping[str, str], notation: Notation) -> None:
    given = [*signals.values(), *(x.name for x in cell.inputs)]
    twice = next((name for name in given if given.count(name) > 1), None)
    if twice is not None:
        raise CellError(f"two signals of {cell.name} would be '{twice}' in '{notation.name}'")


def _enter(origins: dict[str, Term], written: Written, cell: Cell, notation: Notation) -> None:
    """Note what each new parameter was. Raises CellError where two weights would have one name, or one two."""
    for name, origin in written.origins.items():
        if origins.get(name, origin) != origin:
            raise CellError(
                f"two weights of {cell.name} would be '{name}' in the notation '{notation.name}'"
            )
        others = (known for other, known in origins.items() if other != name)
        if not is_fill(origin, 0) and origin in others:
            raise CellError(
                f"{origin} of {cell.name} is shared, and would have two names in '{notation.name}'"
            )
        origins[name] = origin


def _as_written(cell: Cell, family: Family) -> list[Equation]:
    """The equations in the order of the family, one copy after the other."""
    copies = list(dict.fromkeys(marks(e.name) for e in cell))
    places = {meaning: place for place, meaning in enumerate(family.signals)}
    return sorted(
        cell, key=lambda e: (copies.index(marks(e.name)), places.get(stem(e), len(places)))
    )


def _ordered(equations: list[Equation], wanted: list[str]) -> tuple[Equation, ...]:
    """The equations as wanted, as far as they can be computed in that order."""
    waiting = sorted(equations, key=lambda e: wanted.index(e.name))
    names, done = {e.name for e in equations}, list[Equation]()
    while waiting:
        known = {e.name for e in done}
        ready = next(
            e for e in waiting if all(s.name in known or s.name not in names for s in e.now)
        )
        waiting.remove(ready)
        done.append(ready)
    return tuple(done)
