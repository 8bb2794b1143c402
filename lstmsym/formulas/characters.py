"""Characters beyond ASCII, as LaTeX says them: one table, and what Unicode itself knows."""

from __future__ import annotations

import unicodedata

# fmt: off
#   character: the mark of LaTeX
MARKS: dict[str, str] = {
    "⊙": r"\odot",   "⨀": r"\odot",    "∘": r"\circ",   "·": r"\cdot",   "⋅": r"\cdot",   "∙": r"\cdot",
    "×": r"\times",  "⊗": r"\otimes",  "⊕": r"\oplus",  "•": r"\bullet", "∗": "*",        "★": r"\star",
    "∂": r"\partial", "∇": r"\nabla",  "∑": r"\sum",    "Σ": r"\sum",    "∏": r"\prod",   "Π": r"\prod",
    "−": "-",        "–": "-",         "‐": "-",        "∕": "/",        "⁄": "/",        "√": r"\sqrt",
    "≤": r"\le",     "⩽": r"\le",      "≥": r"\ge",     "⩾": r"\ge",     "≠": r"\neq",
    "≈": r"\approx", "≃": r"\simeq",
    "≡": r"\equiv",  "∝": r"\propto",  "→": r"\to",     "←": r"\gets",   "≜": r"\triangleq", "≔": r"\coloneqq",
    "⇒": r"\Rightarrow", "∈": r"\in",  "∀": r"\forall", "∞": r"\infty",  "⊤": r"\top",    "…": r"\dots",
    "...": r"\dots",
    "⋯": r"\cdots",  "′": "'",         "’": "'",        "‖": r"\|",      "∥": r"\|",      "∣": "|",
    "⟨": r"\langle", "⟩": r"\rangle",  "〈": r"\langle", "〉": r"\rangle", "，": ",",        "；": ";",
    "（": "(",        "）": ")",         "＝": "=",         "＋": "+",
}

#   combining character: the accent
ACCENTS: dict[str, str] = {
    "\u0300": "grave", "\u0301": "acute", "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar",
    "\u0306": "breve", "\u0307": "dot", "\u0308": "ddot", "\u030a": "mathring", "\u030c": "check", "\u20d7": "vec",
    "\u0332": "underline",
}

#   letter: the command of LaTeX
GREEK: dict[str, str] = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ϵ": "epsilon", "ε": "varepsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ϑ": "vartheta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "ϱ": "varrho", "σ": "sigma", "ς": "varsigma", "τ": "tau",
    "υ": "upsilon", "ϕ": "phi", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega", "ϖ": "varpi",
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Υ": "Upsilon", "Φ": "Phi",
    "Ψ": "Psi", "Ω": "Omega",
}
# fmt: on

GREEK_NAMES = frozenset(GREEK.values()) | {"Pi", "Sigma", "varphi", "ell", "digamma"}
UNSEEN = frozenset("\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\ufe0e\ufe0f")


def plain(text: str) -> str:
    """Raised, lowered and mathematical letters as ordinary ones, one for one: ₜ₋₁ is t−1, 𝐖 is W."""
    return "".join(_plain(a) for a in text)


def _plain(character: str) -> str:
    known = unicodedata.normalize("NFKC", character)
    return known if len(known) == 1 else character
