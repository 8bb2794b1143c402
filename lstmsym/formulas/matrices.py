r"""Brackets and matrices: what groups, what puts things side by side or below each other, and cases."""

from __future__ import annotations

from dataclasses import replace

from lstmsym.formulas import macros
from lstmsym.formulas.pairs import shown
from lstmsym.formulas.ranges import Ranges
from lstmsym.formulas.tokens import GAP, PROSE, ROW
from lstmsym.formulas.tree import (
    Apply,
    Bracket,
    Cases,
    Dots,
    Grid,
    Node,
    Norm,
    Stack,
    Words,
)

_STYLES = {r"\langle": "angle", "(": "round", "[": "square", r"\{": "curly", "{": ""}
_ENVIRONMENTS = {"pmatrix": "round", "psmallmatrix": "round", "Bmatrix": "curly"}

Range = tuple[int, int]


class Matrices(Ranges):
    """Reads what stands between two brackets or between begin and end."""

    def bracket(self) -> Node:
        """Brackets around one expression, or around several as a stack."""
        start, style = self.at, _STYLES[self.peek().text]
        own = self.at + 1 < self.end and self.tokens[self.at + 1].text.startswith(r"\begin")
        alone = own and self.pairs[self.at + 1] == self.mate() - 1
        parts, sign = self.inside()
        place = self.place(start)
        if len(parts) > 1:
            stack = Stack(parts, sign, place=place)
            return Bracket(stack, style, place=place) if style == "angle" else stack
        if alone and isinstance(parts[0], Stack | Grid):
            return parts[0]
        return Bracket(parts[0], style, place=place) if style else parts[0]

    def inside(self) -> tuple[tuple[Node, ...], str]:
        """The expressions between two brackets and the sign between them; the brackets are taken."""
        end = self.mate()
        opener = self.take()
        if self.at == end:
            raise self.refuse(f"nothing stands in {opener.text} {self.tokens[end].text}", opener)
        sign = ","
        with self.until(end):
            parts = [self.entry()]
            if self.peek().mark(",", ";"):
                sign = self.peek().text
            while self.accept(sign):
                parts.append(self.entry())
        self.at = end + 1
        return tuple(parts), sign

    def entry(self) -> Node:
        r"""An expression; the \cdot of \sigma'(\cdot) stands for one."""
        start = self.at
        if self.peek().mark(r"\cdot") and (self.at + 1 == self.end or self.peek(1).mark(",", ";")):
            self.take()
            return Dots(place=self.place(start))
        if self.peek().kind == PROSE and self.at + 1 == self.end:
            return Words(self.take().text, place=self.place(start))
        return self.sum()

    # --- bars -------------------------------------------------------------------------------------

    def absolute(self) -> Node:
        r"""|a|; with an index or two bars it is a norm."""
        start = self.at
        if self.peek(1).mark(r"\lvert") and self.mate() == self.pairs[self.at + 1] + 1:
            return self.nested_bars()
        if self.peek().mark("|") and self.peek(1).mark("|") and not self.peek(1).spaced:
            return self.double_bars()
        inside = self.between_bars(r"\lvert", r"\rvert", "|")
        if self.accept("_"):
            return Norm(inside, self.norm_index(), place=self.place(start))
        return Apply("abs", (inside,), place=self.place(start))

    def norm(self) -> Node:
        r"""\lVert a \rVert_2, \|a\|."""
        start = self.at
        inside = self.between_bars(r"\lVert", r"\rVert", r"\|")
        index = self.norm_index() if self.accept("_") else ""
        return Norm(inside, index, place=self.place(start))

    def nested_bars(self) -> Node:
        r"""\left|\left| a \right|\right|."""
        start = self.at
        self.take()
        inside = self.between_bars(r"\lvert", r"\rvert", "|")
        self.expect(r"\rvert", "behind a norm")
        index = self.norm_index() if self.accept("_") else ""
        return Norm(inside, index, place=self.place(start))

    def double_bars(self) -> Node:
        """||a||, with or without an index."""
        start = self.at
        self.take()
        inside = self.between_bars("", "", "|")
        self.expect("|", "behind a norm")
        index = self.norm_index() if self.accept("_") else ""
        return Norm(inside, index, place=self.place(start))

    def norm_index(self) -> str:
        start, end, after = self.extent()
        self.at = after
        return "".join(a.text.removeprefix("\\") for a in self.tokens[start:end])

    def between_bars(self, opener: str, closer: str, bar: str) -> Node:
        if self.peek().mark(opener):
            end = self.mate()
            self.take()
            with self.until(end):
                inside = self.entry()
            self.at = end + 1
            return inside
        opened = self.take()
        self.bars.append(bar)
        inside = self.entry()
        if not self.accept(bar):
            raise self.refuse(f"'{bar}' is never closed; found {shown(self.peek())}", opened)
        self.bars.pop()
        return inside

    # --- environments -----------------------------------------------------------------------------

    def environment(self) -> Node:
        """A matrix, a column or cases."""
        start, end = self.at, self.mate()
        name = self.peek().text.removeprefix(r"\begin{").rstrip("}")
        rows = [row for row in self.rows(self.at + 1, end) if any(a < b for a, b in row)]
        if not rows:
            raise self.refuse(f"nothing stands in the {name}")
        cells = tuple(self.cases_row(a) for a in rows) if name in macros.CASES else None
        node: Node = (
            Cases(cells)
            if cells is not None
            else self.matrix(rows, _ENVIRONMENTS.get(name, "square"))
        )
        self.at = end + 1
        return replace(node, place=self.place(start))

    def rows(self, start: int, end: int) -> list[list[Range]]:
        """The cells of every row as places of tokens."""
        rows: list[list[Range]] = [[]]
        first = at = start
        while at < end:
            token = self.tokens[at]
            if token.kind in (ROW, GAP):
                rows[-1].append((first, at))
                first = at + 1
                if token.kind == ROW:
                    rows.append([])
            at = max(self.pairs.get(at, at), at) + 1
        rows[-1].append((first, end))
        return rows

    def matrix(self, rows: list[list[Range]], style: str) -> Node:
        widths = {len(row) for row in rows}
        if len(widths) > 1:
            raise self.refuse(f"the rows of a matrix have {min(widths)} and {max(widths)} entries")
        cells = tuple(tuple(self.cell(*a) for a in row) for row in rows)
        if widths != {1}:
            return Grid(cells)
        column = tuple(row[0] for row in cells)
        if len(column) > 1:
            return Stack(column, "rows")
        return column[0] if isinstance(column[0], Stack) else Bracket(column[0], style)

    def cell(self, start: int, end: int) -> Node:
        if start == end:
            raise self.refuse(
                "an entry of a matrix is empty; write 0", self.tokens[max(start - 1, 0)]
            )
        with self.until(end):
            self.at = start
            parts = [self.entry()]
            while self.accept(",", ";"):
                parts.append(self.entry())
            return (
                parts[0] if len(parts) == 1 else Stack(tuple(parts), ",", place=self.place(start))
            )

    def cases_row(self, row: list[Range]) -> tuple[Node, str]:
        (start, end), *others = row
        while end > start + 1 and self.tokens[end - 1].mark(","):
            end -= 1
        condition = self.source(others[0][0], others[-1][1]) if others else ""
        return self.cell(start, end), condition
