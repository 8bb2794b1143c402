"""A derivative as a user writes it: 'dC[t]/dC[t-k]', 'dh[t]/dx[t-2]', 'dL/dW_f', 'dL/dh[t]'."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sympy import Expr, Integer

from lstmsym.derivation.graph import count_paths
from lstmsym.derivation.normal import with_preactivations
from lstmsym.equations.cell import Cell
from lstmsym.equations.terms import k
from lstmsym.errors import QuantityError, nearest

KINDS = ("direct", "step", "block", "total")
LAYOUTS = ("numerator", "denominator")
LONGEST_TEXT = 200
LAG_LIMIT = 2_000
FORM = "as in 'dC[t]/dC[t-k]', 'dC[t]/dC[t-3]', 'dh[t]/dx[t-2]', 'dL/dW_f' or 'dL/dh[t]'"

_NAME = r"([^\W\d_]\w*)"
_STATE = re.compile(rf"[d∂]{_NAME}\[t\]/[d∂]{_NAME}\[t(?:([+-])(k|[0-9]+))?\]")
_LOSS = re.compile(rf"[d∂]L/[d∂]{_NAME}(\[t\])?")


@dataclass(frozen=True)
class Quantity:
    """above by below; lag is an integer or the symbol k; above "L" is the loss, and then lag is None."""

    above: str
    below: str
    lag: Expr | None
    text: str

    @property
    def by_parameter(self) -> bool:
        return self.above == "L" and not self.text.endswith("]")


def read_quantity(cell: Cell, text: str) -> Quantity:
    """The derivative that a text asks of a cell. Raises QuantityError with what to write instead."""
    packed = re.sub(r"\s+", "", text) if len(text) <= LONGEST_TEXT else ""
    if cell.index != "t":
        packed = re.sub(rf"\[{cell.index}(?=[\]+-])", "[t", packed)
    if match := _STATE.fullmatch(packed):
        above, below, sign, lag = match.groups()
        return _state_quantity(cell, above, below, sign, lag, packed.replace("∂", "d"))
    if match := _LOSS.fullmatch(packed):
        below, time = match.groups()
        return _loss_quantity(cell, below, time, packed.replace("∂", "d"))
    raise QuantityError(f"unknown quantity '{text[:60]}'; write it {FORM}")


def _state_quantity(cell: Cell, above: str, below: str, sign: str, lag: str, text: str) -> Quantity:
    if above not in cell.by_name:
        raise QuantityError(
            f"{cell.name} computes no signal '{above}'; {nearest(above, cell.by_name)}"
        )
    if below not in cell.signals:
        raise QuantityError(f"{cell.name} has no signal '{below}'; {nearest(below, cell.signals)}")
    if sign == "+":
        raise QuantityError(f"'{text}': the future does not act on the past; write [t-{lag}]")
    value = k if lag == "k" else Integer(lag or 0)
    if value == 0 and _never_acts(cell, above, below):
        raise QuantityError(
            f"'{text}': lag 0; a state's lag is at least 1, as in 'd{above}[t]/d{below}[t-1]'"
        )
    if value != k and value > LAG_LIMIT:
        raise QuantityError(
            f"'{text}': the lag is at most {LAG_LIMIT:,}; write [t-k] for the formula at any lag"
        )
    return Quantity(above, below, value, text)


def _never_acts(cell: Cell, above: str, below: str) -> bool:
    """Whether a state at t leaves a signal of the same step alone, which then is asked by mistake."""
    itself = above == below
    return itself or (below in cell.states and not count_paths(cell, above, below, 0, "total"))


def _loss_quantity(cell: Cell, below: str, time: str | None, text: str) -> Quantity:
    known = with_preactivations(cell).signals if time else cell.weights
    if below in known:
        return Quantity("L", below, None, text)
    if time is None and below in cell.signals:
        raise QuantityError(f"'{below}' is a signal; write 'dL/d{below}[t]'")
    if time is None and below in cell.constants:
        raise QuantityError(
            f"'{below}' is a constant of {cell.name}, not a weight; {nearest(below, cell.weights)}"
        )
    what = "signal" if time else "parameter"
    raise QuantityError(f"{cell.name} has no {what} '{below}'; {nearest(below, known)}")


def check_choice(what: str, value: str, known: tuple[str, ...]) -> str:
    """The value if it is known. Raises QuantityError with the nearest spelling."""
    if value not in known:
        raise QuantityError(f"unknown {what} '{value}'; {nearest(value, known)}")
    return value
