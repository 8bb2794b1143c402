"""What authors call initial states and sequences; names only suggest, numbers decide."""

from __future__ import annotations

import re

SEQUENCES = frozenset(
    (
        "x",
        "xs",
        "x_seq",
        "xseq",
        "xt",
        "x_t",
        "input",
        "inputs",
        "seq",
        "sequence",
        "u",
        "us",
        "data",
        "tokens",
    )
)
_INITIAL = re.compile(
    r"(h|c|s|y|state|hidden|cell)_?(0|init|prev|start|initial|m1|tm1|t_1|last|old)"
    r"|(init|prev|initial|start|old|last)_?(h|c|s|state|hidden|cell)(_state)?",
    re.IGNORECASE,
)


def is_initial(name: str) -> bool:
    """Whether a name is that of a state at time 0: h0, c_prev, init_h."""
    return _INITIAL.fullmatch(name) is not None


def is_sequence(name: str) -> bool:
    """Whether a name is that of an input over time: x, xs, inputs."""
    return name.lower() in SEQUENCES


def is_target(name: str) -> bool:
    """Whether a name is that of what the output is compared with: y, targets, labels."""
    return re.match(r"(y|t|ys|target|label|goal|wanted)s?($|_)", name, re.IGNORECASE) is not None
