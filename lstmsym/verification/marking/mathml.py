"""A formula as MathML: what a browser sets without a script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from lstmsym.formulas import tree as f
from lstmsym.verification.marking.characters import shown
from lstmsym.verification.marking.signs import ACCENTS
from lstmsym.verification.marking.writer import TreeWriter

NAMESPACE = "http://www.w3.org/1998/Math/MathML"


def mathml(node: f.Node, boxes: Iterable[f.Place] = ()) -> str:
    """The formula as a display; what stands in one of the boxes has the class "changed"."""
    return display(MathMl(boxes).write(node))


def display(inside: str) -> str:
    """Elements as a formula of their own."""
    return f'<math xmlns="{NAMESPACE}" display="block">{inside}</math>'


class MathMl(TreeWriter):
    """Elements of MathML Core; every text is escaped."""

    def letter(self, text: str, accents: Sequence[str]) -> str:
        plain = ' mathvariant="normal"' if text in ("∂", "∇", "0", "1", "∞") else ""
        set_ = f"<mi{plain}>{_text(text)}</mi>"
        for name in accents:
            mark = f'<mo stretchy="false">{ACCENTS[name][1]}</mo>'
            kind = "under" if name == "underline" else "over"
            set_ = f'<m{kind} accent{kind if kind == "under" else ""}="true">{set_}{mark}</m{kind}>'
        return set_

    def number(self, digits: str) -> str:
        return f"<mn>{_text(digits)}</mn>"

    def sign(self, text: str) -> str:
        return f'<mo form="infix">{_text(text)}</mo>'

    def close(self, text: str) -> str:
        form = {"(": "prefix", "[": "prefix", "−": "prefix", ")": "postfix", "]": "postfix"}.get(
            text
        )
        said = f' form="{form}"' if form else ""
        return f"<mo{said}>{_text(text)}</mo>"

    def row(self, parts: Iterable[str]) -> str:
        found = list(parts)
        return found[0] if len(found) == 1 else f"<mrow>{''.join(found)}</mrow>"

    def side_by_side(self, left: f.Node, right: f.Node) -> str:
        return "<mo>\u2062</mo>"  # invisible times

    def applied(self) -> str:
        return "<mo>\u2061</mo>"

    def fraction(self, node: f.Node, above: str, below: str) -> str:
        return f"<mfrac>{above}{below}</mfrac>"

    def scripts(self, base: str, below: str, above: str) -> str:
        if below and above:
            return f"<msubsup>{base}{below}{above}</msubsup>"
        if below:
            return f"<msub>{base}{below}</msub>"
        return f"<msup>{base}{above}</msup>" if above else base

    def limits(self, sign: str, below: str, above: str) -> str:
        set_ = f'<mo largeop="true" movablelimits="false">{sign}</mo>'
        if below and above:
            return f"<munderover>{set_}{below}{above}</munderover>"
        return f"<munder>{set_}{below}</munder>" if below else set_

    def root(self, inside: str) -> str:
        return f"<msqrt>{inside}</msqrt>"

    def grid(self, rows: Sequence[Sequence[str]]) -> str:
        return self.fenced("(", _table(rows), ")")

    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        table = _table([[value, self.words(condition)] for value, condition in rows])
        return self.fenced("{", table, "")

    def words(self, text: str) -> str:
        return f"<mtext>{_text(text)}</mtext>"

    def marked(self, inside: str) -> str:
        return f'<mrow class="changed">{inside}</mrow>'


def _table(rows: Sequence[Sequence[str]]) -> str:
    lines = ("".join(f"<mtd>{cell}</mtd>" for cell in row) for row in rows)
    return f"<mtable>{''.join(f'<mtr>{line}</mtr>' for line in lines)}</mtable>"


def _text(text: str) -> str:
    return escape(shown(text))
