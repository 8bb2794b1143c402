"""From a cell text to a cell.

f[t] = sigmoid(W_f @ [h[t-1], x[t]] + b_f)   # forget gate

`@` is the matrix product, `*` elementwise, `[a, b]` concatenation; the grammar is `cell.lark`.
"""

from __future__ import annotations

from pathlib import Path

from lstmsym.equations.build import Building
from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.checks import CHECKS, in_order
from lstmsym.equations.declare import declare
from lstmsym.equations.functions import ONE
from lstmsym.equations.sizing import Names, Sizing, moments
from lstmsym.equations.syntax import LIMITS, Line, Source, parse
from lstmsym.equations.terms import Signal, t
from lstmsym.errors import CellError, InputError


def read_cell(text: str, name: str = "cell") -> Cell:
    """The cell that a text says. Raises CellError or ShapeError with line, caret and what to write."""
    source = parse(text)
    names = Names()
    for line in source.lines:
        if line.tree.data == "declaration":
            declare(names, line)
    lines = [line for line in source.lines if line.tree.data == "equation"]
    if not lines:
        raise CellError(
            "no equation in this text; a cell reads like h[t] = tanh(W @ h[t-1] + U @ x[t] + b)"
        )
    names.index = _index(lines)
    for check in CHECKS:
        check(lines, names)
    return _build(source, names, in_order(lines), name, text)


def read_cell_file(path: str | Path) -> Cell:
    """The cell in a file. Raises InputError when it cannot be read, CellError when it says no cell."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(4 * LIMITS["characters"] + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; expected a .cell file") from None
    except UnicodeDecodeError:
        raise CellError(f"{path}: this is not UTF-8 text; a .cell file is plain text") from None
    if not text.strip():
        raise CellError(
            f"{path}: the file is empty; a cell has at least one equation, like h[t] = tanh(W @ h[t-1])"
        )
    try:
        return read_cell(text, path.stem)
    except CellError as error:
        raise error.in_file(path) from None


def _build(source: Source, names: Names, lines: list[Line], name: str, text: str) -> Cell:
    states = _states(names, lines)
    for line in lines:
        Sizing(names, line).visit(line.tree)
    for state in states:
        names.signals.setdefault(state, names.sizes.new(state))
    inputs = names.declared.get("input", [])
    for unread in (n for n in inputs if n not in names.signals):
        raise CellError(f"input '{unread}' is never read", line=names.first_line[unread])
    taken = {
        *names.signals,
        *names.parameters,
        *names.declared.get("scalar", ()),
        *_declared_sizes(names),
    }
    names.sizes.name((names.signals[s] for s in states), (names.signals[x] for x in inputs), taken)
    names.has_scalars = _has_scalars(names, lines)
    equations = tuple(_equation(names, line) for line in lines)
    return Cell(
        name=name,
        equations=equations,
        states=tuple(states),
        inputs=(
            *(Signal(x, t, names.sizes.value(names.signals[x])) for x in inputs),
            *(Signal(clock, t, 1) for clock in names.clocks),
        ),
        output=_output(names, states),
        title=source.title or name,
        source=source.keys.get("source", ""),
        differs=source.keys.get("differs", ""),
        family=source.keys.get("family", ""),
        year=_year(source.keys.get("year", "")),
        constants=dict(names.constants),
        untied=tuple(names.declared.get("untied", ())),
        clocks=dict(names.clocks),
        index=names.index,
        text=text,
    )


def _year(written: str) -> int:
    """The year of a head comment; 0 without one."""
    if written and not (len(written) == 4 and written.isascii() and written.isdigit()):
        raise CellError(f"the head says 'year: {written}'; a year has four digits, as in 1997")
    return int(written or 0)


def _equation(names: Names, line: Line) -> Equation:
    left, right = line.tree.children
    builder = Building(names, line)
    rows = names.sizes.value(names.signals[str(left.children[0])])
    return Equation(
        Signal(left.children[0], t, rows), builder.vector(right, rows), line.comment, line.number
    )


def _index(lines: list[Line]) -> str:
    """The letter of time: l, for depth, where the first signal is written with it; else t."""
    first = next((node for line in lines for _, _, node in moments(line.tree)), None)
    return "l" if first is not None and first.children[1].children[0] == "l" else "t"


def _has_scalars(names: Names, lines: list[Line]) -> bool:
    """Whether anything in the equations has size 1, and may have to be spread over a vector."""
    widths = (*names.signals.values(), *(sides[0] for sides in names.parameters.values()))
    called = (node.children[0] for line in lines for node in line.tree.find_data("apply"))
    ones = any(names.sizes.resolve(width) == ONE for width in widths)
    return ones or bool(names.clocks) or any(name in ("dot", "sum") for name in called)


def _states(names: Names, lines: list[Line]) -> list[str]:
    """Declared states first, then the others in the order in which they are read."""
    in_text = sorted(lines, key=lambda line: line.number)
    read = [name for line in in_text for name, before, _ in moments(line.tree) if before]
    return list(dict.fromkeys([*names.declared.get("state", ()), *read]))


def _output(names: Names, states: list[str]) -> str:
    """The declared output, else h where the cell computes one, else the first state."""
    declared = names.declared.get("output", [])
    return declared[0] if declared else "h" if "h" in names.signals else states[0]


def _declared_sizes(names: Names) -> set[str]:
    shapes = (
        side
        for shape in (*names.parameters.values(), *((w,) for w in names.signals.values()))
        for side in shape
    )
    return {str(part) for width in shapes for part in width}
