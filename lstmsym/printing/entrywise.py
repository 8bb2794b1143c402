"""A derivation entry by entry: ∂C_t^i/∂C_{t-1}^j = …, as text, LaTeX or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lstmsym.derivation.steps import Derivation, Step
from lstmsym.equations.terms import Term
from lstmsym.errors import UnknownName, nearest
from lstmsym.printing.component_writer import latex_component, text_component
from lstmsym.printing.prose import latex_prose, text_prose
from lstmsym.printing.times import with_its_times

FORMATS = ("text", "latex", "markdown")
Line = tuple[str, str, str]


@with_its_times
def entrywise(derivation: Derivation, form: str = "latex", steps: bool = False) -> str:
    """The (i, j) entry of the result, or of every step to it, and of what its names stand for.

    Raises UnknownName for a form that is not text, latex or markdown.
    """
    if form not in FORMATS:
        raise UnknownName(f"entries are not written as '{form}'; {nearest(form, FORMATS)}")
    if form == "text":
        result, names = _lines(derivation, text_component, text_prose, steps)
        return _text(result) + ("\n\nwhere\n\n" + _text(names) if names else "")
    result, names = _lines(derivation, latex_component, latex_prose, steps)
    if names:
        (left, right, why), *rest = names
        names = [(f"\\text{{where}}\\quad {left}", right, why), *rest]
    written = _latex([*result, *names])
    return f"$$\n{written}\n$$" if form == "markdown" else written


def _lines(
    derivation: Derivation, write: Callable[[Term], str], say: Callable[[str], str], steps: bool
) -> tuple[list[Line], list[Line]]:
    """The lines of the result and those of the definitions: left, right, because."""

    def lines(found: tuple[Step, ...]) -> Iterator[Line]:
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
