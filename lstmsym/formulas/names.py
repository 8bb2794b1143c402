r"""What a written symbol is called in a cell, and at which time it stands: \tilde{C}_{t-1} is C_tilde[t-1].

The mirror of `printing.letters`. Fonts do not count; two spellings that would get one name are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lstmsym.formulas.pointing import Text
from lstmsym.formulas.times import CURRENT, PREVIOUS, moment
from lstmsym.formulas.tree import Bracket, Node, Number, Product, Symbol, Words

ABOVE = "^"  # before a part of a name that stands above the line
UNSEEN = ("vec",)  # an arrow over a letter says that it is a vector, which every signal is
KEYWORDS = ("state", "input", "output", "signal", "parameter", "scalar")

Key = tuple[object, ...]


@dataclass(frozen=True)
class Named(Node):
    """A symbol that has its name: lag 0 at t, 1 at t-1, None where no time is written."""

    name: str
    lag: int | None = None


@dataclass
class Naming:
    """The names of one text; `time` is its letter, "" where `prev` means t-1."""

    text: Text
    time: str
    spellings: dict[str, tuple[Key, str]] = field(default_factory=dict)

    def named(self, symbol: Symbol) -> Named:
        """The name and the time of a symbol. Raises CellError for a script that is neither."""
        lag, parts = self._scripts(symbol)
        name = _joined(symbol, parts)
        if not name.isidentifier() or name in KEYWORDS:
            raise self.text.fail(symbol.place, f"'{self.text.at(symbol)}' gives no name")
        key = (symbol.base, _seen(symbol.accents), symbol.primes, *self._styles(symbol))
        self._same_spelling(name, key, symbol)
        return Named(name, lag, place=symbol.place)

    def _same_spelling(self, name: str, key: Key, symbol: Symbol) -> None:
        written = self.text.at(symbol)
        known, before = self.spellings.setdefault(name, (key, written))
        if known != key:
            raise self.text.fail(
                symbol.place,
                f"'{written}' and '{before}' would both be called {name}; "
                "write one symbol one way, and two symbols with different letters",
            )

    def _scripts(self, symbol: Symbol) -> tuple[int | None, list[str]]:
        """The time of a symbol, and the parts of its scripts that belong to its name."""
        times: set[int] = set()
        parts: list[str] = []
        for script in symbol.scripts:
            for inside in script.inside:
                lag = self._lag(inside)
                if lag is None:
                    mark = ABOVE if script.where == "above" else ""
                    parts.append(mark + self._part(inside, symbol))
                else:
                    times.add(lag)
        if len(times) > 1:
            raise self.text.fail(symbol.place, f"'{self.text.at(symbol)}' stands at two times")
        return (times.pop() if times else None), parts

    def _styles(self, symbol: Symbol) -> Key:
        """Where each part of a name stands, and in which brackets; times are no part."""
        inside = ((s, a) for s in symbol.scripts for a in s.inside if self._lag(a) is None)
        return tuple((s.where, s.style, self._part(a, symbol)) for s, a in inside)

    def _lag(self, node: Node) -> int | None:
        if self.time:
            return moment(node, self.time)
        return {**dict.fromkeys(PREVIOUS, 1), **dict.fromkeys(CURRENT, 0)}.get(_word(node))

    def _part(self, node: Node, symbol: Symbol) -> str:
        """What a script adds to a name: f, xf, C_tilde, 1, rec."""
        match node:
            case Symbol():
                return _joined(node, self._scripts(node)[1])
            case Number(digits=digits) if digits.isdigit():
                return digits
            case Words(text=text) if text.strip().isidentifier():
                return text.strip()
            case Bracket(inside=inside):
                return self._part(inside, symbol)
            case Product(factors=factors, signs=signs) if not any(signs):
                self._no_hidden_time(node, symbol)
                return "".join(self._part(a, symbol) for a in factors)
        raise self.text.fail(
            node.place if node.place.end else symbol.place,
            f"'{self.text.at(node)}' is neither the time ({self.time or 'prev'}, "
            f"{self.time or 'prev'}-1) nor part of a name; one layer makes a cell",
        )

    def _no_hidden_time(self, node: Product, symbol: Symbol) -> None:
        """x_{it} may be x_i at t, or a name of two letters."""
        last = node.factors[-1]
        if isinstance(last, Symbol) and last.base == self.time and symbol.base[0].islower():
            raise self.text.fail(
                symbol.place,
                f"'{self.text.at(symbol)}' may be a name or a signal at {self.time}; "
                f"write a comma before the time, as in h_{{f,{self.time}}}",
            )


def identifier(written: str) -> str:
    r"""The name that a statement means: "p_f", "\sigma_c", "W_{xf}", "\tilde{C}".

    >>> identifier(r"\sigma_{c}")
    'sigma_c'
    """
    written = written.strip().strip("$").strip()
    for accent in ("tilde", "hat", "bar"):
        command = rf"\{accent}"
        if written.startswith(command):
            base, _, rest = written.removeprefix(command).partition("}")
            return f"{identifier(base)}_{accent}{identifier(rest)}"
    kept = "".join("__" if a == "^" else a for a in written if a not in "\\{}() ")
    return kept.replace("'", "_prime")


def _joined(symbol: Symbol, parts: list[str]) -> str:
    """Base, accents, primes and scripts: h_1 is h1, W_{xf} is W_xf, U^f is U__f."""
    base = symbol.base
    below = [p for p in parts if not p.startswith(ABOVE)]
    above = [f"_{p.removeprefix(ABOVE)}" for p in parts if p.startswith(ABOVE)]
    if below and not symbol.accents and below[0][0].isdigit():
        rest = below[0].lstrip("0123456789")
        base += below[0].removesuffix(rest)
        below[:1] = [rest] if rest else []
    primes = ["prime"] * symbol.primes
    return "_".join([base, *_seen(symbol.accents), *primes, *below, *above])


def _seen(accents: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(a for a in accents if a not in UNSEEN)


def _word(node: Node) -> str:
    if isinstance(node, Words):
        return node.text.strip()
    if isinstance(node, Product):
        return "".join(map(_word, node.factors)) if not any(node.signs) else ""
    return node.base if isinstance(node, Symbol) and not node.scripts else ""
