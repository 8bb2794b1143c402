r"""What an author states beside the equations: % g = tanh, % p_f : diagonal, % x : input, % state C, h.

A comment that has not this form is only a comment.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lstmsym.equations.activations import ACTIVATIONS
from lstmsym.errors import CellError, nearest
from lstmsym.formulas.names import identifier
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.tree import Place

# fmt: off
KINDS = {
    # word        what a product with it is
    "scalar":   "a number times every entry",
    "vector":   "entry by entry",
    "diagonal": "entry by entry, the same as a diagonal matrix",
    "matrix":   "the product of a matrix",
}
ROLES = ("input", "state", "output")
ALIASES = {
    # word        activation
    "sigma":    "sigmoid",
    "σ":        "sigmoid",
    "logistic": "sigmoid",
    "sigm":     "sigmoid",
    "ReLU":     "relu",
    "id":       "identity",
    "linear":   "identity",
    "ln":       "log",
}
# fmt: on

_COMMENT = re.compile(r"(?<!\\)%+[ \t]*([^\n]*)")
_ONE = re.compile(r"([^\s=:,]+)\s*(?:=|:)\s*\\?([^\s=:,]+)\s*")
_LIST = re.compile(r"(state|input|output)s?\s*:?\s+(\S+(?:\s*,\s*\S+)*)\s*")
_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)")


@dataclass
class Stated:
    """functions: name = activation; kinds: name = scalar …; numbers: name = digits; roles: input = [names]."""

    functions: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    roles: dict[str, list[str]] = field(default_factory=lambda: {r: [] for r in ROLES})

    def state(self, name: str, word: str) -> bool:
        """Enter one statement; False for a word that says nothing."""
        if (activation := ALIASES.get(word, word)) in ACTIVATIONS:
            self.functions[name] = activation
        elif word in KINDS:
            self.kinds[name] = word
        elif word in ROLES:
            self.roles[word].append(name)
        elif _NUMBER.fullmatch(word):
            self.numbers[name] = word
        else:
            return False
        return True

    def names(self) -> Iterator[str]:
        """Every name that something is stated of."""
        yield from (*self.functions, *self.kinds, *self.numbers)
        for names in self.roles.values():
            yield from names


def stated_in(text: Text, given: Mapping[str, str] | None = None) -> Stated:
    """The statements in the comments of a text, then those given beside it. Raises CellError."""
    found = Stated()
    for comment in _COMMENT.finditer(text.whole):
        _read(found, text, comment)
    for name, word in (given or {}).items():
        if not found.state(identifier(name), str(word)):
            raise CellError(f"{name} cannot be '{word}'; {nearest(str(word), WORDS)}")
    return found


WORDS = (*ACTIVATIONS, *KINDS, *ROLES)


def _read(found: Stated, text: Text, comment: re.Match[str]) -> None:
    if listed := _LIST.fullmatch(comment[1]):
        names = [identifier(a) for a in listed[2].split(",")]
        if all(a.isidentifier() for a in names):
            found.roles[listed[1]] += names
    elif one := _ONE.fullmatch(comment[1]):
        name, word = identifier(one[1]), one[2]
        nearly = difflib.get_close_matches(word, WORDS, n=1, cutoff=0.75)
        if name.isidentifier() and not found.state(name, word) and nearly:
            raise text.fail(
                Place(comment.start(), comment.end()),
                f"{name} cannot be '{word}'; {nearest(word, WORDS)}",
            )
