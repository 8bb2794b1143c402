"""A derivation entry by entry: ∂C_t^i/∂C_{t-1}^j = …, as text, LaTeX or Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

FORMATS = ("text", "latex", "markdown")
Line = tuple[str, str, str]


def written(found: Any, form: str, steps: bool) -> str:
    """The (i, j) entry of the result, or of every step to it, and of what its names stand for."""
    if form not in FORMATS:
        raise click.UsageError(f"--components is written as {', '.join(FORMATS)}, not as {form}")
    result, names = _lines(found.derivation, "text" if form == "text" else "latex", steps)
    if form == "text":
        return _text(result) + ("\n\nwhere\n\n" + _text(names) if names else "")
    lines = [
        *result,
        *(
            (f"\\text{{where}}\\quad {a}" if i == 0 else a, b, c)
            for i, (a, b, c) in enumerate(names)
        ),
    ]
    return f"$$\n{_latex(lines)}\n$$" if form == "markdown" else _latex(lines)


def as_dict(found: Any) -> dict[str, str]:
    """The result in component form, for --json."""
    return {form: written(found, form, steps=False) for form in ("latex", "text")}


def _lines(derivation: Any, form: str, steps: bool) -> tuple[list[Line], list[Line]]:
    """The lines of the result and those of the definitions: left, right, because."""
    from lstmsym.printing import component_writer, prose

    write, say = getattr(component_writer, f"{form}_component"), getattr(prose, f"{form}_prose")

    def lines(found: Any) -> Iterator[Line]:
        for step in found:
            yield write(step.left), write(step.right), say(step.because)

    whole = (write(derivation.left), write(derivation.expr), "")
    result = list(lines(derivation.steps)) if steps else [whole]
    return result, list(lines(derivation.definitions))


def _text(lines: list[Line]) -> str:
    told = (f"{left} = {right}" + (f"   ({why})" if why else "") for left, right, why in lines)
    return "\n".join(told)


def _latex(lines: list[Line]) -> str:
    rows = (
        f"{left} &= {right}" + (f" && \\text{{{why}}}" if why else "") for left, right, why in lines
    )
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"
