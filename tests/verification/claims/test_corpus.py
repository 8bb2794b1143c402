"""Every document of the corpus is judged as its comments say, claim by claim."""

import pytest

from tests.verification.claims.formula_corpus import Document, documents

DOCUMENTS = documents()
FEWEST_CLAIMS, FEWEST_DOCUMENTS = 80, 24


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda a: a.path.name)
def test_judged_as_expected(document: Document) -> None:
    verdicts = document.judged.verdicts
    found = [(v.claim.line, v.verdict, v.reading, v.diagnosis, v.message) for v in verdicts]
    assert len(verdicts) == len(document.expected), found
    missed = [
        (got, want)
        for got, v, want in zip(found, verdicts, document.expected, strict=True)
        if not want.met(v)
    ]
    assert not missed


def test_the_corpus_is_large() -> None:
    assert len(DOCUMENTS) >= FEWEST_DOCUMENTS
    assert sum(len(a.expected) for a in DOCUMENTS) >= FEWEST_CLAIMS
