"""Documents in files, on standard input and as texts: what they are, and what stands in them."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from lstmsym.errors import InputError
from lstmsym.formulas.documents import LONGEST
from lstmsym.formulas.files import STANDARD_INPUT

#   ending: kind
ENDINGS: dict[str, str] = {".tex": "tex", ".md": "markdown", ".txt": "text", ".ipynb": "notebook"}
_ARTICLE = re.compile(r"\\begin\{document\}|\\documentclass|\\begin\{(?:align|equation)")


@dataclass(frozen=True)
class Document:
    """A text of a kind: tex, markdown, text or notebook; `name` is said of it."""

    text: str
    kind: str
    name: str = "the text"


def document_of(document: str | Path, kind: str | None = None) -> Document:
    """The document at a path, or the text itself where it has more lines or no known ending.

    Raises InputError for a file that is missing, too long or no text.
    """
    path = isinstance(document, Path) or (
        "\n" not in document and Path(document.strip()).suffix.lower() in ENDINGS
    )
    if path:
        return read_document(Path(document), kind)
    text = str(document)
    return Document(_filled(text, "the text"), kind or kind_of(text))


def read_document(path: Path, kind: str | None = None) -> Document:
    """The document in a file, or on standard input where the path is -. Raises InputError."""
    if str(path) == STANDARD_INPUT:
        text = _decoded(sys.stdin.buffer.read(4 * LONGEST + 1), "standard input")
        return Document(text, kind or kind_of(text), "standard input")
    ending = path.suffix.lower()
    if kind is None and ending not in ENDINGS:
        raise InputError(f"{path}: the ending '{ending}' is not known; known: {', '.join(ENDINGS)}")
    try:
        with path.open("rb") as file:
            data = file.read(4 * LONGEST + 1)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: {said}; a document with formulas was expected") from None
    return Document(_decoded(data, str(path)), kind or ENDINGS[ending], str(path))


def kind_of(text: str) -> str:
    """What a text without a name is: a notebook, LaTeX, or plain text with formulas.

    >>> kind_of(r"\\begin{align} a &= b \\end{align}"), kind_of("so a = b")
    ('tex', 'text')
    """
    if text.lstrip().startswith("{") and '"cells"' in text:
        return "notebook"
    return "tex" if _ARTICLE.search(text) else "text"


def _decoded(data: bytes, name: str) -> str:
    try:
        return _filled(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: this is not UTF-8 text, from byte {error.start} on; save it as UTF-8"
        ) from None


def _filled(text: str, name: str) -> str:
    if not text.strip():
        raise InputError(f"{name}: nothing stands there; claims such as ∂L/∂f_t = … were expected")
    return text
