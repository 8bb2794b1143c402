"""What the documentation says of a cell on one sheet: equations, Jacobian, paths, and what holds at rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import sympy

from lstmsym import printing
from lstmsym.cells.facts import FAMILIES
from lstmsym.derivation.graph import count_paths
from lstmsym.derivation.kinds import direct
from lstmsym.derivation.rest import MU, Rest, at_rest
from lstmsym.derivation.state import state_jacobian
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Columns
from lstmsym.equations.terms import Parameter, is_fill, walk
from lstmsym.flow.rest import HIDDEN, SEED, spectrum_at_rest

LONGEST = 4  # the lags of which paths are counted

ANSWER = f"""# The catalogue

Every cell that comes with lstmsym, with what follows from its equations. These pages are written by
`scripts/cells_table.py` from the cells themselves; `lstmsym derive CELL` prints the same with every step.

## Why does this cell vanish less?

A gradient that reaches back $k$ steps is a sum over paths, and each path is a product of $k$ factors, one a step. In a
plain network every factor is the recurrent matrix with the slopes of the units. The product of $k$ such factors shrinks
or grows exponentially, and no choice of one matrix keeps it near one in all directions and for all inputs.

A cell vanishes less when a state has a **direct path** to itself without a matrix and without a slope on it: a diagonal
that is a gate, or a number. On this path the gradient is multiplied, unit by unit, by what the gate says: by exactly 1
in the LSTM of 1997, by $f_t$ in one with a forget gate, by $1 - z_t$ or $z_t$ in a GRU. A gate near one is easy to
learn and hard to leave by accident; a matrix whose product over $k$ steps stays near one is neither. The other paths
are still there, and their number grows exponentially with $k$: they are added to the direct one and may cancel it,
outgrow it or carry the gradient when it fails.

Nothing protects the direct path itself. With all biases zero a gate is one half, and $2^{{-20}}$ is a millionth: hence
a forget bias of 1 or more at the start.

The table shows the direct path of each state over one step, wherever it has one. **At rest** is the largest modulus of
the eigenvalues of the joint Jacobian $J_t$ with states, inputs and biases zero, the slope of ReLU at zero being 0; for
one draw: every size {HIDDEN}, matrices on states $N(0, 1/n)$ and on inputs $N(0, 1/m)$, seed {SEED}. Where the
eigenvalues can be written down, the sheet of the cell does, with $\\mu$ for any eigenvalue of the weight that is named.
"""


def pages(cells: Sequence[Cell]) -> dict[str, str]:
    """Path in docs/ → text: the answer with the table, and the sheets of each family."""
    kin = {f: [c for c in _by_year(cells) if c.family == f] for f in FAMILIES}
    kin = {family: own for family, own in kin.items() if own}
    listed = "\n".join(f"cells/{_stem(family)}" for family in kin)
    found = {
        f"cells/{_stem(family)}.md": "\n".join([f"# Family: {family}\n", *map(sheet, own)])
        for family, own in kin.items()
    }
    ordered = [cell for own in kin.values() for cell in own]
    return {
        "cells.md": f"{ANSWER}\n{table(ordered)}\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n"
    } | found


def _stem(family: str) -> str:
    """The name of a family's file."""
    return family.lower().replace(" ", "-")


def _by_year(cells: Iterable[Cell]) -> list[Cell]:
    return sorted(cells, key=lambda c: (c.year, c.name))


def table(cells: Iterable[Cell]) -> str:
    """One row a cell: its direct paths, whether a matrix stands on them, and the spectral radius at rest."""
    rows = ["| cell | direct path | free of matrices | at rest |", "| --- | --- | --- | ---: |"]
    for cell in cells:
        paths = _direct_paths(cell)
        latex = (printing.latex(term).replace("|", r"\vert ") for term in paths.values())
        shown = ", ".join(f"${a}$" for a in latex)
        free = ", ".join(s for s, term in paths.items() if not _has_matrix(term)) or "—"
        linked = f"[{cell.name}](cells/{_stem(cell.family)}.md#{cell.name})"
        rows.append(f"| {linked} | {shown or '—'} | {free} | {_radius(cell):.3f} |")
    return "\n".join(rows) + "\n"


def _direct_paths(cell: Cell) -> dict[str, Any]:
    """The direct path of each state to itself over one step, where it is not zero."""
    found = {s: direct(cell, s, s) for s in cell.states}
    return {s: term for s, term in found.items() if not is_fill(term, 0)}


def _has_matrix(term: Any) -> bool:
    return any(
        isinstance(a, Columns) or (isinstance(a, Parameter) and a.cols != 1) for a in walk(term)
    )


def _radius(cell: Cell) -> float:
    return float(np.abs(spectrum_at_rest(cell)[0]))


def sheet(cell: Cell) -> str:
    """Everything about one cell in Markdown."""
    said = [f"Source: {cell.source}."] + ([f"Differs: {cell.differs}."] if cell.differs else [])
    jacobian = [_display(printing.latex(step)) for step in state_jacobian(cell)]
    parts = [
        f"## {cell.name}\n\n{cell.title}. {' '.join(said)}",
        _display(printing.latex(cell)),
        "One step:",
        *jacobian,
        _paths(cell),
        _rest(cell),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _display(latex: str) -> str:
    return f"$$\n{latex.strip()}\n$$"


def _paths(cell: Cell) -> str:
    """How many elementary paths lead from each state back to itself, direct ones among them."""
    rows = []
    for s in cell.states:
        counts = [count_paths(cell, s, s, lag, "block") for lag in range(1, LONGEST + 1)]
        symbol = printing.latex(cell.signal(s))
        rows.append(
            f"${symbol}$: {', '.join(map(str, counts))}" if any(counts) else f"${symbol}$: none"
        )
    lags = ", ".join(map(str, range(1, LONGEST + 1)))
    return f"Paths from a state to itself over $k = {lags}$ steps: {'; '.join(rows)}."


def _rest(cell: Cell) -> str:
    """The joint Jacobian at rest and its eigenvalues, as formulas where there are some."""
    rest, radius = at_rest(cell), _radius(cell)
    measured = f"largest $|\\lambda|$ at rest {radius:.3f}"
    if rest is None:
        return f"At rest in numbers alone: {measured}."
    names = {symbol: printing.latex(term) for symbol, term in rest.weights.items()}
    J = sympy.latex(rest.blocks if rest.blocks.rows > 1 else rest.blocks[0], symbol_names=names)
    return f"At rest $J = {J}${_eigenvalues(rest, names)}; {measured}."


def _eigenvalues(rest: Rest, names: dict[Any, str]) -> str:
    if rest.eigenvalues is None:
        return ""
    shown = ", ".join(f"${sympy.latex(a)}$" for a in rest.eigenvalues)
    has_mu = any(a.has(MU) for a in rest.eigenvalues)
    weight = f" with $\\mu$ an eigenvalue of ${next(iter(names.values()))}$" if has_mu else ""
    return f", with the eigenvalue{'s' * (len(rest.eigenvalues) > 1)} {shown}{weight}"
