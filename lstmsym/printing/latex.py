"""The marks of LaTeX: what amsmath, KaTeX and MathJax all understand."""

from __future__ import annotations

import re
from typing import Any

from lstmsym.printing.breaks import flat, pieces
from lstmsym.printing.derivatives import Writer
from lstmsym.printing.letters import ACTIVATIONS, Letter, latex_letter
from lstmsym.printing.text import TextWriter, printed_width

# fmt: off
SIZES = {0: ("(", ")"), 1: (r"\bigl(", r"\bigr)"), 2: (r"\Bigl(", r"\Bigr)"),
         3: (r"\biggl(", r"\biggr)"), 4: (r"\Biggl(", r"\Biggr)")}
SIGNS = {"Σ": r"\sum", "∏": r"\prod"}
# fmt: on


class LatexWriter(Writer):
    r"""f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)."""

    kronecker = r" \otimes "
    hadamard = r" \odot "
    dot = r" \cdot "
    thin = r"\, "
    partial = r"\partial"
    delta = r"\delta"
    ones = r"\mathbf{1}"
    infinity = r"\infty"

    def letter(self, letter: Letter, *, subscript: bool = False) -> str:
        return latex_letter(letter, subscript=subscript)

    def scripts(self, base: str, below: str, above: str = "") -> str:
        return base + _script("_", below) + _script("^", above)

    def power(self, base: str, exponent: int | str) -> str:
        return f"{base}^{{{exponent}}}"

    def norm(self, inside: str, index: str, height: int = 0) -> str:
        big = {0: "", 2: r"\Big", 3: r"\bigg", 4: r"\Bigg"}[height]
        left, right = (f"{big}l", f"{big}r") if big else ("", "")
        return (
            rf"{left}\lVert {inside} {right}\rVert{_script('_', index.replace('∞', self.infinity))}"
        )

    def transpose(self, base: str) -> str:
        return rf"{base}^{{\top}}"

    def bracket(self, inside: str, height: int = 0) -> str:
        left, right = SIZES[max(height, min(_nesting(inside), 2))]
        return left + inside + right

    def function(self, name: str) -> str:
        return ACTIVATIONS[name][0] if name in ACTIVATIONS else rf"\operatorname{{{name}}}"

    def differential(self, sign: str, of: str) -> str:
        return f"{sign}{'' if of.startswith(chr(92)) else ' '}{of}"

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def of_kind(self, derivative: str, kind: str) -> str:
        return rf"\left.{derivative}\right|{self.kind(kind)}"

    def kind(self, name: str) -> str:
        return rf"_{{\text{{{name}}}}}"

    def operator(self, sign: str, below: str, above: str = "") -> str:
        limits = _script("_", below, braces=True) + _script("^", above, braces=True)
        return f"{SIGNS[sign]}{limits} "

    def cases(self, parts: list[tuple[str, str]]) -> str:
        conditions = (b.replace("≤", r"\le") or r"\text{otherwise}" for _, b in parts)
        lines = (f"{a} & {b}" for (a, _), b in zip(parts, conditions, strict=True))
        return r"\begin{cases} " + r" \\ ".join(lines) + r" \end{cases}"

    def widths(self, term: Any) -> list[float]:
        """As wide on paper as the terminal's form says; both have the same pieces."""
        model = TextWriter()
        model.compact = self.compact
        return [printed_width(piece) for _, piece in pieces(model.write(term))]

    def continued(self, row: str, badness: int) -> str:
        rest = row.removeprefix(self.thin)
        sign = r"\cdot " if rest != row else ""
        indent = r"\quad" if badness == 0 else r"\qquad"
        return f"{indent} {{}}{sign}{rest.strip()}"

    def stacked(self, rows: list[str]) -> str:
        return r"\begin{aligned} &" + r" \\ &".join(rows) + r" \end{aligned}"

    def grid(self, rows: list[list[str]]) -> str:
        cells = "".join(cell for row in rows for cell in row)
        apart = "[8pt]" if "aligned" in cells else "[4pt]" if r"\frac" in cells else ""
        lines = rf" \\{apart} ".join(" & ".join(row) for row in rows)
        return rf"\begin{{pmatrix}} {lines} \end{{pmatrix}}"


def _nesting(inside: str) -> int:
    """How deep brackets nest; those around one letter, as in tanh(C_t), do not count."""
    depth = deepest = 0
    for a in re.sub(r"\([^() ]*\)", "", flat(inside)):
        depth += (a == "(") - (a == ")")
        deepest = max(deepest, depth)
    return deepest


def _script(sign: str, inside: str, *, braces: bool = False) -> str:
    """_t, and _{t-1} where LaTeX asks for braces."""
    if not inside:
        return ""
    return sign + (inside if len(inside) == 1 and not braces else f"{{{inside}}}")
