"""What is handed back: lines, Markdown, a page and data, for one claim of each verdict."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from lstmsym.verification.claims.claim import VERDICTS as KNOWN
from lstmsym.verification.marking.lines import lines
from lstmsym.verification.marking.markdown import markdown
from lstmsym.verification.marking.marked import SCHEMA, Marked
from lstmsym.verification.marking.page import page
from lstmsym.verification.marking.sentences import VERDICTS as SAID
from lstmsym.verification.marking.sentences import summary
from lstmsym.verification.marking.sources import Document
from tests.verification.marking.judged import DOCUMENT, SENSE, VERDICTS, claim, judged, unread

LINES = """\
✓  1  δo_t = tanh(C_t)
✓* 2  δf_t = C_{t-1}
      right in this sense: one sense; δ of a gate is the gradient by its pre-activation
✗  3  δi_t = C_t
      C_t stands where C̃_t belongs; off by up to 84%
      δi_t = δC_t ⊙ ⟦C̃_t⟧
      \\delta C_t \\odot \\tilde{C}_t
≈  4  ∂C_t/∂C_{t-1} ≈ f_t
      not equal; off by up to 3.0e-03
?  5  δq_t = 1
      'q' is not defined
?  6  and $a = \\foo{b}$ at last
               ^
      '\\foo' is not understood

a note
6 claims: 1 right, 1 right as read, 1 wrong, 1 approximate, 1 not readable, 1 not defined; judged by
lstm"""

MARKDOWN = r"""**✗ line 3**: C_t stands where C̃_t belongs; off by up to 84%

$$
\color{red}{\delta i_t = C_t}
$$

The right side should read

$$
\color{green}{\delta C_t \odot \boxed{\tilde{C}_t}}
$$

**?** line 6"""


def test_every_verdict_has_its_words() -> None:
    assert tuple(SAID) == KNOWN


def test_lines() -> None:
    assert lines(judged(*VERDICTS, notes=("a note",)), DOCUMENT) == LINES


def test_colours_say_what_is_right_and_wrong() -> None:
    coloured = lines(judged(*VERDICTS), DOCUMENT, lambda words, kind: f"<{kind}>{words}</>")
    assert "<right>✓  1</>  δo_t = tanh(C_t)" in coloured
    assert "<wrong>✗  3</>  δi_t = C_t" in coloured
    assert "<right>      δi_t = δC_t ⊙ ⟦C̃_t⟧</>" in coloured
    assert "<faint>" in coloured and "<weak>?  5</>" in coloured


@pytest.mark.parametrize("width", [1, 40, 63, 100, 500])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    long = replace(VERDICTS[2], diagnosis="word " * 60, corrected=" + ".join([r"\alpha"] * 70))
    far = unread("a" * 700 + "!", 1, 701, "no")
    written = lines(judged(long, far), "a" * 700 + "!", width=width)
    assert max(map(len, written.split("\n"))) <= max(40, min(width, 100))
    rows = written.split("\n")
    caret = next(n for n, row in enumerate(rows) if row.strip() == "^")
    assert rows[caret - 1][rows[caret].index("^")] == "!"


def test_a_sense_is_explained_once() -> None:
    first, second = (replace(VERDICTS[1], claim=claim(r"\delta f_t = a", n)) for n in (7, 8))
    both = lines(judged(first, replace(second, reading=(SENSE,))), "")
    assert both.count(SENSE) == 1 and both.count("one sense") == 1
    assert f"✓* right in this sense: {SENSE}" in both


def test_a_sense_that_was_explained_is_pointed_to() -> None:
    found = [
        replace(VERDICTS[1], claim=claim(r"\delta f_t = a", n), reading=senses)
        for n, senses in ((1, ("p",)), (2, ("q",)), (3, ("p", "q", "r")))
    ]
    assert "right in this sense: r; as in line 1 and line 2" in lines(judged(*found), "")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (judged(), "nothing to judge"),
        (judged(VERDICTS[0]), "1 claim: 1 right"),
        (judged(VERDICTS[0], VERDICTS[0]), "2 claims: 2 right"),
    ],
)
def test_summary(found: object, words: str) -> None:
    assert summary(found).startswith(words)  # type: ignore[arg-type]


def test_markdown() -> None:
    written = markdown(judged(*VERDICTS))
    wrong, unreadable = MARKDOWN.split("**?**")
    assert (
        wrong in written and "**? line 6**: '\\\\foo' is not understood" in written and unreadable
    )
    assert "````latex\na = \\foo{b}\n````" in written
    assert "**✓\\* line 2**: right in this sense: one sense" in written


def test_markdown_of_strangers() -> None:
    written = markdown(judged(unread("$$ ````\n<script>", 1, 1, "*no* <b> [x](y) `z`")))
    assert r"\*no\* \<b\> \[x\](y) \`z\`" in written
    assert written.count("````") == 2 and "$" not in written


def tree(written: str) -> ElementTree.Element:
    """The page as XML, which HTML with closed elements is too."""
    return ElementTree.fromstring(written.removeprefix("<!doctype html>"))


def test_page() -> None:
    written = page(judged(*VERDICTS, notes=("a note",)), "notes.tex")
    root = tree(written)
    assert [a.get("class") for a in root.iter("section")] == [
        "right", "right", "wrong", "weak", "weak", "weak",
    ]  # fmt: skip
    assert "".join(root.itertext()).count("a note") == 1
    assert written.count('class="changed"') == 1 and "prefers-color-scheme: dark" in written


def test_a_page_needs_nothing_beside_itself() -> None:
    root = tree(page(judged(*VERDICTS)))
    names = {a.tag.rpartition("}")[2] for a in root.iter()}
    assert not names & {"script", "link", "img", "iframe", "object"}
    assert not {key for a in root.iter() for key in a.attrib} & {"src", "href", "onload", "style"}


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "</title>", "\x00\x1b]0;x\x07", '" onload="x']
)
def test_a_page_of_strangers(text: str) -> None:
    found = judged(
        unread(text, 1, 1, text),
        replace(VERDICTS[2], diagnosis=text, corrected=text),
        notes=(text,),
    )
    root = tree(page(found, text))
    assert not any(a.tag == "script" or a.get("onload") for a in root.iter())
    assert "\x1b" not in lines(found, text)


def test_data() -> None:
    found = Marked(Document(DOCUMENT, "text", "notes.tex"), judged(*VERDICTS))
    data = found.as_dict()
    assert (data["schema"], data["cell"]) == (SCHEMA, "lstm")
    assert [a["verdict"] for a in data["claims"]] == list(
        ("right", "right_as", "wrong", "approximation", "undefined", "cannot_read")
    )
    named = {
        "line",
        "latex",
        "target",
        "verdict",
        "reading",
        "diagnosis",
        "corrected",
        "error",
        "method",
    }
    assert all(named <= set(a) for a in data["claims"])
    assert data["summary"]["counts"] == dict.fromkeys(KNOWN, 1)
    assert data["summary"]["exit_code"] == found.exit_code == 1
    assert str(found) == found.text() and found._repr_markdown_() == found.markdown()
    assert "notes.tex" in found.html()
