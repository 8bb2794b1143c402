"""What authors call initial states, sequences and gradients; names only suggest, numbers decide."""

from __future__ import annotations

import re
from collections.abc import Sequence

# What inputs over time are called, the surest first, and what may stand beside such a word.
SEQUENCES = tuple(
    [
        "x",
        "xs",
        "xt",
        "xi",
        "xseq",
        "input",
        "inputs",
        "seq",
        "sequence",
        "sequences",
        "data",
        "tokens",
        "token",
        "letters",
        "letter",
        "chars",
        "char",
        "words",
        "word",
        "symbols",
        "ids",
        "indices",
        "text",
        "sentence",
        "sample",
        "samples",
        "u",
        "us",
    ]
)
BESIDE = tuple(
    "in t i all list batch one hot onehot arr array vec train test over time step steps".split()  # noqa: SIM905
)
_INITIAL = re.compile(
    r"(h|c|s|y|state|hidden|cell)_?(0|init|prev|start|initial|m1|tm1|t_1|last|old)"
    r"|(init|prev|initial|start|old|last)_?(h|c|s|state|hidden|cell)(_state)?",
    re.IGNORECASE,
)


# What authors put around the name of an array to name its gradient; the first that fits is taken.
DECORATIONS = (
    r"(?P<name>.+)",
    r"d_?(?P<name>.+)",
    r"d(?:[LEJC]|loss|cost)_?d?_?(?P<name>.+)",
    r"d[LEJC]/d(?P<name>.+)",
    r"(?:grads?|g|delta|nabla|∂|∇)_?(?P<name>.+)",
    r"(?P<name>.+?)_?(?:grads?|bar|gradient|diff|delta)",
    r"(?P<name>.+)_d",
)


def is_initial(name: str) -> bool:
    """Whether a name is that of a state at time 0: h0, c_prev, init_h."""
    return _INITIAL.fullmatch(name) is not None


def is_sequence(name: str) -> bool:
    """Whether a name is that of an input over time: x, xs, inputs, X_batch, input_seq; U is a weight."""
    return surely_sequence(name) < len(SEQUENCES)


def surely_sequence(name: str) -> int:
    """The place in the table of what a name calls an input over time; the length of the table if it does not."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Za-z][a-z]*|\d+", name)
    known = [SEQUENCES.index(w.lower()) for w in words if w.lower() in SEQUENCES]
    others = [w for w in words if w.lower() not in (*SEQUENCES, *BESIDE)]
    return min(known) if known and not others and name != "U" else len(SEQUENCES)


def is_target(name: str) -> bool:
    """Whether a name is that of what the output is compared with: y, targets, labels."""
    return re.match(r"(y|t|ys|target|label|goal|wanted)s?($|_)", name, re.IGNORECASE) is not None


def array_named(key: str, names: Sequence[str]) -> str | None:
    """The array whose gradient a key such as dW, dL_dW, grad_W or W_grad names; None if there is none."""
    folded = {name.lower(): name for name in names}
    for pattern in DECORATIONS:
        if (match := re.fullmatch(pattern, key)) and match["name"] in names:
            return match["name"]
    for pattern in DECORATIONS:
        match = re.fullmatch(pattern, key, re.IGNORECASE)
        if match and match["name"].lower() in folded and len(folded) == len(names):
            return folded[match["name"].lower()]
    return None
