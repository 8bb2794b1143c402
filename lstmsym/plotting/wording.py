"""Quantities and conditions in words and formulas, the same on every figure."""

from __future__ import annotations

import re

LAG = "lag $k = T - t$ (steps)"
QUANTITY = re.compile(
    r"d(?P<above>[^\[\]/]+)(\[(?P<now>\w+)\])?/d(?P<below>[^\[\]/]+)\[(?P<then>\w+)\]"
)
MARKS = {"spectral": "2", "frobenius": "\\mathrm{F}", "probe": "\\mathrm{probe}"}
NORMS = {
    "spectral": "spectral norm",
    "frobenius": "Frobenius norm",
    "probe": "norm along a random direction",
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
    return f"$\\|{derivative(quantity)}\\|_{{{MARKS.get(norm, norm)}}}$"


def _letter(name: str) -> str:
    return name if len(name) == 1 else f"\\mathrm{{{name.replace('_', ' ')}}}"
