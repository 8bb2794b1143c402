"""A document taken apart: its forward equations, its claims about derivatives, and its own helper symbols."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lstmsym.errors import CellError
from lstmsym.formulas import tree as f
from lstmsym.formulas.definitions import Definition, definitions
from lstmsym.formulas.documents import Passage, find_mathematics
from lstmsym.formulas.names import KEYWORDS
from lstmsym.formulas.reader import read_formulas
from lstmsym.formulas.rewriting import below, rewritten
from lstmsym.verification.claims.claim import Claim
from lstmsym.verification.claims.clock import with_numbers_above, without_words
from lstmsym.verification.claims.dotted_products import with_products
from lstmsym.verification.claims.one_letter import (
    with_one_case,
    with_one_letter,
    with_primed_times,
    with_times_below,
)
from lstmsym.verification.claims.shorthand import written_out
from lstmsym.verification.claims.wording import (
    reworded,
    with_abbreviations,
    with_functions,
    with_named_pieces,
    with_parts,
    with_wide_sums,
    without_component,
)

ROW = re.compile(r"\\\\(?:\s*\[[^\]]*\])?|\n\s*\n")
INNER = r"(?:[pbvBV]?matrix|smallmatrix|d?cases|array)\*?"
MATRIX = re.compile(rf"\\begin\{{({INNER})\}}.*?\\end\{{\1\}}", re.DOTALL)
FRAME = re.compile(
    rf"\\(?:begin|end)\s*\{{(?!{INNER}\}})[^}}]*\}}|"
    r"\$\$|\\\[|\\\]|\\\(|\\\)|&|\\(?:label|tag)\s*\{[^}]*\}"
)


@dataclass(frozen=True)
class Written:
    """One equation of a document and where it stands; `text` is the slice of the document.

    worked  whether numbers of an example are worked out behind it
    at_end  whether it is about the last step alone
    """

    equation: f.Equation
    text: str
    passage: Passage
    worked: bool = False
    at_end: bool = False

    @property
    def line(self) -> int:
        return self.passage.position(self.equation.place.start)[0]

    @property
    def column(self) -> int:
        return self.passage.position(self.equation.place.start)[1]

    def slice(self, node: f.Node) -> str:
        """What a node says in the document, with the braces of its fonts."""
        return balanced(self.passage.text, node.place.start, node.place.end)


def balanced(text: str, start: int, end: int) -> str:
    r"""A piece of a text, wider by what its braces need: \mathbf{W} where the letter alone has a place."""
    found = text[start:end]
    while found.count("}") > found.count("{") and (brace := text.rfind("{", 0, start)) >= 0:
        command = COMMAND.search(text[:brace])
        start = command.start() if command else brace
        found = text[start:end]
    while found.count("{") > found.count("}") and (brace := text.find("}", end)) >= 0:
        end = brace + 1
        found = text[start:end]
    return found.strip()


COMMAND = re.compile(r"\\[A-Za-z]+\s*$")


CONTINUED = re.compile(
    r"((?:\$\$|\\\[)?\s*(?:\\begin\{(?:align|equation|gather|split)(?:ed)?\*?\})?\s*&?\s*)(?==)"
)


@dataclass(frozen=True)
class Refused:
    """A formula that could not be read."""

    message: str
    text: str
    line: int
    column: int
    cell: int = 0


@dataclass
class Sources:
    """The equations of a document in order, and what of it could not be read."""

    equations: list[Written] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def read_sources(text: str, kind: str) -> Sources:
    """All equations of a document. Raises InputError for what is no document."""
    found = Sources()
    known = definitions(text) if kind in ("tex", "markdown") else {}
    for passage in find_mathematics(text, kind):
        goes_on = CONTINUED.match(passage.text) if found.equations else None
        try:
            if goes_on:
                _keep_on(found, passage, goes_on[1], known)
                continue
            _keep(found, passage, read_formulas(passage.text, known))
        except CellError as error:
            _row_by_row(found, passage, error, known)
    settled = with_times_below([a.equation for a in found.equations])
    settled = with_parts(with_abbreviations(without_component(reworded(settled))))
    settled = with_products(settled)
    settled = with_primed_times(with_one_case(with_functions(settled)))
    settled = with_one_letter(with_wide_sums(with_named_pieces(settled)))
    settled = with_numbers_above(without_words(settled))
    pairs = zip(found.equations, settled, strict=True)
    found.equations = [replace(a, equation=equation) for a, equation in pairs]
    return found


def _keep_on(
    found: Sources, passage: Passage, opening: str, known: Mapping[str, Definition]
) -> None:
    """A display that begins with = goes on with the equation before it."""
    begun, named, *_ = found.equations[-1].equation.sides
    begun = named if isinstance(named, f.Derivative) else begun
    first, *rest = read_formulas(_with_left(passage.text, opening), known)
    if isinstance(first, f.Equation):
        first = replace(first, sides=(begun, *first.sides[1:]))
    _keep(found, passage, [first, *rest])


def _with_left(text: str, opening: str) -> str:
    """A display that begins with = after a letter in front of it, all places as they were."""
    if opening[-1:].isspace():
        return f"{opening[:-1]}Q{text[len(opening) :]}"
    body = DISPLAY.sub(lambda m: " " * len(m[0]), text)
    return f"{body[: len(opening) - 1]}Q{body[len(opening) :]}"


DISPLAY = re.compile(r"\$\$|\\\[|\\\]")


def _keep(found: Sources, passage: Passage, formulas: list[f.Formula]) -> None:
    for a in formulas:
        if isinstance(a, f.Equation):
            text = balanced(passage.text, a.place.start, a.place.end)
            equation = rewritten(written_out(a), _renamed)
            assert isinstance(equation, f.Equation)
            found.equations.append(Written(equation, text, passage))


def _renamed(node: f.Node) -> f.Node | None:
    """A letter that is a word of cell files, as state, gets a capital."""
    if isinstance(node, f.Symbol) and node.base in KEYWORDS:
        renamed = replace(node, base=node.base.capitalize())
        return below(renamed, lambda a: rewritten(a, _renamed))
    return None


def _row_by_row(
    found: Sources, passage: Passage, error: CellError, known: Mapping[str, Definition]
) -> None:
    """What can be read of a passage that cannot be read whole; its rows are tried one by one."""
    rows = list(_rows(passage))
    if len(rows) <= 1:
        found.refused.append(_refused(passage, error))
        return
    for row in rows:
        try:
            _keep(found, row, read_formulas(row.text, known))
        except CellError as problem:
            found.refused.append(_refused(row, problem))


def _rows(passage: Passage) -> Iterator[Passage]:
    """The rows of a display, each as a passage, its frame blanked so that places stay true."""
    whole = MATRIX.sub(lambda m: "." * len(m[0]), passage.text)
    spans = [m.span() for m in ROW.finditer(FRAME.sub(lambda m: " " * len(m[0]), whole))]
    blank = FRAME.sub(lambda m: " " * len(m[0]), passage.text)
    start = 0
    for end in [*spans, (len(blank), len(blank))]:
        piece = blank[start : end[0]]
        if "=" in piece:
            line, column = passage.position(start)
            yield Passage(piece, line, column, passage.before, passage.cell)
        start = end[1]


def _refused(passage: Passage, error: CellError) -> Refused:
    line = passage.line + max(error.line - 1, 0)
    column = error.column + (passage.column - 1 if error.line <= 1 else 0)
    return Refused(error.message, error.text or passage.text.strip(), line, column, passage.cell)


def claims_of(written: Written) -> Iterator[Claim]:
    """One claim a link of the chain, each about the first side that is no helper."""
    sides, relations = written.equation.sides, written.equation.relations
    place = {
        "line": written.line,
        "column": written.column,
        "before": written.passage.before,
        "cell": written.passage.cell,
        "worked": written.worked,
        "at_end": written.at_end,
    }
    for relation, right in zip(relations, sides[1:], strict=True):
        claim = Claim(sides[0], right, relation, written.text, written.slice(right), **place)  # type: ignore[arg-type]
        by_steps = written.at_end or bool(STEPWISE.search(written.passage.before))
        yield from _cases(replace(claim, stepwise=by_steps))


def _cases(claim: Claim) -> Iterator[Claim]:
    """A claim for each case, where cases are told apart by whether t is the last step."""
    branches = claim.right.branches if isinstance(claim.right, f.Cases) else ()
    if not any(AT_THE_END.search(a) for _, a in branches):
        yield claim
        return
    for branch, condition in branches:
        yield replace(claim, right=branch, at_end=bool(AT_THE_END.search(condition)))


AT_THE_END = re.compile(r"\b[tnki]\s*=\s*(?:T|\\tau|τ|N)\b")


STEPWISE = re.compile(
    r"\b(?:each|every|one|single|per)[ -](?:time[ -]?)?step|\bat (?:time )?(?:step )?\$?t\$?\b|accumulat",
    re.IGNORECASE,
)
