"""The courts of a document: its cell, with weights whole or in blocks, and what its unknown letters may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product

from lstmsym.equations.cell import Cell
from lstmsym.equations.split import split_weights
from lstmsym.errors import InputError, LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.formulas.reader import read_formula
from lstmsym.formulas.times import time_letter
from lstmsym.verification.claims.basis import Basis
from lstmsym.verification.claims.court import Court
from lstmsym.verification.claims.glossary import (
    Glossary,
    Key,
    glossary,
    guesses,
    letters_of,
    recurrent_letters,
)
from lstmsym.verification.claims.own_symbols import TIMES, claims_before, helpers_of, is_known
from lstmsym.verification.claims.scripts import split_scripts
from lstmsym.verification.claims.sources import (
    Written,
)
from lstmsym.verification.claims.symbols import DELTAS
from lstmsym.verification.claims.trials import Trial, best_trial

MOST_GUESSES = 12
LAG = re.compile(r"[-−]\s*(\d+)")
MOMENT = re.compile(r"_\{?(\d{1,2})\}?(?![\d,])|\^\{?[(<](\d{1,2})[)>]")
MOST_LAG = 24
LEFT_OUT = 4


def judged(
    basis: Basis, claims: list[Written], renames: Mapping[str, str]
) -> tuple[Trial, tuple[str, ...]]:
    """The best trial over the cells and the letters that may be meant, and what was guessed."""
    best: tuple[Trial, tuple[str, ...]] | None = None
    for court, guessed in _courts(basis, claims, renames):
        trial = best_trial(court, list(claims_before(court, claims, basis.forward)))
        if best is None or trial.score > best[0].score:
            best = trial, guessed
        if trial.is_right:
            break
    assert best is not None
    return best


def _courts(
    basis: Basis, claims: list[Written], renames: Mapping[str, str]
) -> Iterator[tuple[Court, tuple[str, ...]]]:
    """Courts for every cell of a basis and every choice of its unknown letters, those that know most first."""
    trees = [a.equation for a in (*claims, *basis.forward)]
    stated = _stated(renames)
    found: list[tuple[int, Court]] = []
    for cell in basis.cells:
        (unknown, own), *split = [
            (len(_unknown(court.glossary, court.helpers, trees)), court)
            for court in _courts_of(cell, basis, claims, trees, stated)
        ]
        found += [(unknown, own), *(a for a in split if a[0] < unknown)]
    least = min(unknown for unknown, _ in found)
    for court in (court for unknown, court in found if unknown == least):
        yield court, ()
        if not basis.own:
            yield from _guessed_letters(court, stated, trees)


def _courts_of(
    cell: Cell, basis: Basis, claims: list[Written], trees: list[f.Equation], stated: dict[Key, str]
) -> Iterator[Court]:
    """The court for a cell as it is, and for its weights in blocks."""
    letter = basis.letter or time_letter(trees) or "t"
    rest = [a.equation for a in basis.forward]
    for one in _notations(cell):
        words = glossary(one, stated, own=basis.own)
        if one.splits and not basis.own:
            letters = recurrent_letters(one, _unknown(words, {}, trees))
            words = glossary(one, {**letters, **stated})
        helpers = helpers_of(words, (*claims, *basis.forward), letter) | basis.targets
        unknown = _unknown(words, helpers, trees)
        cased = _of_other_case(words, unknown, rest)
        words = words.with_letters(cased | stated)
        resting = tuple(_at_rest(words, basis.zeros))
        yield Court(
            one, words, helpers, letter, _longest(claims), basis.rows,
            at_rest=resting, in_words=basis.in_words, turned=basis.own and basis.rows,
            last_only=basis.last_only, guessed=_signals_of(words, cased),
        )  # fmt: skip


def _stands(trees: list[f.Equation], base: str) -> bool:
    return any(isinstance(a, f.Symbol) and a.base == base for tree in trees for a in f.walk(tree))


def _of_other_case(words: Glossary, unknown: set[Key], rest: list[f.Equation]) -> dict[Key, str]:
    """What unknown letters are where the cell has them in the other case: c_t beside C_{t-1}, w_{hh} beside W_{hh}."""
    found = {}
    for base, accents, letters in unknown:
        meaning = words.find(base.swapcase(), accents, letters)
        plain = len(base) == 1 and base not in OWN_SENSE and meaning is not None
        if meaning is not None and meaning.kind != "signal" and _stands(rest, base):
            continue  # w_f of another forward equation is another weight than W_f
        if plain and meaning is not None and (meaning.kind == "signal" or letters):
            found[base, accents, letters] = meaning.name
    return found


def _signals_of(words: Glossary, cased: Mapping[Key, str]) -> dict[Key, str]:
    """Letters of another case that stand for signals, as far as claims hold so: H may be a matrix beside h."""
    return {a: name for a, name in cased.items() if name in words.cell.signals}


OWN_SENSE = "IiTtLlEeJjKkNnDdMm"  # letters that mean something else in the other case


def _at_rest(words: Glossary, zeros: Sequence[f.Symbol]) -> Iterator[str]:
    """The states that begin at zero where these symbols are zero: h_0."""
    for a in zeros:
        for time, _, letters in split_scripts(a, {}):
            found = words.find(a.base, a.accents, letters)
            if time == 0 and found is not None and found.name in words.cell.states:
                yield found.name


def _guessed_letters(
    court: Court, stated: Mapping[Key, str], trees: list[f.Equation]
) -> Iterator[tuple[Court, tuple[str, ...]]]:
    """The court with every choice for letters that it does not know."""
    unknown = sorted(_unknown(court.glossary, court.helpers, trees))
    choices = [[(a, own) for own in guesses(court.cell, a)] for a in unknown]
    some = [a for a in choices if a]
    for chosen in islice(product(*some), MOST_GUESSES) if some else ():
        if len({own for _, own in chosen}) == len(chosen):
            words = court.glossary.with_letters({**dict(chosen), **stated})
            said = tuple(f"guessed: {a[0]} is {own} of the cell" for a, own in chosen)
            yield replace(court, glossary=words, guessed={**court.guessed, **dict(chosen)}), said


def _unknown(words: Glossary, helpers: Mapping[Key, object], trees: list[f.Equation]) -> set[Key]:
    """The letters that neither the cell nor the document defines."""
    found = set()
    for tree in trees:
        for a in f.walk(tree):
            if isinstance(a, f.Symbol) and not is_known(words, a) and a.base not in DELTAS:
                keys = [
                    (a.base, a.accents, "".join(sorted(n)))
                    for _, p, n in split_scripts(a, TIMES)
                    if p is None
                ]
                if keys and not any(k in helpers for k in keys):
                    found.add(keys[0])
    return found


def _notations(cell: Cell) -> Iterator[Cell]:
    yield cell
    try:
        if (split := split_weights(cell)).splits:
            yield split
    except LstmsymError:
        return


def _stated(renames: Mapping[str, str]) -> dict[Key, str]:
    """Renames by the key of the written symbol."""
    found = {}
    for written, name in renames.items():
        symbol = read_formula(written)
        if not isinstance(symbol, f.Symbol):
            raise InputError(f"'{written}' is no symbol; a rename reads '\\Gamma_u=i'")
        letters = "".join(letters_of(a) or "" for s in symbol.scripts for a in s.inside)
        found[symbol.base, symbol.accents, "".join(sorted(letters))] = name.strip()
    return found


def _longest(claims: list[Written]) -> int:
    """The longest lag that is written as a number; where dots leave steps out, there are some to leave out."""
    dotted = any(isinstance(b, f.Dots) for a in claims for b in f.walk(a.equation))
    lags = [int(n) for a in claims for n in LAG.findall(a.text) if int(n) <= MOST_LAG]
    lags += [
        n for a in claims for m in MOMENT.finditer(a.text) if (n := int(m[1] or m[2])) <= MOST_LAG
    ]
    return max(lags + [LEFT_OUT] * dotted, default=1)
