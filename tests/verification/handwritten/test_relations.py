"""What a wrong gradient has to do with the true one."""

import numpy as np
import pytest

import lstmsym as ls
from lstmsym.verification.handwritten.compare import Verdict
from lstmsym.verification.handwritten.relations import RELATIONS, factor_words, sizes_of, with_note

TRUE = np.random.default_rng(0).normal(size=(4, 4)) * 3
SIZES = sizes_of({"x": (7, 2), "W": (4, 4)})
ROWS = TRUE.copy()
ROWS[1:3] += 1

SEEN = {
    "3 of 16 entries are not finite":               np.where(np.arange(16).reshape(4, 4) < 3, np.nan, TRUE),
    "the transposed shape; transposed it is wrong": np.ones((2, 4)),
    "zero in every entry":                          0 * TRUE,
    "the negative of the true one":                 -TRUE,
    "2 times the true one":                         2 * TRUE,
    "1/7 times the true one, in every entry (7 is the first size of x)": TRUE / 7,
    "the transpose of the true one":                TRUE.T,
    "the true one clipped to ±1":                   np.clip(TRUE, -1, 1),
    "summed over the wrong axis":                   np.full((4, 4), TRUE.sum()),
    "wrong in rows 1–2 of 0–3 only":                ROWS,
    "wrong in columns 1–2 of 0–3 only":             None,
}  # fmt: skip


@pytest.mark.parametrize("said", SEEN)
def test_a_relation_is_said(said):
    expected = TRUE if "shape;" not in said else TRUE[:, :2]
    found = SEEN[said]
    if found is None:
        found = TRUE.copy()
        found[:, 1:3] -= 1
    verdict = Verdict("W", "wrong", returned=found, expected_array=expected)
    assert said in with_note(verdict, SIZES).note


def test_every_relation_was_tried():
    seen = set()
    for said, found in SEEN.items():
        if found is not None:
            expected = TRUE if "shape;" not in said else TRUE[:, :2]
            seen |= {
                r for r in RELATIONS if found.shape == expected.shape and r(found, expected, {})
            }
            seen |= {r for r in RELATIONS[:2] if r(found, expected, {})}
    assert seen == set(RELATIONS)


def test_nothing_is_said_where_nothing_is_seen():
    other = np.random.default_rng(1).normal(size=(4, 4))
    assert with_note(Verdict("W", "wrong", returned=other, expected_array=TRUE), SIZES).note == ""
    assert with_note(Verdict("W", "right", returned=TRUE, expected_array=TRUE), SIZES).note == ""


def test_gradients_that_are_only_clipped_are_told_from_others_that_are_wrong():
    at = {"W": np.linspace(-2, 2, 12).reshape(3, 4), "x": np.linspace(0.1, 0.9, 4)}

    def loss(p):
        return np.sum((p["W"] @ p["x"]) ** 2)

    def gradients(p, factor=2.0):
        y = p["W"] @ p["x"]
        return {"W": np.clip(factor * np.outer(y, p["x"]), -3, 3), "x": factor * y @ p["W"]}

    found = ls.check_gradients(loss, gradients, at, cell="rnn", sequence="x")
    assert found.exit_code == 1 and found.times is None
    assert found.slip.names == ("clipped",) and "±3" in found.slip.lines[0]
    assert "clipped" in [w["name"] for w in found.warnings]
    other = ls.check_gradients(loss, lambda p: gradients(p, 3.0), at, sequence="x")
    assert [v.name for v in other.judged("wrong")] == ["W", "x"]
    assert "clipped" not in other.text().partition("weak:")[0]


def test_sizes_are_those_of_data_first_and_all_that_fit_are_said():
    found = sizes_of({"W": (3, 4), "labels": (4,), "X_batch": (2, 4, 5)})
    assert found[4] == "the first size of labels, the second size of X_batch, the second size of W"
    assert found[8] == "2 · 4, the first and the second size of X_batch" and 12 not in found
    assert "8 times the true one, in every entry (8 is 2 · 4, the first" in factor_words(8.0, found)
