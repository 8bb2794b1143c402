"""A document taken apart: its forward equations, its claims about derivatives, and its own helper symbols."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lstmsym.errors import CellError
from lstmsym.formulas import tree as f
from lstmsym.formulas.documents import Passage, find_mathematics
from lstmsym.formulas.reader import read_formulas
from lstmsym.verification.claims.claim import Claim
from lstmsym.verification.claims.symbols import DELTAS

ROW = re.compile(r"\\\\(?:\s*\[[^\]]*\])?|\n\s*\n")
FRAME = re.compile(
    r"\\(?:begin|end)\s*\{[^}]*\}|\$\$|\\\[|\\\]|\\\(|\\\)|&|\\(?:label|tag)\s*\{[^}]*\}"
)


@dataclass(frozen=True)
class Written:
    """One equation of a document and where it stands; `text` is the slice of the document."""

    equation: f.Equation
    text: str
    passage: Passage

    @property
    def line(self) -> int:
        return self.passage.position(self.equation.place.start)[0]

    @property
    def column(self) -> int:
        return self.passage.position(self.equation.place.start)[1]

    def slice(self, node: f.Node) -> str:
        return self.passage.text[node.place.start : node.place.end].strip()


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
    for passage in find_mathematics(text, kind):
        try:
            _keep(found, passage, read_formulas(passage.text))
        except CellError as error:
            _row_by_row(found, passage, error)
    return found


def _keep(found: Sources, passage: Passage, formulas: list[f.Formula]) -> None:
    for a in formulas:
        if isinstance(a, f.Equation):
            text = passage.text[a.place.start : a.place.end].strip()
            found.equations.append(Written(a, text, passage))


def _row_by_row(found: Sources, passage: Passage, error: CellError) -> None:
    """What can be read of a passage that cannot be read whole; its rows are tried one by one."""
    rows = list(_rows(passage))
    if len(rows) <= 1:
        found.refused.append(_refused(passage, error))
        return
    for row in rows:
        try:
            _keep(found, row, read_formulas(row.text))
        except CellError as problem:
            found.refused.append(_refused(row, problem))


def _rows(passage: Passage) -> Iterator[Passage]:
    """The rows of a display, each as a passage, its frame blanked so that places stay true."""
    blank = FRAME.sub(lambda m: " " * len(m[0]), passage.text)
    start = 0
    for end in [m.span() for m in ROW.finditer(blank)] + [(len(blank), len(blank))]:
        piece = blank[start : end[0]]
        if "=" in piece:
            line, column = passage.position(start)
            yield Passage(piece, line, column, passage.before, passage.cell)
        start = end[1]


def _refused(passage: Passage, error: CellError) -> Refused:
    line = passage.line + max(error.line - 1, 0)
    column = error.column + (passage.column - 1 if error.line <= 1 else 0)
    return Refused(error.message, error.text or passage.text.strip(), line, column, passage.cell)


def is_about_gradients(node: f.Node) -> bool:
    """Whether a node holds a derivative, an adjoint or a nabla."""
    return any(isinstance(a, f.Derivative) or _is_delta(a) for a in f.walk(node))


def _is_delta(node: f.Node) -> bool:
    if isinstance(node, f.Symbol):
        word = node.base[:1] in "dD" and len(node.base) > 1 and node.base not in ("diag", "dim")
        return node.base in ("delta", "Delta") or (word and node.base[1:2] not in ("", "e"))
    if isinstance(node, f.Product):
        pairs = zip(node.factors, node.factors[1:], node.signs, strict=False)
        return any(
            isinstance(a, f.Symbol) and a.base in DELTAS and not (a.scripts or a.accents or sign)
            and isinstance(b, f.Symbol)
            for a, b, sign in pairs
        )  # fmt: skip
    return False


def claims_of(written: Written) -> Iterator[Claim]:
    """One claim a link of the chain, each about the first side that is no helper."""
    sides, relations = written.equation.sides, written.equation.relations
    place = {
        "line": written.line,
        "column": written.column,
        "before": written.passage.before,
        "cell": written.passage.cell,
    }
    for relation, right in zip(relations, sides[1:], strict=True):
        yield Claim(sides[0], right, relation, written.text, written.slice(right), **place)  # type: ignore[arg-type]
