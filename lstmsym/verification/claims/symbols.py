"""Written symbols to values: C_{t-1}, W_{hf}, δ_t^o, dC_{t+1}, \\bar h_t, J_t."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from lstmsym.equations.structured import Softmax
from lstmsym.equations.terms import Elementwise, Signal
from lstmsym.errors import LstmsymError
from lstmsym.formulas.tree import Big, Node, Symbol, children
from lstmsym.verification.claims.adjoints import ARGUMENTS, Adjoints, Found
from lstmsym.verification.claims.glossary import Glossary, Meaning
from lstmsym.verification.claims.own_names import Helpers, asked
from lstmsym.verification.claims.reading import Reading
from lstmsym.verification.claims.scripts import lone_time, split_components, split_scripts
from lstmsym.verification.claims.truth import Truth
from lstmsym.verification.claims.value import Misfit, Value

DELTAS = ("delta", "Delta", "d")


class Undefined(LstmsymError):
    """A symbol that neither the cell nor the document defines."""

    def __init__(self, symbol: Node, message: str) -> None:
        self.symbol = symbol
        super().__init__(message)


@dataclass(frozen=True)
class Symbols(Adjoints):
    """Symbols of one document on one run.

    entries  numbers of the letters that stand for components; None where whole arrays are asked for
    shares   whether W^t may be W at a step
    in_words letters that only words explain
    own      symbols that the document defines
    """

    truth: Truth
    glossary: Glossary
    reading: Reading
    entries: Mapping[str, int] | None = field(default_factory=dict)
    shares: bool = True
    in_words: frozenset[str] = frozenset()
    own: Helpers = field(default_factory=dict)

    def find(
        self, symbol: Symbol, times: Mapping[str, int], *, powers: bool = False
    ) -> Found | None:
        """The meaning of a symbol: of its scripts at most one is the time, the others are of the name.

        powers  W^k is a power, as in a product, and not W at step k, as in ∂L/∂W^k
        """
        share = None
        for time, power, letters in split_scripts(symbol, times):
            meaning = self.glossary.find(symbol.base, symbol.accents, letters)
            if meaning is None or symbol.primes:
                continue
            if meaning.kind == "signal" and power is None:
                return Found(meaning, time)
            if meaning.kind != "signal" and time is None:
                return Found(meaning, None, power)
            if meaning.kind == "parameter" and power is None and self.shares:
                share = share or Found(meaning, time)
                if not powers:
                    return share
        return share or (None if symbol.primes else self._component(symbol, times))

    def under_accent(self, symbol: Symbol, times: Mapping[str, int]) -> Found | None:
        """The pre-activation that \\bar f, \\hat f or \\tilde f is in a gradient, where the cell has no such signal."""
        if not symbol.accents and symbol.base in ARGUMENTS:
            return self._only_argument(symbol, times)
        if len(symbol.accents) != 1 or symbol.accents[0] not in ("bar", "hat", "tilde"):
            return None
        found = self.find(replace(symbol, accents=()), times)
        if found is None or found.meaning.kind != "signal":
            return None
        name = found.meaning.name
        candidates = (
            self.argument_of(a) for a in (name, f"{name}_tilde") if a in self.truth.cell.by_name
        )
        argument = next(filter(None, candidates), "") if name not in self.truth.cell.inputs else ""
        return replace(found, meaning=Meaning("signal", argument)) if argument else None

    def _only_argument(self, symbol: Symbol, times: Mapping[str, int]) -> Found | None:
        """∂L/∂a_t where nobody says what a is, and the cell has one activation: its argument; z_{o,t} is that of o."""
        only, moment = self.truth.only_argument, lone_time(symbol, times)
        if only is not None and (moment is not None or not symbol.scripts):
            return Found(Meaning("signal", only), times["t"] if moment is None else moment)
        for time, power, letters in split_scripts(symbol, times):
            meaning = self._by_letters(letters) if letters and power is None else None
            argument = self.argument_of(meaning.name) if meaning is not None else ""
            if argument:
                return Found(Meaning("signal", argument), time)
        return None

    def of_target(self, symbol: Symbol, times: Mapping[str, int]) -> Found | None:
        """The argument of the softmax whose target a letter is: dy_t is the gradient by the logits of ŷ_t."""
        found = None if symbol.accents else self.find(replace(symbol, accents=("hat",)), times)
        equation = self.truth.cell.by_name.get(found.meaning.name) if found else None
        if found is None or equation is None or not isinstance(equation.right, Softmax):
            return None
        argument = self.argument_of(equation.name)
        return replace(found, meaning=Meaning("signal", argument)) if argument else None

    def _component(self, symbol: Symbol, times: Mapping[str, int]) -> Found | None:
        """A signal or a weight with the letters of its components: h_{t,i}, W_{ij}, h_j^{(t)}."""
        for time, name, entries in split_components(symbol, times):
            meaning = self.glossary.find(symbol.base, symbol.accents, name)
            if meaning is None:
                continue
            fits = (time is None or meaning.kind == "signal") and len(entries) <= self._dims(
                meaning
            )
            gate = symbol.base in ARGUMENTS and time is not None and entries not in "ijkl"
            of_gate = gate and self._by_letters(entries)
            if fits and entries and not of_gate:
                return Found(meaning, time, None, entries)
        return None

    def components(
        self, node: Node, times: Mapping[str, int], bound: frozenset[str] = frozenset()
    ) -> Iterator[tuple[str, int]]:
        """(letter, number of entries) of each component that a formula names and does not sum over."""
        if isinstance(node, Big):
            bound = bound | {a.index for a in node.over}
        if isinstance(node, Symbol):
            found = self.find(node, times)
            if found is None and next(asked(self.own, node, times), None) is not None:
                return
            if found is not None and found.entries:
                shape = self._shape(found.meaning)
                yield from (
                    (a, n) for a, n in zip(found.entries, shape, strict=False) if a not in bound
                )
            elif found is None and node.base in ("delta", "Delta"):
                yield from self._of_delta(node, times, bound)
            elif found is None and (entry := self.joint_entry(node, times)) is not None:
                size = sum(map(self.truth.rows, self.truth.cell.states))
                yield from ((a, size) for a in entry[1] if a not in bound)
            return
        for child in children(node):
            yield from self.components(child, times, bound)

    def joint_entry(self, node: Symbol, times: Mapping[str, int]) -> tuple[int, str] | None:
        """The time and the letters of J_t^{ij}; None for a block of it, and for anything else."""
        if node.base != "J" or node.accents:
            return None
        blocks = {
            (a + b).replace("_", "") for a in self.truth.cell.states for b in self.truth.cell.states
        }
        found = (
            (t, a) for t, name, a in split_components(node, times) if t is not None and not name
        )
        return next(((t, a) for t, a in found if len(a) == 2 and a not in blocks), None)

    def _of_delta(
        self, node: Symbol, times: Mapping[str, int], bound: frozenset[str]
    ) -> Iterator[tuple[str, int]]:
        """δ_{t,i}, unless it is δ of a gate i."""
        named = any(
            power is None and (not letters or self._by_letters(letters))
            for _, power, letters in split_scripts(node, times)
        )
        for _, name, entries in () if named else split_components(node, times):
            meaning = self._by_letters(name) if name else Meaning("signal", self.alone())
            if meaning is not None and len(entries) == 1:
                if entries not in bound:
                    yield entries, self.truth.rows(meaning.name)
                return

    def _shape(self, meaning: Meaning) -> tuple[int, ...]:
        if meaning.kind == "signal":
            return (self.truth.rows(meaning.name),)
        if meaning.kind == "columns":
            return self.truth.columns(meaning.name, meaning.part).shape
        return tuple(np.shape(self.truth.parameter(meaning.name)))

    def _dims(self, meaning: Meaning) -> int:
        return len(self._shape(meaning))

    def picked(self, value: Value, entries: str) -> Value:
        """The component of a value; all of it where no letters are bound."""
        if not entries or self.entries is None:
            return value
        missing = [a for a in entries if a not in self.entries]
        if missing:
            raise Misfit(f"the index {missing[0]} stands on one side only")
        numbers = tuple(self.entries[a] for a in entries)
        if any(not 0 <= n < size for n, size in zip(numbers, value.shape, strict=False)):
            raise Misfit(f"the index {entries} runs over more entries than there are")
        return Value(np.asarray(value.array)[numbers])

    def value(self, found: Found, times: Mapping[str, int]) -> Value:
        """The value of a signal, a parameter, columns of one, or a component."""
        return self.picked(self._whole(found, times), found.entries)

    def _whole(self, found: Found, times: Mapping[str, int]) -> Value:
        name = found.meaning.name
        if found.meaning.kind == "signal":
            time = times["t"] if found.time is None else found.time
            return Value(self.truth.laid_out(name, self.truth.signal(name, time)))
        if found.meaning.kind == "columns":
            return Value(self.truth.columns(name, found.meaning.part))
        return Value(self.truth.parameter(name))

    def adjoint(self, found: Found, times: Mapping[str, int], sign: str = "delta") -> Value:
        """δ of a signal at a time, or of a parameter; sign: delta, Delta, d, bar, or carried."""
        return self.picked(self._whole_adjoint(found, times, sign), found.entries)

    def _whole_adjoint(self, found: Found, times: Mapping[str, int], sign: str) -> Value:
        name = found.meaning.name
        if found.meaning.kind == "parameter":
            shared = found.time is not None
            return Value(
                self.truth.share(name, found.time or 0) if shared else self.truth.gradient(name)
            )
        if found.meaning.kind == "columns":
            start, width = self.truth._columns(name, found.meaning.part)
            return Value(self.truth.gradient(name)[:, start : start + width])
        time = times["t"] if found.time is None else found.time
        if self._is_carried(name, sign):
            return Value(self.truth.carried(name, time))
        name = self.preactivated(name, sign)
        return Value(self.truth.laid_out(name, self.truth.adjoint(name, time)))

    def primed(self, found: Found, times: Mapping[str, int]) -> Value:
        """dC'_t of a state is what the later steps send back, df'_t of a gate the gradient by its argument."""
        name = found.meaning.name
        if name in self.truth.cell.states:
            return self.adjoint(found, times, "carried")
        time = times["t"] if found.time is None else found.time
        return Value(self.truth.adjoint(self.argument_of(name) or name, time))

    def _is_carried(self, name: str, sign: str) -> bool:
        """Whether a sign before a state says what the later steps send back."""
        if name not in self.truth.cell.states:
            return False
        inner = name != self.truth.cell.output and sign in ("d", "bar")
        return (
            sign == "carried"
            or (inner and self.reading.remembered == "carried")
            or (sign == "Delta" and self.reading.capital == "carried")
        )

    def preactivated(self, name: str, sign: str = "delta") -> str:
        """The signal that δ of a name belongs to under this reading."""
        chosen = self.reading.delta if sign in ("delta", "Delta") else self.reading.differential
        return self.argument_of(name) or name if chosen == "preactivation" else name

    def argument_of(self, name: str) -> str:
        """The signal whose activation a signal is: a_f of f, or what the document calls it; "" for none."""
        equation = self.truth.cell.by_name.get(name)
        if equation is None or not isinstance(equation.right, Elementwise | Softmax):
            return ""
        inside = equation.right.inside
        if isinstance(inside, Signal) and inside.time == equation.left.time:
            return inside.name
        return f"a_{name}" if f"a_{name}" in self.truth.named.signals else ""
