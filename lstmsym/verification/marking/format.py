"""What a format has to say for itself: how a letter, a fraction, a script or a matrix is set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lstmsym.formulas import tree as f


class Format:
    """The pieces of a formula, each as the format writes it; `writer` puts them together."""

    def letter(self, text: str, accents: Sequence[str]) -> str:
        """A letter or a word under its accents."""
        raise NotImplementedError

    def number(self, digits: str) -> str:
        """Digits."""
        raise NotImplementedError

    def sign(self, text: str) -> str:
        """What stands between two things."""
        raise NotImplementedError

    def close(self, text: str) -> str:
        """What stands before or behind one thing: a bracket, a minus, a comma."""
        raise NotImplementedError

    def row(self, parts: Iterable[str]) -> str:
        """Things side by side."""
        raise NotImplementedError

    def side_by_side(self, left: f.Node, right: f.Node) -> str:
        """What stands between two factors without a sign."""
        raise NotImplementedError

    def applied(self) -> str:
        """What stands between a function and its bracket."""
        return ""

    def fraction(self, node: f.Node, above: str, below: str) -> str:
        """One thing over another."""
        raise NotImplementedError

    def scripts(self, base: str, below: str, above: str) -> str:
        """A base with indices; "" where there are none."""
        raise NotImplementedError

    def limits(self, sign: str, below: str, above: str) -> str:
        """A big sign with its range."""
        raise NotImplementedError

    def root(self, inside: str) -> str:
        """The square root."""
        raise NotImplementedError

    def grid(self, rows: Sequence[Sequence[str]]) -> str:
        """A matrix in its brackets."""
        raise NotImplementedError

    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        """Values and the words of their conditions."""
        raise NotImplementedError

    def words(self, text: str) -> str:
        """Prose within a formula."""
        raise NotImplementedError

    def marked(self, inside: str) -> str:
        """The part that has been changed."""
        raise NotImplementedError
