"""Which letters side by side are one word: tanh, diag, net and LSTM are, Wx and ij are products."""

from __future__ import annotations

from collections.abc import Iterator

# fmt: off
#   as written, in lower case: canonical name
FUNCTIONS: dict[str, str] = {
    "sigmoid": "sigmoid", "sigm": "sigmoid", "sig": "sigmoid", "logistic": "sigmoid", "logsig": "sigmoid",
    "expit": "sigmoid",   "hardsigmoid": "hard_sigmoid", "hard_sigmoid": "hard_sigmoid",
    "tanh": "tanh",       "th": "tanh",       "tansig": "tanh",   "hardtanh": "hard_tanh", "hard_tanh": "hard_tanh",
    "relu": "relu",       "rectifier": "relu", "softplus": "softplus", "softmax": "softmax", "softsign": "softsign",
    "elu": "elu",         "gelu": "gelu",     "selu": "selu",     "silu": "silu",       "swish": "silu",
    "exp": "exp",         "log": "log",       "ln": "log",        "sqrt": "sqrt",       "abs": "abs",
    "sech": "sech",       "cosh": "cosh",     "sinh": "sinh",     "coth": "coth",       "sin": "sin",
    "cos": "cos",         "tan": "tan",       "arctan": "arctan", "atan": "arctan",     "artanh": "artanh",
    "arctanh": "artanh",  "atanh": "artanh",  "erf": "erf",
    "diag": "diag",       "max": "max",       "min": "min",       "tr": "trace",        "trace": "trace",
    "vec": "vec",         "mat": "mat",       "sign": "sign",     "sgn": "sign",      "step": "step",
    "heaviside": "step",  "identity": "identity", "id": "identity", "clip": "clip",  "square": "square",
    "concat": "concat",   "layernorm": "layernorm", "ln_norm": "layernorm",
    "activation": "activation",
}
# fmt: on

SHORT = ("th", "tr", "ln", "id", "sig")  # too short to be words where they are slanted letters
BREAKS = frozenset(
    {
        "and",
        "where",
        "with",
        "so",
        "then",
        "or",
        "hence",
        "thus",
        "therefore",
        "while",
        "und",
        "mit",
        "wobei",
        "et",
        "avec",
        "donde",
        "con",
        "och",
        "med",
    }
)
ASIDES = frozenset(
    {"for", "if", "when", "otherwise", "else", "all", "using", "since", "because", "is", "the"}
)
INDICES = frozenset("ijklmnt")  # side by side they are several indices


def function_name(word: str) -> str:
    """The canonical name of a function, "" for other words."""
    return FUNCTIONS.get(word.lower(), "")


def split_run(run: str) -> Iterator[str]:
    """Slanted letters side by side: one word, or letters.

    >>> list(split_run("tanh")), list(split_run("Wx")), list(split_run("ijt"))
    (['tanh'], ['W', 'x'], ['i', 'j', 't'])
    """
    yield from [run] if is_word(run) else run


def is_word(run: str) -> bool:
    """Whether slanted letters are a word: a function, net, ReLU, LSTM, Loss."""
    if run.lower() in FUNCTIONS:
        return run.lower() not in SHORT or run == "ln" or run[0].isupper()
    if len(run) < 3 or (set(run) <= INDICES and len(set(run)) == len(run)):
        return False
    return run.islower() or run.isupper() or (run.istitle() and len(run) > 3)
