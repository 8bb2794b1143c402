"""Outputs are there whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lstmsym.cli.writing import MANIFEST, SCHEMA, whole_file, whole_folder, write_text
from lstmsym.errors import InputError


def names(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_a_file_is_replaced(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "one")
    write_text(tmp_path / "a.txt", "two\n")
    assert (tmp_path / "a.txt").read_text() == "two\n"
    assert names(tmp_path) == ["a.txt"]


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "one")
    with pytest.raises(ZeroDivisionError), whole_file(tmp_path / "a.txt") as other:
        other.write_text("half")
        _ = 1 / 0
    assert (tmp_path / "a.txt").read_text() == "one\n"
    assert names(tmp_path) == ["a.txt"]


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "a.txt") as other:
        other.write_text("half")
        raise KeyboardInterrupt
    assert names(tmp_path) == []


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("one")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    write_text(tmp_path / "link.txt", "two")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "two\n"


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_text(Path("/dev/null"), "gone")
    assert Path("/dev/null").is_char_device()


def test_a_missing_folder_is_named_with_the_line_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="mkdir -p"):
        write_text(tmp_path / "no" / "a.txt", "one")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        write_text(tmp_path, "one")


def report(folder: Path, text: str) -> None:
    with whole_folder(folder) as other:
        (other / "index.md").write_text(text)
        manifest = {"schema": SCHEMA, "files": ["index.md"]}
        (other / MANIFEST).write_text(json.dumps(manifest))


def test_a_report_replaces_a_report(tmp_path: Path) -> None:
    report(tmp_path / "r", "one")
    report(tmp_path / "r", "two")
    assert (tmp_path / "r" / "index.md").read_text() == "two"
    assert names(tmp_path) == ["r/index.md", "r/report.json"]


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    report(tmp_path / "r", "one")
    assert names(tmp_path) == ["r/index.md", "r/report.json"]


def test_a_report_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    report(tmp_path / "r", "one")
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "r") as other:
        (other / "index.md").write_text("half")
        _ = 1 / 0
    assert (tmp_path / "r" / "index.md").read_text() == "one"
    assert names(tmp_path) == ["r/index.md", "r/report.json"]


def test_a_folder_that_is_no_report_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match=r"thesis\.txt"):
        report(tmp_path / "r", "two")
    assert names(tmp_path) == ["r/thesis.txt"]


def test_what_others_put_into_a_report_stays(tmp_path: Path) -> None:
    report(tmp_path / "r", "one")
    (tmp_path / "r" / "lstm.pdf").write_text("compiled")
    (tmp_path / "r" / "notes").mkdir()
    (tmp_path / "r" / "notes" / "a.txt").write_text("mine")
    report(tmp_path / "r", "two")
    assert names(tmp_path) == ["r/index.md", "r/lstm.pdf", "r/notes/a.txt", "r/report.json"]
    assert (tmp_path / "r" / "index.md").read_text() == "two"
    assert (tmp_path / "r" / "notes" / "a.txt").read_text() == "mine"


def test_a_name_of_somebody_else_is_not_taken(tmp_path: Path) -> None:
    report(tmp_path / "r", "one")
    (tmp_path / "r" / "new.md").write_text("mine")
    with pytest.raises(InputError, match=r"new\.md"), whole_folder(tmp_path / "r") as other:
        (other / "new.md").write_text("theirs")
    assert (tmp_path / "r" / "new.md").read_text() == "mine"


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{", '{"schema": "x", "files": ["a"]}', '{"files": 3}']
)
def test_a_strange_manifest_is_no_report(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / MANIFEST).write_text(manifest)
    with pytest.raises(InputError, match=r"report\.json"):
        report(tmp_path / "r", "two")
