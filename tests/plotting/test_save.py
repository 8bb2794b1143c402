"""Files are the same bytes twice, and written whole or not at all."""

import json
import re

import numpy as np
import pytest

from lstmsym.errors import InputError
from lstmsym.plotting import flow
from lstmsym.plotting.save import save, save_all, save_numbers

ENDINGS = (".pdf", ".svg", ".png")


@pytest.fixture
def figure(make_flow):
    return flow.figure(make_flow({"rnn": -0.9, "lstm": -0.2}), "icml")


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_bytes_twice(make_flow, tmp_path, ending):
    for name in ("one", "two"):
        made = flow.figure(make_flow({"rnn": -0.9, "lstm": -0.2}), "icml")
        save(made, tmp_path / f"{name}{ending}")
    assert (tmp_path / f"one{ending}").read_bytes() == (tmp_path / f"two{ending}").read_bytes()


@pytest.mark.parametrize("ending", ENDINGS)
def test_saving_again_changes_nothing(figure, tmp_path, ending):
    """Labels and layout do not wander from one save to the next, whatever was saved between."""
    first = save(figure, tmp_path / f"one{ending}").read_bytes()
    save(figure, tmp_path / "between.png")
    assert save(figure, tmp_path / f"two{ending}").read_bytes() == first


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_date_and_no_program_in_a_file(figure, tmp_path, ending):
    content = save(figure, tmp_path / f"figure{ending}").read_bytes()
    assert not re.search(rb"CreationDate|Matplotlib|<dc:date|/Producer", content)


def test_a_pdf_has_whole_fonts_and_the_venue_s_width(figure, tmp_path):
    content = save(figure, tmp_path / "figure.pdf").read_bytes()
    width = float(re.search(rb"/MediaBox \[ ?0 0 ([\d.]+)", content)[1])
    assert width == pytest.approx(3.25 * 72, abs=0.01)
    assert b"/Type3" not in content


@pytest.mark.parametrize("name", ["figure.jpg", "figure", "figure.pdf.txt"])
def test_an_ending_that_is_not_known(figure, tmp_path, name):
    with pytest.raises(InputError, match=r"its name must end in \.pdf, \.png, \.svg$"):
        save(figure, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there(figure, tmp_path):
    path = tmp_path / "no" / "figure.pdf"
    with pytest.raises(InputError, match=f"^cannot write {path}: No such file or directory$"):
        save(figure, path)


def test_a_target_that_is_a_folder_leaves_nothing_behind(figure, tmp_path):
    (tmp_path / "figure.pdf").mkdir()
    with pytest.raises(InputError, match=r"cannot write .*figure\.pdf: "):
        save(figure, tmp_path / "figure.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["figure.pdf"]


def test_a_figure_takes_the_place_of_an_older_one_behind_a_link(figure, tmp_path):
    (tmp_path / "older.pdf").write_text("older")
    (tmp_path / "link.pdf").symlink_to(tmp_path / "older.pdf")
    save(figure, tmp_path / "link.pdf")
    assert (tmp_path / "link.pdf").is_symlink()
    assert (tmp_path / "older.pdf").read_bytes().startswith(b"%PDF")


def test_numbers_as_csv(tmp_path):
    columns = {"lag": np.arange(2), "log_norm": np.array([0.1 + 0.2, -np.inf])}
    path = save_numbers(columns, tmp_path / "figure.csv", {"norm": "spectral"})
    assert path.read_text() == "# norm: spectral\nlag,log_norm\n0,0.3\n1,\n"


def test_numbers_as_json(tmp_path):
    path = save_numbers(
        {"lag": [0, 1], "norm": [1.0, np.nan]}, tmp_path / "figure.json", {"kind": "total"}
    )
    found = json.loads(path.read_text())
    assert found["columns"] == {"lag": [0, 1], "norm": [1.0, None]}
    assert found["about"] == {"kind": "total"}
    assert found["schema"] == "lstmsym/figure/1"


def test_columns_of_different_lengths_are_refused(tmp_path):
    with pytest.raises(ValueError, match="shorter"):
        save_numbers({"a": [1, 2], "b": [1]}, tmp_path / "figure.csv")
    assert not list(tmp_path.iterdir())


def test_all_under_one_name(figure, tmp_path):
    save_all(figure, tmp_path / "figure", {"lag": [0]})
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv", ".pdf", ".png", ".svg"]
