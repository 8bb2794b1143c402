"""How things of the lower folders show themselves, without importing the printers above them.

`lstmsym.printing` fills `WRITERS` when it is imported; until then a thing shows its plain repr.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

WRITERS: dict[str, Callable[[Any], str]] = {}


class Shown:
    """A mixin: LaTeX in notebooks, and in SymPy's own printers, written by `lstmsym.printing`."""

    __slots__ = ()

    def _repr_latex_(self) -> str | None:
        return f"$\\displaystyle {WRITERS['latex'](self)}$" if "latex" in WRITERS else None

    def _latex(self, printer: Any, **_: Any) -> str:
        return WRITERS["latex"](self) if "latex" in WRITERS else repr(self)

    def _sympystr(self, printer: Any, **_: Any) -> str:
        return WRITERS["text"](self) if "text" in WRITERS else plain(self)

    def __str__(self) -> str:
        return self._sympystr(None)

    __repr__ = __str__


def plain(thing: Any) -> str:
    """Class and arguments, for the time before a writer is there."""
    return f"{type(thing).__name__}({', '.join(map(str, getattr(thing, 'args', ())))})"
