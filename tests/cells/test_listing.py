"""lstmsym cells: one line a cell, by family, without SymPy; and everything there is to say with --long and --json."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

import lstmsym as ls
from lstmsym.cells.facts import FAMILIES
from lstmsym.cli import listed
from lstmsym.cli import lstmsym as command
from lstmsym.cli.cells import WIDEST, authors
from lstmsym.cli.terminal import width


def run(*args, code=0):
    found = CliRunner().invoke(command, ["cells", *args])
    assert found.exit_code == code, found.output
    return found.stdout if code == 0 else found.output


def test_every_cell_stands_once_under_its_family():
    head, *lines = run().splitlines()
    assert head.split() == ["cell", "year", "states", "gates", "parameters", "source"]
    family, seen = "", {}
    for line in filter(None, lines):
        family = line if line in FAMILIES else family
        if line not in FAMILIES:
            seen[line.split()[0]] = family
    assert seen == {name: ls.cell(name).family for name in ls.catalogue()}
    assert list(dict.fromkeys(seen.values())) == list(FAMILIES)
    assert max(width(line) for line in [head, *lines]) <= 120


def test_a_line_says_what_the_cell_is():
    line = next(row for row in run("lstm_peephole_diagonal").splitlines() if row.startswith("lstm"))
    numbers = ["4n²", "+", "4nm", "+", "7n"]
    assert line.split() == [
        "lstm_peephole_diagonal", "2000", "2", "3", *numbers, "Gers", "&", "Schmidhuber",
    ]  # fmt: skip


def test_listing_imports_neither_sympy_nor_numpy():
    code = (
        "import sys; from lstmsym.cli import lstmsym; lstmsym(['cells'], standalone_mode=False); "
        "sys.exit(bool({'sympy', 'numpy', 'lark'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_text_that_is_not_in_the_index_is_read_itself(monkeypatch):
    stale = json.loads(json.dumps(listed._index()))
    stale["cells"] = [
        e | {"checksum": 1, "states": []} if e["name"] == "gru" else e
        for e in stale["cells"]
        if e["name"] != "lem"
    ]
    whole = listed.listed()
    monkeypatch.setattr(listed, "_index", lambda: stale)
    assert listed.listed() == whole


def test_families_and_names_choose():
    assert [e["name"] for e in json.loads(run("--family", "GRU", "--json"))["cells"]] == [
        "gru", "gru_after", "gru_after_keep", "gru_keep",
    ]  # fmt: skip
    assert "gru_keep" not in run("--family", "deep") and "grid_lstm" in run("--family", "deep")
    assert "unknown family 'GRUs'; did you mean 'GRU'?" in run("--family", "GRUs", code=2)
    assert "no cell 'lsmt' in the catalogue; did you mean 'lstm'?" in run("lsmt", code=2)
    assert "--compare" in run("lstm", "--format", "latex", code=2)


def test_in_full():
    shown = run("lem", "--long")
    cell = ls.cell("lem")
    assert all(
        said in shown for said in (cell.title, cell.source, cell.differs, "D time gate of z")
    )
    facts = json.loads(run("lem", "--json"))["cells"][0]
    assert (facts["family"], facts["year"], facts["gates"]) == (cell.family, 2022, ["D", "D_bar"])
    assert facts["parameter_count"] == "4n² + 4nm + 4n"


@pytest.mark.parametrize(
    "source, expected",
    [
        ("Elman 1990, Finding structure in time", "Elman"),
        ("Gers & Schmidhuber 2000, Recurrent nets", "Gers & Schmidhuber"),
        ("after Gers & Schmidhuber 2000, Recurrent nets", "Gers & Schmidhuber"),
        ("Gers, Schmidhuber & Cummins 2000, Learning to forget", "Gers et al."),
        ("Greff et al. 2015, LSTM: a search space odyssey", "Greff et al."),
        ("PyTorch's GRU, by convention", "PyTorch's GRU"),
    ],
)
def test_authors(source, expected):
    assert authors(source) == expected


def test_long_counts_end_at_a_plus():
    row = next(line for line in run("vrnn").splitlines() if line.startswith("vrnn"))
    count = row.split("  ")[-2].strip() if "  " in row else row
    assert "+ …" in row and len(count) <= WIDEST + 2
