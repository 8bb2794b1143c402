"""What is said of a command that is in no table, with the nearest one that is."""

from __future__ import annotations

from difflib import get_close_matches

from lstmsym.formulas import macros


def unknown(name: str) -> str:
    """Why a command is not understood, and what may be meant."""
    if not name.startswith("\\"):
        return f"the character {name!r} is not understood in a formula"
    if not name[1:].isalpha():
        return f"'{name}' is not understood in a formula"
    commands = [a for a in macros.KNOWN if a[1:].isalpha() and a[1] == name[1]]
    close = get_close_matches(name, sorted(commands) if len(name) > 4 else [], n=1, cutoff=0.7)
    offered = f"did you mean '{close[0]}'?" if close else f"for a word write \\mathrm{{{name[1:]}}}"
    return f"'{name}' is not understood in a formula; {offered}"
