r"""Mathematics between delimiters: $ … $, $$ … $$, \( … \), \[ … \], environments, and ```math fences.

One walk from left to right; a closing mark that was once not found is not looked for again, so that a
long text without one takes no longer than any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lstmsym.formulas import macros

_NAMES = "|".join(sorted(macros.LAYOUTS | {"array", "cases", "dcases", "pmatrix", "bmatrix"}))
_SKIPPED = "verbatim|lstlisting|minted|Verbatim|comment|filecontents"
_TEX = rf"""
    (?P<comment>(?<!\\)%[^\n]*)
  | \\begin\{{(?P<skipped>(?:{_SKIPPED})\*?)\}}
  | \\begin\{{(?P<environment>(?:{_NAMES})\*?)\}}
  | (?P<verb>\\verb(?P<bar>[^\w\s*]))
  | (?P<display>\\\[) | (?P<inline>\\\()
  | (?P<escaped>\\[\s\S])
  | (?P<dollars>\$\$?)
"""
_MARKDOWN = r"""
    (?m:^[ \t]*(?P<fence>`{3,}|~{3,})(?P<language>[^\n`]*)$)
  | (?P<code>`+) | (?P<html><!--)
"""
_IN_TEX = re.compile(_TEX, re.VERBOSE)
_IN_MARKDOWN = re.compile(
    f"{_MARKDOWN} | {_TEX.replace('(?P<comment>', '(?P<comment>(?!)')}", re.VERBOSE
)
_COMMAND = re.compile(r"\\[a-zA-Z]{2}|[_^]")
_PROSE = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{3,} +[A-Za-z]{3,}|[^\x00-\u03ff\u1d00-\u2aff]")
_MATH_FENCES = ("math", "latex", "tex", "katex")


@dataclass(frozen=True)
class Found:
    """Where a piece stands in the text, delimiters included, and whether on lines of its own.

    after  where the text goes on, if not at the end: behind the closing fence
    """

    start: int
    end: int
    display: bool
    after: int = 0


def scanned(text: str, *, markdown: bool = False) -> list[Found]:
    """All mathematics of a text, in order."""
    return list(_Scanner(text, markdown).found())


@dataclass
class _Scanner:
    text: str
    markdown: bool
    missing: set[str] = field(default_factory=set)

    def found(self) -> Iterator[Found]:
        pattern = _IN_MARKDOWN if self.markdown else _IN_TEX
        at = 0
        while match := pattern.search(self.text, at):
            piece = self.piece(match)
            if isinstance(piece, Found):
                yield piece
                at = max(piece.end, piece.after)
            else:
                at = piece

    def piece(self, match: re.Match[str]) -> Found | int:
        """The mathematics that begins at a match, or the place where to go on."""
        start, after = match.span()
        groups = match.groupdict()
        if self.markdown and groups["fence"]:
            return self.fence(match)
        if self.markdown and (groups["code"] or groups["html"]):
            end = self.closing(groups["code"] or "-->", after)
            return after if end < 0 else end
        if groups["skipped"] or groups["verb"]:
            end = self.closing(groups["bar"] or rf"\end{{{groups['skipped']}}}", after)
            return len(self.text) if end < 0 and groups["skipped"] else max(end, after)
        if groups["dollars"]:
            return self.dollars(groups["dollars"], start, after)
        if groups["environment"]:
            end = self.environment(groups["environment"], after)
        else:
            closer = r"\]" if groups["display"] else r"\)" if groups["inline"] else ""
            end = self.closing(closer, after) if closer else -1
        return after if end < 0 else Found(start, end, not groups["inline"])

    def closing(self, mark: str, at: int) -> int:
        """The place after the next closing mark, or -1."""
        if mark in self.missing:
            return -1
        end = self.text.find(mark, at)
        if end < 0:
            self.missing.add(mark)
            return -1
        return end + len(mark)

    def environment(self, name: str, at: int) -> int:
        """The place after the end of an environment, over those of its own name within."""
        if name in self.missing:
            return -1
        depth = 1
        pattern = re.compile(rf"\\(begin|end)\{{{re.escape(name)}\}}")
        for match in pattern.finditer(self.text, at):
            depth += 1 if match[1] == "begin" else -1
            if not depth:
                return match.end()
        self.missing.add(name)
        return -1

    def fence(self, match: re.Match[str]) -> Found | int:
        """A block of code, which may be mathematics."""
        closing = re.compile(rf"\n[ \t]*{re.escape(match['fence'])}").search(
            self.text, match.end() - 1
        )
        if closing is None:
            return len(self.text)
        if match["language"].strip().lower() not in _MATH_FENCES:
            return closing.end()
        start = match.end() + 1
        return Found(start, max(closing.start(), start), True, closing.end())

    def dollars(self, mark: str, start: int, after: int) -> Found | int:
        end = after
        while (end := self.closing(mark, end)) > 0 and self.text[end - len(mark) - 1] == "\\":
            pass
        if end < 0:
            return after
        inside = self.text[after : end - len(mark)]
        if mark == "$$":
            return Found(start, end, True)
        spaced = inside[:1].isspace() or inside[-1:].isspace()
        spaced &= bool(_PROSE.search(inside)) or not _COMMAND.search(inside)
        spaced |= "`" in inside or self.text[end : end + 1].isdigit()
        if not inside or "\n\n" in inside or (self.markdown and spaced):
            return after
        return Found(start, end, False)
