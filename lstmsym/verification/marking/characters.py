"""Text of strangers: what a terminal or a page would obey instead of showing is made visible."""

from __future__ import annotations

import unicodedata

UNSEEN = "\ufffd"
_CONTROLS = ("Cc", "Cs", "Co", "Cn")
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")


def shown(text: str) -> str:
    """The text with control characters and marks of direction replaced; a tab is a space.

    >>> shown("a\\x1b[31mb")
    'a\ufffd[31mb'
    """
    return "".join(_one(a) for a in text)


def _one(character: str) -> str:
    if character in "\t\n\r":
        return " "
    hidden = unicodedata.category(character) in _CONTROLS or character in _DIRECTIONS
    return UNSEEN if hidden else character
