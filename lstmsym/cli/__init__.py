"""The command line. A command's module is imported when the command is called, and not before.

Nothing here or in `group`, `failing` and `choices` imports SymPy, NumPy or matplotlib: `lstmsym --help` has to
be there at once.
"""

from lstmsym.cli.group import lstmsym


def main() -> None:
    """The command `lstmsym`."""
    lstmsym(prog_name="lstmsym")


__all__ = ["lstmsym", "main"]
