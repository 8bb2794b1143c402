"""A formula on one line of a terminal: ∂L/∂f_t = ∂L/∂C_t ⊙ C_{t-1}."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lstmsym.formulas import tree as f
from lstmsym.verification.marking.characters import shown
from lstmsym.verification.marking.signs import ACCENTS
from lstmsym.verification.marking.writer import LOOSE, MINUS, PRIME, TRANSPOSED, TreeWriter

RAISED = {
    **dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)),
    "+": "⁺",
    TRANSPOSED: "ᵀ",
    PRIME: PRIME,
}
CHANGED = "⟦", "⟧"


def unicode_line(node: f.Node, boxes: Iterable[f.Place] = ()) -> str:
    """The formula; what stands in one of the boxes is put in ⟦ ⟧."""
    return Unicode(boxes).write(node)


class Unicode(TreeWriter):
    """Letters, ASCII scripts and Unicode signs, as the printer of derivations writes them."""

    def letter(self, text: str, accents: Sequence[str]) -> str:
        return shown(text) + "".join(ACCENTS[a][0] for a in accents)

    def number(self, digits: str) -> str:
        return shown(digits)

    def sign(self, text: str) -> str:
        return f" {_minus(text)} "

    def close(self, text: str) -> str:
        return f"{text} " if text in (",", ";") else _minus(text)

    def row(self, parts: Iterable[str]) -> str:
        return "".join(parts)

    def side_by_side(self, left: f.Node, right: f.Node) -> str:
        fractions = (isinstance(a, f.Quotient) or _is_fraction(a) for a in (left, right))
        return " · " if any(fractions) else " "

    def fraction(self, node: f.Node, above: str, below: str) -> str:
        if isinstance(node, f.Quotient):
            above, below = self.tight(node.above, LOOSE), self.tight(node.below, LOOSE)
        return f"{above}/{below}"

    def scripts(self, base: str, below: str, above: str) -> str:
        raised = all(a in RAISED for a in above)
        high = "".join(RAISED[a] for a in above) if raised else _script("^", above)
        return base + _script("_", below) + high

    def limits(self, sign: str, below: str, above: str) -> str:
        return f"{sign}{_script('_', below)}{_script('^', above)} "

    def root(self, inside: str) -> str:
        return f"√({inside})"

    def grid(self, rows: Sequence[Sequence[str]]) -> str:
        return "[" + "; ".join(", ".join(row) for row in rows) + "]"

    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        said = (b if b in ("", "otherwise") or b.startswith("if ") else f"if {b}" for _, b in rows)
        parts = (f"{a} {shown(b)}".rstrip() for (a, _), b in zip(rows, said, strict=True))
        return "{" + "; ".join(parts) + "}"

    def words(self, text: str) -> str:
        return shown(text)

    def marked(self, inside: str) -> str:
        return inside.join(CHANGED)


def _is_fraction(node: f.Node) -> bool:
    """∂L/∂h, and not the operator ∂/∂h before its operand."""
    return isinstance(node, f.Derivative) and node.sign != "nabla" and node.above is not None


def _script(sign: str, inside: str) -> str:
    """An index without its spaces, those between words excepted."""
    tight = re.sub(r"(?<!\w\w) | (?!\w\w)", "", inside)
    letters = sum(not _combining(a) for a in tight)
    return "" if not tight else sign + (tight if letters == 1 else f"{{{tight}}}")


def _combining(character: str) -> bool:
    return any(character == mark for mark, _ in ACCENTS.values())


def _minus(text: str) -> str:
    return text.replace(MINUS, "-")
