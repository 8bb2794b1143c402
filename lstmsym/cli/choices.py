"""The words that options take, and options that several commands share.

The library has its own tables of these words, but reading them would import SymPy or matplotlib for a page of
help. tests/cli compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import click

KINDS = ("direct", "step", "block", "total")
FLOW_KINDS = ("block", "total")
FORMS = ("product", "recursion", "expanded", "double sum")
LAYOUTS = ("numerator", "denominator")
NOTATIONS = ("own", "split", "goodfellow", "greff", "olah", "pytorch")
INITS = ("pytorch", "keras", "gaussian", "orthogonal", "identity")
NORMS = ("spectral", "frobenius", "probe")
DTYPES = ("float64", "float32")


class Word(click.Choice[str]):
    """One of some words; any other is refused with the nearest of them."""

    def __init__(self, what: str, words: Sequence[str]) -> None:
        super().__init__(words)
        self.what = what

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        from lstmsym.errors import nearest

        if value in self.choices:
            return str(value)
        self.fail(f"unknown {self.what} '{value}'; {nearest(str(value), self.choices)}", param, ctx)


as_json = click.option(
    "--json", "json", is_flag=True, help="Print JSON with a schema field instead."
)
notation = click.option(
    "--notation",
    type=Word("notation", NOTATIONS),
    default="own",
    show_default=True,
    help="As the cell is written, every concatenated weight split into blocks, or as a paper or library has it.",
)


def epilog(*lines: str) -> str:
    """The examples below a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  lstmsym {line}" for line in lines)


def dumped(data: Any) -> str:
    """Strict JSON: numbers that are not finite become null."""
    return json.dumps(_finite(data), indent=2, ensure_ascii=False, allow_nan=False)


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    if isinstance(data, float) and data - data != 0.0:
        return None
    return data


Decorator = Callable[[Any], Any]
