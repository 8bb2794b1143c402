"""Times, sizes and numbers in the order in which a reader expects them: t-k+1, never -k+t+1."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar, copy_context
from functools import lru_cache, wraps
from typing import Any

from sympy import Add, Expr, Number, Rational, Symbol

from lstmsym.equations.cell import Cell
from lstmsym.equations.exact import exact
from lstmsym.equations.terms import t
from lstmsym.errors import MissingRule

TIME_ABOVE: ContextVar[bool] = ContextVar("TIME_ABOVE", default=False)
INDEX: ContextVar[str] = ContextVar("INDEX", default="t")
UNTIED: ContextVar[tuple[str, ...]] = ContextVar("UNTIED", default=())


def with_its_times(write: Callable[..., str]) -> Callable[..., str]:
    """A printer that writes times as the cell has them, h^{(t)}, h_t or h_l; of a term as they are."""

    @wraps(write)
    def written(thing: Any, *args: Any, **choices: Any) -> str:
        cell = thing if isinstance(thing, Cell) else getattr(thing, "cell", None)
        if cell is None:
            return write(thing, *args, **choices)
        context = copy_context()
        context.run(TIME_ABOVE.set, cell.time_above)
        context.run(INDEX.set, cell.index)
        context.run(UNTIED.set, cell.untied)
        return context.run(write, thing, *args, **choices)

    return written


def time(expression: Expr, between: str = "") -> str:
    """A linear expression in time symbols; `between` stands around the signs.

    >>> from lstmsym.equations.terms import k, t
    >>> time(t - k + 1), time(t + k, between=" ")
    ('t-k+1', 't + k')
    """
    return _time(expression, between, INDEX.get())


@lru_cache(maxsize=8192)
def _time(expression: Expr, between: str, letter: str) -> str:
    expression = exact(expression)
    if letter != "t":
        expression = expression.xreplace({t: Symbol(letter, integer=True)})
    terms = sorted(Add.make_args(expression.expand()), key=_place)
    written = "".join(_signed(term, between) for term in terms)
    return written.removeprefix(f"{between}+{between}") if between else written.removeprefix("+")


def _place(term: Expr) -> tuple[bool, bool, bool, str]:
    """Symbols before numbers, what is added before what is taken away, t and T first."""
    coefficient, symbols = term.as_coeff_Mul()
    return symbols == 1, bool(coefficient < 0), str(symbols) not in ("t", "T", "l"), str(symbols)


def _signed(term: Expr, between: str) -> str:
    coefficient, symbol = term.as_coeff_Mul()
    if not (coefficient.is_Integer and (symbol == 1 or isinstance(symbol, Symbol))):
        raise MissingRule(f"no way to print the time {term}; add it to lstmsym/printing/times.py")
    sign = f"{between}{'-' if coefficient < 0 else '+'}{between}"
    size = abs(coefficient)
    return sign + (str(size) if symbol == 1 else str(symbol) if size == 1 else f"{size}{symbol}")


def decimal(value: Number) -> str | None:
    """A number whose decimals end, with at most 12 of them; None for 1/3.

    >>> decimal(Rational(19, 20)), decimal(Rational(-2)), decimal(Rational(1, 3))
    ('0.95', '-2', None)
    """
    exact = Rational(value)
    for places in range(13):
        shifted = exact * 10**places
        if shifted.is_Integer:
            digits = str(abs(int(shifted))).rjust(places + 1, "0")
            point = f"{digits[:-places]}.{digits[-places:]}" if places else digits
            return ("-" if exact < 0 else "") + point
    return None
