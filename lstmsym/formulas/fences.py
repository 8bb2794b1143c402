r"""What the brackets behind \left and \right are: some do not show, some are bars of a derivative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lstmsym.formulas import macros
from lstmsym.formulas.tokens import MARK, Token

BARS = {"|": "v", r"\vert": "v", r"\lvert": "v", r"\rvert": "v"}
DOUBLE = {r"\|": "V", r"\Vert": "V", r"\lVert": "V", r"\rVert": "V"}
_SIZES = macros.SIZES


def fences(tokens: Sequence[Token]) -> dict[int, str]:
    r"""From the place of a bracket behind \left, \right or \big to the marks that it becomes, apart by spaces."""
    found: dict[int, str] = {}
    opened: list[int] = []
    bars = 0
    for at in range(1, len(tokens)):
        before = tokens[at - 1]
        bars += before.mark(r"\lvert")
        if tokens[at].mark(r"\rvert"):
            found |= {} if bars else {at: "|"}
            bars = max(bars - 1, 0)
        if before.kind != MARK or before.text not in _SIZES:
            continue
        if tokens[at].mark("."):
            found[at] = ""
        if before.text == r"\left":
            opened.append(at)
        elif before.text == r"\right" and opened:
            found.update(_pair(tokens, opened.pop(), at))
    return found


def _pair(tokens: Sequence[Token], left: int, right: int) -> dict[int, str]:
    a, b = tokens[left].text, tokens[right].text
    if a == "." and b in BARS:
        return {left: "{", right: r"} \at"}
    if a in BARS and b in BARS:
        return {left: r"\lvert", right: r"\rvert"}
    if a in DOUBLE and b in DOUBLE:
        return {left: r"\lVert", right: r"\rVert"}
    if a == r"\{" and b == "." and tokens[left + 1].mark(r"\begin"):
        return {left: "", right: ""}
    if a == "." and b == r"\}" and _ends_with_environment(tokens, right - 1):
        return {left: "", right: ""}
    return {}


def _ends_with_environment(tokens: Sequence[Token], at: int) -> bool:
    before = [a.text for a in tokens[max(at - 12, 0) : at] if not a.mark("{", "}", "*")]
    return r"\end" in before[-8:]


def overs(tokens: Sequence[Token], pairs: Mapping[int, int]) -> dict[int, str]:
    r"""What the braces of {a \over b} become: those of \frac{a}{b}."""
    found: dict[int, str] = {}
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if token.mark("{"):
            opened.append(at)
        elif token.mark("}"):
            opened.pop()
        elif token.mark(r"\over") and opened and opened[-1] not in found:
            found |= {opened[-1]: r"{ \frac {", at: "} {", pairs[opened[-1]]: "} }"}
    return found
