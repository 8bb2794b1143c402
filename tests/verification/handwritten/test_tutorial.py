"""The tutorial's code gives what the tutorial shows."""

import re
from pathlib import Path

import lstmsym as ls
from lstmsym.verification.handwritten.file_check import check_file
from lstmsym.verification.handwritten.layouts import read_meaning

PAGE = Path(__file__).parents[3] / "docs" / "tutorial_code.md"


def test_the_slip_and_its_correction_give_what_is_printed(tmp_path):
    page = PAGE.read_text(encoding="utf-8")
    code, correction, *_ = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "mylstm.py"
    path.write_text(code, encoding="utf-8")
    wrong = check_file(path, cell="lstm")
    assert wrong.slip.names == ("carried part lost",)
    for line in str(wrong).splitlines():
        assert line in page
    path.write_text(re.sub(r" +dc = dh \* o.*\n", correction, code), encoding="utf-8")
    right = check_file(path)
    assert right.passed and right.summary in page and not right.warnings


def test_the_class_is_checked_by_the_two_functions_below_it(tmp_path):
    page = PAGE.read_text(encoding="utf-8")
    code = next(
        c for c in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "class Layer" in c
    )
    path = tmp_path / "layer.py"
    path.write_text(code, encoding="utf-8")
    right = check_file(path)
    assert right.passed and list(right.upstream) == ["dhs"]
    assert [v.name for v in right.judged("not returned")] == ["xs"]
    path.write_text(code.replace("dh = Wh @ da", "dh = da @ Wh"), encoding="utf-8")
    assert check_file(path, cell="rnn").slip.names == ("missing transpose",)


def test_what_is_written_for_a_weight_is_understood():
    page = PAGE.read_text(encoding="utf-8")
    table = page[page.index("| written |") : page.index("What is left unsaid")]
    written = [
        text
        for row in re.findall(r"(?m)^\| (`.*?) \|", table)
        for text in re.findall(r"`(.+?)`", row)
    ]
    assert len(written) >= 8
    for text in written:
        cell = ls.cell("lstm_np" if "R_f" in text else "lstm")
        read_meaning(text.replace("\\|", "|").replace("…", "W_f"), cell)
