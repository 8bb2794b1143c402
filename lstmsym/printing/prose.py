"""Sentences in three formats. Words such as C_{t-1}, W_f, ‖W‖₂ or 1 - z are mathematics in each.

A sentence is plain text. A word with a mathematical sign, a subscript, or of one letter (but a, A, I)
is taken for mathematics, and so are signs and numbers that stand between such words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lstmsym.printing.formulas import (
    GREEK_COMMANDS,
    SYMBOLS,
    is_formula,
    is_sound,
    latex_formula,
    text_formula,
)
from lstmsym.printing.times import INDEX

# fmt: off
ESCAPES: dict[str, str] = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", "—": "---", "–": "--", "…": r"\ldots{}",
    "‘": "`", "’": "'", "“": "``", "”": "''", "\u00a0": "~", "-": "-",
}
# fmt: on
OPERATORS = ("=", "+", "-", "−", "<", ">", "≤", "≥", "≠", "≈", "·", "×", "⊙", "→", "/")
WORDS = ("a", "A", "I")

Word = tuple[str, str, str, str]


def latex_prose(sentence: str) -> str:
    r"""A sentence in LaTeX.

    >>> print(latex_prose("h_t acts on C_{t+1}, 100 % of it"))
    $h_t$ acts on $C_{t+1}$, 100 \% of it
    """
    return "".join(f"${latex_formula(a)}$" if math else escaped(a) for math, a in runs(sentence))


def markdown_prose(sentence: str) -> str:
    """A sentence in Markdown, its mathematics between dollars."""
    return "".join(
        f"${latex_formula(a)}$" if math else re.sub(r"([\\*_<$`])", r"\\\1", a)
        for math, a in runs(sentence)
    )


def text_prose(sentence: str) -> str:
    """A sentence for the terminal: C_tilde_t is C̃_t, all else as it stands."""
    return "".join(text_formula(a) if math else a for math, a in runs(sentence))


def runs(sentence: str) -> Iterator[tuple[bool, str]]:
    """The sentence as (is mathematics, piece): 1 - f_t is one piece, for a sign joins its neighbours."""
    if (letter := INDEX.get()) != "t":
        sentence = re.sub(r"(?<![A-Za-z'’])t(?![A-Za-z])", letter, sentence)
    words = list(_words(re.sub("([A-Za-z])\u0303", r"\1_tilde", sentence)))
    place = 0
    while place < len(words):
        last = _end_of_run(words, place)
        run = words[place : last + 1]
        before, inside = _inside(run)
        if any(_is_math(word) for word in run) and is_sound(latex_formula(inside)):
            yield False, before
            yield True, inside
            yield False, run[-1][2] + run[-1][3]
        else:
            yield False, "".join(map("".join, run))
        place = last + 1


def _words(sentence: str) -> Iterator[Word]:
    """Every word as (bracket before it, itself, punctuation behind it, space behind it)."""
    for match in re.finditer(r"(^(?=\s)|\[\[.*?\]\]|\S+)(\s*)", sentence):
        split = re.fullmatch(r"""(["']?)(.*?)([.,;:!?'"]*)""", match[1], re.DOTALL)
        assert split is not None
        before, core, tail = split.groups()
        if core.startswith("(") and core.count("(") > core.count(")"):
            before, core = before + "(", core[1:]
        while core.endswith(")") and core.count(")") > core.count("("):
            core, tail = core[:-1], ")" + tail
        yield before, core, tail, match[2]


def _inside(run: list[Word]) -> tuple[str, str]:
    """What stands before a run, and the run without the punctuation and the space behind it."""
    before = run[0][0]
    inside = "".join(core + space for _, core, _, space in run).rstrip()
    if before.endswith("(") and inside.count(")") > inside.count("("):
        return before[:-1], "(" + inside
    return before, inside


def _end_of_run(words: list[Word], place: int) -> int:
    """The last word of the operands and signs that begin here; punctuation ends them."""
    while place + 1 < len(words) and _is_operand(words[place]) and not words[place][2]:
        following = words[place + 1 : place + 3]
        if not following[0][0] and _is_math(words[place]) and _is_math(following[0]):
            place += 1
        elif len(following) == 2 and _joins(*following):
            place += 2
        else:
            break
    return place


def _joins(sign: Word, operand: Word) -> bool:
    return sign[1] in OPERATORS and not (sign[2] or operand[0]) and _is_operand(operand)


def _is_operand(word: Word) -> bool:
    return _is_math(word) or bool(re.fullmatch(r"-?[\d.]*\d", word[1]))


def _is_math(word: Word) -> bool:
    _, core, tail, space = word
    initial = core.isupper() and tail == "." and space
    return not (core in WORDS or core in OPERATORS or initial) and is_formula(core)


def escaped(text: str) -> str:
    """Plain text in LaTeX: its special characters escaped, straight quotes turned."""
    text = re.sub(r'(^|[\s(])"', r"\1``", text).replace('"', "''")
    return "".join(ESCAPES.get(a) or _known(a) for a in text)


def _known(character: str) -> str:
    """What pdflatex has a letter for; else its code point."""
    if character.isascii() or unicodedata.normalize("NFD", character)[0].isascii():
        return character
    if character in SYMBOLS or character in GREEK_COMMANDS:
        return f"${latex_formula(character)}$"
    return f"[U+{ord(character):04X}]"
