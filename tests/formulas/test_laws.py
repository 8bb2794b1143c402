"""What a formula says does not depend on its looks: spaces, \\left and \\right, colours, fonts and braces."""

from hypothesis import given
from hypothesis import strategies as st

from lstmsym.formulas.reader import read_formula, read_formulas
from lstmsym.formulas.shown import shown
from lstmsym.formulas.tokens import LETTER, MARK, Token, tokens
from lstmsym.formulas.tree import Node, walk

FORMULAS = [
    r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)",
    r"\tilde{C}_t = \tanh(W_C \cdot [r_t \odot h_{t-1}, x_t])",
    r"C_t = f_t \odot C_{t-1} + i_t \odot \tilde{C}_t",
    r"\frac{\partial C_t}{\partial C_{t-1}} = \operatorname{diag}(f_t) + (W_{fh}^{\top} A) B",
    r"\frac{\partial L}{\partial W_f} = \sum_{t=1}^{T} \delta a_{f,t} [h_{t-1}, x_t]^{\top}",
    r"\delta h_t = \nabla_{h_t} L + W_{oh}^{\top} (\delta o_t \odot o_t \odot (1 - o_t))",
    r"J_t = \prod_{j=t-k+1}^{t} \lVert W_{hh} \rVert_2 (1 - \tanh^{2}(C_j))",
]
SPACES = [
    "",
    " ",
    r"\, ",
    r"\; ",
    r"\! ",
    "~",
    "{}",
    "% said\n",
    r"\displaystyle ",
    r"\hspace{1em}",
]
COLOURS = [
    r"\color{{red}} {}",
    r"\textcolor{{blue}}{{{}}}",
    r"{{\color{{red}} {}}}",
    r"\boxed{{{}}}",
]
FONTS = [r"\mathbf{{{}}}", r"\boldsymbol{{{}}}", r"\bm{{{}}}", r"{{\bf {}}}", r"\mathrm{{{}}}"]

formulas = st.sampled_from(FORMULAS)


def written(token: Token) -> str:
    return f"\\{token.text} " if token.kind == LETTER and len(token.text) > 1 else token.text + " "


def whole(texts: list[Token]) -> str:
    return "".join(map(written, texts))


@given(formulas, st.data())
def test_spaces_say_nothing(text: str, data: st.DataObject) -> None:
    """Between factors and signs; within \\frac{…} and behind a script nothing is put in."""
    out, depth = "", 0
    for token in tokens(text):
        depth += token.mark("{") - token.mark("}")
        free = depth == 0 and token.mark("+", "-", "=", r"\odot", r"\cdot", ",", ")", "]")
        out += (data.draw(st.sampled_from(SPACES)) if free else "") + written(token)
    assert read_formula(out) == read_formula(text)


@given(formulas, st.sampled_from([r"\left", r"\big", r"\Bigg", r"\bigl"]))
def test_sizes_of_brackets_say_nothing(text: str, size: str) -> None:
    closing = {r"\left": r"\right", r"\bigl": r"\bigr"}.get(size, size)
    sized = ""
    for token in tokens(text):
        before = size if token.mark("(", "[") else closing if token.mark(")", "]") else ""
        sized += before + written(token)
    assert read_formula(sized) == read_formula(text)


@given(formulas, st.sampled_from(COLOURS))
def test_colours_say_nothing(text: str, colour: str) -> None:
    left, right = text.split(" = ")
    assert read_formula(f"{left} = {colour.format(right)}") == read_formula(text)
    assert read_formula(f"{colour.format(left)} = {right}") == read_formula(text)


@given(formulas, st.sampled_from(FONTS), st.data())
def test_fonts_say_nothing(text: str, font: str, data: st.DataObject) -> None:
    pieces = tokens(text)
    letters = [
        n for n, a in enumerate(pieces) if a.kind == LETTER and a.text not in ("sigma", "delta")
    ]
    at = data.draw(
        st.sampled_from([n for n in letters if not pieces[n - 1].mark("_", r"\partial")])
    )
    changed = [
        Token(MARK, font.format(a.text), 0, 0) if n == at else a for n, a in enumerate(pieces)
    ]
    assert read_formula(whole(changed)) == read_formula(text)


@given(
    st.lists(formulas, min_size=1, max_size=4),
    st.sampled_from([r" \\ ", "\n", r", \quad ", " " * 5, r" \\[4pt] "]),
)
def test_several_are_each_as_alone(texts: list[str], between: str) -> None:
    assert read_formulas(between.join(texts)) == [read_formula(a) for a in texts]


@given(formulas)
def test_reading_again_gives_the_same(text: str) -> None:
    assert read_formula(whole(tokens(text))) == read_formula(text)


@given(formulas, st.integers(0, 5))
def test_places_move_with_the_text(text: str, by: int) -> None:
    here, there = (list(walk(read_formula(" " * n + text))) for n in (0, by))
    assert [_moved(a, by) for a in here] == [_moved(a, 0) for a in there]
    assert shown(here[0]) == shown(there[0])


def _moved(node: Node, by: int) -> tuple[int, int]:
    return node.place.start + by, node.place.end + by
