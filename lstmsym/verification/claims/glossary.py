"""What the letters of a document stand for in its cell: signals, pre-activations, parameters, parts of weights.

A written symbol is known by its base, its accent and the letters of its scripts in any order, so that W_{hf},
W_f^h and W^{fh} find the same weight. Renames stated by the reader of the document come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from lstmsym.derivation.normal import with_preactivations
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import part_of
from lstmsym.equations.terms import Concatenation, MatrixProduct, Parameter, walk
from lstmsym.formulas.tree import Bracket, Node, Number, Product, Sum, Symbol, Words
from lstmsym.printing.letters import split

Key = tuple[str, tuple[str, ...], str]

# Spellings of one letter; the first that the cell has is meant where the written one is free.
SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("C_tilde", "c_tilde", "C_hat", "c_hat"),
    ("h_tilde", "h_hat", "H_tilde"),
    ("C", "c"),
    ("h", "H"),
    ("i", "Gamma_i", "Gamma_u"),
    ("f", "Gamma_f"),
    ("o", "Gamma_o"),
    ("z", "Gamma_u"),
    ("r", "Gamma_r"),
    ("x", "X"),
)
# Other letters that papers use: each is tried, and said to be guessed.
GUESSED: tuple[tuple[str, ...], ...] = (
    ("C_tilde", "g", "z", "a", "j", "n", "u", "k", "C_bar", "c_bar"),
    ("h", "y", "s", "a", "m", "c", "out", "Y", "hidden"),
    ("C", "s", "m", "S", "State", "cell"),
    ("h_tilde", "n", "g", "c_tilde", "h_bar", "s_tilde", "s_hat"),
    ("z", "u"),
    ("i", "u"),
    ("x", "u", "xi"),
)


ACCENTS = re.compile("~(?:tilde|hat|bar)")


@dataclass(frozen=True)
class Meaning:
    """kind: signal, parameter, or columns (of a concatenated weight, with the number of the part)."""

    kind: str
    name: str
    part: int = 0


@dataclass(frozen=True)
class Glossary:
    """The meanings of a cell's symbols.

    exact  those with their letters in the order of the cell: R_{fo} is not R_{of} where the cell has both
    """

    cell: Cell
    meanings: Mapping[Key, Meaning]
    stated: Mapping[Key, Meaning] = field(default_factory=dict)
    exact: Mapping[Key, Meaning] = field(default_factory=dict)

    def with_letters(self, stated: Mapping[Key, str]) -> Glossary:
        """The same with letters for names of the cell."""
        named = dict(_of_cell(self.cell))
        found = {written: named[name] for written, name in stated.items() if name in named}
        return replace(self, stated={**self.stated, **found})

    def find(self, base: str, accents: tuple[str, ...], letters: str) -> Meaning | None:
        """The meaning of a base with its accents, an arrow apart, and the letters of its scripts; None if unknown."""
        accents = tuple(a for a in accents if a != "vec")
        key = (base, accents, "".join(sorted(letters)))
        exact = self.exact.get((base, accents, letters))
        found = self.stated.get(key) or exact or self.meanings.get(key)
        if found is None and "~" in letters:  # W_{\tilde c} is the weight of the candidate, as W_c
            found = self.meanings.get((base, accents, "".join(sorted(ACCENTS.sub("", letters)))))
            return found if found is not None and found.kind != "signal" else None
        return found


def glossary(cell: Cell, stated: Mapping[Key, str] | None = None, *, own: bool = False) -> Glossary:
    """The glossary of a cell; stated: written symbol → identifier of the cell.

    own  whether the document itself defines the cell, and so all its letters
    """
    meanings = {} if own else dict(_synonyms(cell))
    meanings |= dict(_arguments(cell))
    meanings |= {key(name): meaning for name, meaning in _of_cell(cell)}
    exact = {_ordered(name): meaning for name, meaning in _of_cell(cell)}
    return Glossary(cell, meanings, exact=exact).with_letters(stated or {})


def guesses(cell: Cell, written: Key) -> tuple[str, ...]:
    """The signals of a cell that an unknown letter is often used for."""
    return tuple(
        own[0] for own in GUESSED
        if any(key(other) == written for other in own[1:]) and own[0] in cell.signals
    )  # fmt: skip


def recurrent_letters(cell: Cell, written: Iterable[Key]) -> dict[Key, str]:
    """U_f beside W_f for the two halves of a weight that the cell has for [h, x], and b_c for b_C."""
    known = set(written)
    found: dict[Key, str] = {}
    for whole, blocks in cell.splits:
        gate = whole.name.partition("_")[2]
        halves = [a.name for a in walk(blocks) if isinstance(a, Parameter)]
        for letters in CANDIDATE if gate == "C" else (gate,):
            recurrent = [(base, (), letters) for base in "URV" if (base, (), letters) in known]
            if len(halves) == 2 and recurrent:
                found |= {recurrent[0]: halves[0], ("W", (), letters): halves[1]}
            if f"b_{gate}" in cell.parameters:
                found.setdefault(("b", (), letters), f"b_{gate}")
    return found


CANDIDATE = ("C", "c", "g", "a", "z", "".join(sorted("c~tilde")), "".join(sorted("C~tilde")))


@lru_cache(maxsize=4096)
def key(name: str) -> Key:
    """How an identifier is looked up: C_tilde is (C, (tilde,), ""), W_hf is (W, (), "fh")."""
    base, accents, letters = _ordered(name)
    return base, accents, "".join(sorted(letters))


def _ordered(name: str) -> Key:
    parts = split(name)
    accents = (parts.base.accent,) if parts.base.accent else ()
    below = "".join(a.body + (f"~{a.accent}" if a.accent else "") for a in parts.subscripts)
    marks = "".join(a.body for a in parts.marks)
    return parts.base.body, accents, below + marks


def _of_cell(cell: Cell) -> Iterator[tuple[str, Meaning]]:
    """Parts of weights first, so that what has a name of its own wins."""
    for e in cell:
        for a in walk(e.right):
            if isinstance(a, MatrixProduct) and isinstance(a.parts[1], Concatenation):
                yield from _columns(a)
    for name in with_preactivations(cell).signals:
        yield name, Meaning("signal", name)
    for name in cell.parameters:
        yield name, Meaning("parameter", name)


def _columns(product: MatrixProduct) -> Iterator[tuple[str, Meaning]]:
    weight, stack = product.parts
    if not isinstance(weight, Parameter):
        return
    for n in range(len(stack.parts)):
        label = part_of(stack, n).label
        joint = "" if "_" in weight.name else "_"
        yield f"{weight.name}{joint}{label}", Meaning("columns", weight.name, n)


def _arguments(cell: Cell) -> Iterator[tuple[Key, Meaning]]:
    """a_c for the argument that W_c and b_c stand in, whatever it gives is called."""
    for name in cell.signals:
        if name.startswith("Gamma_") and f"a_{name}" in with_preactivations(cell).signals:
            yield key(name.replace("Gamma", "gamma")), Meaning("signal", f"a_{name}")
    for e in with_preactivations(cell):
        if e.name in cell.signals:
            continue
        names = [a.name.partition("_")[2] for a in walk(e.right) if isinstance(a, Parameter)]
        common = _ending(names)
        if common:
            for base in ("a", "net"):
                yield key(f"{base}_{common}"), Meaning("signal", e.name)


def _ending(words: list[str]) -> str:
    """The letters in which all words end: f of xf and hf."""
    shortest = min(words, key=len, default="")
    starts = range(len(shortest) + 1)
    return next(shortest[n:] for n in starts if all(a.endswith(shortest[n:]) for a in words))


def _synonyms(cell: Cell) -> Iterator[tuple[Key, Meaning]]:
    """Letters that other papers use, for the signals that the cell has; a letter that is taken is skipped."""
    taken = {key(name) for name in (*cell.signals, *cell.parameters)}
    for letters in reversed(SYNONYMS):
        own = next((a for a in letters if a in cell.signals), None)
        if own is None:
            continue
        for other in reversed(letters):
            if other != own and key(other) not in taken:
                yield key(other), Meaning("signal", own)
    for equation in cell:
        for a in (equation.name, f"{equation.name}_tilde"):
            yield from _preactivations(cell, equation.name, a, taken)


def _preactivations(
    cell: Cell, name: str, written: str, taken: set[Key]
) -> Iterator[tuple[Key, Meaning]]:
    """net_f, z_f for the argument of the activation that gives f; not z_f of a cell with a signal z."""
    own = f"a_{name}"
    if own not in with_preactivations(cell).signals:
        return
    for base in ("net", "z", "s", "u", "p", "v"):
        found = key(f"{base}_{written}")
        if found not in taken and key(base) not in taken:
            yield found, Meaning("signal", own)


def letters_of(node: Node) -> str | None:
    """The letters that a script adds to a name: xf, f, 1, C~tilde; None for what is no name."""
    match node:
        case Symbol(scripts=()):
            return node.base + "".join(f"~{a}" for a in node.accents) + "'" * node.primes
        case Number(digits=digits) if digits.isdigit():
            return digits
        case Words(text=text):
            return text.strip()
        case Bracket(inside=inside):
            return letters_of(inside)
        case Product(factors=factors, signs=signs) if not any(signs):
            parts = [letters_of(a) for a in factors]
            return None if None in parts else "".join(a for a in parts if a)
    return None


def moment(node: Node, times: Mapping[str, int]) -> int | None:
    """The time that a script says, with letters bound to numbers: t-1, t-k+1, T; None for anything else."""
    match node:
        case Symbol(scripts=(), accents=()):
            return times.get(node.base + "'" * node.primes)
        case Bracket(inside=inside):
            return moment(inside, times)
        case Number(digits=digits) if digits.isdigit():
            return int(digits[:6])
        case Sum(parts=parts):
            found = [(sign, moment(a, times)) for sign, a in parts]
            return None if any(v is None for _, v in found) else sum(s * (v or 0) for s, v in found)
    return None
