r"""Formulas as people write them in LaTeX, read into trees (`tree`).

Text becomes tokens (`tokens`), loses what only looks (`tidy`, `braces`, `flatten`), is parted into
equations (`layout`) and read by recursive descent (`parser`). Nothing that is read is evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping

from lstmsym.errors import FormulaError
from lstmsym.formulas.braces import unwrapped
from lstmsym.formulas.definitions import Definition, expanded
from lstmsym.formulas.flatten import flattened
from lstmsym.formulas.joints import joined, worded
from lstmsym.formulas.layout import pieces
from lstmsym.formulas.parser import Parser
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.tidy import tidied
from lstmsym.formulas.tokens import tokens
from lstmsym.formulas.tree import Formula, Place

LONGEST = 24_000  # characters in one text


def read_formulas(text: str, known: Mapping[str, Definition] | None = None) -> list[Formula]:
    """All equations of a text, and expressions without a relation, in order; places are offsets in it.

    known  commands that the author defines elsewhere, as `definitions` finds them in a document

    Raises FormulaError for what is not understood or could be read in two ways.
    """
    whole = Text(text)
    if len(text) > LONGEST:
        raise _refused(
            whole, f"the text has {len(text)} characters; at most {LONGEST} are read at once"
        )
    tidy = tidied(expanded(tokens(text), whole, known or {}), whole)
    said = joined(unwrapped(worded(tidy), whole))
    parts = pieces(flattened(said, whole), whole)
    return [Parser(a.tokens, whole).formula("; ".join(a.aside)) for a in parts]


def read_formula(text: str) -> Formula:
    """The one equation or expression of a text. Raises FormulaError where there is none, or more."""
    found = read_formulas(text)
    if len(found) != 1:
        raise _refused(Text(text), f"one formula was expected, found {len(found)}")
    return found[0]


def _refused(text: Text, message: str) -> FormulaError:
    error = text.fail(Place(0, 0), message, FormulaError)
    assert isinstance(error, FormulaError)
    return error
