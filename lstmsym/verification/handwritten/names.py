"""How a command line says which name is which: 'Wf=W_f,W=[W_f;W_i].T,x=x' and 'x:1'."""

from __future__ import annotations

import re

from lstmsym.errors import InputError

EXAMPLE = "'Wf=W_f,bf=b_f,x=x,h0=h'"


def read_names(text: str) -> dict[str, str]:
    """{author's name: the cell's}. Commas inside brackets do not part. Raises InputError for a part without '='."""
    found: dict[str, str] = {}
    for part in re.split(r",(?![^\[\]]*\])", text):
        name, equals, meaning = (side.strip() for side in part.partition("="))
        if not part.strip():
            continue
        if not equals or not name or not meaning:
            raise InputError(f"'{part.strip()}' does not say which name is which; write {EXAMPLE}")
        if name in found:
            raise InputError(
                f"the name {name} is explained twice, as {found[name]} and as {meaning}"
            )
        found[name] = meaning
    return found


def read_sequence(text: str) -> dict[str, int] | str:
    """'x' as it is, 'x:1' and 'x:1,y:1' as {array: axis of time}. Raises InputError for an axis that is no number."""
    if ":" not in text:
        return text.strip()
    found = {}
    for part in text.split(","):
        name, _, axis = (side.strip() for side in part.partition(":"))
        if not name or not re.fullmatch(r"\d", axis or "0"):
            raise InputError(f"'{part.strip()}' names no array and axis; write x:1")
        found[name] = int(axis or "0")
    return found
