"""Every node prints as in the table, in both formats; what is not a node is refused."""

import pytest
import sympy

from lstmsym import printing
from lstmsym.equations.derived import TERMS
from lstmsym.equations.terms import Elementwise, Term, walk
from lstmsym.errors import MissingRule
from lstmsym.printing.latex import LatexWriter
from lstmsym.printing.text import TextWriter
from tests.printing.examples import EXAMPLES, f


@pytest.mark.parametrize("term, latex, text", EXAMPLES, ids=[text for *_, text in EXAMPLES])
def test_prints(term, latex, text):
    assert printing.latex(term) == latex
    assert str(term) == text


def test_the_table_has_every_node():
    assert {type(a) for term, *_ in EXAMPLES for a in walk(term)} == set(TERMS)


@pytest.mark.parametrize("writer", [LatexWriter, TextWriter])
def test_every_node_has_a_method(writer):
    assert [t.__name__ for t in TERMS if not hasattr(writer, f"write_{t.__name__}")] == []


@pytest.mark.parametrize("written", [printing.latex, printing.text, str])
def test_an_unknown_node_is_refused_never_printed(written):
    class Convolution(Term):
        shape = f.shape

    with pytest.raises(MissingRule, match="Convolution"):
        written(f + Convolution(f))


@pytest.mark.parametrize("written", [printing.latex, printing.text])
def test_an_unknown_activation_is_refused(written):
    with pytest.raises(MissingRule, match=r"swish.*letters\.py"):
        written(Elementwise("swish", f))


@pytest.mark.parametrize("thing", [3, "f", sympy.Symbol("q"), None])
def test_what_is_no_thing_of_ours_is_refused(thing):
    for written in (printing.latex, printing.text, printing.markdown, printing.article):
        with pytest.raises(MissingRule):
            written(thing)


def test_sympy_prints_our_terms():
    term = 1 - f
    assert sympy.latex(term) == printing.latex(term) == "1 - f_t"
    assert term._repr_latex_() == r"$\displaystyle 1 - f_t$"
