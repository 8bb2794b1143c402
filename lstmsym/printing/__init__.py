"""How it is written: LaTeX, Unicode, Markdown, articles.

    latex(thing)      a fragment, without dollars        text(thing)     for the terminal
    article(thing)    a document that compiles           markdown(thing) with $$

of a term, an equation, a step, a cell, a derivation, a program, a section or a document.
"""

from lstmsym.equations.display import WRITERS
from lstmsym.printing.documents import article, formula, latex, line, markdown, text

WRITERS["latex"] = formula
WRITERS["text"] = line

__all__ = ["article", "latex", "markdown", "text"]
