"""Cells that nobody wrote print in every format, whole and within the width."""

import re

from hypothesis import given, settings

from lstmsym import printing
from lstmsym.cells import from_catalogue
from lstmsym.derivation.program import bptt
from lstmsym.derivation.state import state_jacobian
from lstmsym.derivation.steps import Section
from lstmsym.equations.reader import read_cell
from lstmsym.printing.breaks import flat
from lstmsym.printing.component_writer import latex_component, text_component
from lstmsym.printing.drawing import inline
from lstmsym.printing.latex import LatexWriter
from lstmsym.printing.lines import lines_of, rows_of
from lstmsym.printing.text import TextWriter
from tests.printing.test_documents import assert_braces_close
from tests.printing.test_lines import bare
from tests.strategies import cells


def lines_in(cell):
    program = bptt(cell)
    return [*cell, *state_jacobian(cell), *program.assignments, *program.gradients]


@settings(max_examples=25)
@given(cells())
def test_every_line_prints_whole_in_every_format(drawn):
    cell = read_cell(drawn.text)
    found = lines_in(cell)
    section = Section("One", ("h_t.",), (cell, bptt(cell), *state_jacobian(cell)))
    for written in (printing.article(section), printing.markdown(section)):
        assert_braces_close(written)
        assert not re.search(r"[\ue000-\uf8ff]", written)
    for writer in (LatexWriter(), TextWriter()):
        for line, rows in zip(found, rows_of(list(lines_of(found)), writer, 90), strict=True):
            assert bare(inline("".join(rows.right))) == bare(inline(flat(writer.write(line.right))))


@settings(max_examples=15)
@given(cells())
def test_component_form_prints(drawn):
    for line in lines_in(read_cell(drawn.text)):
        assert_braces_close(latex_component(line.right))
        assert text_component(line.right)


def test_the_catalogue_has_such_lines_too():
    assert len(lines_in(from_catalogue("lstm"))) > 20
