r"""Which letter of a text is its time, and what a script says about it: t, t-1, t+1.

The time is the letter that stands in scripts both alone and less one: h_t with h_{t-1}, h^{(l)} with
h^{(l-1)}, h[n-1], h(k-1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from lstmsym.formulas.tree import Bracket, Node, Number, Product, Script, Sum, Symbol, walk

CUSTOMARY = ("t", "n", "k", "l", "i", "s", "tau", "j", "m", "T")
CURRENT = ("new", "next", "cur", "curr", "now")
PREVIOUS = ("prev", "previous", "old", "last", "pre")


def moment(node: Node, letter: str) -> int | None:
    """How many steps before t: 0 for t, 1 for t-1, -1 for t+1; None for what is no time."""
    found = _letter_and_lag(node)
    return found[1] if found and found[0] == letter else None


def _letter_and_lag(node: Node) -> tuple[str, int] | None:
    while isinstance(node, Bracket):
        node = node.inside
    if isinstance(node, Symbol) and not (node.scripts or node.accents or node.primes):
        return node.base, 0
    if isinstance(node, Sum) and len(node.parts) == 2:
        (first, letter), (sign, step) = node.parts
        found = _letter_and_lag(letter)
        whole = isinstance(step, Number) and step.digits.isdigit()
        if first == 1 and found and found[1] == 0 and whole:
            assert isinstance(step, Number)
            return found[0], -sign * int(step.digits[:6])
    return None


def time_letter(nodes: Iterable[Node]) -> str:
    """The letter of the time; "" where `prev` or `old` takes its place."""
    alone: Counter[str] = Counter()
    shifted: Counter[str] = Counter()
    words = False
    for node in nodes:
        for inside in _indices(node):
            found = _letter_and_lag(inside)
            if found:
                (shifted if found[1] else alone)[found[0]] += 1
                words |= found[0] in PREVIOUS
    pairs = [a for a in shifted if a in alone] or list(shifted)
    if pairs:
        return "t" if "t" in pairs else max(pairs, key=lambda a: shifted[a])
    return "" if words and "t" not in alone else "t"


def _indices(top: Node) -> Iterator[Node]:
    """What stands in scripts, and in the round brackets behind a letter."""
    for node in walk(top):
        if isinstance(node, Script):
            yield from node.inside
        elif isinstance(node, Product):
            for n, (a, b) in enumerate(zip(node.factors, node.factors[1:], strict=False)):
                if is_argument(a, node.signs[n], b):
                    found = _letter_and_lag(b)
                    if found and found[0] in CUSTOMARY:
                        yield b


def is_argument(a: Node, sign: str, b: Node) -> bool:
    """A letter with round brackets right behind it: h(t-1), g(a), W(a + b)."""
    return isinstance(a, Symbol) and sign == "" and isinstance(b, Bracket) and b.style != "square"
