r"""What each command of LaTeX is to a formula: a table a kind. A command in no table is refused by name."""

from __future__ import annotations

from lstmsym.formulas.words import FUNCTIONS

# fmt: off
#   fonts that say nothing; what they stand around is read as it is
FONTS = frozenset({
    r"\mathbf", r"\boldsymbol", r"\bm", r"\pmb", r"\mathcal", r"\mathscr", r"\mathfrak", r"\mathbb", r"\mathbbm",
    r"\mathds", r"\bold", r"\symbf", r"\symbfit", r"\symbfup", r"\vb", r"\mathbfit",
})

#   fonts that make a word of letters
UPRIGHT = frozenset({
    r"\mathrm", r"\mathit", r"\mathsf", r"\mathtt", r"\operatorname", r"\text", r"\textrm", r"\textit", r"\textbf",
    r"\textsf", r"\texttt", r"\textnormal", r"\textsc", r"\textup", r"\mbox", r"\hbox", r"\mathnormal", r"\textsl",
    r"\emph", r"\symrm", r"\symit",
})

#   spaces and styles
UNSEEN = frozenset({
    r"\,", r"\;", r"\:", r"\!", r"\ ", r"\/", r"\-", r"\>", "\\\n", "\\\t", "~", r"\thinspace", r"\medspace",
    r"\thickspace", r"\negthinspace", r"\enspace", r"\enskip", r"\space", r"\hfill", r"\hfil", r"\null",
    r"\displaystyle", r"\textstyle", r"\scriptstyle", r"\scriptscriptstyle", r"\limits", r"\nolimits",
    r"\mathstrut", r"\strut", r"\nonumber", r"\notag", r"\bf", r"\rm", r"\it", r"\sf", r"\tt", r"\cal", r"\boldmath",
    r"\unboldmath", r"\small", r"\footnotesize", r"\scriptsize", r"\tiny", r"\normalsize", r"\large", r"\Large",
    r"\allowbreak", r"\nobreak", r"\noindent", r"\centering", r"\hline", r"\relax", r"\protect", r"\itshape",
    r"\bfseries", r"\smallskip", r"\medskip", r"\bigskip", r"\middle", r"\nolinebreak", r"\par", r"\normalfont",
})

SIZES = frozenset(
    "\\" + size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
) | {r"\left", r"\right"}

#   wide spaces
GAPS = frozenset({r"\quad", r"\qquad", r"\newline", r"\linebreak"})

#   command: how many arguments are dropped with it; what follows is read
DROPPED: dict[str, int] = {
    r"\color": 1, r"\textcolor": 1, r"\colorbox": 1, r"\vspace": 1, r"\phantom": 1, r"\vphantom": 1,
    r"\hphantom": 1, r"\underset": 1, r"\hskip": 0, r"\mathop": 0, r"\mathrel": 0, r"\mathbin": 0,
    r"\mathord": 0, r"\mathopen": 0, r"\mathclose": 0, r"\mathpunct": 0, r"\mathinner": 0, r"\ensuremath": 0,
    r"\boxed": 0, r"\fbox": 0, r"\smash": 0, r"\mathclap": 0, r"\mathrlap": 0, r"\mathllap": 0, r"\vcenter": 0,
    r"\require": 1, r"\rule": 2, r"\raisebox": 1, r"\fcolorbox": 2, r"\bbox": 0, r"\style": 1, r"\class": 1,
    r"\cssId": 1, r"\href": 1, r"\cancel": 0, r"\bcancel": 0, r"\xcancel": 0, r"\rlap": 0, r"\llap": 0, r"\clap": 0,
}

#   unit: how many of it are a wide space
WIDE = {"em": 0.8, "ex": 1.8, "mu": 14, "pt": 8, "mm": 2.8, "cm": 0.28, "in": 0.11}

#   prose between two rows
BETWEEN = frozenset({r"\intertext", r"\shortintertext"})

LABELLED = frozenset({r"\underbrace", r"\overbrace", r"\underbracket", r"\overbracket"})

ACCENTS: dict[str, str] = {
    r"\tilde": "tilde", r"\widetilde": "tilde", r"\hat": "hat", r"\widehat": "hat", r"\bar": "bar",
    r"\overline": "bar", r"\check": "check", r"\widecheck": "check", r"\dot": "dot", r"\ddot": "ddot",
    r"\vec": "vec", r"\overrightarrow": "vec", r"\overleftarrow": "overleftarrow", r"\breve": "breve",
    r"\acute": "acute", r"\grave": "grave", r"\mathring": "mathring", r"\underline": "underline",
}

PRODUCTS: dict[str, str] = {
    "*": "*", r"\ast": "*", r"\star": "*", r"\cdot": "dot", r"\cdotp": "dot", r"\bullet": "dot", "@": "dot",
    r"\odot": "odot", r"\circ": "circ", r"\times": "times", r"\otimes": "otimes", r"\oplus": "oplus",
    r"\bigodot": "odot", r"\bigotimes": "otimes", r"\bigoplus": "oplus",
}

RELATIONS: dict[str, str] = {
    "=": "=", ":=": ":=", r"\coloneqq": ":=", r"\triangleq": ":=", r"\doteq": ":=", r"\leftarrow": ":=",
    r"\gets": ":=", r"\longleftarrow": ":=", "+=": "+=", r"\equiv": "equiv", r"\approx": "approx",
    r"\simeq": "approx", r"\sim": "approx", r"\cong": "approx", r"\propto": "propto", r"\to": "to",
    r"\rightarrow": "to", r"\longrightarrow": "to", r"\mapsto": "to", r"\in": "in", r"\le": "le",
    r"\leq": "le", r"\leqslant": "le",
    r"\ge": "ge", r"\geq": "ge", r"\geqslant": "ge", "<": "lt", r"\lt": "lt", r"\ll": "lt", ">": "gt",
    r"\gt": "gt", r"\gg": "gt", r"\neq": "ne", r"\ne": "ne",
}

IMPLIES = frozenset({
    r"\Rightarrow", r"\Longrightarrow", r"\implies", r"\iff", r"\Leftrightarrow", r"\therefore", r"\Longleftrightarrow",
})

#   opening bracket: closing bracket
BRACKETS: dict[str, str] = {
    "(": ")", "[": "]", r"\{": r"\}", "{": "}", r"\langle": r"\rangle", r"\lvert": r"\rvert",
    r"\lVert": r"\rVert", r"\lbrack": r"\rbrack", r"\lbrace": r"\rbrace",
}

SAME: dict[str, str] = {  # two names of one mark
    r"\lparen": "(", r"\rparen": ")", r"\lbrack": "[", r"\rbrack": "]", r"\lbrace": r"\{", r"\rbrace": r"\}",
    r"\vert": "|", r"\Vert": r"\|", r"\colon": ":", r"\prime": "'", r"\dfrac": r"\frac", r"\tfrac": r"\frac",
    r"\cfrac": r"\frac", r"\ldots": r"\dots", r"\cdots": r"\dots", r"\dotsc": r"\dots", r"\dotsb": r"\dots",
    r"\vdots": r"\dots", r"\ddots": r"\dots", r"\dotsm": r"\dots", r"\transpose": r"\top", r"\intercal": r"\top",
    r"\_": "_", r"\*": "*", r"\parallel": r"\|", r"\vcentcolon": ":", r"\sp": "^",
    r"\sb": "_", r"\mid": "|", r"\T": r"\top", r"\slash": "/", r"\div": "/",
}

ARITY: dict[str, int] = {  # how many arguments belong to a command
    "_": 1, "^": 1, r"\frac": 2, r"\sqrt": 1, r"\root": 2, r"\substack": 1, **dict.fromkeys(ACCENTS, 1),
}

OTHERS = frozenset({r"\dots", r"\top", r"\partial", r"\nabla", r"\sum", r"\prod", r"\infty", r"\forall", r"\dagger",
                    r"\at", r"\|", r"\bmod", r"\pmod", r"\mod", r"\%"})

#   environments
LAYOUTS = frozenset({"align", "aligned", "alignat", "alignedat", "flalign", "equation", "eqnarray", "gather",
                     "gathered", "split", "multline", "multlined", "displaymath", "math", "subequations", "dmath"})
MATRICES = frozenset({"pmatrix", "bmatrix", "matrix", "smallmatrix", "psmallmatrix", "bsmallmatrix", "Bmatrix",
                      "array"})
CASES = frozenset({"cases", "dcases", "rcases"})
# fmt: on

_NO_FUNCTIONS = {r"\vec", r"\sqrt", r"\square"}  # commands that are something else
FUNCTION_COMMANDS = frozenset(rf"\{name}" for name in FUNCTIONS if name.isalpha()) - _NO_FUNCTIONS
KNOWN = (
    FONTS
    | UPRIGHT
    | UNSEEN
    | SIZES
    | GAPS
    | set(DROPPED)
    | LABELLED
    | BETWEEN
    | {r"\hspace"}
    | set(ACCENTS)
    | set(PRODUCTS)
    | set(RELATIONS)
    | IMPLIES
    | set(BRACKETS)
    | set(BRACKETS.values())
    | set(SAME)
    | set(ARITY)
    | OTHERS
    | FUNCTION_COMMANDS
)
