r"""A cell from the LaTeX of its equations, as a paper or a blog prints them.

The formulas are resolved into the project's own cell text, which `equations.reader` then reads: `Cell.text`
shows how the LaTeX was understood. What can be understood in two ways is asked, never chosen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lstmsym.equations.cell import Cell
from lstmsym.equations.reader import read_cell
from lstmsym.errors import CellError
from lstmsym.formulas.calls import Calls
from lstmsym.formulas.celltext import Line
from lstmsym.formulas.gates import gates_of, in_rows
from lstmsym.formulas.kinds import MATRIX, VECTOR, Kinds
from lstmsym.formulas.names import Named, Naming
from lstmsym.formulas.passages import formulas_in
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.products import Products
from lstmsym.formulas.prose import functions_said
from lstmsym.formulas.rewording import EXAMPLE, in_latex
from lstmsym.formulas.rows import Row, Rows, sorted_rows
from lstmsym.formulas.signals import check_names, define, find_signals, inputs_of, settle_notes
from lstmsym.formulas.stacks import unstacked
from lstmsym.formulas.stated import Stated, stated_in
from lstmsym.formulas.times import time_letter
from lstmsym.formulas.tree import Formula, walk

READ_FROM = "read from LaTeX"


def parse_latex_cell(
    text: str, name: str = "cell", stated: Mapping[str, str] | None = None
) -> Cell:
    r"""The cell that formulas in LaTeX say.

    stated   what the text leaves open: {"g": "tanh", "p_f": "diagonal", "u": "input"}; comments in the
             text say the same: % g = tanh, % p_f : diagonal, % state C, h

    Raises CellError or ShapeError with line, column and caret, also for what can be read in two ways.
    """
    whole = Text(text)
    return Reading.of(whole, formulas_in(whole), stated).read(name)


@dataclass
class Reading:
    """A text on its way to a cell."""

    text: Text
    rows: Rows
    calls: Calls
    equations: list[Row]

    @classmethod
    def of(cls, text: Text, equations: list[Formula], stated: Mapping[str, str] | None) -> Reading:
        """The equations with every name, call and column resolved."""
        time = time_letter(equations)
        rows = sorted_rows(text, equations, time)
        calls = Calls(Naming(text, time), _stated(rows, text, time, stated))
        rights = (calls.named(unstacked(r.right)) for r in rows.equations)
        named = [
            Row(calls.named(r.left), right, r.tag)
            for r, right in zip(rows.equations, rights, strict=True)
        ]
        find_signals(calls, named)
        check_names(calls, named, stated or {})
        define(calls, rows)
        reading = cls(text, rows, calls, [])
        for row in named:
            reading.equations += reading.resolved(row)
        settle_notes(calls, rows, reading.equations)
        return reading

    def resolved(self, row: Row) -> list[Row]:
        """One equation, or one for each gate of a column."""
        gates = gates_of(row.left)
        if not gates:
            return [Row(self.calls.resolved(row.left), self.calls.resolved(row.right), row.tag)]
        left_right = in_rows(self.calls, tuple(map(self.calls.resolved, gates)), row.right)
        said = f"of {len(gates)} in the column, with its rows of each weight"
        return [
            Row(a, self.calls.resolved(b), f"row {n} {said}")
            for n, (a, b) in enumerate(left_right, 1)
        ]

    @property
    def index(self) -> str:
        """The letter of the cell text: l for a recurrence over depth, else t."""
        return "l" if self.calls.naming.time == "l" else "t"

    def read(self, name: str) -> Cell:
        """The cell. Raises CellError at a place in the LaTeX."""
        if not self.equations:
            raise CellError(f"no equation of a signal stands here; {EXAMPLE}")
        stated = self.calls.stated
        known = stated.kinds | dict.fromkeys(stated.numbers, "scalar")
        inputs = inputs_of(self.equations) - set(stated.roles["input"])
        kinds = Kinds(self.text, known, inputs)
        undecided = kinds.infer([row.right for row in self.equations])
        kinds.known |= dict.fromkeys(undecided, MATRIX)
        for parameter in undecided:
            other = Kinds(self.text, kinds.known | {parameter: VECTOR})
            if self._holds(name, other):
                raise self._two_readings(parameter, kinds)
        return self.cell(name, kinds)

    def _holds(self, name: str, kinds: Kinds) -> bool:
        try:
            self.cell(name, kinds)
        except CellError:
            return False
        return True

    def _two_readings(self, parameter: str, kinds: Kinds) -> CellError:
        found = kinds.seen[parameter]["either"]
        return self.text.fail(
            found.place,
            f"'{self.text.at(found)}' may be a matrix or be multiplied entry by entry; state it, as "
            f"in  % {parameter} : matrix  or  % {parameter} : diagonal",
        )

    def cell(self, name: str, kinds: Kinds) -> Cell:
        """The cell with these kinds. Raises CellError at a place in the LaTeX."""
        products = Products(kinds)
        lines = []
        for row in self.equations:
            line = Line(self.text, row.left.place, self.index, frozenset(self.calls.untied))
            line.write(row.left)
            line.add(" = ")
            line.write(products.arranged(row.right))
            lines.append(line)
        head = self._head(name, kinds)
        tags = (f"   # {_one_line(row.tag)}" if row.tag else "" for row in self.equations)
        body = [line.text + tag for line, tag in zip(lines, tags, strict=True)]
        try:
            return read_cell("\n".join([*head, *body]) + "\n", name)
        except CellError as error:
            raise self._in_latex(error, lines, len(head)) from None

    def _head(self, name: str, kinds: Kinds) -> list[str]:
        """Title, what is left out, and declarations."""
        stated = self.calls.stated
        head = [f"# {_one_line(name)}, {READ_FROM}"]
        if self.rows.notes:
            head.append(
                f"# differs: left out: {' '.join('; '.join(self.rows.notes).replace('#', '').split())}"
            )
        head.append("")
        used = {a.name for r in self.equations for a in walk(r.right) if isinstance(a, Named)}
        for scalar in (n for n, kind in kinds.known.items() if kind == "scalar" and n in used):
            number = stated.numbers.get(scalar, "")
            is_signal = scalar in self.calls.signals
            declared = f"signal {scalar} : 1" if is_signal else f"scalar {scalar}"
            head.append(declared + (f" = {number}" if number else ""))
        roles = {"state": self._states_first()} | {r: n for r, n in stated.roles.items() if n}
        head += [f"{role} {', '.join(names)}" for role, names in roles.items() if names]
        if self.calls.untied:
            head.append(f"untied {', '.join(sorted(self.calls.untied))}")
        return head

    def _states_first(self) -> list[str]:
        """h comes first of all states, as in (h, C), where the order of the text would have it later."""
        nodes = (a for r in self.equations for a in walk(r.right))
        states = [a.name for a in nodes if isinstance(a, Named) and a.lag == 1]
        return ["h"] if "h" in states[1:] and states[0] != "h" else []

    def _in_latex(self, error: CellError, lines: list[Line], above: int) -> CellError:
        """The error of a generated line, at the place in the LaTeX that it came from."""
        rows = {n: self.text.line(line.place) for n, line in enumerate(lines, above + 1)}
        message = in_latex(error.message, rows, self.calls.naming.time)
        n = error.line - above - 1
        if not 0 <= n < len(lines):
            return type(error)(message)
        return self.text.fail(lines[n].origin(error.column), message, type(error))


def _stated(rows: Rows, text: Text, time: str, given: Mapping[str, str] | None) -> Stated:
    """What prose, comments, rows and the caller state, the last word being the caller's."""
    naming = Naming(text, time)
    said = [*rows.functions, *rows.numbers]
    from_rows = {naming.named(symbol).name: word for symbol, word in said}
    return stated_in(text, functions_said(text.whole) | from_rows | dict(given or {}))


def _one_line(words: str) -> str:
    plain = re.sub(r"\\(?:text|scriptstyle|quad|mathrm)(?![a-z])\s*|[{}#]", " ", words)
    return " ".join(plain.split())
