"""Everything that is printed of a cell in LaTeX, print by print, and what the judge says of it.

`python -m tests.laws.printed lstm gru` walks all notations of these cells and counts; without names, of the catalogue.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import lstmsym as ls
from lstmsym import printing
from lstmsym.api import NOTATIONS
from lstmsym.cells import catalogue
from lstmsym.derivation.lag import derive_state
from lstmsym.derivation.quantity import read_quantity
from lstmsym.derivation.steps import Derivation
from lstmsym.derivation.whole import results, whole
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Partial
from lstmsym.errors import LstmsymError
from lstmsym.printing.entrywise import entrywise
from lstmsym.verification.claims.claim import Judged, Verdict
from lstmsym.verification.claims.document import judge_document

LAGS, FORMS, MOST_TERMS = ("2", "k"), ("product", "recursion", "expanded"), 24


@dataclass(frozen=True)
class Print:
    """One print: what of, and the text."""

    of: str
    text: str
    kind: str = "tex"


def cells(names: tuple[str, ...], notations: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(cell, notation) where the notation has letters for the cell."""
    for name in names:
        own = ls.cell(name)
        for notation in notations:
            try:
                if notation == "own" or ls.cell(name, notation) != own:
                    yield name, notation
            except LstmsymError:
                continue


def prints(cell: Cell, entries: bool = True) -> Iterator[Print]:
    """The document, every result short and with its steps, in every form, and entry by entry."""
    derived = results(cell)
    yield Print("document", printing.latex(whole(cell, derived, "")))
    for d in derived:
        yield Print(said(d), shown(printing.latex(d, steps=False)))
        yield Print(f"{said(d)}, steps", shown(printing.latex(d)))
        if entries:
            yield Print(f"{said(d)}, entries", shown(entrywise(d)))
    for d in over_lags(cell, derived):
        yield Print(said(d), shown(printing.latex(d, steps=False)))


def over_lags(cell: Cell, derived: tuple[Derivation, ...]) -> Iterator[Derivation]:
    """The pairs of states over 2 and k steps, in every form that is short enough."""
    pairs = dict.fromkeys(
        (d.left.above.name, d.left.below.name, d.kind) for d in derived if isinstance(d.left, Partial)
    )  # fmt: skip
    for above, below, kind in pairs:
        for lag in LAGS:
            for form in FORMS:
                quantity = read_quantity(cell, f"d{above}[t]/d{below}[t-{lag}]")
                try:
                    yield derive_state(cell, quantity, kind, form, limit=MOST_TERMS)
                except LstmsymError:
                    continue


def said(d: Derivation) -> str:
    """What a derivation is of."""
    return f"{d.quantity}, {d.kind}, {d.form}"


def shown(formula: str) -> str:
    """A formula as a display."""
    return f"\\[\n{formula}\n\\]"


def judged(a: Print, cell: Cell) -> Judged:
    """What the judge says of a print of this cell."""
    return judge_document(a.text, a.kind, cell=cell)


def stated(cell: Cell) -> Cell:
    """A cell without the text it was read from, as a document gives it."""
    return replace(cell, text="")


def refused(judgement: Judged) -> list[Verdict]:
    """The verdicts other than right."""
    return [v for v in judgement.verdicts if v.verdict != "right"]


def told(v: Verdict) -> str:
    """A verdict in a line."""
    words = "; ".join((*v.reading, v.diagnosis, v.message))
    return f"{v.verdict}: {v.claim.latex[:60]!r} … {v.claim.says[:160]!r}: {words[:200]}".replace(
        "\n", " "
    )


def main(names: tuple[str, ...]) -> None:
    """Walk and count."""
    total: Counter[str] = Counter()
    for name, notation in cells(names or catalogue(), tuple(NOTATIONS)):
        cell, counts = ls.cell(name, notation), Counter[str]()
        failures: dict[str, str] = {}
        for a in prints(cell):
            try:
                judgement = judged(a, cell)
            except LstmsymError as error:
                failures[f"refused: {str(error)[:300]}"] = a.of
                counts["refused"] += 1
                continue
            counts.update(v.verdict for v in judgement.verdicts)
            failures |= {told(v): a.of for v in refused(judgement)}
        total += counts
        print(name, notation, dict(counts), flush=True)
        for failure, of in failures.items():
            print("   ", of, failure, flush=True)
    print("all", dict(total))


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
