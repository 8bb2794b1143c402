"""Whole things in four formats: a LaTeX fragment, an article, the terminal, Markdown."""

from __future__ import annotations

import textwrap
from typing import Any

from lstmsym.derivation.steps import Document, Section
from lstmsym.equations.terms import Term
from lstmsym.printing.breaks import flat
from lstmsym.printing.display import TERMINAL, Row, latex_block, small, text_block
from lstmsym.printing.drawing import draw, inline
from lstmsym.printing.latex import LatexWriter
from lstmsym.printing.outline import Display, Heading, Piece, Prose, headed, outline
from lstmsym.printing.prose import latex_prose, markdown_prose, text_prose
from lstmsym.printing.text import TextWriter
from lstmsym.printing.times import with_its_times

PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb}
\usepackage[margin=1in]{geometry}
\IfFileExists{microtype.sty}{\usepackage{microtype}}{}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
"""
SECTIONS = {1: r"\section*", 2: r"\paragraph"}
UPRIGHT = {1: "", 2: r"\normalfont "}


@with_its_times
def latex(thing: Any, steps: bool = True) -> str:
    """LaTeX of a term, an equation, a cell or a derivation as one formula, without dollars around it.

    A section or a document is the body of an article. steps=False leaves the way to a result out.
    """
    if isinstance(thing, Term):
        return flat(LatexWriter().write(thing))
    if isinstance(thing, Section | Document):
        return _body(outline(thing, steps))
    return formula(thing, steps)


@with_its_times
def formula(thing: Any, steps: bool = True) -> str:
    """One `aligned` of everything that a thing says, its sentences inside it."""
    if isinstance(thing, Term):
        return latex(thing)
    rows: list[Row] = []
    pieces = outline(thing, steps)
    for before, piece in zip([None, *pieces], pieces, strict=False):
        if isinstance(piece, Display):
            lead = r"\text{where}\quad " if before == Prose("where") else ""
            rows += latex_block(piece.lines, piece.compact, lead)
        elif piece != Prose("where"):
            rows += [Row(f"&{small(a)}") for a in textwrap.wrap(piece.words, 110)]
    return aligned(rows)


def aligned(rows: list[Row]) -> str:
    """The rows as one formula."""
    body = " \\\\\n".join(row.written for row in rows)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def align(rows: list[Row]) -> str:
    r"""The rows as a display that a page may break; \\* keeps a row with the next."""
    ends = (
        "" if n == len(rows) - 1 else r" \\*" if row.kept else r" \\" for n, row in enumerate(rows)
    )
    body = "\n".join(row.written + end for row, end in zip(rows, ends, strict=True))
    return f"\\begin{{alignat*}}{{2}}\n{body}\n\\end{{alignat*}}"


@with_its_times
def article(thing: Any) -> str:
    """A LaTeX article of a thing that compiles as it stands."""
    return f"{PREAMBLE}\n\\begin{{document}}\n\n{_body(headed(thing))}\n\n\\end{{document}}\n"


def _body(pieces: list[Piece]) -> str:
    """The pieces with an empty line between them, but none before a display, where TeX would skip."""
    written = "\n\n".join(map(_latex_piece, pieces))
    return written.replace("\n\n\\begin{alignat*}", "\n\\begin{alignat*}")


def _latex_piece(piece: Piece) -> str:
    if isinstance(piece, Prose):
        return latex_prose(piece.words)
    if isinstance(piece, Heading):
        return _latex_heading(piece)
    return align(latex_block(piece.lines, piece.compact))


def _latex_heading(heading: Heading) -> str:
    if heading.level == 0:
        return f"{{\\LARGE\\raggedright {latex_prose(heading.words)}\\par}}\\bigskip"
    term = f"$\\displaystyle {latex(heading.term)}$" if heading.term is not None else ""
    said = ", ".join(filter(None, [term, latex_prose(heading.words)]))
    return f"{SECTIONS[heading.level]}{{{UPRIGHT[heading.level]}{said}}}"


@with_its_times
def markdown(thing: Any, steps: bool = True) -> str:
    """Markdown with formulas between $$."""
    return "\n".join(map(_markdown_piece, headed(thing, steps)))


def _markdown_piece(piece: Piece) -> str:
    if isinstance(piece, Prose):
        return markdown_prose(piece.words) + "\n"
    if isinstance(piece, Heading):
        term = f"${latex(piece.term)}$" if piece.term is not None else ""
        said = ", ".join(filter(None, [term, markdown_prose(piece.words)]))
        return f"{'#' * (piece.level + 1)} {said}\n"
    return f"$$\n{aligned(latex_block(piece.lines, piece.compact))}\n$$\n"


@with_its_times
def text(thing: Any, steps: bool = True) -> str:
    """Unicode for the terminal, at most 100 columns wide, block matrices drawn over several lines."""
    if isinstance(thing, Term):
        return "\n".join(a.rstrip() for a in draw(flat(TextWriter().write(thing))).lines)
    return "\n".join(_text_piece(a) for a in outline(thing, steps)).strip("\n")


def _text_piece(piece: Piece) -> str:
    if isinstance(piece, Prose):
        return textwrap.fill(text_prose(piece.words), TERMINAL) + "\n"
    if isinstance(piece, Heading):
        return _text_heading(piece)
    return "\n".join(text_block(piece.lines)) + "\n"


def _text_heading(heading: Heading) -> str:
    term = line(heading.term) if heading.term is not None else ""
    said = textwrap.wrap(", ".join(filter(None, [term, text_prose(heading.words)])), TERMINAL)
    rule = "=-"[heading.level] * max(map(len, said), default=0) if heading.level < 2 else ""
    return "\n".join(filter(None, [*said, rule])) + "\n"


def line(thing: Any) -> str:
    """One line of Unicode for a term; of anything else its text."""
    if isinstance(thing, Term):
        return inline(flat(TextWriter().write(thing)))
    return text(thing)
