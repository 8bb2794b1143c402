"""Small formulas out of sentences: which words are one, and how they are written.

h_t, W_f, C_tilde_{t-1}, h[t-1], t-k+1, ‖W‖₂, ∂C_t/∂C_{t-1}|block, c^k
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lstmsym.printing.breaks import flat
from lstmsym.printing.latex import LatexWriter
from lstmsym.printing.letters import GREEK_COMMANDS
from lstmsym.printing.text import TextWriter
from lstmsym.printing.writer import CellWriter

# fmt: off
SYMBOLS: dict[str, str] = {
    "∂": r"\partial ", "‖": r"\|", "⊙": r"\odot ", "∏": r"\prod ", "Σ": r"\sum ", "∑": r"\sum ",
    "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "∞": r"\infty ", "·": r"\cdot ",
    "×": r"\times ", "→": r"\to ", "←": r"\gets ", "√": r"\surd ", "ᵀ": r"^{\top}", "⁺": "^{+}",
    "−": "-", "…": r"\ldots ", "ℝ": r"\mathbb{R}", "∈": r"\in ", "′": "'", "⋯": r"\cdots ",
    "ρ": r"\rho ", "±": r"\pm ", "∝": r"\propto ", "≪": r"\ll ", "≫": r"\gg ", "∇": r"\nabla ",
    "⟨": r"\langle ", "⟩": r"\rangle ", "⊤": r"\top ",
    **{raised: f"^{{{n}}}" for n, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}, "⁻": "^{-}", "ᵏ": "^{k}",
    **{lowered: f"_{{{n}}}" for n, lowered in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}
# fmt: on
FUNCTIONS = ("diag", "tanh", "exp", "min", "max", "log", "ln")
KINDS = ("block", "step", "direct")

_LETTER = "A-Za-z\u00c0-\u024f\u0370-\u03ff"
_NAME = rf"[{_LETTER}][{_LETTER}0-9]*(?:__?[{_LETTER}0-9]+)*"
_PLACE = "[A-Za-z0-9+,-]*"  # what may stand in braces or brackets behind a name
_INDEXED = re.compile(rf"({_NAME})(?:_\{{({_PLACE})\}}|\[([tTjk]{_PLACE})\])?")
_SIGNS = "".join(SYMBOLS) + "".join(GREEK_COMMANDS)
_ALLOWED = re.compile(rf"[{_LETTER}0-9{_SIGNS}_^{{}}()\[\]|/+*=.,:!<> -]*")
_FORMULA = re.compile(
    rf"[A-Za-z](__?[{_LETTER}0-9]+)+"  # W_f, C_tilde_t, h__2_t
    rf"|{_NAME}(_[tTkj]|_\{{{_PLACE}\}}|\[[tT]{_PLACE}\])"  # net_t, h_{{t-1}}, h[t-1]
    r"|[tTkj]([+-]\w+)+"  # t-k+1
    r"|\(?[A-Za-z]\)?"
    rf"|.*[{''.join(a for a in _SIGNS if a not in '…′')}].*"
    r"|[^^]+\^[^^]+|\[\[.*"
)


def is_formula(word: str) -> bool:
    """Whether a word of a sentence is mathematics that can be written."""
    shaped = _FORMULA.fullmatch(word) and _ALLOWED.fullmatch(word)
    return bool(shaped) and is_sound(latex_formula(word))


def latex_formula(formula: str) -> str:
    r"""A formula out of a sentence in LaTeX.

    >>> latex_formula("∂C_tilde_t")
    '\\partial \\tilde{C}_t'
    """
    written = re.sub(" +", " ", _scan(formula, LatexWriter(), _latex_sign)).strip()
    return re.sub(r"\^(\w{2,})", r"^{\1}", written)


def text_formula(formula: str) -> str:
    """A formula out of a sentence for the terminal: C_tilde_t is C̃_t."""
    return _scan(formula, TextWriter(), str)


def is_sound(latex: str) -> bool:
    """Whether braces close and nothing has two superscripts or two subscripts."""
    before = ""
    while before != latex:
        before = latex
        group = re.search(r"\{([^{}]*)\}", latex)
        if group:
            if _has_loose_scripts(group[1]):
                return False
            latex = latex[: group.start()] + "G" + latex[group.end() :]
    return not re.search(r"[{}]", latex) and not _has_loose_scripts(latex)


def _has_loose_scripts(latex: str) -> bool:
    script = r"(?:\\[A-Za-z]+|.)"
    return bool(
        re.search(r"[\^_]\s*([\^_]|$)", latex)
        or re.search(rf"([\^_]){script}\s*(?:[\^_]{script}\s*)?\1", latex)
    )


def _scan(run: str, writer: CellWriter, sign: Callable[[str], str]) -> str:
    """The piece with its names written by the writer and its signs by `sign`."""
    written, place = "", 0
    while place < len(run):
        match = _INDEXED.match(run, place)
        if match and not re.match("δ[A-Za-z]", run[place:]):
            written += _name(match, writer)
            place = match.end()
        else:
            written += sign(run[place])
            place += 1
    return flat(written)


def _name(match: re.Match[str], writer: CellWriter) -> str:
    """W_f, h_t, C_tilde_{t-1}, h[t-1]; a last subscript t or T is a time."""
    name, braces, cell_time = match.groups()
    if name in KINDS and match.string[: match.start()].endswith("|"):
        return writer.kind(name)
    if name in FUNCTIONS:
        return writer.function(name)
    if braces is not None or cell_time is not None:
        return writer.timed(name, braces or cell_time)
    parts = re.fullmatch(r"(.*[^_])_([tTkj])", name)
    return writer.timed(parts[1], parts[2]) if parts else writer.named(name)


def _latex_sign(character: str) -> str:
    if character in SYMBOLS or character in GREEK_COMMANDS:
        return SYMBOLS.get(character) or f"{GREEK_COMMANDS[character]} "
    return character
