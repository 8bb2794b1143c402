"""What can be read in two ways, or in none, is refused at its place, with what to write."""

import pytest

from lstmsym.errors import CellError
from lstmsym.formulas.cells import parse_latex_cell
from tests.formulas.questions import QUESTIONS


@pytest.mark.parametrize("name", QUESTIONS)
def test_it_is_asked_at_its_place(name):
    latex, said = QUESTIONS[name]
    with pytest.raises(CellError) as refused:
        parse_latex_cell(latex)
    assert said in refused.value.message
    assert "\n" not in refused.value.message
    if said != "nothing recurs":
        assert 1 <= refused.value.line <= len(latex.splitlines())
        assert refused.value.text == latex.splitlines()[refused.value.line - 1]
        assert 1 <= refused.value.column <= len(refused.value.text)
