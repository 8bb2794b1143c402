"""The errors of a cell text in the words of the LaTeX that it was made from."""

from __future__ import annotations

import re
from collections.abc import Mapping

EXAMPLE = "a cell reads like h_t = \\tanh(W h_{t-1} + U x_t + b)"

# fmt: off
REWORDED: tuple[tuple[str, str], ...] = (
    # what the reader of cell texts says                what it is in LaTeX
    (r"declare  input (\w+)  if it is one",             r"state it, as in  % \1 : input, if it is one"),
    (r", as in h\[t\] = tanh\(.*\)$",                   f"; {EXAMPLE}".replace("\\", r"\\")),
    (r"\b([^\W_]+)\[t\]",                              r"\1_t"),
    (r"\b([^\W_]+)\[t-1\]",                            r"\1_{t-1}"),
)
# fmt: on


def in_latex(message: str, lines: Mapping[int, int], time: str) -> str:
    """A message with the lines of the LaTeX, and signals as they are written there.

    lines   the line of the LaTeX for each line of the cell text
    time    the letter of the time
    """
    message = re.sub(
        r"\bline (\d+)\b", lambda m: f"line {lines.get(int(m[1]), int(m[1]))}", message
    )
    for pattern, words in REWORDED:
        message = re.sub(pattern, words, message)
    if time not in ("", "t", "l"):
        message = re.sub(r"_(t|\{t-1\})(?!\w)", lambda m: f"_{m[1].replace('t', time)}", message)
    return message
