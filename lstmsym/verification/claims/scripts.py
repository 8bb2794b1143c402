"""What the scripts of a symbol may be: its time, a power, the letters of its name, those of a component."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lstmsym.formulas.tree import Node, Script, Symbol
from lstmsym.verification.claims.glossary import letters_of, moment


def split_scripts(
    symbol: Symbol, times: Mapping[str, int]
) -> Iterator[tuple[int | None, int | None, str]]:
    """(time, power, letters of the name) in every way the scripts allow; letters before numbers as times."""
    parts = [(s, a) for s in symbol.scripts for a in s.inside]
    spelled = [letters_of(a) for _, a in parts]
    candidates = [n for n, (_, a) in enumerate(parts) if moment(a, times) is not None]
    candidates.sort(key=lambda n: _is_plain_number(parts[n][1]))
    for n in candidates:
        rest = [a for m, a in enumerate(spelled) if m != n]
        if None not in rest:
            time = moment(parts[n][1], times)
            yield time, None, "".join(a for a in rest if a)
            if _above(parts[n][0]):
                yield None, time, "".join(a for a in rest if a)
    if None not in spelled:
        yield None, None, "".join(a for a in spelled if a)


def lone_time(symbol: Symbol, times: Mapping[str, int]) -> int | None:
    """The time of a symbol that has no other script: t - 1 of a_{t-1}."""
    lone = (
        a for a, power, letters in split_scripts(symbol, times) if power is None and not letters
    )
    return next(lone, None)


def split_components(
    symbol: Symbol, times: Mapping[str, int]
) -> Iterator[tuple[int | None, str, str]]:
    """(time, letters of the name, letters of components): h_{t,i} is (t, "", "i"); W_{hh,ij} (None, "hh", "ij")."""
    parts = [a for s in symbol.scripts for a in s.inside]
    moments = [moment(a, times) for a in parts]
    for indexed in range(len(parts)):
        letters = letters_of(parts[indexed])
        if letters is None:
            continue
        inside = [a for a in letters if a in times and a not in INDICES]
        entries = "".join(a for a in letters if a not in inside)
        if not entries or len(inside) > 1 or any(a not in INDICES for a in entries):
            continue
        time = times[inside[0]] if inside else None
        rest = [n for n in range(len(parts)) if n != indexed]
        timed = [n for n in rest if moments[n] is not None]
        if inside and timed:
            continue
        chosen: list[int | None] = [*timed[:1]] or [None]
        for n in chosen:
            names = [letters_of(parts[m]) for m in rest if m != n]
            if None not in names:
                when = time if n is None else moments[n]
                yield when, "".join(a for a in names if a), entries


FRESH = ("\u2160", "\u2161", "\u2162", "\u2163")  # no author's letters
BATCH = ("batch", "samples", "sample", "examples")  # a sum over these has a run of its own for each
INDICES = frozenset((*"abijklmnpqruv", *FRESH))


def _above(script: Script) -> bool:
    return script.where == "above" and script.style == "plain"


def _is_plain_number(node: Node) -> bool:
    return type(node).__name__ == "Number"
