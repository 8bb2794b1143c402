"""Cells made of cells, as they are written: stack(lstm, 3), stack(lstm, gru), bidirectional(./mine.cell)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from lstmsym.equations.bidirectional import bidirectional
from lstmsym.equations.cell import Cell
from lstmsym.equations.stack import MOST_LAYERS, stack
from lstmsym.errors import InputError, UnknownName, nearest

LONGEST_TEXT = 500
WRAPPERS = {
    "stack": "stack(lstm, 3) or stack(lstm, gru)",
    "bidirectional": "bidirectional(gru)",
}
_CALL = re.compile(r"\s*(\w+)\s*\((.*)\)\s*", re.DOTALL)

Find: TypeAlias = Callable[[str], Cell]


@dataclass(frozen=True)
class Call:
    """A wrapper around cells; a number at the end of a stack says how often its layers are repeated."""

    wrapper: str
    inside: tuple[Call | str, ...]
    depth: int = 1

    def __str__(self) -> str:
        times = [str(self.depth)] if self.depth != 1 else []
        return f"{self.wrapper}({', '.join([*map(str, self.inside), *times])})"


def is_call(text: str) -> bool:
    """Whether a text is written like a wrapper around a cell, with a name and brackets."""
    return _CALL.fullmatch(text) is not None


def read_call(text: str) -> Call:
    """What a text wraps around what. Raises UnknownName and InputError with what to write."""
    if len(text) > LONGEST_TEXT:
        raise InputError(f"'{text[:40]}…': a wrapped cell is written in {LONGEST_TEXT} characters")
    match = _CALL.fullmatch(text)
    if match is None:
        raise InputError(f"'{text}' is no wrapped cell; write {WRAPPERS['stack']}")
    wrapper, inside = match[1], [part.strip() for part in _parts(match[2])]
    if wrapper not in WRAPPERS:
        raise UnknownName(f"no wrapper '{wrapper}' around cells; {nearest(wrapper, WRAPPERS)}")
    depth = inside.pop() if wrapper == "stack" and inside[-1].isdecimal() else "1"
    if not inside or not all(inside) or (wrapper == "bidirectional" and len(inside) != 1):
        raise InputError(f"'{text.strip()}' wraps no cell; write {WRAPPERS[wrapper]}")
    if len(depth) > 3 or not 1 <= int(depth) <= MOST_LAYERS:
        raise InputError(f"'{text.strip()}': a stack has 1 to {MOST_LAYERS} layers, not {depth}")
    return Call(wrapper, tuple(read_call(a) if is_call(a) else a for a in inside), int(depth))


def _parts(inside: str) -> list[str]:
    """The arguments, at the commas that stand in no inner brackets."""
    parts, level = [""], 0
    for character in inside:
        level += (character == "(") - (character == ")")
        if character == "," and level == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def build(call: Call, find: Find) -> Cell:
    """The one cell that a call makes. Raises CellError where the layers are no single recurrence."""
    inside = [build(a, find) if isinstance(a, Call) else find(a) for a in call.inside]
    if call.wrapper == "bidirectional":
        return bidirectional(inside[0])
    return stack(inside * call.depth)


def layers_of(call: Call, find: Find) -> list[Cell]:
    """The cells that are run one after the other, the lowest first: those of a stack, or the call's one."""
    if call.wrapper != "stack":
        return [build(call, find)]
    layers = [
        b for a in call.inside for b in (layers_of(a, find) if isinstance(a, Call) else [find(a)])
    ]
    if len(layers) * call.depth > MOST_LAYERS:
        raise InputError(f"{call} has {len(layers) * call.depth} layers; at most {MOST_LAYERS} fit")
    return layers * call.depth
