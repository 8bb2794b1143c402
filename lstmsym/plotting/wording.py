"""Quantities and conditions in words and formulas, the same on every figure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from lstmsym.flow.result import CellFlow, Flow

LAG = "lag $k = T - t$ (steps)"
QUANTITY = re.compile(
    r"d(?P<above>[^\[\]/]+)(\[(?P<now>\w+)\])?/d(?P<below>[^\[\]/]+)\[(?P<then>\w+)\]"
)
WRITTEN = {
    "spectral": "\\|{}\\|_2",
    "frobenius": "\\|{}\\|_{{\\mathrm{{F}}}}",
    "probe": "\\|u^\\top {}\\|_2",
    "euclidean": "\\|{}\\|_2",
}
NORMS = {
    "spectral": "spectral norm",
    "frobenius": "Frobenius norm",
    "probe": "norm along a random unit vector $u$",
    "euclidean": "Euclidean norm",
}
INITS = {
    "pytorch": "PyTorch",
    "keras": "Keras",
    "gaussian": "Gaussian",
    "orthogonal": "orthogonal",
    "identity": "identity",
}


def derivative(quantity: str) -> str:
    """A quantity in mathtext, without dollars.

    >>> print(derivative("dh[T]/dh[t]"))
    \\partial h_{T}/\\partial h_{t}
    """
    found = QUANTITY.fullmatch(quantity.replace(" ", ""))
    if not found:
        return f"\\mathrm{{{quantity}}}"
    now = f"_{{{found['now']}}}" if found["now"] else ""
    above, below = _letter(found["above"]), _letter(found["below"])
    return f"\\partial {above}{now}/\\partial {below}_{{{found['then']}}}"


def norm_of(quantity: str, norm: str) -> str:
    """The label of an axis with its norm: ‖∂h_T/∂h_t‖₂."""
    return f"${WRITTEN[norm].format(derivative(quantity))}$"


def _letter(name: str) -> str:
    return name if len(name) == 1 else f"\\mathrm{{{name.replace('_', ' ')}}}"


def conditions(flows: Flow | Sequence[Flow], *, without: Sequence[str] = ()) -> list[str]:
    """What the numbers of flows hang on: norm, kind, initialisation, sizes, seeds, number type.

    `without` names what the figure itself varies ("gain", "forget bias") and so is not listed.
    """
    flows = [flows] if isinstance(flows, Flow) else flows
    cells = [one for flow in flows for one in flow.cells]
    starts = [_initialisation(one.init, without) for one in cells]
    return [
        _either(NORMS.get(flow.norm, flow.norm) for flow in flows),
        f"kind: {_either(flow.kind for flow in flows)}",
        _either(starts),
        f"$n = {_either(one.hidden for one in cells)}$, $T = {_either(one.steps for one in cells)}$",
        f"{_seeds(cells)}, {_either(one.dtype for one in cells)}",
        *_zeros(cells),
    ]


def band(flows: Sequence[Flow]) -> list[str]:
    """What lines and bands stand for; one seed has no band."""
    alone = all(one.seeds == 1 for flow in flows for one in flow.cells)
    return [] if alone else ["line: mean of ln norm; band: 10–90 % of seeds"]


def _seeds(cells: Iterable[CellFlow]) -> str:
    told = _either(one.seeds for one in cells)
    return f"{told} seed" if told == "1" else f"{told} seeds"


def _either(values: Iterable[Any]) -> str:
    """The value, or each of them where they differ."""
    return ", ".join(dict.fromkeys(str(value) for value in values))


def _initialisation(init: str, without: Sequence[str]) -> str:
    name, *choices = init.split(", ")
    kept = [choice for choice in choices if not choice.startswith(tuple(without))]
    return ", ".join([f"{INITS.get(name, name)} initialisation", *kept])


def _zeros(cells: Iterable[CellFlow]) -> list[str]:
    """Norms that are exactly zero have no place on a logarithmic axis, so they are told in words."""
    gone = {one.cell: int(np.isneginf(one.log_norm).sum()) for one in cells}
    return [
        f"{cell}: exactly 0 at {count} lags, not drawn" for cell, count in gone.items() if count
    ]


def gain_of(flow: Flow) -> float:
    """The gain at which a flow was measured, which its cells tell in `init`."""
    return _chosen(flow, "gain", 1.0)


def forget_bias_of(flow: Flow) -> float:
    """The forget bias at which a flow was measured; NaN where it was not set."""
    return _chosen(flow, "forget bias", math.nan)


def _chosen(flow: Flow, what: str, otherwise: float) -> float:
    found = re.search(f", {what} ([^,]+)", flow.cells[0].init)
    return float(found[1]) if found else otherwise
