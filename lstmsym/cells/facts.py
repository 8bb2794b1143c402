"""What is counted on a cell without deriving anything: its gates, and the numbers that its weights hold."""

from __future__ import annotations

import re

from sympy import Basic, Expr, Integer, Poly

from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.terms import Elementwise, Fill, Hadamard, Plus, Signal, Term, walk

FAMILIES = (
    "simple recurrent",
    "continuous time",
    "LSTM",
    "LSTM variants",
    "GRU",
    "gated variants",
    "linear and state-space",
    "memory and attention",
    "deep",
    "stochastic",
    "feed-forward",
)
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def gates(cell: Cell) -> tuple[str, ...]:
    """The signals that a comment calls a gate, and the logistic ones that multiply something entry by entry."""
    factors = {s for e in cell for s in _factors(e.right)}
    return tuple(e.name for e in cell if _says_gate(e) or (_logistic(e) and e.name in factors))


def _says_gate(e: Equation) -> bool:
    return re.search(r"\bgate\b", e.meaning.partition(",")[0]) is not None


def _logistic(e: Equation) -> bool:
    return isinstance(e.right, Elementwise) and e.right.function == "sigmoid"


def _factors(term: Term) -> set[str]:
    """The signals at t that stand in an elementwise product: as f, or as 1 - f."""
    products = (node for node in walk(term) if isinstance(node, Hadamard))
    factors = [a for node in products if not isinstance(node.parts[0], Fill) for a in node.parts]
    inner = (b for a in factors for b in (a.parts if isinstance(a, Plus) else (a,)))
    bare = (c for b in inner for c in (b.parts if isinstance(b, Hadamard) else (b,)))
    return {c.name for c in bare if isinstance(c, Signal)}


def parameter_count(cell: Cell) -> Expr:
    """How many numbers the weights hold, as a polynomial in the sizes; untied weights count for one step."""
    weights = sum((p.rows * p.cols for p in cell.weights.values()), Integer(0))
    untied = (x.rows for x in cell.inputs if x.name in cell.untied)
    return (weights + sum(untied, Integer(0))).expand()


def polynomial(count: Expr, sizes: tuple[Basic, ...]) -> str:
    """A polynomial in sizes, highest degree first: 4n² + 4nm + 4n.

    >>> from sympy.abc import m, n
    >>> polynomial(4 * n * (n + m) + 4 * n, (n, m))
    '4n² + 4nm + 4n'
    """
    if not sizes:
        return str(count)
    terms = Poly(count, *sizes).terms(order="grlex")
    return " + ".join(_monomial(powers, factor, sizes) for powers, factor in terms)


def _monomial(powers: tuple[int, ...], factor: Expr, sizes: tuple[Basic, ...]) -> str:
    letters = [
        str(s) + (str(power).translate(SUPERSCRIPTS) if power > 1 else "")
        for s, power in zip(sizes, powers, strict=True)
        if power
    ]
    number = [str(factor)] if factor != 1 or not letters else []
    return ("·" if any("_" in a for a in letters) else "").join([*number, *letters])
