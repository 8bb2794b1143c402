"""Backward passes in many styles: each is judged as its head says, and its slip is named.

The head of a file of tests/corpus/code has the lines cell, names, verdict and, of a wrong one, slip (alternatives
of equal value parted by |), times (within or carried) and perhaps the only arrays that are wrong.
"""

import re
from pathlib import Path

import pytest

from lstmsym.verification.handwritten.file_check import check_file
from lstmsym.verification.handwritten.names import read_names

CORPUS = Path(__file__).parents[2] / "corpus" / "code"
FILES = sorted(CORPUS.glob("*.py"))
TIMES = {"within": "wrong at T = 1 already", "carried": "carried from step to step"}


def head_of(path):
    found: dict[str, str] = {}
    for key, said in re.findall(r"^# (\w+): (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE):
        found[key] = f"{found[key]},{said}" if key in found else said
    return found


def test_the_corpus_has_right_and_wrong_ones_of_several_cells():
    heads = [head_of(path) for path in FILES]
    right = [h for h in heads if h["verdict"] == "right"]
    assert len(FILES) >= 24 and len(FILES) / 5 < len(right) < len(FILES) / 2
    assert len({h["cell"] for h in heads}) >= 5
    assert len({h["slip"] for h in heads if "slip" in h}) >= 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_backward_pass_is_judged_as_its_head_says(path):
    head = head_of(path)
    found = check_file(path, cell=head["cell"], names=read_names(head["names"]))
    assert ("right" if found.passed else "wrong") == head["verdict"]
    if found.passed:
        assert found.slip is None and found.times is None
        return
    if "times" in head:
        assert TIMES[head["times"]] in found.times.sentence
    assert any(name in head["slip"].split("|") for name in found.slip.names), found.slip
    if "wrong" in head:
        assert [v.name for v in found.judged("wrong")] == head["wrong"].split(",")


GUESSED = (
    "rnn_text_untransposed",
    "gru_rows_direct_path",
    "lstm_class_slices",
    "lstm_dict_hidden_late",
)


@pytest.mark.parametrize("stem", GUESSED)
def test_names_are_found_by_trying_where_they_are_not_stated(stem):
    path = CORPUS / f"{stem}.py"
    head = head_of(path)
    found = check_file(path, cell=head["cell"])
    assert any(name in head["slip"].split("|") for name in found.slip.names), found.slip
