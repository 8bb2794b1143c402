"""Articles of stacks, of both directions and of the notations compile and stay on the page."""

import pytest

import lstmsym as ls
from tests.interop.test_tex import WIDEST, compiled

# fmt: off
#   cell                      notation
ARTICLES = [
    ("stack(lstm, 2)",         "own"),
    ("stack(gru, rnn)",        "split"),
    ("bidirectional(gru)",     "own"),
    ("lstm",                   "goodfellow"),
    ("gru_after",              "goodfellow"),
    ("lstm_peephole_diagonal", "greff"),
    ("lstm_peephole",          "olah"),
    ("gru_after_keep",         "pytorch"),
    ("stack(rnn, 2)",          "pytorch"),
]
# fmt: on


@pytest.mark.parametrize(("cell", "notation"), ARTICLES)
def test_articles(tmp_path, cell, notation):
    article = ls.derive(ls.cell(cell, notation=notation)).article()
    assert max(compiled(tmp_path, article), default=0) <= WIDEST
