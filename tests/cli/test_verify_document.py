"""lstmsym verify on documents: exit codes, formats, files that are written, options that do not go together."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lstmsym.cli import lstmsym, verify
from lstmsym.formulas.documents import find_mathematics
from lstmsym.verification.marking.sources import ENDINGS

RIGHT = r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial C_t} \odot C_{t-1}"
WRONG = RIGHT.replace("C_{t-1}", "C_t")
UNKNOWN = RIGHT.replace("f_t", r"\Phi_t")


def run(*args: Any, **given: Any) -> Result:
    return CliRunner().invoke(lstmsym, ["verify", *map(str, args)], **given)


def notes(folder: Path, *formulas: str, name: str = "notes.md") -> Path:
    path = folder / name
    path.write_text("\n\n".join(f"$$\n{a}\n$$" for a in formulas), encoding="utf-8")
    return path


def test_the_command_knows_what_the_library_knows() -> None:
    assert dict.fromkeys(verify.DOCUMENTS) == dict.fromkeys(ENDINGS)
    assert set(verify.KINDS) == set(ENDINGS.values())
    for kind in verify.KINDS:
        find_mathematics('{"cells": []}', kind)


@pytest.mark.parametrize(
    ("formulas", "code"),
    [
        ((RIGHT,), 0),
        ((RIGHT, WRONG), 1),
        ((UNKNOWN,), 2),
        ((RIGHT, r"\foo{a} = b"), 2),
        ((WRONG, UNKNOWN), 1),
    ],
    ids=["right", "wrong", "unknown", "unreadable", "both"],
)
def test_exit_codes(formulas: tuple[str, ...], code: int, tmp_path: Path) -> None:
    result = run(notes(tmp_path, *formulas), "--cell", "lstm")
    assert (result.exit_code, result.stderr) == (code, "")


def test_a_wrong_claim_is_corrected(tmp_path: Path) -> None:
    result = run(notes(tmp_path, WRONG), "--cell", "lstm")
    assert result.output == (
        "✗  2  ∂L/∂f_t = ∂L/∂C_t ⊙ C_t\n"
        "      C_t stands where C_{t-1} belongs; off by up to 84%\n"
        "      ∂L/∂f_t = ∂L/∂C_t ⊙ ⟦C_{t-1}⟧\n"
        "      \\frac{\\partial L}{\\partial C_t} \\odot C_{t-1}\n"
        "\n1 claim: 1 wrong; judged by lstm\n"
    )


def test_colour_is_for_terminals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = notes(tmp_path, WRONG)
    assert "\x1b[31m✗" in run(path, "--cell", "lstm", color=True).output
    assert "\x1b" not in run(path, "--cell", "lstm").output
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run(path, "--cell", "lstm", color=True).output


@pytest.mark.parametrize("options", [[], ["--kind", "markdown"], ["--kind", "tex"]])
def test_standard_input(options: list[str]) -> None:
    result = run("-", "--cell", "lstm", *options, input=f"so $$ {RIGHT} $$")
    assert result.exit_code == 0 and result.output.startswith("✓  1  ∂L/∂f_t")


def test_a_notebook(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    cells = [
        {"cell_type": "code", "source": ["x = 1"]},
        {"cell_type": "markdown", "source": [f"$${WRONG}$$"]},
    ]
    path.write_text(json.dumps({"cells": cells}))
    result = run(path, "--cell", "lstm", "--json")
    claim = json.loads(result.stdout)["claims"][0]
    assert (claim["cell"], claim["line"], claim["verdict"]) == (2, 1, "wrong")
    assert run(path, "--cell", "lstm").output.startswith("✗  2:1  ")


def test_json(tmp_path: Path) -> None:
    result = run(notes(tmp_path, WRONG, UNKNOWN), "--cell", "lstm", "--json")
    data = json.loads(result.stdout)
    assert data["schema"] == "lstmsym/verify/1" and data["cell"] == "lstm"
    wrong, unknown = data["claims"]
    assert (wrong["verdict"], wrong["target"], wrong["line"]) == ("wrong", "∂L/∂f[t]", 2)
    assert wrong["corrected"] == r"\frac{\partial L}{\partial C_t} \odot \boxed{C_{t-1}}"
    assert 0.1 < wrong["error"] < 10 and wrong["reading"] is None
    assert unknown["verdict"] == "undefined" and unknown["corrected"] is None
    assert data["summary"]["counts"] == {"wrong": 1, "undefined": 1}
    assert data["summary"]["exit_code"] == result.exit_code == 1


@pytest.mark.parametrize(
    "rename", [[r"\Phi=f"], [r"\Phi=f,\Psi=i"], [r"\Psi=i", "--rename", r"\Phi=f"]]
)
def test_renames(rename: list[str], tmp_path: Path) -> None:
    assert run(notes(tmp_path, UNKNOWN), "--cell", "lstm", "--rename", *rename).exit_code == 0


@pytest.mark.parametrize(
    ("name", "options", "begins"),
    [
        ("out.md", [], "**✗ line 2**"),
        ("out.txt", [], "✗  2  ∂L/∂f_t"),
        ("out.json", [], '{\n  "schema"'),
        ("out.txt", ["--format", "markdown"], "**✗ line 2**"),
        ("out", ["--json"], '{\n  "schema"'),
    ],
)
def test_output(name: str, options: list[str], begins: str, tmp_path: Path) -> None:
    result = run(
        notes(tmp_path, WRONG), "--cell", "lstm", "-o", tmp_path / name, *options, color=True
    )
    written = (tmp_path / name).read_text(encoding="utf-8")
    assert (result.exit_code, result.stdout) == (1, "") and "wrote" in result.stderr
    assert written.startswith(begins) and "\x1b" not in written


def test_html(tmp_path: Path) -> None:
    path = notes(tmp_path, WRONG, r"\text{<script>} = a_{\text{<b>}}")
    result = run(path, "--cell", "lstm", "--html", tmp_path / "out.html")
    written = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert result.exit_code == 1 and written.startswith("<!doctype html>") and "<mfrac>" in written
    assert "<script" not in written and "<b>" not in written


REFUSED = [
    ("missing.tex", "missing.tex: No such file"),
    ("notes.docx", "the ending '.docx' is not known; known: .ipynb, .md, .py, .tex, .txt"),
    ("notes", "the ending '' is not known"),
    ("notes.md --cell lstn", "did you mean 'lstm'?"),
    ("notes.md --cell lstm --rename c", "'c' in 'c' is no rename"),
    ("notes.md --cell lstm --rename c=Q", "'Q', which the cell lstm does not have"),
    ("notes.md --kind word", "unknown kind 'word'"),
    ("notes.md --format latex", "unknown format 'latex'"),
    ("notes.md --format text --json", "give one of them"),
    ("notes.md --seed 3", "--seed is for .py files, and notes.md is none"),
    ("notes.md --names a=b", "--names is for .py files"),
    ("notes.md --kind tex --forward f", "--forward is for .py files"),
    ("back.py --rename a=b", "--rename is for .tex, .md, .txt, .ipynb files, and back.py is none"),
    ("back.py --format text", "--format is for .tex"),
    ("notes.md -o out.pdf", "end it in .txt, .md, .json, or give --format"),
    ("notes.md -o no/out.md", "mkdir -p"),
    ("notes.md --html no/out.html", "mkdir -p"),
    ("empty.md", "empty.md: nothing stands there"),
    ("prose.md", "prose.md: no equation"),
]


@pytest.mark.parametrize(("line", "said"), REFUSED, ids=[a for a, _ in REFUSED])
def test_refusals(line: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    notes(tmp_path, WRONG)
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "prose.md").write_text("only words\n")
    before = sorted(tmp_path.iterdir())
    result = run(*shlex.split(line))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: ") and result.stderr.count("\n") == 1
    assert said in result.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_what_is_not_understood_is_pointed_at() -> None:
    result = run("-", "--cell", "lstm", input="so\n$\\delta f_t = \\foo{C_t}$\n")
    assert result.output.startswith(
        "?  2  $\\delta f_t = \\foo{C_t}$\n                    ^\n      '\\foo' is not understood"
    )
