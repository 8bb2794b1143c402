r"""What prose says of functions: "where $\sigma_g$ is the sigmoid function and $g$, $h$ are hyperbolic tangents"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lstmsym.formulas.names import identifier

#   as prose says it, in lower case: activation
NAMES: dict[str, str] = {
    "sigmoid": "sigmoid",
    "logistic": "sigmoid",
    "hyperbolic tangent": "tanh",
    "tanh": "tanh",
    "rectified linear": "relu",
    "rectifier": "relu",
    "relu": "relu",
    "softplus": "softplus",
    "identity function": "identity",
}

_LETTER = r"\$(?P<{0}>\\?[A-Za-z]+(?:_\{{?\w+\}}?)?)(?:\([^$]{{0,12}}\))?\$"
_LIST = re.compile(_LETTER.format("first") + r"(?=(?P<between>[^.;$\n]{0,60}))")
_NAMED = re.compile("|".join(NAMES))
_ENUMERATED = re.compile(r"\s*(?:,|and|, and|&)\s*(?=\$)")


def functions_said(text: str) -> dict[str, str]:
    """Names of functions and the activations that the prose of a document says they are.

    >>> functions_said("here $g$ and $h$ are the hyperbolic tangent, $k$ a number; g(a), h(a)")
    {'g': 'tanh', 'h': 'tanh'}
    """
    return dict(_said(text))


def _said(text: str) -> Iterator[tuple[str, str]]:
    waiting: list[tuple[str, int]] = []
    for letter in _LIST.finditer(text):
        if not _is_applied(letter["first"], text):
            continue
        waiting = [a for a in waiting if a[1] == letter.start()]
        after = _ENUMERATED.match(text, letter.end())
        waiting += [(letter["first"], 0)]
        if after:
            waiting = [(name, after.end()) for name, _ in waiting]
            continue
        if word := _NAMED.search(letter["between"].lower()):
            for name, _ in waiting:
                yield identifier(name), NAMES[word[0]]
        waiting = []


def _is_applied(name: str, text: str) -> bool:
    """Whether round brackets stand right behind the name somewhere in the text."""
    return bool(re.search(re.escape(name) + r"\s*(?:\\left)?\s*\(", text))
