"""The characters that a formula is shown with, in the terminal and in MathML alike: a table a kind."""

from __future__ import annotations

from lstmsym.printing.letters import GREEK

# fmt: off
#   accent              combining    over a letter
ACCENTS: dict[str, tuple[str, str]] = {
    "tilde":            ("\u0303",   "~"),
    "hat":              ("\u0302",   "^"),
    "bar":              ("\u0304",   "¯"),
    "check":            ("\u030c",   "ˇ"),
    "dot":              ("\u0307",   "˙"),
    "ddot":             ("\u0308",   "¨"),
    "vec":              ("\u20d7",   "→"),
    "overleftarrow":    ("\u20d6",   "←"),
    "breve":            ("\u0306",   "˘"),
    "acute":            ("\u0301",   "´"),
    "grave":            ("\u0300",   "`"),
    "mathring":         ("\u030a",   "˚"),
    "underline":        ("\u0332",   "_"),
}

#   between factors
PRODUCTS: dict[str, str] = {
    "":       "",
    "*":      "∗",
    "dot":    "·",
    "odot":   "⊙",
    "circ":   "∘",
    "times":  "×",
    "otimes": "⊗",
    "oplus":  "⊕",
}

#   between sides
RELATIONS: dict[str, str] = {
    "=":      "=",
    ":=":     ":=",
    "+=":     "+=",
    "approx": "≈",
    "equiv":  "≡",
    "propto": "∝",
    "to":     "→",
    "in":     "∈",
    "le":     "≤",
    "lt":     "<",
    "ge":     "≥",
    "ne":     "≠",
    "gt":     ">",
}

#   style of brackets
BRACKETS: dict[str, tuple[str, str]] = {
    "round":  ("(", ")"),
    "square": ("[", "]"),
    "curly":  ("{", "}"),
    "angle":  ("⟨", "⟩"),
    "plain":  ("", ""),
    "bar":    ("", ""),
}

#   function: other than by its own name
FUNCTIONS: dict[str, str] = {
    "sigmoid":      "σ",
    "relu":         "ReLU",
    "elu":          "ELU",
    "gelu":         "GELU",
    "selu":         "SELU",
    "silu":         "SiLU",
    "trace":        "tr",
    "layernorm":    "LN",
    "hard_sigmoid": "hardsigmoid",
    "hard_tanh":    "hardtanh",
}

BIG: dict[str, str] = {"sum": "∑", "prod": "∏"}

#   letters that are no Greek ones
LETTERS: dict[str, str] = {**GREEK, "ell": "ℓ", "infty": "∞", "partial": "∂", "nabla": "∇", "dagger": "†",
                           "ast": "∗", "star": "⋆", "forall": "∀", "*": "∗"}
# fmt: on
