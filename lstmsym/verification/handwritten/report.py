"""What is said of a backward pass, line by line: for a terminal, for Markdown, as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from lstmsym.verification.handwritten.compare import Verdict
from lstmsym.verification.handwritten.times import Times

SCHEMA = "lstmsym/gradients/1"
COLOURS = {"right": "#137333", "wrong": "#b3261e", "weak": "#7a5200"}
Pen = Callable[[str, str], str]


@dataclass(frozen=True)
class GradientCheck:
    """The verdict on a backward pass.

    loss      its value at the arrays
    arrays    one verdict an array, in the order of the arrays
    times     where in time the error enters, if there is one and a sequence was found
    slip      what was written wrongly, if a cell was named and one slip explains every number
    warnings  what makes the check weak, {"name", "sentence"}
    method    how the true slopes were found, and why not by complex step
    upstream  the arguments of backward that were drawn, where forward returns no loss, each with what it is for
    """

    loss: float
    arrays: tuple[Verdict, ...]
    method: str
    reason: str = ""
    warnings: tuple[dict[str, str], ...] = ()
    times: Times | None = None
    slip: Any = None
    file: str = ""
    upstream: Mapping[str, str] = field(default_factory=dict)
    calls: int = field(default=0, compare=False)

    @property
    def passed(self) -> bool:
        """Whether gradients were returned and every one of them is right."""
        return {v.verdict for v in self.arrays} - {"not returned"} == {"right"}

    @property
    def exit_code(self) -> int:
        """0 right, 1 something is wrong, 2 nothing is wrong but not everything could be judged."""
        return 0 if self.passed else 1 if self.judged("wrong") else 2

    def judged(self, verdict: str) -> list[Verdict]:
        """The arrays with a verdict: right, wrong or not returned."""
        return [v for v in self.arrays if v.verdict == verdict]

    @property
    def summary(self) -> str:
        right, wrong = len(self.judged("right")), self.judged("wrong")
        if wrong:
            return (
                f"{_some(len(wrong), right + len(wrong))} wrong: {', '.join(v.name for v in wrong)}"
            )
        if blind := self.judged("not judged"):
            return f"{_some(len(blind), right + len(blind))} not judged: {', '.join(v.name for v in blind)}"
        return f"all {right} gradients right" if right > 1 else "the gradient is right"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "schema": SCHEMA,
            "file": self.file,
            "loss": self.loss,
            "method": self.method,
            "reason": self.reason,
            "upstream": list(self.upstream),
            "arrays": [_data(v) for v in self.arrays],
            "times": self.times.as_dict() if self.times else None,
            "warnings": list(self.warnings),
            "slip": self.slip.as_dict() if self.slip else None,
            "summary": self.summary,
        }

    def text(self, pen: Pen = lambda words, kind: words) -> str:
        """Line by line; `pen` colours words of a kind: right, wrong or weak."""
        return "\n".join(self._lines(pen))

    def _lines(self, pen: Pen) -> list[str]:
        names = max(len(v.name) for v in self.arrays)
        lines = [f"loss {self.loss:.9g}; slopes by {self.method}"]
        if self.reason:
            lines[0] += f", since {self.reason}"
        if self.upstream:
            drawn = (f"{n} (for {of})" if of else n for n, of in self.upstream.items())
            lines.append(
                f"forward returns no loss: taken is the sum of what it returns times {', '.join(drawn)}, "
                "drawn N(0, 1) and handed to backward"
            )
        for v in self.arrays:
            mark = {"right": "✓", "wrong": "✗"}.get(v.verdict, "·")
            words = pen(f"{mark} {v.name:<{names}}  {v.verdict}", KIND[v.verdict])
            lines.append(f"{words}  {_entry(v)}".rstrip())
        if self.times and self.times.sentence:
            lines.append(f"in time: {self.times.sentence}")
            lines += [
                f"in time: the gradient by {n} is wrong at t = {_listed(at)}"
                for n, at in self.times.at.items()
            ]
        if self.slip:
            lines += [pen(f"slip: {line}", "wrong") for line in self.slip.lines]
        lines += [f"{pen('weak:', 'weak')} {w['sentence']}" for w in self.warnings]
        return [*lines, pen(self.summary, "right" if self.passed else "wrong")]

    def __str__(self) -> str:
        return self.text()

    def html(self) -> str:
        """The same lines as a page of their own, in green and red."""
        style = "".join(f".{kind}{{color:{colour}}}" for kind, colour in COLOURS.items())
        body = "\n".join(self._lines(lambda words, kind: f"\x02{kind}\x03{words}\x04"))
        marked = re.sub("\x02(\\w+)\x03", r'<b class="\1">', escape(body)).replace("\x04", "</b>")
        title = escape(self.file or "gradients")
        return (
            f'<!doctype html>\n<html lang="en"><meta charset="utf-8">\n<title>{title}</title>\n'
            f"<style>pre{{white-space:pre-wrap}}{style}</style>\n<h1>{title}</h1>\n<pre>{marked}</pre></html>\n"
        )

    def _repr_markdown_(self) -> str:
        columns = ("array", "verdict", "entry", "found", "expected", "relative error", "tolerance")
        head = f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|\n"
        rows = "\n".join(
            f"| `{v.name}` | {v.verdict} | {_place(v)} | {_number(v.found)} | {_number(v.expected)} "
            f"| {v.error:.1e} | {v.tolerance:.1e} |"
            for v in self.arrays
        )
        rest = [f"In time: {self.times.sentence}."] if self.times and self.times.sentence else []
        rest += [f"Slip: {line}." for line in (self.slip.lines if self.slip else ())]
        rest += [f"*Weak:* {w['sentence']}." for w in self.warnings]
        return "\n\n".join([f"**{self.summary}**", head + rows, *rest])


KIND = {"right": "right", "wrong": "wrong", "not returned": "weak", "not judged": "weak"}


def _some(count: int, of: int) -> str:
    return f"{count} of {of} gradients" if of > 1 else "the gradient is"


def _entry(v: Verdict) -> str:
    if v.verdict == "not returned":
        return ""
    note = f"; {v.note}" if v.note else ""
    if v.verdict == "not judged":
        return f"the true one is known to within {v.tolerance:.0%} only"
    if v.verdict == "right":
        return f"relative error {v.error:.1e}, tolerance {v.tolerance:.1e}" if v.worst is not None else (
            f"along random directions, tolerance {v.tolerance:.1e}")  # fmt: skip
    if v.worst is None:
        return v.note
    return (
        f"{_place(v)} is {_number(v.found)}, should be {_number(v.expected)}; "
        f"relative error {v.error:.1e}, tolerance {v.tolerance:.1e}{note}"
    )


def _place(v: Verdict) -> str:
    """[2, 0]"""
    return f"[{', '.join(map(str, v.worst))}]" if v.worst is not None else ""


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.9g}"


def _listed(places: tuple[int, ...]) -> str:
    return ", ".join(map(str, places))


def _data(v: Verdict) -> dict[str, Any]:
    return {
        "name": v.name,
        "verdict": v.verdict,
        "worst": list(v.worst) if v.worst is not None else None,
        "found": v.found,
        "expected": v.expected,
        "error": v.error,
        "tolerance": v.tolerance,
        "method": v.method,
        "note": v.note,
    }
