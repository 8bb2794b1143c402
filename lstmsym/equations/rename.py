"""A cell under other names: signals, parameters and sizes, all replaced at once.

The letter of a copy stands behind two underscores: h__2 is h of layer 2, h__fwd of the half that runs forwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sympy import Basic, Expr, Symbol

from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.terms import Parameter, Signal, Term

COPY = "__"


@dataclass(frozen=True)
class Names:
    """Old name → new name, and old size → new size; what is not listed stays."""

    signals: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    sizes: Mapping[Symbol, Expr] = field(default_factory=dict)


def renamed(cell: Cell, names: Names) -> Cell:
    """The same cell in other names: the same numbers under the new names of its parameters and inputs."""
    signal = lambda name: names.signals.get(name, name)  # noqa: E731
    parameter = lambda name: names.parameters.get(name, name)  # noqa: E731
    return replace(
        cell,
        equations=tuple(_equation(e, names) for e in cell),
        states=tuple(map(signal, cell.states)),
        inputs=tuple(rewritten(x, names) for x in cell.inputs),
        output=signal(cell.output),
        constants={parameter(name): value for name, value in cell.constants.items()},
        untied=tuple(map(signal, cell.untied)),
        clocks={signal(name): ticks for name, ticks in cell.clocks.items()},
        splits=tuple((rewritten(w, names), rewritten(b, names)) for w, b in cell.splits),
        text="",
    )


def _equation(e: Equation, names: Names) -> Equation:
    return replace(e, left=rewritten(e.left, names), right=rewritten(e.right, names))


def rewritten(term: Term, names: Names) -> Any:
    """A term with every signal, parameter and size in it under its new name."""
    if isinstance(term, Signal):
        name: Any = names.signals.get(term.name, term.name)
    elif isinstance(term, Parameter):
        name = names.parameters.get(term.name, term.name)
    else:
        return type(term)(*(_argument(a, names) for a in term.args))
    return type(term)(name, *(_argument(a, names) for a in term.args[1:]))


def _argument(a: Basic, names: Names) -> Basic:
    return rewritten(a, names) if isinstance(a, Term) else a.xreplace(dict(names.sizes))


@lru_cache(maxsize=4096)
def copy_of(name: str, mark: str) -> str:
    """The name that a copy of a signal or a parameter has.

    >>> copy_of("W_f", "2")
    'W_f__2'
    """
    return f"{name}{COPY}{mark}"


def marks_of(name: str) -> tuple[str, ...]:
    """The marks of the copies that a name stands in, the innermost first.

    >>> marks_of("h__2__bwd")
    ('2', 'bwd')
    """
    return tuple(filter(None, name.split(COPY)[1:]))
