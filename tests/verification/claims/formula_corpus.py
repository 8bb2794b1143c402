"""The documents of the corpus with what is expected of each claim.

In LaTeX a comment before a claim says it: `% expect: wrong: slope|tanh`, one entry a link, `;` between them;
`% cell:` and `% rename:` state what the document does not say. Other documents have a TOML file beside
them with the same words.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from lstmsym.verification.claims.claim import Judged, Verdict
from lstmsym.verification.claims.document import judge_document

FOLDER = Path(__file__).parents[2] / "corpus" / "formulas"
KINDS = {".tex": "tex", ".md": "markdown", ".txt": "text", ".ipynb": "notebook"}
STATED = re.compile(r"^\s*% (expect|cell|rename): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Expected:
    """The verdicts that are accepted, and words of which one has to be said."""

    verdicts: tuple[str, ...]
    words: tuple[str, ...] = ()

    def met(self, found: Verdict) -> bool:
        """Whether a verdict is one of those, and says what is expected."""
        said = " ".join((*found.reading, found.diagnosis, found.message, *found.slips)).lower()
        told = not self.words or any(w.lower() in said for w in self.words)
        return found.verdict in self.verdicts and told


@dataclass(frozen=True)
class Document:
    """A document, the cell that is stated for it, and what is expected."""

    path: Path
    cell: str | None = None
    renames: dict[str, str] = field(default_factory=dict)
    expected: tuple[Expected, ...] = ()

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def judged(self) -> Judged:
        return _judged(self.path.name)


def documents() -> list[Document]:
    """All documents of the corpus."""
    return [_document(a) for a in sorted(FOLDER.iterdir()) if a.suffix in KINDS]


def _document(path: Path) -> Document:
    if path.suffix == ".tex":
        stated = STATED.findall(path.read_text(encoding="utf-8"))
        cell = next((value.strip() for key, value in stated if key == "cell"), None)
        renames = dict(value.strip().split("=") for key, value in stated if key == "rename")
        entries = [a for key, value in stated if key == "expect" for a in value.split(";")]
    else:
        beside = tomllib.loads(path.with_name(path.name + ".toml").read_text(encoding="utf-8"))
        cell, renames, entries = beside.get("cell"), beside.get("renames", {}), beside["expect"]
    return Document(path, cell, renames, tuple(map(_expected, entries)))


def _expected(entry: str) -> Expected:
    verdicts, _, words = entry.strip().partition(":")
    found = tuple(a.strip() for a in words.split("|") if a.strip())
    return Expected(tuple(verdicts.split("|")), found)


@lru_cache(maxsize=128)
def _judged(name: str) -> Judged:
    document = _document(FOLDER / name)
    kind = KINDS[document.path.suffix]
    return judge_document(document.text, kind, document.cell, document.renames)
