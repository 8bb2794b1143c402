"""The answer as one HTML file: no network, no script; formulas as MathML, light or dark as the reader has it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from lstmsym.verification.claims.claim import Judged, Verdict
from lstmsym.verification.marking.boxes import unboxed
from lstmsym.verification.marking.characters import shown
from lstmsym.verification.marking.formulas import corrected, written
from lstmsym.verification.marking.sentences import (
    judged_by,
    mark,
    notes,
    pen_of,
    place,
    remarks,
    summary,
)

STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1b1b; --faint: #666; --rule: #ddd;
        --right: #137333; --wrong: #b3261e; --weak: #7a5200; --changed: #dff3e3; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16181c; --ink: #e6e6e6; --faint: #a0a0a0; --rule: #3a3d42;
          --right: #7bd88f; --wrong: #ff8a80; --weak: #e6b85c; --changed: #1f4028; } }
body { background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
       max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; } .summary { font-weight: 600; }
section { border-top: 1px solid var(--rule); padding: .7rem 0 .7rem 1rem; border-left: 4px solid; padding-left: 1rem;
          margin: .8rem 0; border-radius: 2px; overflow-x: auto; }
section.right { border-left-color: var(--right); } section.wrong { border-left-color: var(--wrong); }
section.weak { border-left-color: var(--weak); }
.mark { font-weight: 700; } .right .mark, .summary.right { color: var(--right); }
.wrong .mark, .wrong .said, .summary.wrong, .wrong math.written { color: var(--wrong); }
.weak .mark, .weak .said, .summary.weak { color: var(--weak); }
.correction math { color: var(--right); }
.changed { background: var(--changed); border-bottom: 2px solid var(--right); padding: .1em; }
math { font-size: 1.15rem; margin: .4rem 0; } p { margin: .2rem 0; }
.line, code { color: var(--faint); } code { font-size: .85rem; white-space: pre-wrap; overflow-wrap: anywhere; }
"""
HEAD = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\" />\n"
    '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
)


def page(judged: Judged, title: str = "Formulas") -> str:
    """The whole page; every word of the document is escaped."""
    name = _text(title)
    kind = ("right", "wrong", "weak")[judged.exit_code]
    said = zip(judged.verdicts, remarks(judged.verdicts), strict=True)
    sections = "\n".join(_section(verdict, words) for verdict, words in said)
    said_of_all = "\n".join(f"<p>{_text(note)}</p>" for note in notes(judged))
    return (
        f"{HEAD}<title>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>\n"
        f'<p class="summary {kind}">{_text(summary(judged))}</p>\n<p>{_text(judged_by(judged))}</p>\n{said_of_all}\n'
        f"{sections}\n</body>\n</html>\n"
    )


def _section(verdict: Verdict, words: str) -> str:
    return (
        f'<section class="{pen_of(verdict)}">\n'
        + "\n".join(_lines(verdict, words))
        + "\n</section>"
    )


def _lines(verdict: Verdict, words: str) -> Iterator[str]:
    yield f'<p><span class="mark">{mark(verdict)}</span> <span class="line">line {place(verdict)}</span></p>'
    formula = written(verdict)
    if formula is None:
        yield f"<p><code>{_text(verdict.claim.latex)}</code></p>"
    else:
        yield formula.mathml().replace("<math ", '<math class="written" ', 1)
    if words:
        yield f'<p class="said">{_text(words)}</p>'
    if verdict.corrected:
        yield from _correction(verdict)


def _correction(verdict: Verdict) -> Iterator[str]:
    """The right formula, and its right side to be copied."""
    formula = corrected(verdict)
    yield '<div class="correction">'
    if formula is not None:
        yield formula.mathml()
    yield f"<p><code>{_text(unboxed(verdict.corrected))}</code></p></div>"


def _text(words: str) -> str:
    return escape(shown(words))
