r"""The right formula and what differs in it: \boxed{…} found in LaTeX, as places and taken away."""

from __future__ import annotations

from lstmsym.formulas.tree import Place

BOX = r"\boxed{"


def boxes(latex: str) -> tuple[Place, ...]:
    r"""The insides of all \boxed{…}, outermost ones.

    >>> boxes(r"f \odot \boxed{C}")
    (Place(start=15, end=16),)
    """
    found: list[Place] = []
    at = latex.find(BOX)
    while at >= 0:
        end = _closing(latex, at + len(BOX))
        found.append(Place(at + len(BOX), end))
        at = latex.find(BOX, end)
    return tuple(found)


def unboxed(latex: str) -> str:
    r"""The formula as it may be copied into the document.

    >>> unboxed(r"f \odot \boxed{C}")
    'f \\odot C'
    """
    for inside in reversed(boxes(latex)):
        before, behind = latex[: inside.start - len(BOX)], latex[inside.end + 1 :]
        latex = before + unboxed(latex[inside.start : inside.end]) + behind
    return latex


def _closing(latex: str, at: int) -> int:
    """Where the brace before `at` is closed; the end of the text where it never is."""
    depth = 1
    while at < len(latex):
        if latex[at] == "\\":
            at += 1
        elif latex[at] in "{}":
            depth += 1 if latex[at] == "{" else -1
            if not depth:
                return at
        at += 1
    return len(latex)
