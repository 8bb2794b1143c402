"""A whole document before the court: its cell, one reading for all of it, the verdicts, and the slips explained."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lstmsym.cells import find_cell
from lstmsym.equations.cell import Cell
from lstmsym.equations.split import split_weights
from lstmsym.errors import InputError, LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.formulas.cells import parse_latex_cell
from lstmsym.formulas.reader import read_formula
from lstmsym.formulas.times import time_letter
from lstmsym.verification.claims.claim import Claim, Judged, Verdict
from lstmsym.verification.claims.explaining import explained
from lstmsym.verification.claims.glossary import Glossary, Key, glossary, letters_of
from lstmsym.verification.claims.judge import Court, Hearing, judge
from lstmsym.verification.claims.reading import Reading, document_readings
from lstmsym.verification.claims.sources import (
    Sources,
    Written,
    claims_of,
    is_about_gradients,
    read_sources,
)
from lstmsym.verification.claims.symbols import split_scripts

GUESSES = ("lstm", "lstm_peephole_diagonal", "gru", "gru_keep", "gru_after_keep", "rnn")
LAG = re.compile(r"[-−]\s*(\d+)")
MOST_LAG = 24
MOST_CLAIMS = 2_000


def judge_document(
    text: str, kind: str = "text", cell: str | Cell | None = None,
    renames: Mapping[str, str] | None = None,
) -> Judged:  # fmt: skip
    """The verdicts on all claims of a document.

    kind     tex, markdown, text or notebook
    cell     of the catalogue, or a Cell; None where the document's own forward equations make it
    renames  written symbol → name in the cell: {"\\\\Gamma_u": "i"}

    Raises InputError where there is no formula, or no cell to judge by.
    """
    sources = read_sources(text, kind)
    claims, forward = _sorted(sources)
    if not claims and not forward and not sources.refused:
        raise InputError("no equation in this document; verify judges claims such as ∂L/∂f_t = …")
    known, notes, judged_forward = _cell_of(cell, forward, claims)
    court = _court(known, claims, forward if judged_forward else [], renames or {})
    hearings = list(_claims(court, claims, forward if judged_forward else []))
    verdicts = _best(court, hearings)
    refused = tuple(_refused(a) for a in sources.refused)
    whole = sorted(
        (*verdicts, *refused), key=lambda v: (v.claim.cell, v.claim.line, v.claim.column)
    )
    return Judged(court.cell, tuple(whole), notes)


def _sorted(sources: Sources) -> tuple[list[Written], list[Written]]:
    """Equations about gradients, and the others; bounds and mere settings of sizes are neither."""
    about: list[Written] = []
    forward: list[Written] = []
    for written in sources.equations[:MOST_CLAIMS]:
        equation = written.equation
        if set(equation.relations) & {"le", "lt", "ge", "gt", "to", "in"}:
            continue
        (about if is_about_gradients(equation) else forward).append(written)
    return about, forward


def _cell_of(
    given: str | Cell | None, forward: list[Written], claims: list[Written]
) -> tuple[Cell, tuple[str, ...], bool]:
    """The cell, what is to be said of it, and whether forward equations are judged against it."""
    if given is not None:
        return find_cell(given), (), True
    if forward:
        text = "\n".join(_plain(a.text) for a in forward)
        try:
            return parse_latex_cell(text, "document"), (), False
        except LstmsymError as error:
            problem = str(error).splitlines()[0]
            cell = _guessed(claims, forward)
            said = f"the forward equations make no cell by themselves ({problem}); judged as {cell.name}"
            return cell, (said,), True
    cell = _guessed(claims, forward)
    return cell, (f"no forward equations; judged as {cell.name} (--cell states another)",), True


def _plain(text: str) -> str:
    """An equation without the marks of its alignment."""
    return " ".join(re.sub(r"(?<!\\)&|\\\\(?:\[[^\]]*\])?|\\nonumber|\\notag", " ", text).split())


def _guessed(claims: list[Written], forward: list[Written]) -> Cell:
    """The cell of a short list that knows most of the symbols of the claims."""
    best: tuple[int, Cell] | None = None
    for name in GUESSES:
        cell = find_cell(name)
        words = glossary(cell)
        unknown = sum(
            not _known(words, a)
            for written in (*claims, *forward)
            for a in f.walk(written.equation)
            if isinstance(a, f.Symbol)
        )
        if best is None or unknown < best[0]:
            best = unknown, cell
    assert best is not None
    return best[1]


def _known(words: Glossary, symbol: f.Symbol) -> bool:
    times = {"t": 3, "k": 2, "T": 5}
    return any(
        words.find(symbol.base, symbol.accents, letters) is not None
        for _, _, letters in split_scripts(symbol, times)
    )


def _court(
    cell: Cell, claims: list[Written], forward: list[Written], renames: Mapping[str, str]
) -> Court:
    """The court for a cell, with split weights where the claims name parts that the cell does not."""
    trees = [a.equation for a in (*claims, *forward)]
    letter = time_letter(trees) or "t"
    courts = []
    for one in _notations(cell):
        words = glossary(one, _stated(renames))
        helpers = dict(_helpers(words, (*claims, *forward), letter))
        court = Court(one, words, helpers, letter, _longest(claims))
        unknown = sum(
            not _known(words, a) for t in trees for a in f.walk(t) if isinstance(a, f.Symbol)
        )
        courts.append((unknown, len(courts), court))
    return min(courts)[2]


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
    """The longest lag that is written as a number."""
    lags = [int(n) for a in claims for n in LAG.findall(a.text) if int(n) <= MOST_LAG]
    return max(lags, default=1)


def _helpers(
    words: Glossary, claims: tuple[Written, ...], letter: str
) -> Iterator[tuple[Key, tuple[f.Node, bool]]]:
    """Symbols that the document defines for itself: the left sides that the cell does not know."""
    times = {"t": 3, "k": 2, "T": 5, letter: 3}
    for written in claims:
        left = written.equation.left
        if not isinstance(left, f.Symbol) or left.base in ("delta", "Delta"):
            continue
        if _known(words, left) or "+=" in written.equation.relations:
            continue
        for time, power, names in split_scripts(left, times):
            if power is None:
                key = (left.base, left.accents, "".join(sorted(names)))
                yield key, (written.equation.sides[1], time is not None)
                break


def _claims(court: Court, claims: list[Written], forward: list[Written]) -> Iterator[Claim]:
    """Every link to be judged; a helper's own definition is none, and x = ∂L/∂h is about ∂L/∂h."""
    for written in claims:
        links = list(claims_of(written))
        if _defines_helper(court, links[0].left):
            target, rest = links[0].right, links[1:]
            yield from (replace(a, left=target) for a in rest)
            continue
        for link in links:
            yield _turned(link)
    for written in forward:
        left = written.equation.left
        if isinstance(left, f.Symbol) and _known(court.glossary, left):
            yield from claims_of(written)


def _defines_helper(court: Court, left: f.Node) -> bool:
    if not isinstance(left, f.Symbol):
        return False
    times = {"t": 3, "k": 2, "T": 5, court.letter: 3}
    return any(
        (left.base, left.accents, "".join(sorted(letters))) in court.helpers
        for _, power, letters in split_scripts(left, times)
        if power is None
    )


def _turned(link: Claim) -> Claim:
    """A claim with what it is about on the left."""
    if not is_about_gradients(link.left) and isinstance(link.right, f.Derivative):
        return replace(link, left=link.right, right=link.left)
    return link


@dataclass
class Trial:
    """The verdicts of all claims under one reading of the document."""

    reading: Reading
    verdicts: list[tuple[Verdict, Hearing]]

    @property
    def score(self) -> tuple[int, int, int]:
        """More right claims, then fewer special senses, then fewer changes of the reading."""
        right = sum(v.verdict in ("right", "right_as") for v, _ in self.verdicts)
        special = sum(len(v.reading) for v, _ in self.verdicts)
        return right, -special, -len(self.reading.words())


def _best(court: Court, claims: list[Claim]) -> list[Verdict]:
    """The reading under which most claims hold, and what is wrong under it explained."""
    marks = _document_marks(claims)
    trials = []
    for reading in document_readings():
        changed = {n for n in DOCUMENT_MARKS if getattr(reading, n) != getattr(Reading(), n)}
        if changed <= marks:
            trials.append(Trial(reading, [judge(court, claim, reading) for claim in claims]))
            if all(v.verdict in ("right", "right_as") for v, _ in trials[-1].verdicts):
                break
    best = max(trials, key=lambda a: a.score)
    return [
        explained(verdict, hearing) if verdict.verdict in ("wrong", "approximation") else verdict
        for verdict, hearing in best.verdicts
    ]


DOCUMENT_MARKS = ("delta", "alone", "transposed")


def _document_marks(claims: list[Claim]) -> set[str]:
    """Which choices can matter to the document."""
    found: set[str] = set()
    for claim in claims:
        for a in (*f.walk(claim.left), *f.walk(claim.right)):
            if isinstance(a, f.Symbol) and (
                a.base in ("delta", "Delta") or "bar" in a.accents or a.base[:1] in "dD"
            ):
                found |= {"delta", "alone"}
            if isinstance(a, f.Derivative) and a.above is not None:
                found.add("transposed")
    return found


def _refused(a: object) -> Verdict:
    claim = Claim(f.Words(""), f.Words(""), "", a.text, "", a.line, a.column, "", a.cell)  # type: ignore[attr-defined]
    return Verdict(claim, "cannot_read", message=a.message)  # type: ignore[attr-defined]
