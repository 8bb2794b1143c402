"""What can go wrong, as classes.

Every message says where, what was found, what was expected and what to write instead, in one line;
text errors add the line itself with a caret. `exit_code` is what the command line returns.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Self


class LstmsymError(Exception):
    """Anything that this package refuses, with a sentence for the person who asked."""

    exit_code = 2


class CellError(LstmsymError):
    """A cell text that does not say a cell: line and column count from 1, the caret shows the place."""

    def __init__(
        self, message: str, *, line: int = 0, column: int = 0, text: str = "", path: str = ""
    ) -> None:
        self.message, self.line, self.column, self.text = message, line, column, text
        self.path = path
        super().__init__(self._shown())

    def in_file(self, path: object) -> Self:
        """The same error, said of a file."""
        place = {"line": self.line, "column": self.column}
        return type(self)(self.message, **place, text=self.text, path=str(path))

    def _shown(self) -> str:
        place = ", ".join(filter(None, [self.path, f"line {self.line}" if self.line else ""]))
        where = f"{place}: " if place else ""
        if not self.text or not self.column:
            return where + self.message
        shown, caret = _window(self.text, self.column - 1)
        return f"{where}{self.message}\n  {shown}\n  {' ' * caret}^"


class FormulaError(CellError):
    """A formula in LaTeX that cannot be read, or could be read in two ways; the caret shows where."""


class ShapeError(CellError):
    """Two shapes that do not go together; the message names both."""


class QuantityError(LstmsymError):
    """A derivative that cannot be asked of this cell."""


class UnknownName(LstmsymError):
    """A name that nothing has; the nearest valid spelling is offered."""


class InputError(LstmsymError):
    """A file or a number that cannot be used."""


class MissingRule(LstmsymError):
    """A term without an entry in a table; the message says which table."""


class Disagreement(LstmsymError):
    """Two witnesses of the same quantity that differ."""

    exit_code = 1


class MissingTool(LstmsymError):
    """An optional tool that is not installed; the message has the line that installs it."""

    exit_code = 3


def nearest(name: str, known: Iterable[str]) -> str:
    """The sentence that offers the valid spelling nearest to `name`: "did you mean 'lstm'?"."""
    names = sorted(known)
    folded = {n.lower(): n for n in names}
    close = difflib.get_close_matches(name.lower(), list(folded), n=1, cutoff=0.5)
    listed = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"did you mean '{folded[close[0]]}'? known: {listed}" if close else f"known: {listed}"


def _window(text: str, column: int, width: int = 100) -> tuple[str, int]:
    """At most `width` characters of `text` around `column`, and where the column falls in them."""
    start = max(0, min(column - width // 2, len(text) - width))
    return text[start : start + width].replace("\t", " "), column - start
