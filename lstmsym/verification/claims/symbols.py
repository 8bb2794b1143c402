"""Written symbols to values: C_{t-1}, W_{hf}, δ_t^o, dC_{t+1}, \\bar h_t, J_t."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lstmsym.equations.terms import Elementwise
from lstmsym.errors import LstmsymError
from lstmsym.formulas.tree import Node, Script, Symbol
from lstmsym.verification.claims.algebra import Value
from lstmsym.verification.claims.glossary import Glossary, Meaning, letters_of, moment
from lstmsym.verification.claims.reading import Reading
from lstmsym.verification.claims.truth import Truth

DELTAS = ("delta", "Delta", "d", "D")
NEXT = ("next", "nxt", "n")


class Undefined(LstmsymError):
    """A symbol that neither the cell nor the document defines."""

    def __init__(self, symbol: Node, message: str) -> None:
        self.symbol = symbol
        super().__init__(message)


@dataclass(frozen=True)
class Found:
    """What a symbol means, at which time; `power` is a script above that is neither time nor name."""

    meaning: Meaning
    time: int | None
    power: int | None = None


@dataclass(frozen=True)
class Symbols:
    """Symbols of one document on one run."""

    truth: Truth
    glossary: Glossary
    reading: Reading

    def find(self, symbol: Symbol, times: Mapping[str, int]) -> Found | None:
        """The meaning of a symbol: of its scripts at most one is the time, the others are of the name."""
        for time, power, letters in split_scripts(symbol, times):
            meaning = self.glossary.find(symbol.base, _accents(symbol), letters)
            if meaning is None or symbol.primes:
                continue
            if meaning.kind == "signal" and power is None:
                return Found(meaning, time)
            if meaning.kind != "signal" and time is None:
                return Found(meaning, None, power)
        return None

    def value(self, found: Found, times: Mapping[str, int]) -> Value:
        """The value of a signal, a parameter, or columns of one."""
        name = found.meaning.name
        if found.meaning.kind == "signal":
            return Value(self.truth.signal(name, times["t"] if found.time is None else found.time))
        if found.meaning.kind == "columns":
            return Value(self.truth.columns(name, found.meaning.part))
        return Value(self.truth.parameter(name))

    def adjoint(self, found: Found, times: Mapping[str, int], carried: bool = False) -> Value:
        """δ of a signal at a time, or of a parameter."""
        name = found.meaning.name
        if found.meaning.kind == "parameter":
            return Value(self.truth.gradient(name))
        if found.meaning.kind == "columns":
            start, width = self.truth._columns(name, found.meaning.part)
            return Value(self.truth.gradient(name)[:, start : start + width])
        time = times["t"] if found.time is None else found.time
        if carried:
            return Value(self.truth.carried(name, time))
        return Value(self.truth.adjoint(self.preactivated(name), time))

    def preactivated(self, name: str) -> str:
        """The signal that δ of a name belongs to under this reading."""
        gate = self.reading.delta == "preactivation" and self.is_gate(name)
        return f"a_{name}" if gate else name

    def is_gate(self, name: str) -> bool:
        """Whether a signal is an activation of something that has a name of its own."""
        equation = self.truth.cell.by_name.get(name)
        activated = equation is not None and isinstance(equation.right, Elementwise)
        return (
            activated
            and f"a_{name}" in self.truth.named.signals
            and name not in self.truth.cell.states
        )

    def delta(self, symbol: Symbol, times: Mapping[str, int]) -> Value | None:
        """δ_t^o, δ_{f,t}, δ_t, dC_t in one word, \\bar h_t; None for what is no adjoint."""
        if symbol.base in ("delta", "Delta") and not symbol.accents:
            return self._named_delta(symbol, times)
        if symbol.accents and symbol.accents[-1] == "bar":
            found = self.find(_without_bar(symbol), times)
            return None if found is None else self.adjoint(found, times)
        if len(symbol.base) > 1 and symbol.base[0] in "dD":
            return self._one_word(symbol, times)
        return None

    def _named_delta(self, symbol: Symbol, times: Mapping[str, int]) -> Value | None:
        for time, power, letters in split_scripts(symbol, times):
            if power is not None:
                continue
            if not letters:
                when = times["t"] if time is None else time
                return Value(self.truth.adjoint(self.alone(), when))
            meaning = self._by_letters(letters)
            if meaning is not None:
                return self.adjoint(Found(meaning, time), times)
        return None

    def _by_letters(self, letters: str) -> Meaning | None:
        """The signal whose whole name stands in the script: o, C~tilde, a_f as af."""
        base, *accents = letters.split("~")
        found = self.glossary.find(base, tuple(accents), "")
        if found is None and len(base) > 1:
            found = self.glossary.find(base[0], tuple(accents), base[1:])
        return found if found is not None and found.kind == "signal" else None

    def _one_word(self, symbol: Symbol, times: Mapping[str, int]) -> Value | None:
        word, *rest = symbol.base.removeprefix("delta").removeprefix(symbol.base[0]).split("_")
        word = symbol.base[1:].split("_")[0] if word == symbol.base else word
        inner = Symbol(word, symbol.accents, symbol.scripts, symbol.primes)
        found = self.find(inner, times)
        if found is None or found.meaning.kind != "signal":
            return None
        return self.adjoint(found, times, carried=any(a in NEXT for a in rest))

    def alone(self) -> str:
        """The signal that δ_t without a name belongs to."""
        cell = self.truth.cell
        if self.reading.alone == "preactivation":
            named = f"a_{cell.output}"
            return named if named in self.truth.named.signals else cell.output
        if self.reading.alone == "state":
            return cell.states[-1]
        return cell.output


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


def _above(script: Script) -> bool:
    return script.where == "above" and script.style == "plain"


def _is_plain_number(node: Node) -> bool:
    return type(node).__name__ == "Number"


def _accents(symbol: Symbol) -> tuple[str, ...]:
    return tuple(a for a in symbol.accents if a not in ("vec",))


def _without_bar(symbol: Symbol) -> Symbol:
    return Symbol(symbol.base, symbol.accents[:-1], symbol.scripts, symbol.primes)
