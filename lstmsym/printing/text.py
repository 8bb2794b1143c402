"""The marks of the terminal, in Unicode: f_t = σ(W_f·[h_{t-1}, x_t] + b_f)."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from lstmsym.equations.derived import Gradient, Partial
from lstmsym.equations.terms import Quotient, Term
from lstmsym.printing import precedence
from lstmsym.printing.breaks import INDENT, flat, indent_of, pieces
from lstmsym.printing.derivatives import Writer
from lstmsym.printing.drawing import LINE, grid_code, width
from lstmsym.printing.letters import ACTIVATIONS, ARROWS, Letter, text_letter

FRACTIONS = (Partial, Gradient)
RAISED = dict(zip("0123456789()+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁺⁻", strict=True))
RAISED_TIMES = dict(zip("tkijl", "ᵗᵏⁱʲˡ", strict=True))  # behind a bracket only, as in h⁽ᵗ⁾


class TextWriter(Writer):
    """One line; a block matrix is a code that `drawing` draws over several lines, or in one."""

    kronecker = " ⊗ "
    hadamard = " ⊙ "
    dot = "·"
    thin = " "
    partial = "∂"
    delta = "δ"
    ones = "1"
    infinity = "∞"
    levels: ClassVar[dict[type[Term], int]] = {**precedence.LEVELS, Quotient: precedence.HADAMARD}

    def letter(self, letter: Letter, *, subscript: bool = False) -> str:
        return text_letter(letter)

    def scripts(self, base: str, below: str, above: str = "") -> str:
        raised = all(a in RAISED or (a in RAISED_TIMES and above[0] == "(") for a in above)
        return base + _script("_", below) + (_raised(above) if raised else _script("^", above))

    def power(self, base: str, exponent: int | str) -> str:
        return self.scripts(base, "", str(exponent))

    def norm(self, inside: str, index: str, height: int = 0) -> str:
        return f"‖{inside}‖{'₂' if index == '2' else '_∞'}"

    def transpose(self, base: str) -> str:
        return f"{base}ᵀ"

    def bracket(self, inside: str, height: int = 0) -> str:
        return f"({inside})"

    def function(self, name: str) -> str:
        return ACTIVATIONS[name][1] if name in ACTIVATIONS else name

    def fraction(self, above: str, below: str) -> str:
        return f"{above}/{below}"

    def write_Quotient(self, term: Quotient) -> str:
        above, below = (flat(self.operand(a, precedence.POWER)) for a in term.parts)
        return f"{above} / {below}"

    def between(self, left: Term, right: Term) -> str:
        """A dot beside a fraction, which else would run on into its neighbour."""
        beside = any(isinstance(a, FRACTIONS) for a in (left, right))
        return " · " if beside else super().between(left, right)

    def widths(self, term: Any) -> list[float]:
        return [float(width(piece)) for _, piece in pieces(self.write(term))]

    def continued(self, row: str, badness: int) -> str:
        signed = row.startswith((" + ", " - ", " ⊙ ", " · "))
        indent = " " * int(indent_of(badness, INDENT))
        return indent + (row.strip() if signed else f"· {row.lstrip('·').strip()}")

    def stacked(self, rows: list[str]) -> str:
        return LINE.join(rows)

    def of_kind(self, derivative: str, kind: str) -> str:
        return f"{derivative}|{self.kind(kind)}"

    def kind(self, name: str) -> str:
        return name

    def operator(self, sign: str, below: str, above: str = "") -> str:
        return f"{sign}{_script('_', below)}{_script('^', above)} "

    def cases(self, parts: list[tuple[str, str]]) -> str:
        return "{" + "; ".join(f"{a} if {b}" if b else f"{a} otherwise" for a, b in parts) + "}"

    def grid(self, rows: list[list[str]]) -> str:
        return grid_code(rows)


def _script(sign: str, inside: str) -> str:
    return "" if not inside else sign + (inside if width(inside) == 1 else f"{{{inside}}}")


def _raised(inside: str) -> str:
    return "".join((RAISED | RAISED_TIMES)[a] for a in inside)


def printed_width(text: str) -> float:
    """About how wide on paper a formula is whose form in the terminal is given.

    >>> printed_width("∂C_t/∂C_{t-1}")
    4.1
    """
    text = re.sub(r"∂[^ ]*?/∂?([^ /|\ue100-\ue103]+)", r"∂\1", text)
    scripts = re.compile(r"[_^](?:\{([^}]*)\}|(.))")
    small = sum(width(a or b) for a, b in scripts.findall(text))
    arrows = sum(text.count(mark) for _, mark in ARROWS.values())
    marks = 0.4 * arrows + 0.15 * text.count("‖")
    return width(scripts.sub("", text)) + 0.7 * small + marks
