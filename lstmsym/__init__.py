"""Recurrent cells as equations: derived, typeset, measured, drawn and checked.

    import lstmsym as ls
    lstm = ls.cell("lstm")
    ls.derive(lstm, "dC[t]/dC[t-k]", kind="total").latex()
    ls.flow(["rnn", "lstm"], steps=100, hidden=64, seeds=10, rng=0)

Names are imported when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from lstmsym.api import (
        Cell,
        Derived,
        LstmsymError,
        WholeDerivation,
        assert_gradients,
        bidirectional,
        catalogue,
        cell,
        check_gradients,
        derive,
        initialise,
        network,
        parse,
        parse_latex_cell,
        rollout,
        stack,
        verify,
    )
    from lstmsym.flow import measure as flow

__all__ = [
    "Cell",
    "Derived",
    "LstmsymError",
    "WholeDerivation",
    "assert_gradients",
    "bidirectional",
    "catalogue",
    "cell",
    "check_gradients",
    "derive",
    "flow",
    "initialise",
    "network",
    "parse",
    "parse_latex_cell",
    "rollout",
    "stack",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("lstmsym.api"), name)
    raise AttributeError(f"module 'lstmsym' has no attribute '{name}'")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
