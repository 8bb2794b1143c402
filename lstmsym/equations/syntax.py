"""From the characters of a cell text to one syntax tree a line, or an error with a caret.

Nothing is evaluated. The limits below are far above any cell and far below what could hurt.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from lstmsym.errors import CellError

HEAD_KEYS = ("source", "differs", "family", "year")
LIMITS = {"characters": 100_000, "lines": 2_000, "line": 2_000, "depth": 40}

CLOSING = {"(": ("RPAR", "close the bracket with ')'"), "[": ("RSQB", "close the bracket with ']'")}
ADVICE = {
    "STAR": "between two things stands *, /, +, - or @",
    "EQUAL": "an equation reads name[t] = …",
    "LSQB": "a signal reads name[t] or name[t-1]",
    "PERCENT": "a choice by time reads when(t % 2 == 0, a, b)",
}


@dataclass(frozen=True)
class Line:
    """One statement of a cell text: its tree, its trailing comment, and where it stands."""

    number: int
    text: str
    tree: Any
    comment: str


@dataclass(frozen=True)
class Source:
    """A cell text taken apart: statements, and the head comment's title and keys."""

    lines: tuple[Line, ...]
    title: str
    keys: dict[str, str]


def parse(text: str) -> Source:
    """Take a cell text apart. Raises CellError with line, column and what to write."""
    _check_limits(text)
    rows = text.splitlines()
    title, keys, start = _head(rows)
    lines = []
    for number, row in enumerate(rows[start:], start + 1):
        body, _, comment = row.partition("#")
        if body.strip():
            lines.append(Line(number, row, _tree(body, number, row), comment.strip()))
    if not lines:
        raise CellError(
            "no equation in this text; a cell reads like h[t] = tanh(W @ h[t-1] + U @ x[t] + b)"
        )
    return Source(tuple(lines), title, keys)


def _check_limits(text: str) -> None:
    if "\x00" in text:
        raise CellError("this is not text (it holds a NUL byte); a .cell file is plain UTF-8 text")
    if len(text) > LIMITS["characters"]:
        raise CellError(
            f"a cell text has at most {LIMITS['characters']:,} characters, this one {len(text):,}"
        )
    rows = text.splitlines()
    if len(rows) > LIMITS["lines"]:
        raise CellError(
            f"a cell text has at most {LIMITS['lines']:,} lines, this one {len(rows):,}"
        )
    for number, row in enumerate(rows, 1):
        if len(row) > LIMITS["line"]:
            raise CellError(
                f"a line has at most {LIMITS['line']:,} characters, this one {len(row):,}",
                line=number,
            )
        _check_depth(row, number)


def _check_depth(row: str, number: int) -> None:
    depth = 0
    for column, character in enumerate(row.partition("#")[0], 1):
        depth += (character in "([") - (character in ")]")
        if depth > LIMITS["depth"]:
            message = f"brackets nest deeper than {LIMITS['depth']}; name the inner part with its own equation"
            raise CellError(message, line=number, column=column, text=row)
    signs = row.partition("#")[0].replace(" ", "")
    if "-" * LIMITS["depth"] in signs or signs.count("@") > LIMITS["depth"]:
        raise CellError(
            f"more than {LIMITS['depth']} '-' or '@' in a row; name the inner part", line=number
        )


def _head(rows: list[str]) -> tuple[str, dict[str, str], int]:
    """Title, keys (`HEAD_KEYS`) and the number of rows of the head comment."""
    keys: dict[str, str] = {}
    title = last = ""
    for count, row in enumerate(rows):
        if row.strip() and not row.lstrip().startswith("#"):
            return title, keys, count
        content = row.strip().lstrip("#").strip()
        key, colon, value = content.partition(":")
        if colon and key.strip().lower() in HEAD_KEYS:
            last = key.strip().lower()
            keys[last] = value.strip()
        elif last and content:
            keys[last] += " " + content
        elif content and not title:
            title = content
        elif not content:
            last = ""
    return title, keys, len(rows)


@cache
def _parser() -> Lark:
    grammar = files(__package__).joinpath("cell.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=False)


def _tree(body: str, number: int, row: str) -> Tree[Any]:
    try:
        return _parser().parse(body)
    except UnexpectedInput as error:
        column = len(body.rstrip()) + 1 if _at_end(error) else error.column
        message = _explain(error, _open_bracket(body[: column - 1]))
        raise CellError(message, line=number, column=column, text=row) from None


def _at_end(error: UnexpectedInput) -> bool:
    return isinstance(error, UnexpectedEOF) or (
        isinstance(error, UnexpectedToken) and error.token.type == "$END"
    )


def _open_bracket(body: str) -> str:
    """The last bracket that is open at the end, or nothing."""
    opened = ""
    for character in body:
        if character in "([":
            opened += character
        elif character in ")]":
            opened = opened[:-1]
    return opened[-1:]


def _explain(error: UnexpectedInput, opened: str) -> str:
    expected = set(
        getattr(error, "accepts", None)
        or getattr(error, "expected", None)
        or error.__dict__.get("allowed")
        or ()
    )
    closing = dict([CLOSING[opened]] if opened else [])
    advice = next(
        (a for name, a in (closing | ADVICE).items() if name in expected),
        "expected a signal, a parameter or a number",
    )
    if _at_end(error):
        return f"the line ends too early; {advice}"
    if isinstance(error, UnexpectedCharacters):
        return f"'{error.char}' means nothing in a cell text; {_instead(error.char, advice)}"
    assert isinstance(error, UnexpectedToken)
    found: Token = error.token
    if found.type in ("NAME", "NUMBER") and "STAR" in expected:
        advice = ADVICE["STAR"]
    return f"'{found}' cannot stand here; {_instead(str(found), advice)}"


def _instead(found: str, advice: str) -> str:
    table = {
        "^": "write square(a), or a * a",
        "·": "write @ for a matrix product, * for an elementwise one",
        "⊙": "write * for the elementwise product",
        "∘": "write * for the elementwise product",
        "\\": "this is the .cell format, not LaTeX: write sigmoid(W_f @ [h[t-1], x[t]] + b_f)",
        "{": "this is the .cell format: write C_tilde[t], not braces",
        "σ": "write sigmoid(…)",
    }
    return table.get(found, advice)
