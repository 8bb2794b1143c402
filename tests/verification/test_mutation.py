"""Slips planted in gradients of every cell are found by the judge of documents, and named; what is true is right."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

import pytest

from lstmsym.cells import catalogue
from lstmsym.verification.claims.claim import Judged
from lstmsym.verification.claims.document import judge_document
from tests.verification.mutations import (
    Planted,
    Style,
    gradients,
    outcome,
    planted,
    sampled,
    styles,
)

FOUND = ("named", "alike", "read")
# Over depth the letter of the time is another one than these claims have; δ is a parameter of the last.
BEYOND = ("feed_forward", "highway", "residual", "rnn_rate")


def own(name: str) -> Style:
    return next(styles(name))


def found(claims: list[Planted], judge: Any = judge_document) -> list[tuple[str, Planted]]:
    return [(outcome(a, a.judged(judge)), a) for a in claims]


@pytest.mark.parametrize("name", [a for a in catalogue() if a not in BEYOND])
def test_slips_in_every_cell_are_found(name: str) -> None:
    """An adjoint of one cell, a parameter gradient of the next, and two slips in each."""
    every = list(gradients(own(name)))
    true = every[len(name)] if len(name) < len(every) // 2 else every[-1 - len(name) % 3]
    assert true.judged().verdict == "right", true.text
    claims = list(islice(sampled(true), 2))
    missed = [(how, a.text) for how, a in found(claims) if how not in (*FOUND, "otherwise")]
    assert claims and not missed


@pytest.mark.parametrize("number", range(19))
def test_slips_in_the_lstm_are_named(number: int) -> None:
    true = list(gradients(own("lstm")))[number]
    assert true.judged().verdict == "right"
    claims = list(planted(true))[number % 8 :: 8]
    assert len(claims) >= 3
    assert not [(how, a.text) for how, a in found(claims) if how not in FOUND]


@pytest.mark.parametrize("style", range(3))
@pytest.mark.parametrize("name", ["rnn", "gru", "lstm"])
def test_slips_are_found_in_three_notations(name: str, style: int) -> None:
    every = list(styles(name))
    assert len({a.name for a in every}) == len(every) == 3
    for true in list(gradients(every[style]))[style::7]:
        assert true.judged().verdict == "right", true.text
        assert not [(how, a.text) for how, a in found(list(sampled(true))[:1]) if how not in FOUND]


# --- the tester under test ---------------------------------------------------------------------


def claims_of_the_rnn() -> list[Planted]:
    return list(islice(planted(next(gradients(own("rnn")))), 4))


def said(**changes: Any) -> Any:
    """A judge that changes all its verdicts."""

    def judge(*args: Any, **choices: Any) -> Judged:
        judged = judge_document(*args, **choices)
        return replace(judged, verdicts=tuple(replace(v, **changes) for v in judged.verdicts))

    return judge


@pytest.mark.parametrize(
    ("judge", "outcomes"),
    [
        (said(verdict="right", reading=()), {"missed"}),
        (said(verdict="right_as", reading=("the share of one time step",)), {"missed"}),
        (said(verdict="cannot_read"), {"lost"}),
        (said(verdict="wrong", slips=()), {"unnamed"}),
        (said(verdict="wrong", slips=("divided",)), {"otherwise"}),
    ],
)
def test_a_judge_that_is_mistaken_is_caught(judge: Any, outcomes: set[str]) -> None:
    assert {how for how, _ in found(claims_of_the_rnn(), judge)} == outcomes


def test_the_claims_that_are_planted_differ_from_the_truth() -> None:
    true = next(gradients(own("rnn")))
    claims = list(planted(true))
    assert len(claims) >= 15 and not any(a.equals(true.right) for a in claims)
    assert len({a.mutant.slip.name for a in claims if a.mutant}) == len(claims)
