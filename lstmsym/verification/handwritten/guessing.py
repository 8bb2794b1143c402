"""Which arrays of a cell an author's names may mean; only suggestions, since numbers decide afterwards."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from lstmsym.equations.cell import Cell
from lstmsym.verification.handwritten.layouts import (
    ONE,
    Meaning,
    Piece,
    added_to,
    bias_of,
    stack_of,
)
from lstmsym.verification.handwritten.naming import is_initial, is_sequence

# What authors call the part of a weight's name behind the underscore.
GATES: dict[str, tuple[str, ...]] = {
    "f": ("f", "forget", "fg", "phi"),
    "i": ("i", "in", "input", "ig", "iota"),
    "o": ("o", "out", "output", "og", "omega"),
    "C": (
        "c",
        "g",
        "a",
        "z",
        "n",
        "cand",
        "candidate",
        "ct",
        "ctilde",
        "cell",
        "gg",
        "cc",
        "chat",
        "cbar",
    ),
    "z": ("z", "u", "update", "zg"),
    "r": ("r", "reset", "rg"),
    "h": (
        "h",
        "hh",
        "n",
        "c",
        "g",
        "cand",
        "candidate",
        "htilde",
        "hhat",
        "a",
        "aa",
        "rec",
        "recurrent",
    ),
    "x": ("x", "xh", "hx", "ax", "ih", "in", "input"),
    "": ("", "h", "a", "hh", "x"),
}
ALL_GATES = {"lstm", "gru", "all", "gates", "cell", "fused"}
WEIGHT_LETTERS, BIAS_LETTERS = "wurvkθ", "bc"
PART_LETTERS = "xhiy"
MOST_GATES = 4
COMMON_ORDERS = (
    "ifCo",
    "ifoC",
    "fiCo",
    "fioC",
    "fCio",
    "iCfo",
    "zrh",
    "rzh",
)  # of gates fused in one array


def readings(name: str, cell: Cell) -> list[tuple[str, ...]]:
    """What a name may stand for, the likeliest first: each a tuple of the cell's names, more than one if fused."""
    if any(x.name == name for x in cell.inputs):
        return [(name,)]
    if is_initial(name):
        return [(s,) for s in _states(name, cell)]
    weights = list(_weights(name, cell))
    if not weights and is_sequence(name) and len(cell.inputs) == 1:
        return [(cell.inputs[0].name,)]
    return weights


def _states(name: str, cell: Cell) -> Iterator[str]:
    letter = re.sub(r"init|prev|start|initial|old|last|state|[^a-z]", "", name.lower())[:1]
    letters = {"s": "c", "y": "h"}.get(letter, letter)
    found = [s for s in cell.states if s.lower() == letters]
    yield from found or (cell.states if len(cell.states) == 1 else ())


def _weights(name: str, cell: Cell) -> Iterator[tuple[str, ...]]:
    plain = re.sub(r"[^a-zθ]", "", re.sub(r"_?l?\d+$", "", name.lower()))
    plain = re.sub(r"^(weights?|kernel|mat)", "w", re.sub(r"^bias(es)?", "b", plain))
    kind, rest = plain[:1], plain[1:]
    known = _of_kind(kind, cell)
    gate = {w: w.partition("_")[2] for w in known}
    direct = [w for w in known if w.replace("_", "").lower() == plain]
    alike = [w for w in known if rest in GATES.get(gate[w], (gate[w].lower(),))]
    parted = [
        w for w in known if any(r in GATES.get(gate[w], ()) for r in _without_part(rest, w, cell))
    ]
    yield from ((w,) for w in dict.fromkeys([*direct, *alike, *parted]))
    if not rest and not alike and kind in WEIGHT_LETTERS:
        yield from (
            (w,) for w in known if len(known) > 2 and gate[w] == "h"
        )  # W beside W_z and W_r
    if not rest and not alike and len(known) == 2:
        yield from ((w,) for w in known)
    if len(rest) <= 2 or rest in ALL_GATES:
        yield from _fused(known)


def _of_kind(kind: str, cell: Cell) -> list[str]:
    """The weights that begin with a letter, or those that such a letter may stand for."""
    bias = [w for w, p in cell.weights.items() if p.cols == 1 and w[:1].lower() in BIAS_LETTERS]
    if kind and kind in BIAS_LETTERS:
        return bias
    own = [w for w in cell.weights if w[:1].lower() == kind]
    matrices = [w for w, p in cell.weights.items() if p.cols != 1]
    diagonal = [w for w, p in cell.weights.items() if p.cols == 1 and w[:1].lower() not in "b"]
    found = own or (matrices if kind and kind in WEIGHT_LETTERS else [])
    return list(dict.fromkeys([*found, *(diagonal if kind and kind in "pvw" else [])]))


def _without_part(rest: str, weight: str, cell: Cell) -> Iterator[str]:
    """A name without the letter that says which columns it holds: xf, fx, hf, fh; cf where C is among them."""
    letters = {*PART_LETTERS, *(label.lower() for label, _ in stack_of(cell, weight))}
    if cell.weights[weight].cols == 1:
        letters |= {s.lower() for s in cell.states}  # w_cf multiplies C
    if rest[:1] in letters:
        yield rest[1:]
    if rest[-1:] in letters:
        yield rest[:-1]


def common_orders(found: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The readings with fused gates in one of the common orders, in these orders; all where there is none."""

    def place(names: tuple[str, ...]) -> int:
        gates = "".join(n.partition("_")[2] for n in names)
        return COMMON_ORDERS.index(gates) if gates in COMMON_ORDERS else -1

    common = [r for r in found if len(r) < 3 or place(r) >= 0]
    return sorted(common, key=lambda r: place(r) if len(r) > 2 else -1) or found


def _fused(known: list[str]) -> Iterator[tuple[str, ...]]:
    """All gates of one letter together, in every order."""
    for letter in dict.fromkeys(w.partition("_")[0] for w in known):
        gates = [w for w in known if w.partition("_")[0] == letter]
        if 1 < len(gates) <= MOST_GATES:
            yield from itertools.permutations(gates)


def expanded(names: tuple[str, ...], cell: Cell, order: tuple[str, ...]) -> Iterator[Meaning]:
    """The meanings of pieces with all their columns in an order of labels, and the bias; with one block of them.

    Weights that multiply different concatenations do not stand in one array; of those that multiply none, all that
    are added may stand side by side, R_f beside W_f.
    """
    stacks = {tuple(label for label, _ in stack_of(cell, n)) for n in names}
    if len(stacks) > 1:
        return
    labels = list(stacks.pop())
    whole = tuple(p for p in order if p in labels)
    yield Meaning(tuple(Piece(n, whole) for n in names))
    if labels and all(bias_of(cell, n) for n in names):
        yield Meaning(tuple(Piece(n, (ONE, *whole)) for n in names))
        yield Meaning(tuple(Piece(n, (*whole, ONE)) for n in names))
    for label in labels:
        yield Meaning(tuple(Piece(n, (label,)) for n in names))
    beside = [added_to(cell, n) for n in names if not labels]
    across = min(map(len, beside), default=0)
    for places in itertools.permutations(range(across)) if across > 1 else ():
        yield Meaning(tuple(Piece(row[k]) for row in beside for k in places), across=across)


def orders(cell: Cell) -> list[tuple[str, ...]]:
    """The orders in which concatenated parts may stand, the cell's own first."""
    labels = list(dict.fromkeys(label for w in cell.weights for label, _ in stack_of(cell, w)))
    return list(itertools.permutations(labels))


def by_letters(meanings: list[Meaning], name: str) -> list[Meaning]:
    """Where more than one block of columns has the right size, those that the name's letters mention first."""
    letters = name.lower()[1:]
    recurrent = name[:1].lower() in "ur"

    def mentioned(m: Meaning) -> bool:
        part = m.pieces[0].parts[0].lower() if m.pieces[0].parts else ""
        return part in letters or (recurrent and part == "h")

    return sorted(meanings, key=lambda m: len(m.pieces[0].parts) == 1 and not mentioned(m))
