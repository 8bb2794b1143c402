"""An error that points into the LaTeX: from the place of a node to line, column and caret."""

from __future__ import annotations

from dataclasses import dataclass

from lstmsym.errors import CellError
from lstmsym.formulas.tree import Node, Place


@dataclass(frozen=True)
class Text:
    """A text that was read, which knows what its places say."""

    whole: str

    def at(self, node: Node) -> str:
        """The characters of a node, on one line; without the end of a font that began before it."""
        written = " ".join(self.whole[node.place.start : node.place.end].split())
        began_before = written.count("}") - written.count("{")
        return written.replace("}", "", max(began_before, 0))

    def line(self, place: Place) -> int:
        """The line of a place, from 1."""
        return self.whole.count("\n", 0, place.start) + 1

    def fail(self, place: Place, message: str, kind: type[CellError] = CellError) -> CellError:
        """An error with line, column and caret at a place."""
        start = self.whole.rfind("\n", 0, place.start) + 1
        row = self.whole[start:].partition("\n")[0].rstrip()
        return kind(message, line=self.line(place), column=place.start - start + 1, text=row)
