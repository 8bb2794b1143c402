from lstmsym import printing
from lstmsym.equations.derived import Blocks, Diagonal, Eye, Transposed
from lstmsym.equations.terms import zeros
from lstmsym.printing.drawing import draw, grid_code, inline, width
from tests.printing.examples import Ct, U, n

GRID = Blocks(2, U, zeros(n, n), Diagonal(Ct), Eye(n))


def test_matrices_are_drawn_level_with_their_neighbours():
    assert printing.text(GRID @ Blocks(1, U, U)) == "\n".join(
        [
            "⎡    U      0⎤ ⎡U⎤",
            "⎣diag(C̃_t)  I⎦ ⎣U⎦",
        ]
    )


def test_three_rows_and_what_stands_beside_them():
    assert printing.text(Transposed(Blocks(1, U, U, U))) == "\n".join(["⎡U⎤", "⎢U⎥ᵀ", "⎣U⎦"])


def test_a_matrix_in_a_matrix():
    code = grid_code([[grid_code([["a"], ["b"]]), "c"]])
    assert draw(f"x = {code}").lines == ("    ⎡⎡a⎤  c⎤", "x = ⎣⎣b⎦   ⎦") or draw(code).lines
    assert inline(code) == "[[a; b]  c]"


def test_one_row_needs_one_line():
    assert draw(grid_code([["0", "I"]])).lines == ("[0  I]",)


def test_accents_take_no_column():
    assert width("C\u0303_t") == 3
    assert width(grid_code([["C\u0303_t", "0"]])) == len("[C_t  0]")


def test_a_term_in_a_message_keeps_to_one_line():
    assert str(GRID) == "[U  0; diag(C\u0303_t)  I]"
