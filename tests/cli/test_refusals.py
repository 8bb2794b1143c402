"""What cannot be done is said in one line on stderr, with exit code 2, no traceback and nothing written."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from lstmsym.cli import lstmsym
from lstmsym.errors import Disagreement, MissingTool

BIG = "9" * 10


def run(*args: Any) -> Result:
    return CliRunner().invoke(lstmsym, [str(a) for a in args])


def refused(*args: Any, code: int = 2) -> str:
    """The one line; below it only the text with a caret."""
    result = run(*args)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    first, *rest = result.stderr.rstrip("\n").split("\n")
    assert first.startswith("Error: ")
    assert len(rest) in (0, 2) and all(line.startswith("  ") for line in rest), result.stderr
    assert not rest or rest[1].strip() == "^"
    return result.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["shwo"], "did you mean 'show'?"),
        (["--nope"], "--nope"),
        (["show"], "CELL"),
        (["show", "lstn"], "did you mean 'lstm'?"),
        (["show", "lstm", "--notation", "spilt"], "did you mean 'split'?"),
        (["show", "lstm", "--format", "latx"], "did you mean 'latex'?"),
        (["derive", "LSTM"], "did you mean 'lstm'?"),
        (["derive", "lstm", "dC"], "unknown quantity 'dC'"),
        (["derive", "lstm", "dc[t]/dC[t-1]"], "did you mean 'C'?"),
        (["derive", "lstm", "dC[t]/dC[t-0]"], "lag 0"),
        (["derive", "lstm", "dC[t]/dC[t--3]"], "unknown quantity"),
        (["derive", "lstm", "dC[t]/dC[t+3]"], "the future"),
        (["derive", "lstm", f"dC[t]/dC[t-{BIG}]"], "the lag is at most"),
        (["derive", "lstm", "dC[t]/dC[t-9]", "--form", "expanded"], "paths"),
        (["derive", "lstm", "dC[t]/dC[t-7]", "--form", "expanded"], "paths"),
        (["derive", "lstm", "dL/dW_g"], "W_g"),
        (["derive", "lstm", "dC[t]/dC[t-1]", "--kind", "totl"], "did you mean 'total'?"),
        (["derive", "lstm", "dC[t]/dC[t-1]", "--form", "produkt"], "did you mean 'product'?"),
        (["derive", "lstm", "dC[t]/dC[t-1]", "--form", "double sum"], "double sum"),
        (["derive", "lstm", "dC[t]/dC[t-1]", "--layout", "numer"], "did you mean 'numerator'?"),
        (["derive", "lstm", "dC[t]/dC[t-1]", "--limit", "0"], "--limit"),
        (["derive", "lstm", "dL/dW_f", "--kind", "block"], "--kind is for derivatives between"),
        (["derive", "lstm", "∂L / ∂W_f", "--limit", "9"], "--limit is for derivatives between"),
        (["derive", "lstm", "dL/dW_f", "--form", "recursion"], "product or a double sum"),
        (["derive", "lstm", "--components"], "--components needs a QUANTITY"),
        (["derive", "lstm", "--kind", "total"], "--kind needs a QUANTITY"),
        (["derive", "lstm", "-o", "no/such/folder/out.tex"], "mkdir -p"),
        (["derive", "lstm", "-o", "out.docx"], ".tex"),
        (["derive", "lstm", "-o", "."], "folder"),
        (["derive", "lstm", "-o", "/proc/out.tex"], "/proc"),
        (["flow"], "CELL"),
        (["flow", "lstm", "--hidden", "0"], "--hidden"),
        (["flow", "lstm", "--hidden", BIG], "hidden is a whole number"),
        (["flow", "lstm", "--steps", "-3"], "--steps"),
        (["flow", "lstm", "--steps", "many"], "--steps"),
        (["flow", "lstm", "--seeds", "0"], "--seeds"),
        (["flow", "lstm", "--seed", "-1"], "--seed"),
        (["flow", "lstm", "--gain", "nan"], "finite"),
        (["flow", "lstm", "--gain", "-1"], "gain"),
        (["flow", "lstm", "--forget-bias", "inf"], "finite"),
        (["flow", "lstm", "--init", "pytorhc"], "did you mean 'pytorch'?"),
        (["flow", "lstm", "--norm", "spectrel"], "did you mean 'spectral'?"),
        (["flow", "lstm", "--kind", "totale"], "did you mean 'total'?"),
        (["flow", "lstm", "--dtype", "float46"], "did you mean 'float64'?"),
        (["flow", "lstm", "--quantity", "dQ[t]/dC[t-k]"], "Q"),
        (["flow", "lstm", "--quantity", "nonsense"], "unknown quantity"),
        (["flow", "lstm", "--venue", "neuripz", "-o", "a.pdf"], "did you mean 'neurips'?"),
        (["flow", "lstm", "-o", "a.jpeg"], ".pdf"),
        (["flow", "lstm", "-o", "no/such/folder/a.pdf"], "mkdir -p"),
        (["flow", "lstm", "--text", "no-such-file"], "no-such-file"),
        (["flow", "lstm", "--text", "."], "directory"),
        (["flow", "lstm", "--input", "no-such-file.npy"], "no-such-file"),
        (["report", "lstm"], "--output"),
        (["report", "lstm", "-o", "no/such/folder"], "mkdir -p"),
        (["report", "lstm", "-o", "/proc/report"], "/proc"),
        (["report", "lstn", "-o", "r"], "did you mean 'lstm'?"),
        (["report", "lstm", "-o", "r", "--venue", "neuripz"], "did you mean 'neurips'?"),
        (["report", "lstm", "-o", "r", "--text", "no-such-file"], "no-such-file"),
        (["report", "lstm", "-o", "r", "--steps", "1"], "--steps"),
        (["doctor", "--need", "pdflatx"], "did you mean 'pdflatex'?"),
    ],
    ids=lambda a: " ".join(a) if isinstance(a, list) else "",
)
def test_arguments(args: list[str], said: str, monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in refused(*args)
    assert list(tmp_path.iterdir()) == []


CYCLE = "a[t] = tanh(b[t])\nb[t] = tanh(a[t])\nh[t] = tanh(h[t-1] + a[t])\n"
DEEP = "h[t] = " + "tanh(" * 300 + "h[t-1]" + ")" * 300 + "\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (CYCLE.encode(), "a"),
        (b"h[t] = tanh(W @ h[t-1] + V @ [h[t-1], x[t]])\nx2[t] = W @ [h[t-1], x[t]]\n", "W"),
        (b"", "empty"),
        (b"\n \n", "empty"),
        (bytes(range(256)), "UTF-8"),
        (b"\x00" * 100, ""),
        (b"h[t] = tanh(W @ h[t-1])\n" * 400_000, "characters"),
        (DEEP.encode(), "deep"),
        (b"h[t] = tanh(W @ h[t-1]", "line 1"),
        (b"h[t] = __import__('os').system('true')\n", "line 1"),
        (b"just words\n", "line 1"),
        (b"# only a comment\n", "no equation"),
    ],
    ids=["cycle", "clash", "empty", "blank", "binary", "zeros", "10 MB", "deep", "open bracket",
         "code", "words", "comment"],
)  # fmt: skip
@pytest.mark.parametrize("command", ["show", "derive", "flow"])
def test_cell_files(command: str, content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "strange.cell"
    path.write_bytes(content)
    message = refused(command, path)
    assert said in message and "strange.cell" in message


@pytest.mark.parametrize("name", ["missing.cell", "", "a/b.cell", "x.tex", "\x00", "é" * 5000])
def test_no_such_cell_file(name: str) -> None:
    refused("show", name)


def test_a_folder_is_no_cell(tmp_path: Path) -> None:
    (tmp_path / "a.cell").mkdir()
    refused("show", tmp_path / "a.cell")


def array(path: Path, value: Any) -> Path:
    np.save(path, value, allow_pickle=True)
    return path


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.full((200, 4), np.nan), "finite"),
        (np.full((200, 4), np.inf), "finite"),
        (np.zeros((3, 4)), "3 steps"),
        (np.zeros(5), "shape"),
        (np.zeros((0, 4)), "shape"),
        (np.array([{}, []], dtype=object), "plain .npy"),
        (np.array([["a"]]), "numbers"),
    ],
    ids=["nan", "inf", "short", "flat", "nothing", "pickled", "words"],
)
def test_input_files(value: Any, said: str, tmp_path: Path) -> None:
    assert said in refused("flow", "rnn", "--input", array(tmp_path / "x.npy", value))


def test_a_pickle_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(pickle.dumps({"a": 1}))
    assert "x.npy" in refused("flow", "rnn", "--input", path)


@pytest.mark.parametrize("content", [b"", b"a", b"short"])
def test_texts(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(content)
    assert "text.txt" in refused("flow", "rnn", "--text", path)


def test_a_text_and_an_array_are_too_much(tmp_path: Path) -> None:
    given = array(tmp_path / "x.npy", np.zeros((200, 4)))
    assert "not both" in refused("flow", "rnn", "--input", given, "--text", __file__)


def test_a_report_does_not_destroy_a_folder(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert "thesis.txt" in refused("report", "rnn", "-o", tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    assert "is a file" in refused("report", "rnn", "-o", tmp_path / "thesis.txt")


def test_two_cells_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "rnn.cell").write_text("h[t] = tanh(W @ h[t-1] + U @ x[t])\n")
    assert "both called rnn" in refused(
        "report", "rnn", tmp_path / "rnn.cell", "-o", tmp_path / "r"
    )


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Disagreement("the witnesses differ"), 1),
        (MissingTool("typst is missing; pip install typst"), 3),
        (KeyboardInterrupt(), 130),
        (MemoryError(), 2),
        (PermissionError(13, "Permission denied", "out.tex"), 2),
        (OSError(28, "No space left on device"), 2),
    ],
    ids=lambda e: type(e).__name__,
)
def test_exit_codes(error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("lstmsym.api.cell", fails)
    refused("show", "lstm", code=code)


def test_no_colour_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    coloured = CliRunner().invoke(lstmsym, ["show", "lstn"], color=True).stderr
    monkeypatch.setenv("NO_COLOR", "1")
    plain = CliRunner().invoke(lstmsym, ["show", "lstn"], color=True).stderr
    assert "\x1b[" in coloured and "\x1b[" not in plain
