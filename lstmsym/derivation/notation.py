"""What a derivation has to say about concatenated weights: the split that was made, or the columns it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from lstmsym.derivation.steps import Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Columns
from lstmsym.equations.terms import Term, walk


def split_steps(cell: Cell) -> tuple[Step, ...]:
    """W_f = [W_fh W_fx], the first steps of every derivation of a split cell."""
    return tuple(
        Step(weight, blocks, "concatenated weight written as blocks")
        for weight, blocks in cell.splits
    )


def column_remarks(terms: Iterable[Term]) -> Iterator[str]:
    """One sentence on the columns of weights that the terms name; none when there are none."""
    examples = (a for term in terms if (a := _first_columns(term)) is not None)
    if (example := next(examples, None)) is not None:
        name, label = example.parameter.name, example.part.label
        yield f"{name} with {label} as a second index is the columns of {name} that multiply {label}."


@lru_cache(maxsize=8192)
def _first_columns(term: Term) -> Columns | None:
    return next((a for a in walk(term) if isinstance(a, Columns)), None)
