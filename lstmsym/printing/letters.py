"""How a name is taken apart and which letters it prints with: tables, and one function.

W_f is W with the subscript f; C_tilde is C under a tilde; alpha is a Greek letter; net is upright; h__2 is h
of layer 2, with (2) above the line, h__fwd is h under an arrow, and U__f is U with f above the line.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# fmt: off
#   suffix     LaTeX         combining character
ACCENTS: dict[str, tuple[str, str]] = {
    "tilde":   (r"\tilde",   "\u0303"),
    "hat":     (r"\hat",     "\u0302"),
    "bar":     (r"\bar",     "\u0304"),
}

#   copy         LaTeX                combining character; a copy's mark stands behind two underscores
ARROWS: dict[str, tuple[str, str]] = {
    "fwd":     (r"\overrightarrow", "\u20d7"),
    "bwd":     (r"\overleftarrow",  "\u20d6"),
}

#   activation   LaTeX                        terminal
ACTIVATIONS: dict[str, tuple[str, str]] = {
    "sigmoid":   (r"\sigma",                  "σ"),
    "tanh":      (r"\tanh",                   "tanh"),
    "relu":      (r"\operatorname{ReLU}",     "ReLU"),
    "identity":  ("",                         ""),      # prints as its argument
    "exp":       (r"\exp",                    "exp"),
    "softplus":  (r"\operatorname{softplus}", "softplus"),
    "square":    ("",                         ""),      # prints as a power
    "step":      (r"\operatorname{step}",     "step"),
    "log":       (r"\log",                    "log"),
    "sqrt":      (r"\operatorname{sqrt}",     "sqrt"),
    "sin":       (r"\sin",                    "sin"),
    "cos":       (r"\cos",                    "cos"),
    "abs":       (r"\operatorname{abs}",      "abs"),
    "sign":      (r"\operatorname{sign}",     "sign"),
    "activation":       (r"\varphi",          "φ"),
    "activation_slope": (r"\varphi'",         "φ′"),
}

GREEK: dict[str, str] = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ",
    "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ",
    "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}
# fmt: on

GREEK_COMMANDS: dict[str, str] = {letter: rf"\{name}" for name, letter in GREEK.items()}


@dataclass(frozen=True)
class Letter:
    """One letter or word with its accent, and the arrow of a copy: Letter("C", "tilde") is C̃."""

    body: str
    accent: str = ""
    arrow: str = ""


@dataclass(frozen=True)
class Name:
    """A letter with its subscripts and superscripts: W_f__2 is Name(Letter("W"), (Letter("f"),), ("(2)",))."""

    base: Letter
    subscripts: tuple[Letter, ...] = ()
    marks: tuple[Letter, ...] = ()


@lru_cache(maxsize=4096)
def split(name: str) -> Name:
    """A name taken apart at its underscores; an accent belongs to the part before it, an arrow to the base.

    >>> split("a_C_tilde").subscripts
    (Letter(body='C', accent='tilde', arrow=''),)
    """
    own, *copies = name.split("__")
    letters: list[Letter] = []
    for part in filter(None, own.split("_")):
        if letters and part in ACCENTS and not letters[-1].accent:
            letters[-1:] = _accented(letters[-1].body, part, first=len(letters) == 1)
        else:
            letters.append(Letter(part))
    base, *subscripts = letters
    word, digits = _numbered(base.body)
    numbers = (Letter(digits),) if digits else ()
    arrow = next((a for a in copies if a in ARROWS), "")
    marks = tuple(Letter(a) for a in copies if a and a != arrow)
    return Name(Letter(word, base.accent, arrow), (*numbers, *subscripts), marks)


def _accented(word: str, accent: str, first: bool) -> list[Letter]:
    """Of two letters below the line, as in W_fC_tilde, the last has the accent."""
    if first or len(word) != 2:
        return [Letter(word, accent)]
    return [Letter(word[0]), Letter(word[1], accent)]


def _numbered(word: str) -> tuple[str, str]:
    """h1 is h with the number 1."""
    match = re.fullmatch(r"(\D+)(\d+)", word)
    return (match[1], match[2]) if match else (word, "")


def latex_letter(letter: Letter, *, subscript: bool = False) -> str:
    r"""A letter in LaTeX: C, \alpha, \mathrm{net}, \tilde{C}; two letters stay slanted below a line.

    >>> latex_letter(Letter("C", "tilde"))
    '\\tilde{C}'
    """
    written = _latex_body(letter.body, subscript)
    if letter.accent:
        written = f"{ACCENTS[letter.accent][0]}{{{written}}}"
    return f"{ARROWS[letter.arrow][0]}{{{written}}}" if letter.arrow else written


def _latex_body(body: str, subscript: bool) -> str:
    if body in GREEK:
        return rf"\{body}"
    if not body.isascii():
        return "".join(map(_latex_character, body)).rstrip()
    slanted = len(body) == 1 or body.isdigit() or (subscript and len(body) == 2)
    return body if slanted else rf"\mathrm{{{body}}}"


def _latex_character(character: str) -> str:
    """A letter that is not ASCII: Greek by its command, é by its accent, others by their name."""
    if character.isascii():
        return character
    if character in GREEK_COMMANDS:
        return rf"{GREEK_COMMANDS[character]} "
    plain = unicodedata.normalize("NFD", character)[0]
    word = plain if plain.isascii() else unicodedata.name(character, "letter").split()[-1].lower()
    return (
        rf"\mathrm{{{word}}}"
        if plain.isascii() and plain == character
        else _with_mark(character, word)
    )


#   combining character: LaTeX in mathematics
_MATH_ACCENTS = {
    "\u0300": r"\grave", "\u0301": r"\acute", "\u0302": r"\hat", "\u0303": r"\tilde",
    "\u0304": r"\bar", "\u0306": r"\breve", "\u0307": r"\dot", "\u0308": r"\ddot", "\u030c": r"\check",
}  # fmt: skip


def _with_mark(character: str, word: str) -> str:
    marks = unicodedata.normalize("NFD", character)[1:]
    if len(word) == 1 and marks in _MATH_ACCENTS:
        return f"{_MATH_ACCENTS[marks]}{{{word}}}"
    return word if len(word) == 1 else rf"\mathrm{{{word}}}"


def text_letter(letter: Letter) -> str:
    """A letter for the terminal: C, α, net, C̃.

    >>> text_letter(Letter("Gamma"))
    'Γ'
    """
    body = GREEK.get(letter.body, letter.body)
    accent = ACCENTS[letter.accent][1] if letter.accent else ""
    return body + accent + (ARROWS[letter.arrow][1] if letter.arrow else "")
