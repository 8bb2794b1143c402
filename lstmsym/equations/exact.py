"""Names and numbers as SymPy objects, without SymPy's reading of texts, which evaluates them."""

from __future__ import annotations

from operator import index
from typing import Any

from sympy import Basic, Integer, Rational
from sympy.core.symbol import Str


def exact(value: Any) -> Basic:
    """A number or a SymPy object as SymPy has it; a text is refused, since SymPy would evaluate it.

    Raises TypeError.
    """
    if isinstance(value, Basic):
        return value
    if isinstance(value, float):
        return Rational(repr(value))
    return Integer(index(value))


def as_name(name: Any) -> Str:
    """A name as a SymPy object."""
    return name if isinstance(name, Str) else Str(name)
