"""The tutorial's code gives what the tutorial shows."""

import re
from pathlib import Path

from lstmsym.verification.handwritten.file_check import check_file

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
