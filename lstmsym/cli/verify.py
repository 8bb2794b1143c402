"""lstmsym verify: is what somebody has written right? A Python file with a backward pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lstmsym.cli.choices import as_json, epilog
from lstmsym.errors import InputError

CODE = {".py"}
DOCUMENTS = {".tex", ".md", ".txt", ".ipynb"}


@click.command(
    epilog=epilog(
        "verify backward.py",
        "verify lstm.py --forward loss --backward grads --cell lstm --names 'Wf=W_f,x=x,h0=h'",
    )
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--forward", default="forward", show_default=True, help="The function of the loss.")
@click.option(
    "--backward", default="backward", show_default=True, help="The function of the gradients."
)
@click.option(
    "--at",
    help="The file's dict of arrays, or of shapes to be drawn.  [default: shapes or arrays]",
)
@click.option(
    "--cell", help="The cell that the code computes; one slip is then named if it explains all."
)
@click.option(
    "--names",
    help="The code's names in the cell's letters: 'Wf=W_f,W=[W_f;W_i].T,x=x,h0=h'.  [default: found by trying]",
)
@click.option(
    "--sequence", help="The array over time, as x or x:1 with its axis.  [default: by its name]"
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="For what is drawn."
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=300.0,
    show_default=True,
    help="After this time the code is stopped.",
)
@click.option(
    "--html", type=click.Path(path_type=Path), help="A page to write the report to as well."
)
@as_json
def verify(file: Path, **options: Any) -> None:
    """Check the backward pass in FILE against its own forward pass.

    FILE is a Python file with a function of the loss, a function of the gradients, and a dict of arrays or of
    shapes; it is run. Exit codes: 0 right, 1 something is wrong, 2 it cannot be judged.
    """
    ending = file.suffix.lower()
    if ending in CODE:
        from lstmsym.cli.verify_code import verify_code

        verify_code(file, options)
    elif ending in DOCUMENTS:
        raise InputError(f"{file}: documents are not read yet; give a .py file")
    else:
        known = ", ".join(sorted(CODE | DOCUMENTS))
        raise InputError(f"{file}: the ending '{ending}' is not known; known: {known}")
