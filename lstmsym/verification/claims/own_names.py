"""Symbols that a document defines for itself: z_{t+1} = W h_t + …, gates_t = (i_t; f_t), δ_k^{(t)} = ∂E_t/∂s_k."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import TypeAlias

from lstmsym.formulas import tree as f
from lstmsym.formulas.times import moment as lag_of
from lstmsym.verification.claims.glossary import Key, letters_of, moment

LETTERS = ("t", "k", "T")
MOST_TIMES = 2


@dataclass(frozen=True)
class Slot:
    """A script that is a time: t+1 is the letter t one step on; a number stands for itself."""

    where: str
    letter: str
    lag: int


@dataclass(frozen=True)
class Helper:
    """What a symbol stands for, and the times that its scripts say."""

    right: f.Node
    slots: tuple[Slot, ...] = ()

    def bound(self, places: tuple[tuple[str, int], ...]) -> dict[str, int] | None:
        """Its letters for a use with these times; None where a number does not fit."""
        if {w for w, _ in places} == {s.where for s in self.slots}:
            slots, places = sorted(self.slots, key=_where), tuple(sorted(places))
        else:
            slots = list(self.slots)
        found: dict[str, int] = {}
        for slot, (_, time) in zip(slots, places, strict=True):
            if not slot.letter and time != slot.lag:
                return None
            if slot.letter:
                found[slot.letter] = time + slot.lag
        return found


Helpers: TypeAlias = Mapping[Key, Helper]


def defined(left: f.Symbol, right: f.Node, letter: str) -> tuple[Key, Helper]:
    """A definition, by the symbol without its times."""
    letters = {*LETTERS, letter, *_shifted_in(right)}
    slots: list[Slot] = []
    names: list[str] = []
    for where, inside in _scripts(left):
        slot = _slot(where, inside, letters) if len(slots) < MOST_TIMES else None
        if slot is None:
            names.append(letters_of(inside) or "…")
        else:
            slots.append(slot)
    return _key(left, names), Helper(right, tuple(slots))


def asked(
    helpers: Helpers, use: f.Node, times: Mapping[str, int]
) -> Iterator[tuple[Helper, dict[str, int]]]:
    """The helpers that a symbol may be, with the letters of their times."""
    scripts = list(_scripts(use)) if isinstance(use, f.Symbol) and not use.primes else None
    if scripts is None or not any(a[:2] == (use.base, use.accents) for a in helpers):  # type: ignore[attr-defined]
        return
    moments = [moment(inside, times) for _, inside in scripts]
    timed = [n for n, a in enumerate(moments) if a is not None]
    for count in range(min(len(timed), MOST_TIMES) + 1):
        for chosen in permutations(timed, count):
            names = [letters_of(a) for n, (_, a) in enumerate(scripts) if n not in chosen]
            found = None if None in names else helpers.get(_key(use, names))  # type: ignore[arg-type]
            if found is not None and len(found.slots) == count:
                places = tuple((scripts[n][0], moments[n]) for n in chosen)
                letters = found.bound(places)  # type: ignore[arg-type]
                if letters is not None:
                    yield found, letters


def _scripts(symbol: f.Symbol) -> Iterator[tuple[str, f.Node]]:
    for s in symbol.scripts:
        yield from ((s.where, a) for a in s.inside)


def _where(slot: Slot) -> str:
    return slot.where


def _key(symbol: f.Symbol, names: list[str]) -> Key:
    return symbol.base, symbol.accents, "".join(sorted("".join(names)))


def _slot(where: str, inside: f.Node, letters: set[str]) -> Slot | None:
    if isinstance(inside, f.Number) and inside.digits.isdigit():
        return Slot(where, "", int(inside.digits[:6]))
    found = ((a, lag_of(inside, a)) for a in sorted(letters))
    return next((Slot(where, a, lag) for a, lag in found if lag is not None), None)


def _shifted_in(right: f.Node) -> Iterator[str]:
    """The letters of which a step before or after stands in a formula: i of h_{i-1}."""
    for script in (a for a in f.walk(right) if isinstance(a, f.Script)):
        for inside in script.inside:
            first = inside.parts[0][1] if isinstance(inside, f.Sum) else None
            if isinstance(first, f.Symbol) and lag_of(inside, first.base):
                yield first.base
