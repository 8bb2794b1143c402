"""The sizes of everything in a cell, inferred by unification from how it is used.

A size is a tuple of parts, because a concatenation's rows are a sum: (n, m) stands for n + m. A stack
of pieces is one part, `Times`. An unknown part is a Dummy until something binds it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Basic, Dummy, Expr, Integer, Symbol, Tuple

from lstmsym.errors import ShapeError

Width = tuple[Basic, ...]


class Times(Basic):
    """The size of a stack: so many pieces of a size each, both widths."""

    @property
    def pieces(self) -> Width:
        return tuple(self.args[0])

    @property
    def piece(self) -> Width:
        return tuple(self.args[1])


def times(pieces: Width, piece: Width) -> Width:
    """The width of a stack of pieces; of one piece, or of pieces of size 1, it is plain."""
    if (Integer(1),) in (pieces, piece):
        return piece if pieces == (Integer(1),) else pieces
    return (Times(Tuple(*pieces), Tuple(*piece)),)


class Sizes:
    """Unknown sizes and what is known about them."""

    def __init__(self) -> None:
        self.bound: dict[Basic, Width] = {}
        self.owner: dict[Basic, str] = {}

    def new(self, owner: str = "") -> Width:
        """A fresh unknown; `owner` is the signal it is named after when nothing else names it."""
        unknown = Dummy("size")
        self.owner[unknown] = owner
        return (unknown,)

    def resolve(self, width: Width) -> Width:
        """The width with every bound unknown replaced."""
        return tuple(part for w in width for part in self._resolved(w))

    def _resolved(self, part: Basic) -> Width:
        if isinstance(part, Times):
            return times(self.resolve(part.pieces), self.resolve(part.piece))
        return self.resolve(self.bound[part]) if part in self.bound else (part,)

    def unify(self, a: Width, b: Width) -> bool:
        """Make two widths equal; False when they cannot be."""
        a, b = self.resolve(a), self.resolve(b)
        if a == b:
            return True
        for one, other in ((a, b), (b, a)):
            if len(one) == 1 and isinstance(one[0], Dummy):
                return self._bind(one[0], other)
        if len(a) == len(b) == 1 and isinstance(a[0], Times) and isinstance(b[0], Times):
            return self.unify(a[0].pieces, b[0].pieces) and self.unify(a[0].piece, b[0].piece)
        return len(a) == len(b) > 1 and all(
            self.unify((p,), (q,)) for p, q in zip(a, b, strict=True)
        )

    def _bind(self, unknown: Basic, width: Width) -> bool:
        if any(part.has(unknown) for part in width):
            return False
        self.bound[unknown] = width
        if len(width) == 1 and not self.owner.get(width[0]):
            self.owner[width[0]] = self.owner.get(unknown, "")
        return True

    def name(self, states: Iterable[Width], inputs: Iterable[Width], taken: set[str]) -> None:
        """Give every unknown its letter: n for the first state, m for the first input, else n_z after a signal."""
        for letter, widths in (("n", states), ("m", inputs)):
            for width in widths:
                for part in self.resolve(width):
                    if isinstance(part, Dummy):
                        self._call(part, letter, taken)
        for unknown in list(self.owner):
            for part in self.resolve((unknown,)):
                if isinstance(part, Dummy):
                    self._call(part, "n", taken)

    def _call(self, unknown: Basic, letter: str, taken: set[str]) -> None:
        owner = self.owner.get(unknown) or "1"
        choices = (letter, f"{letter}_{owner}", *(f"{letter}_{owner}{i}" for i in range(2, 1000)))
        name = next(c for c in choices if c not in taken)
        taken.add(name)
        self.bound[unknown] = (Symbol(name, integer=True, positive=True),)

    def value(self, width: Width) -> Expr:
        """The width as one SymPy expression."""
        return sum((self._value(part) for part in self.resolve(width)), Integer(0))

    def _value(self, part: Basic) -> Expr:
        if isinstance(part, Times):
            return (self.value(part.pieces) * self.value(part.piece)).expand()
        return part

    def shown(self, width: Width) -> str:
        return " + ".join(map(self._shown, self.resolve(width)))

    def _shown(self, part: Basic) -> str:
        if isinstance(part, Times):
            return f"{self.shown(part.pieces)} · {self.shown(part.piece)}"
        if isinstance(part, Dummy):
            return f"size of {self.owner[part]}" if self.owner.get(part) else "?"
        return str(part)


def clash(message: str, line: int, column: int, text: str) -> ShapeError:
    """A shape error at a place in a cell text."""
    return ShapeError(message, line=line, column=column, text=text)
