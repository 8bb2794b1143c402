"""What each command prints and writes, through click's runner."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import lstmsym as ls
from lstmsym.cli import curves, lstmsym
from tests.witnesses import MODELS

CARRIED = "dC[t]/dC[t-k]"
RESULT = {
    "schema",
    "cell",
    "quantity",
    "kind",
    "layout",
    "latex",
    "text",
    "terms",
    "steps",
    "check",
}
FLOW = {"schema", "quantity", "kind", "norm", "cells"}
CURVE = {
    "cell", "init", "hidden", "steps", "seeds", "dtype", "lag", "log_norm", "log_norm_sd", "slope_per_step",
    "half_life", "engine", "autograd_max_rel_difference",
}  # fmt: skip
SMALL = ["--steps", "12", "--hidden", "4", "--seeds", "2"]


def run(*args: Any, code: int = 0) -> str:
    result = CliRunner().invoke(lstmsym, [str(a) for a in args])
    assert result.exit_code == code, result.output
    return result.stdout


def read(*args: Any) -> Any:
    return json.loads(run(*args, "--json"), parse_constant=pytest.fail)


def test_cells() -> None:
    found = read("cells")
    assert found["schema"] == "lstmsym/cells/1"
    assert [c["name"] for c in found["cells"]] == list(ls.catalogue())
    lstm = next(c for c in found["cells"] if c["name"] == "lstm")
    assert lstm["states"] == ["h", "C"] and lstm["inputs"] == ["x"]
    assert lstm["signals"]["f"] == {"meaning": "forget gate", "shape": ["n"]}
    assert lstm["parameters"]["b_f"] == ["n", "1"]
    assert all(name in run("cells") for name in ls.catalogue())


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("form", ["text", "latex", "markdown"])
def test_show(name: str, form: str) -> None:
    shown = run("show", name, "--format", form, "--notation", "split")
    assert "W_" in shown
    assert form != "text" or ls.cell(name).source in shown


def test_show_json() -> None:
    found = read("show", "gru")
    assert found["schema"] == "lstmsym/cell/1" and found["name"] == "gru"
    assert found["equations"][0]["meaning"] == "update gate"


def test_show_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.cell"
    path.write_text("# Mine\nh[t] = tanh(W @ h[t-1] + U @ x[t])   # state\n")
    assert run("show", path).startswith("Mine\n\nh_t = tanh(W")


@pytest.mark.parametrize(
    "quantity", [CARRIED, "dC[t]/dC[t-3]", "dh[t]/dx[t-2]", "dL/dW_f", "dL/dh[t]"]
)
def test_derive_json(quantity: str) -> None:
    found = read("derive", "lstm", quantity)
    assert set(found) >= RESULT
    assert found["schema"] == "lstmsym/derivation/1"
    assert (found["cell"], found["quantity"]) == ("lstm", quantity)
    assert found["steps"] and all(set(s) >= {"left", "right", "because"} for s in found["steps"])
    assert set(found["check"]) >= {"exact_mod_p", "autograd_max_rel_error", "draws"}
    assert found["check"]["exact_mod_p"] is True
    assert found["check"]["autograd_max_rel_error"] < 1e-10


@pytest.mark.parametrize(("lag", "terms"), [("k", None), ("2", 19)])
def test_derive_counts_paths(lag: str, terms: int | None) -> None:
    assert read("derive", "lstm", f"dC[t]/dC[t-{lag}]")["terms"] == terms


def test_derive_everything() -> None:
    found = read("derive", "rnn")
    assert found["schema"] == "lstmsym/derivation/1" and found["cell"] == "rnn"
    assert len(found["results"]) > 5 and all(set(r) >= RESULT for r in found["results"])


@pytest.mark.parametrize(
    ("choices", "differs"),
    [
        (["--kind", "block"], "kind"),
        (["--form", "recursion"], "latex"),
        (["--layout", "denominator"], "layout"),
        (["--notation", "split"], "steps"),
    ],
)
def test_derive_choices(choices: list[str], differs: str) -> None:
    assert (
        read("derive", "lstm", CARRIED, *choices)[differs]
        != read("derive", "lstm", CARRIED)[differs]
    )


def test_derive_expanded_with_a_limit() -> None:
    asked = ["derive", "lstm", "dC[t]/dC[t-2]", "--form", "expanded"]
    assert "19 elementary paths" in CliRunner().invoke(lstmsym, [*asked, "--limit", "18"]).stderr
    assert read(*asked, "--limit", "19")["terms"] == 19


def test_derive_prints_its_check() -> None:
    result = CliRunner().invoke(lstmsym, ["derive", "rnn", "dh[t]/dh[t-1]"])
    assert "∂h_t/∂h_{t-1}" in result.stdout
    assert result.stderr.startswith("checked: ") and "modulo 2^61 - 1" in result.stderr


def test_derive_steps() -> None:
    short = run("derive", "rnn", "dh[t]/dh[t-k]", "--no-steps", "--format", "latex")
    long = run("derive", "rnn", "dh[t]/dh[t-k]", "--steps", "--format", "latex")
    assert len(short) < len(long) and "chain rule" in long


@pytest.mark.parametrize(
    ("suffix", "start"),
    [(".tex", r"\documentclass"), (".md", "# "), (".txt", ""), (".json", "{")],
)
@pytest.mark.parametrize("quantity", [[], [CARRIED]], ids=["all", "one"])
def test_derive_to_a_file(suffix: str, start: str, quantity: list[str], tmp_path: Path) -> None:
    path = tmp_path / f"out{suffix}"
    assert run("derive", "lstm", *quantity, "-o", path) == ""
    assert path.read_text(encoding="utf-8").startswith(start)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_derive_to_a_file_in_another_format(tmp_path: Path) -> None:
    run("derive", "lstm", CARRIED, "--format", "latex", "-o", tmp_path / "eq.tex")
    assert "documentclass" not in (tmp_path / "eq.tex").read_text()


def test_flow_json() -> None:
    found = read("flow", "rnn", "lstm", *SMALL)
    assert set(found) >= FLOW and found["schema"] == "lstmsym/flow/1"
    assert [c["cell"] for c in found["cells"]] == ["rnn", "lstm"]
    for curve in found["cells"]:
        assert set(curve) >= CURVE
        assert curve["lag"] == list(range(12))
        assert len(curve["log_norm"]) == len(curve["log_norm_sd"]) == 12
        assert curve["autograd_max_rel_difference"] < 1e-10


def test_flow_is_what_python_measures() -> None:
    found = read("flow", "gru", *SMALL, "--seed", "7")["cells"][0]["log_norm"]
    expected = ls.flow("gru", steps=12, hidden=4, seeds=2, rng=7).cells[0].log_norm
    assert found == pytest.approx(list(expected), rel=0, abs=0)


def test_flow_table() -> None:
    shown = run("flow", "rnn", "lstm", *SMALL)
    assert "slope/step" in shown and "half-life" in shown and "█" in shown
    assert "spectral norm" in shown and "hidden 4" in shown and "checked" in shown


@pytest.mark.parametrize("suffix", [".pdf", ".svg", ".png", ".csv", ".json"])
def test_flow_to_a_file_twice_alike(suffix: str, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for path in paths:
        assert run("flow", "rnn", *SMALL, "--venue", "ieee", "-o", path) == ""
    assert paths[0].read_bytes() == paths[1].read_bytes() != b""
    assert len(list(tmp_path.iterdir())) == 2


def test_flow_inputs(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.ones((20, 3)))
    (tmp_path / "text.txt").write_text("to be or not to be, that is the question")
    noise = read("flow", "rnn", *SMALL)["cells"][0]["log_norm"]
    array = read("flow", "rnn", *SMALL, "--input", tmp_path / "x.npy")["cells"][0]["log_norm"]
    text = read("flow", "rnn", *SMALL, "--text", tmp_path / "text.txt")["cells"][0]["log_norm"]
    assert len({noise[5], array[5], text[5]}) == 3


def test_flow_of_a_cell_with_another_output(tmp_path: Path) -> None:
    (tmp_path / "s.cell").write_text("s[t] = tanh(W @ s[t-1] + U @ x[t])\n")
    assert read("flow", tmp_path / "s.cell", *SMALL)["quantity"] == "ds[T]/ds[t]"
    result = CliRunner().invoke(lstmsym, ["flow", str(tmp_path / "s.cell"), "rnn", *SMALL])
    assert result.exit_code == 2 and "different outputs" in result.stderr


def test_doctor() -> None:
    found = read("doctor")
    assert found["schema"] == "lstmsym/doctor/1"
    assert found["self_check"]["passed"] is True
    assert set(found["optional"]) == {"pdflatex", "torch", "jax"}
    assert "self check passed" in run("doctor")


def test_doctor_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = CliRunner().invoke(lstmsym, ["doctor", "--need", "pdflatex"])
    assert result.exit_code == 3
    assert "apt-get install" in result.stderr


def test_doctor_finds_a_broken_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstmsym.api.derive", lambda *_: 1 / 0)
    result = CliRunner().invoke(lstmsym, ["doctor"])
    assert result.exit_code == 1 and "ZeroDivisionError" in result.stdout


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "text.txt").write_text("the quick brown fox jumps over the lazy dog. " * 20)
    run("report", "rnn", "lstm", "-o", folder / "report", "--text", folder / "text.txt", *SMALL)
    return folder / "report"


def test_report_is_complete(report: Path) -> None:
    names = {p.name for p in report.iterdir()}
    cells = {f"{cell}.{suffix}" for cell in ("rnn", "lstm") for suffix in ("tex", "md", "txt")}
    figures = {
        f"{name}.{suffix}"
        for name in ("vanishing", "exploding", "loss", "lstm-paths")
        for suffix in ("pdf", "svg", "png", "json", "csv")
    }
    assert names == cells | figures | {"index.md", "report.json"}
    assert [p.name for p in report.parent.iterdir() if p.name.startswith(".")] == []


def test_report_page_links_to_what_is_there(report: Path) -> None:
    page = (report / "index.md").read_text(encoding="utf-8")
    linked = {part.split(")")[0] for part in page.split("](")[1:]}
    assert linked == {p.name for p in report.iterdir()} - {"index.md", "report.json"}
    assert page.count("$$") % 2 == 0 and page.count("\n# ") == 0


def test_report_numbers(report: Path) -> None:
    found = json.loads((report / "vanishing.json").read_text())
    with (report / "vanishing.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4 * 2 * 12
    first = found["flows"][0]["cells"][0]
    assert float(rows[3]["log_norm"]) == first["log_norm"][3]
    assert math.isclose(found["flows"][0]["gain"], float(rows[0]["gain"]))


def test_report_manifest(report: Path) -> None:
    found = json.loads((report / "report.json").read_text())
    assert found["schema"] == "lstmsym/report/1"
    assert set(found["files"]) == {p.name for p in report.iterdir()} - {"report.json"}
    assert all(c["exact_mod_p"] for c in found["checks"])


def test_report_articles_are_whole(report: Path) -> None:
    for cell in ("rnn", "lstm"):
        article = (report / f"{cell}.tex").read_text(encoding="utf-8")
        assert article.startswith(r"\documentclass") and article.endswith("\\end{document}\n")


@pytest.mark.parametrize("form", ["text", "latex", "markdown"])
@pytest.mark.parametrize("steps", ["--steps", "--no-steps"])
@pytest.mark.parametrize("quantity", ["dC[t]/dC[t-1]", CARRIED, "dL/dW_f"])
def test_components(form: str, steps: str, quantity: str) -> None:
    shown = run("derive", "lstm", quantity, "--components", "--format", form, steps)
    assert ("C_t^i" if quantity != "dL/dW_f" else "W_f^{ij}") in shown
    assert form == "text" or shown.count("{") == shown.count("}")
    assert ("chain rule" in shown or "at every step" in shown) is (steps == "--steps")


def test_components_in_json_and_files(tmp_path: Path) -> None:
    found = read("derive", "lstm", CARRIED, "--kind", "direct", "--components")["components"]
    assert found["text"].startswith("∂C_t^i/∂C_{t-k}^j|direct = (∏")
    run("derive", "lstm", CARRIED, "--components", "-o", tmp_path / "a.tex")
    assert (tmp_path / "a.tex").read_text().startswith(r"\begin{aligned}")


def test_a_measurement_that_autograd_does_not_share_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(curves.TOLERANCE, "float64", -1.0)
    result = CliRunner().invoke(lstmsym, ["flow", "rnn", *SMALL])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: rnn: derived Jacobians and autograd differ by")
