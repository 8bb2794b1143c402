"""Components: (W x)_i, (J_t J_{t-1})^{ij}, C^{j-n} of a joint state, δ_{ij}, Σ_j, and cases by an index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.formulas.reader import read_formula
from lstmsym.formulas.rewriting import rewritten
from lstmsym.verification.claims.algebra import Algebra
from lstmsym.verification.claims.derivatives import KINDS
from lstmsym.verification.claims.glossary import letters_of, moment
from lstmsym.verification.claims.scripts import FRESH, INDICES
from lstmsym.verification.claims.symbols import Symbols
from lstmsym.verification.claims.value import Value


class Unreadable(LstmsymError):
    """A formula that parses, and says nothing that has a value."""

    def __init__(self, node: f.Node, message: str) -> None:
        self.node = node
        super().__init__(message)


class Entries:
    """The part of the evaluator that knows components."""

    symbols: Symbols
    algebra: Algebra
    letter: str

    def value(self, node: f.Node, times: Mapping[str, int]) -> Value:
        """The value of a node at these times."""
        raise NotImplementedError

    def of_Scripted(self, node: f.Scripted, times: Mapping[str, int]) -> Value:
        """(W x)_i: a component of what stands in the brackets; behind a bar the kind of the derivatives in it."""
        if (kind := _kind(node)) is not None:
            return self.value(_of_kind(node.inside, kind), times)
        entries = self.entries_of([a for s in node.scripts for a in s.inside])
        if entries is None:
            raise Unreadable(node, "what hangs on this bracket is neither a power nor a component")
        return self.component(node.inside, entries, times)

    def component(self, whole: f.Node, entries: Mapping[str, int] | str, times: Any) -> Value:
        """One entry of the value of a formula; all of it where no letters are bound."""
        everything: Any = replace(self, symbols=replace(self.symbols, entries=None))  # type: ignore[type-var]
        value = everything.value(whole, times)
        if isinstance(entries, str) or self.symbols.entries is None:
            return self.symbols.picked(value, "".join(entries))
        inner = replace(self.symbols, entries={**self.symbols.entries, **entries})
        return inner.picked(value, "".join(entries))

    def entries_of(self, parts: list[f.Node]) -> dict[str, int] | str | None:
        """The letters of components in scripts, those with a size added under letters of their own; None for others."""
        letters = "".join(letters_of(a) or "-" for a in parts)
        if letters and all(a in INDICES for a in letters):
            return letters
        shifts = [(FRESH[n], self.shifted(a)) for n, a in enumerate(_each(parts)) if n < len(FRESH)]
        found = {a: n for a, n in shifts if n is not None}
        return found if found and len(found) == len(shifts) else None

    def shifted(self, node: f.Node) -> int | None:
        """The number of the entry i, i+n or j-n-m, the letters bound; None for what is no index."""
        bound = self.symbols.entries or {}
        parts = node.parts if isinstance(node, f.Sum) else ((1, node),)
        indices = [a for _, a in parts if isinstance(a, f.Symbol) and a.base in bound]
        if len(indices) != 1 or indices[0].scripts:
            return None
        return moment(node, {**self.sizes, **bound})

    @property
    def sizes(self) -> dict[str, int]:
        """The sizes of the cell by their letters."""
        truth = self.symbols.truth
        return {str(a): int(truth.env.size(a)) for a in truth.cell.sizes}

    def moved(self, node: f.Symbol) -> tuple[f.Symbol, dict[str, int]]:
        """A symbol with C^{j-n} under a letter of its own, and the number of that entry."""
        found: dict[str, int] = {}

        def part(a: f.Node) -> f.Node:
            number = self.shifted(a) if isinstance(a, f.Sum) else None
            if number is None:
                return a
            found[FRESH[len(found)]] = number
            return f.Symbol(FRESH[len(found) - 1])

        if not self.symbols.entries:
            return node, found
        scripts = tuple(replace(s, inside=tuple(map(part, s.inside))) for s in node.scripts)
        return replace(node, scripts=scripts), found

    def kronecker(self, node: f.Symbol) -> Value | None:
        """δ_{ij} of two letters that stand for components."""
        parts = list(_each([a for s in node.scripts for a in s.inside]))
        if node.base != "delta" or len(parts) != 2 or not self.symbols.entries:
            return None
        first, second = map(self.shifted, parts)
        if first is None or second is None:
            return None
        return self.algebra.number(int(first == second))

    def of_Cases(self, node: f.Cases, times: Mapping[str, int]) -> Value:
        """The branch whose condition holds for the entry that is asked: j ≤ n, otherwise."""
        if not self.symbols.entries:
            raise Unreadable(
                node, "cases have a value entry by entry; write the indices on the left too"
            )
        for branch, condition in node.branches:
            if self.holds(node, condition):
                return self.value(branch, times)
        raise Unreadable(node, "no condition of these cases holds for every entry")

    def holds(self, node: f.Cases, condition: str) -> bool:
        """Whether a condition on the letter of an entry, counted from 1, holds."""
        if "otherwise" in condition or "else" in condition or not condition.strip():
            return True
        try:
            said = read_formula(WORDS.sub(" ", condition))
        except LstmsymError as problem:
            raise Unreadable(node, f"the condition '{condition}' is not understood") from problem
        if isinstance(said, f.Equation) and len(said.sides) == 2 and said.relations[0] in COMPARED:
            found = self.compared(said)
            if found is not None:
                return found
        raise Unreadable(node, f"the condition '{condition}' compares no index with a size")

    def compared(self, said: f.Equation) -> bool | None:
        """Whether a comparison of the letters of entries holds, i = j or j ≤ n, counted from 1; None for others."""
        left, other = self.shifted(said.left), self.shifted(said.sides[1])
        right = moment(said.sides[1], self.sizes) if other is None else other + 1
        if left is None or right is None or said.relations[0] not in COMPARED:
            return None
        return COMPARED[said.relations[0]](left + 1, right)

    def indicated(self, node: f.Symbol) -> Value | None:
        """1 where the condition behind a bold 1 holds, 0 elsewhere: 1[i = j]."""
        inside = node.scripts[0].inside if len(node.scripts) == 1 and node.base == "1" else ()
        said = inside[0] if len(inside) == 1 else None
        found = self.compared(said) if isinstance(said, f.Equation) else None
        return None if found is None else self.algebra.number(int(found))

    # --- sums over entries ------------------------------------------------------------------------

    def is_component(self, over: f.Range, times: Mapping[str, int]) -> bool:
        """Whether an index may run over entries: no letter of a time, and no times as its limits."""
        if self.symbols.entries is None or over.index in ("t", "T", self.letter):
            return False
        lower = over.lower is None or isinstance(over.lower, f.Number)
        return lower and (over.upper is None or moment(over.upper, times) is None)

    def size_of(self, letter: str, body: f.Node, times: Mapping[str, int]) -> int:
        """How many entries a letter runs over, if it stands for a component in a body; else 0."""
        inner = {a: n for a, n in times.items() if a != letter}
        return next((size for a, size in self.symbols.components(body, inner) if a == letter), 0)

    def over_components(
        self, node: f.Big, letter: str, size: int, times: Mapping[str, int]
    ) -> Value:
        """Σ_j over the entries of a vector."""
        inner = {a: n for a, n in times.items() if a != letter}
        values = [self.bound({letter: n}).value(node.body, inner) for n in range(size)]
        join = self.algebra.add if node.kind == "sum" else self._times
        return reduce(join, values)

    def bound(self, entries: Mapping[str, int]) -> Entries:
        """The same with numbers for further letters of components."""
        more = {**(self.symbols.entries or {}), **entries}
        found: Any = replace(self, symbols=replace(self.symbols, entries=more))  # type: ignore[type-var]
        assert isinstance(found, Entries)
        return found

    def _times(self, a: Value, b: Value) -> Value:
        return self.algebra.multiply(a, b, "")


def _kind(node: f.Scripted) -> str | None:
    """The word behind a bar, where it is a kind of derivative."""
    (script, *more) = node.scripts
    word = letters_of(script.inside[0]) if script.style == "bar" and not more else None
    return word if word in KINDS else None


def _of_kind(node: f.Node, kind: str) -> f.Node:
    """A formula with a kind for each derivative in it that has none."""
    said = lambda a: replace(a, kind=kind) if isinstance(a, f.Derivative) and not a.kind else None  # noqa: E731
    return rewritten(node, said)


def _each(parts: list[f.Node]) -> Iterator[f.Node]:
    """The indices of scripts one by one: ij are two."""
    for a in parts:
        if isinstance(a, f.Product) and not any(a.signs):
            yield from a.factors
        elif isinstance(a, f.Stack):
            yield from _each(list(a.parts))
        else:
            yield a


WORDS = re.compile(r"\\(?:text|mathrm|mbox)\s*\{[^{}]*\}|\b(?:if|for|when)\b")
COMPARED = {
    "=": lambda a, b: a == b,
    "le": lambda a, b: a <= b,
    "lt": lambda a, b: a < b,
    "ge": lambda a, b: a >= b,
    "ne": lambda a, b: a != b,
    "gt": lambda a, b: a > b,
}
