"""What the names in a term stand for: sizes, times, parameters, signals, adjoints, definitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import prod
from typing import Any

from sympy import Basic, Expr, Symbol

from lstmsym.equations.derived import Partial, StateJacobian
from lstmsym.equations.terms import Term, t
from lstmsym.errors import InputError, MissingRule, QuantityError, UnknownName, nearest

Array = Any
OverTime = Callable[[str, int], Array] | Mapping[str, Mapping[int, Array]]


@dataclass(frozen=True)
class Environment:
    """The values of the names in a term.

    parameters   name → array (rows,) or (rows, cols), draws in front; of a scalar () or (1,)
    signals      a function of name and time, or name → {time: array (..., rows)}
    sizes        size symbol → int
    times        time symbol (t, k, j, T) → int
    adjoints     (name, time, scope) → array (..., rows): a function or a mapping with such keys
    gradients    parameter name → array
    definitions  a name at time t (a StateJacobian, a Partial) → the term it stands for at time t
    """

    parameters: Mapping[str, Array] = field(default_factory=dict)
    signals: OverTime = field(default_factory=dict)
    sizes: Mapping[Symbol, int] = field(default_factory=dict)
    times: Mapping[Symbol, int] = field(default_factory=dict)
    adjoints: Callable[[str, int, str], Array] | Mapping[tuple[str, int, str], Array] = field(
        default_factory=dict
    )
    gradients: Mapping[str, Array] = field(default_factory=dict)
    definitions: Mapping[Term, Term] = field(default_factory=dict)
    memory: dict[Any, Array] = field(default_factory=dict, repr=False)

    def bind(self, times: Mapping[Symbol, int]) -> Environment:
        """The same with these time symbols bound."""
        return replace(self, times={**self.times, **times})

    def size(self, expression: Basic) -> int:
        """A size such as n + m as a number."""
        return affine_value(expression, self.sizes, "size")

    def time(self, expression: Basic) -> int:
        """A time such as t - k as a number."""
        return affine_value(expression, self.times, "time")

    def parameter(self, name: str) -> Array:
        return _look_up(self.parameters, name, "parameter")

    def gradient(self, name: str) -> Array:
        return _look_up(self.gradients, name, "gradient of")

    def signal(self, name: str, time: int) -> Array:
        if callable(self.signals):
            return self.signals(name, time)
        series = _look_up(self.signals, name, "signal")
        return _look_up(series, time, f"value of {name} at time")

    def adjoint(self, name: str, time: int, scope: str) -> Array:
        if callable(self.adjoints):
            return self.adjoints(name, time, scope)
        return _look_up(self.adjoints, (name, time, scope), "adjoint")

    def definition(self, name: StateJacobian | Partial) -> tuple[Term, int]:
        """The term at time t that a named derivative stands for, and the number that t then is."""
        time = self.time(name.time if isinstance(name, StateJacobian) else name.above.time)
        for candidate in self._at_t(name):
            if candidate in self.definitions:
                return self.definitions[candidate], time
        raise QuantityError(f"nothing defines the name {name} at time {time} here")

    def _at_t(self, name: StateJacobian | Partial) -> list[Term]:
        """The same name with its time written as t, and its lag as a number or as it stands."""
        if isinstance(name, StateJacobian):
            return [_with_lag(name, None)]
        now, before = self.time(name.above.time), self.time(name.below.time)
        return [_with_lag(name, now - before), _with_lag(name, None)]


@lru_cache(maxsize=8192)
def _with_lag(name: StateJacobian | Partial, lag: int | None) -> Term:
    """The name at time t, with the lag given or as it stands."""
    if isinstance(name, StateJacobian):
        return StateJacobian(t, name.args[1])
    written = name.above.time - name.below.time if lag is None else lag
    return Partial(name.above.at(t), name.below.at(t - written), name.kind)


Monomial = tuple[tuple[Symbol, ...], int]


@lru_cache(maxsize=8192)
def coefficients(expression: Expr) -> tuple[int, tuple[Monomial, ...]]:
    """Constant, and the products of symbols with their coefficients: n + 2 N m is 0, (((n,), 1), ((N, m), 2))."""
    constant, parts = 0, []
    for term, coefficient in expression.as_coefficients_dict().items():
        if term.is_Number:
            constant += int(term * coefficient)
        elif all(s.is_Symbol and n.is_Integer for s, n in term.as_powers_dict().items()):
            powers = term.as_powers_dict().items()
            parts.append((tuple(s for s, n in powers for _ in range(n)), int(coefficient)))
        else:
            raise MissingRule(f"'{expression}' is no sum of multiples of symbols")
    return constant, tuple(parts)


def affine_value(expression: Basic, values: Mapping[Symbol, int], what: str) -> int:
    """The number that a size or a time is. Raises InputError for a symbol without a value."""
    constant, parts = coefficients(expression)
    try:
        return constant + sum(c * prod(values[s] for s in symbols) for symbols, c in parts)
    except KeyError as missing:
        known = ", ".join(f"{s} = {v}" for s, v in values.items()) or "none"
        raise InputError(f"the {what} {missing.args[0]} has no value; known: {known}") from None


def _look_up(table: Mapping[Any, Array], name: Any, what: str) -> Array:
    try:
        return table[name]
    except KeyError:
        if isinstance(name, str):
            raise UnknownName(f"no {what} '{name}'; {nearest(name, table)}") from None
        raise UnknownName(f"no {what} {name} among the given values") from None
