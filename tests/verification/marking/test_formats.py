"""Formulas in the terminal and as MathML: every kind of node, marks, and strangers' text."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from lstmsym.errors import MissingRule
from lstmsym.formulas import macros, words
from lstmsym.formulas import tree as f
from lstmsym.formulas.reader import read_formula
from lstmsym.formulas.rewriting import rewritten
from lstmsym.formulas.shown import shown as tree_shown
from lstmsym.verification.marking import signs
from lstmsym.verification.marking.boxes import boxes, unboxed
from lstmsym.verification.marking.characters import shown
from lstmsym.verification.marking.mathml import NAMESPACE, MathMl, mathml
from lstmsym.verification.marking.unicode import Unicode, unicode_line
from tests.verification.marking.formulas import FORMULAS

#   element of MathML: how many children it has
ARITY = {"mfrac": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2, "msubsup": 3, "munderover": 3}
TOKENS = ("mi", "mn", "mo", "mtext")
OTHERS = ("math", "mrow", "mtable", "mtr", "mtd", "msqrt")


@pytest.mark.parametrize(("latex", "line"), FORMULAS, ids=[a for a, _ in FORMULAS])
def test_one_line(latex: str, line: str) -> None:
    assert unicode_line(read_formula(latex)) == line


#   what is written so that no reader takes it back: matrices, cases, prose, an accent of arrows
ONE_WAY = ("pmatrix", "cases", "old state", "overrightarrow", "block", r"\in\{", r"\frac{d}")
#   as the tree is shown: as it is after a terminal
SAME = (("bold1", "1"), ("stack rows", "stack;"), ("(dot", "(·"))


@pytest.mark.parametrize("latex", [a for a, _ in FORMULAS if not any(b in a for b in ONE_WAY)])
def test_a_line_of_the_terminal_is_the_same_formula(latex: str) -> None:
    node = read_formula(latex)
    assert same(read_formula(unicode_line(node))) == same(node)


def same(node: f.Node) -> str:
    """The tree without the brackets that a single line needs."""
    bare = rewritten(node, lambda a: same_inside(a) if isinstance(a, f.Bracket) else None)
    found = tree_shown(bare)
    for before, after in SAME:
        found = found.replace(before, after)
    return found


def same_inside(bracket: f.Bracket) -> f.Node:
    return rewritten(bracket.inside, lambda a: same_inside(a) if isinstance(a, f.Bracket) else None)


@pytest.mark.parametrize("latex", [a for a, _ in FORMULAS])
def test_mathml_is_well_formed(latex: str) -> None:
    for element in elements(mathml(read_formula(latex))):
        name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
        assert name in (*ARITY, *TOKENS, *OTHERS)
        assert len(element) == ARITY.get(name, len(element))
        assert bool((element.text or "").strip()) == (name in TOKENS)
        assert name not in TOKENS or len(element) == 0


@pytest.mark.parametrize(
    ("latex", "wanted"),
    [
        (r"\frac{a}{b}", ["mfrac", "mi a", "mi b"]),
        (r"C_{t}", ["msub", "mi C", "mi t"]),
        (r"C_t^2", ["msubsup", "mi C", "mi t", "mn 2"]),
        (r"\tilde{C}", ["mover", "mi C", "mo ~"]),
        (r"\underline{C}", ["munder", "mi C", "mo _"]),
        (r"\sqrt{x}", ["msqrt", "mi x"]),
        (r"-x", ["mrow", "mo −", "mi x"]),
        (r"W^\top", ["msup", "mi W", "mo ⊤"]),
        (r"W x", ["mrow", "mi W", "mo \u2062", "mi x"]),
        (r"\sum_{t=1}^T x", ["mrow", "munderover", "mo ∑", "mrow", "mi t", "mo =", "mn 1", "mi T", "mi x"]),
    ],
)  # fmt: skip
def test_what_mathml_is_made_of(latex: str, wanted: list[str]) -> None:
    _, *found = elements(mathml(read_formula(latex)))
    said = [f"{a.tag.removeprefix(f'{{{NAMESPACE}}}')} {a.text or ''}".strip() for a in found]
    assert said == wanted


def elements(written: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(written).iter())


@pytest.mark.parametrize("table", [Unicode, MathMl])
def test_every_kind_of_node_is_written(table: type) -> None:
    other = (f.Node, f.Script, f.Range, f.Members)  # they stand within others
    kinds = [a for a in vars(f).values() if isinstance(a, type) and issubclass(a, f.Node)]
    missing = [
        a.__name__ for a in kinds if a not in other and not hasattr(table, f"write_{a.__name__}")
    ]
    assert len(kinds) > 20 and missing == []


def test_an_unknown_node_is_refused() -> None:
    with pytest.raises(MissingRule, match="Range has no entry in Unicode"):
        unicode_line(f.Range("t", None, None))


def test_every_sign_of_the_reader_has_a_character() -> None:
    assert set(macros.ACCENTS.values()) <= set(signs.ACCENTS)
    assert set(macros.PRODUCTS.values()) <= set(signs.PRODUCTS)
    assert set(macros.RELATIONS.values()) <= set(signs.RELATIONS)
    assert set(signs.FUNCTIONS) <= set(words.FUNCTIONS.values())


@pytest.mark.parametrize(
    ("latex", "line"),
    [
        (r"f \odot \boxed{C_{t-1}}", "f ⊙ ⟦C_{t-1}⟧"),
        (r"a + \boxed{\frac{\partial L}{\partial h} \odot b} + c", "a + ⟦∂L/∂h ⊙ b⟧ + c"),
        (r"\boxed{W_f}^\top x", "⟦W_f⟧ᵀ x"),
        (r"\boxed{W_f^\top} x", "⟦W_fᵀ⟧ x"),
        (r"\sum_{t} (\boxed{1 - f_t})", "∑_t (⟦1 - f_t⟧)"),
        (r"\boxed{\tilde{C}_t}^2", "⟦C̃_t⟧²"),
        (r"a_{\boxed{t-1}}", "a_{⟦t-1⟧}"),
        (r"\boxed{a} + \boxed{b}", "⟦a⟧ + ⟦b⟧"),
    ],
)
def test_what_is_changed_is_marked(latex: str, line: str) -> None:
    node = read_formula(latex)
    assert unicode_line(node, boxes(latex)) == line
    marked = [a for a in elements(mathml(node, boxes(latex))) if a.get("class") == "changed"]
    assert len(marked) == line.count("⟦")
    assert read_formula(unboxed(latex)) == node


@pytest.mark.parametrize(
    "latex", [r"\boxed{a", r"\boxed{", r"\boxed{\boxed{a}}", r"\boxed{a\}b}", "a"]
)
def test_boxes_of_odd_texts(latex: str) -> None:
    assert r"\boxed" not in unboxed(latex) or latex == r"\boxed{"
    assert all(a.start <= a.end <= len(latex) for a in boxes(latex))


HOSTILE = ("<script>alert(1)</script>", "a&b", "\x1b[31m", "\u202eabc", "]]>", "\"'")


@pytest.mark.parametrize("text", HOSTILE)
def test_strangers_text_stays_text(text: str) -> None:
    node = f.Product((f.Words(text), f.Symbol(text), f.Number(text)), ("", "odot"))
    assert "".join(ElementTree.fromstring(mathml(node)).itertext()).count(shown(text)) == 3
    assert not set("\x1b\u202e") & set(unicode_line(node))
