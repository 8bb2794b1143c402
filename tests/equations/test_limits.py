"""Text from strangers: whatever it holds, reading gives a cell or one sentence, and nothing is evaluated."""

import random

import pytest

import lstmsym as ls
from lstmsym.cells import from_catalogue
from lstmsym.equations.cell import Cell
from lstmsym.equations.syntax import LIMITS
from lstmsym.errors import CellError, InputError, LstmsymError

CELL = "h[t] = tanh(W @ h[t-1] + U @ x[t] + b)\n"


def nested(depth):
    return "h[t] = " + "tanh(" * depth + "h[t-1]" + ")" * depth


def test_depth_limit_is_sharp():
    """The bracket of h[t-1] itself counts."""
    assert ls.parse(nested(LIMITS["depth"] - 1)).states == ("h",)
    with pytest.raises(CellError, match="nest deeper than 40; name the inner part") as caught:
        ls.parse(nested(LIMITS["depth"]))
    assert caught.value.column == len("h[t] = ") + len("tanh(") * 40 + len("h[")


@pytest.mark.parametrize("opening", ["(", "[", "tanh(", "-", "- ", "(-", "W @ "])
def test_hundred_thousand_openings_are_refused(opening):
    with pytest.raises(CellError, match=r"at most|nest deeper|in a row"):
        ls.parse("h[t] = " + opening * 100_000 + "h[t-1]")
    with pytest.raises(CellError, match=r"nest deeper|in a row|'-'"):
        ls.parse("h[t] = " + opening * 300 + "h[t-1]")


def test_too_many_characters_lines_and_columns():
    with pytest.raises(CellError, match=r"at most 100,000 characters, this one 10,000,0"):
        ls.parse((CELL * 260_000)[:10_000_000] + "\n" * 5)
    with pytest.raises(CellError, match=r"at most 2,000 lines, this one 2,001"):
        ls.parse(CELL + "\n" * 2_000)
    with pytest.raises(
        CellError, match=r"line 2: a line has at most 2,000 characters, this one 2,001"
    ):
        ls.parse(CELL + "#" * 2_001)
    assert ls.parse(CELL + "#" * 2_000 + "\n" * 1_998).states == ("h",)


def test_nul_bytes_and_binary_are_not_text(tmp_path):
    with pytest.raises(CellError, match="holds a NUL byte"):
        ls.parse(CELL + "\x00")
    path = tmp_path / "binary.cell"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(CellError, match=r"binary\.cell: this is not UTF-8 text"):
        ls.cell(path)


def test_files_that_cannot_be_cells(tmp_path):
    with pytest.raises(InputError, match=r"absent\.cell: No such file.*expected a \.cell file"):
        ls.cell(tmp_path / "absent.cell")
    with pytest.raises(InputError, match="Is a directory"):
        ls.cell(f"{tmp_path}/")
    empty = tmp_path / "empty.cell"
    empty.write_text(" \n")
    with pytest.raises(CellError, match=r"empty\.cell: the file is empty; a cell has at least"):
        ls.cell(empty)
    huge = tmp_path / "huge.cell"
    huge.write_text(CELL * 260_000)
    with pytest.raises(CellError, match=r"huge\.cell: a cell text has at most 100,000 characters"):
        ls.cell(huge)


def test_byte_order_mark_and_windows_lines_are_read(tmp_path):
    path = tmp_path / "windows.cell"
    path.write_bytes(b"\xef\xbb\xbf" + b"h[t] = f[t] * h[t-1]\r\nf[t] = sigmoid(b)\r\n")
    assert [e.name for e in ls.cell(path)] == ["f", "h"]


def test_long_sums_and_products_are_read_without_recursion():
    assert ls.parse("h[t] = " + " + ".join(["h[t-1]"] * 200)).states == ("h",)
    assert ls.parse("h[t] = " + " * ".join(["h[t-1]"] * 200)).states == ("h",)


def test_a_thousand_equations_in_reverse_order_are_sorted():
    lines = [f"a{n}[t] = tanh(a{n - 1}[t])" for n in range(500, 0, -1)]
    cell = ls.parse("\n".join([*lines, "a0[t] = tanh(a500[t-1])"]))
    assert [e.name for e in cell][:3] == ["a0", "a1", "a2"]


PIECES = [
    "h", "[t]", "[t-1]", "[t+1]", "[", "]", "(", ")", "@", "*", "/", "+", "-", "=", ",", ":", ";", "#",
    "\n", " ", "\t", "tanh", "sigmoid", "W_f", "x", "1", "0", "1e9", "0.5", ".", "e", "state ", "input ",
    "parameter ", "scalar ", "output ", "n", "t", "L", "σ", "é", "\u200b", "\u2028", "\x0b", "\x7f", "😀", "\\", "{",
    "'", '"', "%", "$", "_", "__import__('os')", "\r", "٣", "²",
]  # fmt: skip


def mangled(rng):
    """A catalogue text with a few random edits, or nothing but random pieces."""
    if rng.random() < 0.3:
        return "".join(rng.choices(PIECES, k=rng.randrange(40)))
    text = from_catalogue(rng.choice(ls.catalogue())).text
    for _ in range(rng.randrange(1, 5)):
        a = rng.randrange(len(text) + 1)
        b = min(len(text), a + rng.choice((0, 0, 1, 1, 2, 5, 30)))
        middle = rng.choice((rng.choice(PIECES), "", text[a:b] * 2, text[a:b][::-1]))
        text = text[:a] + middle + text[b:]
    return text


@pytest.mark.parametrize("seed", range(8))
def test_mangled_text_is_a_cell_or_a_sentence(seed):
    """500 texts a seed: a Cell or a LstmsymError, never another exception."""
    rng = random.Random(seed)
    cells = refused = 0
    for _ in range(500):
        text = mangled(rng)
        try:
            assert isinstance(ls.parse(text), Cell)
            cells += 1
        except LstmsymError as error:
            assert str(error).strip() and "Traceback" not in str(error)
            assert len(str(error)) < 800
            refused += 1
        except Exception as error:
            raise AssertionError(f"{type(error).__name__} for {text!r}") from error
    assert cells >= 20 and refused >= 100


def test_random_characters_are_refused():
    rng = random.Random(99)
    for _ in range(1000):
        text = "".join(
            chr(rng.choice((rng.randrange(32, 127), rng.randrange(1, 0x3000)))) for _ in range(60)
        )
        with pytest.raises(LstmsymError):
            ls.parse(text)
