"""lstmsym verify FILE.py through click's runner: what it prints, how it leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lstmsym.cli import lstmsym

CORPUS = Path(__file__).parents[1] / "corpus" / "code"
RIGHT, WRONG = CORPUS / "rnn_text.py", CORPUS / "rnn_text_slope_forgotten.py"
CELL = ("--cell", "rnn", "--names", "Wxh=W_x,Whh=W_h,bh=b,x=x,hprev=h")


def run(*args: Any) -> Result:
    return CliRunner().invoke(lstmsym, ["verify", *map(str, args)])


def test_a_right_file_leaves_with_0_and_says_on_stderr_that_it_is_run() -> None:
    found = run(RIGHT)
    assert found.exit_code == 0 and "all 7 gradients right" in found.stdout
    assert found.stderr.startswith(f"running {RIGHT}") and "running" not in found.stdout


def test_a_wrong_file_leaves_with_1_and_names_the_slip() -> None:
    found = run(WRONG, *CELL)
    assert found.exit_code == 1
    assert "✗ Whh" in found.stdout and "slip: missing slope" in found.stdout
    assert "5 of 7 gradients wrong" in found.stdout.splitlines()[-1]


def test_json_has_a_schema_and_the_same_verdicts() -> None:
    found = json.loads(run(WRONG, *CELL, "--json").stdout, parse_constant=pytest.fail)
    assert found["schema"] == "lstmsym/gradients/1" and found["file"] == str(WRONG)
    assert {a["verdict"] for a in found["arrays"]} == {"right", "wrong"}
    assert found["slip"]["names"] == ["missing slope"] and found["times"]["sentence"]
    assert {"name", "sentence"} == set(found["warnings"][0]) if found["warnings"] else True


def test_a_page_is_written(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run(WRONG, "--html", page).exit_code == 1
    assert '<b class="wrong">' in page.read_text(encoding="utf-8")
    assert run(RIGHT, "--html", tmp_path / "no" / "page.html").exit_code == 2


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((CORPUS / "none.py",), "does not exist"),
        ((RIGHT, "--forward", "forwards"), "did you mean 'forward'"),
        ((RIGHT, "--at", "array"), "did you mean 'arrays'"),
        ((RIGHT, "--cell", "rrn"), "rnn"),
        ((RIGHT, "--names", "Whh=W_h"), "name the cell too"),
        ((RIGHT, "--cell", "rnn", "--names", "Whh=W_hh"), "did you mean 'W_h'"),
        ((WRONG, "--cell", "rnn", "--names", "Wh=W_h"), "no array 'Wh' to be W_h"),
        ((RIGHT, "--sequence", "xx"), "did you mean 'x'"),
        (("code.f90",), "ending"),
    ],
)
def test_what_cannot_be_used_leaves_with_2_and_one_line(args: tuple[Any, ...], said: str) -> None:
    found = run(*args)
    assert found.exit_code == 2 and said in found.stderr
    assert found.stderr.splitlines()[-1].startswith("Error:") and "Traceback" not in found.output


def test_code_that_does_not_end_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "endless.py"
    path.write_text("while True:\n    pass\n", encoding="utf-8")
    found = run(path, "--seconds", "0.2")
    assert found.exit_code == 2 and "still running after 0.2 seconds" in found.stderr
