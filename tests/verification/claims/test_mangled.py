"""Documents that were spoilt at random: refused or judged, and right only where they still say the same."""

from __future__ import annotations

import os
import random
import re
from functools import cache

import pytest

from lstmsym.errors import LstmsymError
from lstmsym.formulas import tree as f
from lstmsym.formulas.reader import read_formulas
from lstmsym.formulas.rewriting import rewritten
from lstmsym.verification.claims.basis import Basis
from lstmsym.verification.claims.claim import VERDICTS, Verdict
from lstmsym.verification.claims.courts import judged
from lstmsym.verification.claims.document import judge_document
from lstmsym.verification.claims.sources import read_sources
from tests.verification.claims.formula_corpus import Document, documents

COUNT = int(os.environ.get("LSTMSYM_MANGLED", "1000"))
BATCHES = 10
MOST_IN_OTHER_WORDS = 0.03  # δ_t for δh_t, W_{fh} for W_f^h, f without its t
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]|\d+|\S|\s+")
STRANGE = (
    "{",
    "}",
    r"\frac",
    "^",
    "_",
    "&",
    "'",
    "(",
    ")",
    "=",
    "+",
    "-",
    "t",
    "h",
    "0",
    "1",
    "T",
    r"\sum",
    "∂",
    "W",
)


@cache
def claims() -> list[tuple[Document, str]]:
    """The right claims of the corpus, each with its document."""
    found = []
    for document in documents():
        if document.path.suffix == ".tex":
            right = [v for v in document.judged.verdicts if v.verdict == "right"]
            found += [(document, v.claim.latex) for v in right]
    return found


def mangled(text: str, rng: random.Random) -> str:
    """A text with one to three tokens lost, doubled, exchanged or strange."""
    tokens = TOKEN.findall(text)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        n = rng.randrange(len(tokens))
        match rng.randrange(5):
            case 0:
                tokens[n : n + 1] = []
            case 1:
                tokens.insert(n, tokens[n])
            case 2:
                m = rng.randrange(len(tokens))
                tokens[n], tokens[m] = tokens[m], tokens[n]
            case 3:
                tokens[n] = rng.choice(STRANGE)
            case _:
                tokens.insert(n, rng.choice(STRANGE))
        tokens = tokens or ["="]
    return "".join(tokens)


def verdicts_on(document: Document, claim: str) -> list[Verdict]:
    """The verdicts on one claim by the cell of its document, not explained."""
    written = read_sources(f"$$ {claim} $$", "tex").equations
    own = document.cell is None
    basis = Basis((document.judged.cell,), own, rows=document.path.stem == "rows")
    trial, _ = judged(basis, written, document.renames) if written else (None, ())
    return [v for v, _ in trial.verdicts] if trial else []


def said(text: str) -> list[f.Node]:
    """The trees of a formula without brackets, signs of products and factors of one."""
    return [rewritten(a, _plain) for a in read_formulas(f"$$ {text} $$")]


def _plain(node: f.Node) -> f.Node | None:
    if isinstance(node, f.Bracket):
        return rewritten(node.inside, _plain)
    if isinstance(node, f.Product):
        factors = [rewritten(a, _plain) for a in node.factors if a != f.Number("1")]
        return f.Product(tuple(factors), ("",) * (len(factors) - 1))
    return None


def is_same(one: str, other: str) -> bool:
    """Whether two texts say the same formula."""
    try:
        return said(one) == said(other)
    except LstmsymError:
        return False


@pytest.mark.parametrize("batch", range(BATCHES))
def test_spoilt_claims_are_judged_or_refused(batch: int) -> None:
    """A spoilt claim that is still right says the same, but for few that are right in other words."""
    rng = random.Random(batch)
    other = 0
    for _ in range(COUNT // BATCHES):
        document, claim = rng.choice(claims())
        spoilt = mangled(claim, rng)
        try:
            found = verdicts_on(document, spoilt)
        except LstmsymError as error:
            assert str(error)
            continue
        assert {v.verdict for v in found} <= set(VERDICTS)
        assert all(v.message for v in found if v.verdict in ("undefined", "cannot_read"))
        right = len(found) == 1 and found[0].verdict == "right"
        other += right and not is_same(spoilt, claim)
    assert other <= MOST_IN_OTHER_WORDS * COUNT / BATCHES


def test_whole_documents_spoilt_are_judged_or_refused() -> None:
    rng = random.Random(0)
    several = [a for a in documents() if a.path.suffix == ".tex"]
    for _ in range(max(COUNT // 125, 4)):
        document = rng.choice(several)
        spoilt = mangled(document.text[: rng.randrange(200, 1200)], rng)
        try:
            found = judge_document(spoilt, "tex", document.cell, document.renames)
        except LstmsymError as error:
            assert str(error)
            continue
        assert all(v.verdict in VERDICTS for v in found.verdicts)
