"""Written adjoints: δ_t^o, δ_{f,t}, δ_t, dC_t in one word, \\bar h_t."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lstmsym.formulas.tree import Symbol
from lstmsym.verification.claims.glossary import Glossary, Meaning
from lstmsym.verification.claims.reading import Reading
from lstmsym.verification.claims.scripts import split_components, split_scripts
from lstmsym.verification.claims.truth import Truth
from lstmsym.verification.claims.value import Value

ARGUMENTS = ("a", "z", "net", "raw", "pre", "s", "u")
NEXT = ("next", "nxt", "n")


@dataclass(frozen=True)
class Found:
    """What a symbol means, at which time; `power` is a script above that is neither time nor name.

    entries  the letters of its components: ij of W_{ij}
    """

    meaning: Meaning
    time: int | None
    power: int | None = None
    entries: str = ""


class Adjoints:
    """The part of the symbols that knows δ."""

    truth: Truth
    glossary: Glossary
    reading: Reading
    in_words: frozenset[str]

    def find(self, symbol: Symbol, times: Mapping[str, int]) -> Found | None:
        """The meaning of a symbol."""
        raise NotImplementedError

    def adjoint(self, found: Found, times: Mapping[str, int], sign: str = "delta") -> Value:
        """δ of a signal at a time, or of a parameter."""
        raise NotImplementedError

    def argument_of(self, name: str) -> str:
        """The signal whose activation a signal is."""
        raise NotImplementedError

    def delta(self, symbol: Symbol, times: Mapping[str, int]) -> Value | None:
        """δ_t^o, δ_{f,t}, δ_t, dC_t in one word, \\bar h_t; None for what is no adjoint."""
        if symbol.base in self.in_words:
            return None
        if symbol.base in ("delta", "Delta") and not symbol.accents:
            return self._named_delta(symbol, times)
        if symbol.accents and symbol.accents[-1] == "bar":
            found = self.find(_without_bar(symbol), times)
            return None if found is None else self.adjoint(found, times, "bar")
        if len(symbol.base) > 1 and symbol.base[0] in "dD":
            return self._one_word(symbol, times)
        return None

    def _named_delta(self, symbol: Symbol, times: Mapping[str, int]) -> Value | None:
        for time, power, letters in split_scripts(symbol, times):
            if power is not None:
                continue
            if not letters:
                when = times["t"] if time is None else time
                if symbol.base == "Delta":
                    return Value(self.truth.loss_slope(when))
                return Value(self.truth.adjoint(self.alone(), when))
            meaning = self._by_letters(letters)
            if meaning is not None:
                return self.adjoint(Found(meaning, time), times, symbol.base)
        for time, name, entries in split_components(symbol, times):
            meaning = self._by_letters(name) if name else Meaning("signal", self.alone())
            if meaning is not None and len(entries) == 1:
                return self.adjoint(Found(meaning, time, None, entries), times, symbol.base)
        return None

    def _by_letters(self, letters: str) -> Meaning | None:
        """The signal whose whole name stands in the script: o, C~tilde, a_f as af."""
        base, *accents = letters.split("~")
        found = self.glossary.find(base, tuple(accents), "")
        if found is None and len(base) > 1:
            found = self.glossary.find(base[0], tuple(accents), base[1:])
        if found is None:  # δ_ω of a unit whose argument is a_ω
            every = (self.glossary.find(a, (), letters) for a in ("a", "net", "z", "s"))
            found = next((a for a in every if a is not None and a.kind == "signal"), None)
        if found is None and letters in ARGUMENTS:  # δ^a of a cell with one activation
            only = self.truth.only_argument
            found = Meaning("signal", only) if only else None
        return found if found is not None and found.kind == "signal" else None

    def _one_word(self, symbol: Symbol, times: Mapping[str, int]) -> Value | None:
        word, *rest = symbol.base.removeprefix("delta").removeprefix(symbol.base[0]).split("_")
        word = symbol.base[1:].split("_")[0] if word == symbol.base else word
        inner = Symbol(word, symbol.accents, symbol.scripts, symbol.primes)
        found = self.find(inner, times)
        if found is None:
            return None
        return self.adjoint(found, times, "carried" if any(a in NEXT for a in rest) else "d")

    def alone(self) -> str:
        """The signal that δ_t without a name belongs to."""
        cell = self.truth.cell
        if self.reading.alone == "preactivation":
            return self.argument_of(cell.output) or cell.output
        if self.reading.alone == "state":
            return cell.states[-1]
        if self.reading.alone == "state argument":
            return self.argument_of(cell.states[-1]) or cell.states[-1]
        return cell.output


def _without_bar(symbol: Symbol) -> Symbol:
    return Symbol(symbol.base, symbol.accents[:-1], symbol.scripts, symbol.primes)
