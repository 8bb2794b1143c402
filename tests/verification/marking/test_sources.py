"""Documents from files and texts, renames, and ls.verify on top of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import lstmsym as ls
from lstmsym.errors import InputError, UnknownName
from lstmsym.verification.marking.renames import read_renames
from lstmsym.verification.marking.sources import ENDINGS, document_of, kind_of, read_document

CLAIM = r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial C_t} \odot C_{t-1}"


@pytest.mark.parametrize(("ending", "kind"), ENDINGS.items())
def test_files(ending: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"notes{ending.upper()}"
    path.write_bytes(b"\xef\xbb\xbf" + CLAIM.encode())
    assert read_document(path).kind == kind and read_document(path).text == CLAIM
    assert document_of(str(path)) == document_of(path) == read_document(path)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (r"\documentclass{article}", "tex"),
        (r"\begin{align} a &= b \end{align}", "tex"),
        ('{"cells": []}', "notebook"),
        ("so $a = b$", "text"),
        (CLAIM, "text"),
    ],
)
def test_texts(text: str, kind: str) -> None:
    assert kind_of(text) == document_of(text).kind == kind


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.tex", None, "No such file"),
        ("notes.docx", b"a", "the ending '.docx' is not known; known: .tex"),
        ("notes.tex", b"", "nothing stands there"),
        ("notes.tex", b" \n", "nothing stands there"),
        ("notes.md", b"abc\xff", "no UTF-8 text, from byte 3 on"),
    ],
)
def test_what_is_no_document(name: str, content: bytes | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=said.replace("no UTF", "not UTF")) as raised:
        read_document(path)
    assert str(path) in str(raised.value) and "\n" not in str(raised.value)


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "a.tex").mkdir()
    with pytest.raises(InputError, match="directory"):
        ls.verify(tmp_path / "a.tex")


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ([], {}),
        ([r"\Gamma_u=i,c=C"], {r"\Gamma_u": "i", "c": "C"}),
        ([r"\Gamma_u=i", " c = C "], {r"\Gamma_u": "i", "c": "C"}),
        ([r"W_{x,f}=U_f"], {"W_{x,f}": "U_f"}),
        (["c=C", "c=C"], {"c": "C"}),
    ],
)
def test_renames(texts: list[str], found: dict[str, str]) -> None:
    assert read_renames(texts) == found


@pytest.mark.parametrize("text", ["", "c", "c=", "=C", "c=C,", "a=b=c", ","])
def test_what_is_no_rename(text: str) -> None:
    with pytest.raises(InputError, match="no rename; write symbol=name"):
        read_renames([text])


def test_a_symbol_has_one_name() -> None:
    with pytest.raises(InputError, match="renamed twice: to C and to h"):
        read_renames(["c=C", "c=h"])


def test_a_name_that_the_cell_does_not_have() -> None:
    with pytest.raises(
        UnknownName, match="'Ct', which the cell lstm does not have; did you mean 'C'"
    ):
        ls.verify(CLAIM, "lstm", {"c": "Ct"})


def test_a_right_claim() -> None:
    found = ls.verify(CLAIM, "lstm")
    assert (found.exit_code, found.counts) == (0, {"right": 1})
    assert str(found).startswith("✓  1  ∂L/∂f_t = ∂L/∂C_t ⊙ C_{t-1}\n")


def test_a_wrong_claim() -> None:
    found = ls.verify(CLAIM.replace("C_{t-1}", "C_t"), ls.cell("lstm"))
    assert (found.exit_code, found.counts) == (1, {"wrong": 1})
    assert "∂L/∂f_t = ∂L/∂C_t ⊙ ⟦C_{t-1}⟧" in str(found)
    assert found.verdicts[0].corrected == r"\frac{\partial L}{\partial C_t} \odot \boxed{C_{t-1}}"


def test_renamed_symbols() -> None:
    renamed = CLAIM.replace("f_t", r"\Phi_t")
    assert ls.verify(renamed, "lstm").exit_code == 2
    assert ls.verify(renamed, "lstm", {r"\Phi": "f"}).exit_code == 0


def test_errors_name_the_document(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("hello")
    with pytest.raises(InputError, match=r"notes\.md: no equation"):
        ls.verify(path)
    with pytest.raises(InputError, match="the notebook is no JSON"):
        ls.verify("{", kind="notebook")
    with pytest.raises(InputError, match="the kind of document is 'word'"):
        ls.verify("a = b", kind="word")
