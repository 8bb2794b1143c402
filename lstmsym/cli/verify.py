"""lstmsym verify: is what somebody has written right? A page with formulas, or a Python file with a backward pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from lstmsym.cli.choices import Word, as_json, epilog
from lstmsym.errors import InputError

CODE = (".py",)
DOCUMENTS = (".tex", ".md", ".txt", ".ipynb")
KINDS = ("tex", "markdown", "text", "notebook")
FORMATS = ("text", "markdown")

# fmt: off
#   option            what it is for
ONLY = {
    "forward":        CODE,
    "backward":       CODE,
    "at":             CODE,
    "names":          CODE,
    "sequence":       CODE,
    "seed":           CODE,
    "seconds":        CODE,
    "rename":         DOCUMENTS,
    "kind":           DOCUMENTS,
    "format":         DOCUMENTS,
    "output":         DOCUMENTS,
}
# fmt: on


@click.command(
    epilog=epilog(
        "verify notes.tex",
        r"verify homework.md --cell lstm --rename '\Gamma_u=i,c=C' --html report.html",
        "verify backward.py",
        "verify lstm.py --forward loss --backward grads --cell lstm --names 'Wf=W_f,x=x,h0=h'",
    )
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--cell",
    help="The cell that formulas are about, or that code computes; one slip is then named if it explains all.  "
    "[default: the one that a document's forward equations make]",
)
@click.option(
    "--rename",
    multiple=True,
    help=r"A document's symbols in the cell's names: '\Gamma_u=i,c=C'. May be given several times.",
)
@click.option(
    "--kind", type=Word("kind", KINDS), help="What a document is.  [default: by its ending]"
)
@click.option(
    "--format",
    "format",
    type=Word("format", FORMATS),
    help="What the answer on a document is written in.  [default: by the suffix of -o, else text]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A file for the answer on a document: .txt text, .md Markdown, .json JSON.",
)
@click.option("--forward", default="forward", show_default=True, help="The function of the loss.")
@click.option(
    "--backward", default="backward", show_default=True, help="The function of the gradients."
)
@click.option(
    "--at",
    help="The file's dict of arrays, or of shapes to be drawn.  [default: shapes or arrays]",
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
@click.pass_context
def verify(ctx: click.Context, file: Path, **options: Any) -> None:
    """Check the formulas about gradients in FILE, or the backward pass in FILE against its own forward pass.

    FILE is a page (.tex, .md, .txt, .ipynb, or - for standard input): every claim such as ∂L/∂f_t = … is held
    against the cell, and a wrong one is explained and corrected. Or it is a Python file with a function of the
    loss, a function of the gradients, and a dict of arrays or of shapes; it is run. Exit codes: 0 right,
    1 something is wrong, 2 something cannot be judged.
    """
    ending = file.suffix.lower()
    if ending in CODE:
        from lstmsym.cli.verify_code import verify_code

        check_fit(ctx, file, CODE)
        verify_code(file, options)
    elif ending in DOCUMENTS or str(file) == "-" or options["kind"]:
        from lstmsym.cli.verify_document import verify_document

        check_fit(ctx, file, DOCUMENTS)
        verify_document(file, options)
    else:
        known = ", ".join(sorted((*CODE, *DOCUMENTS)))
        raise InputError(
            f"{file}: the ending '{ending}' is not known; known: {known}; --kind says what a document is"
        )


def check_fit(ctx: click.Context, file: Path, endings: tuple[str, ...]) -> None:
    """Refuse an option that says nothing of such a file."""
    for name, meant in ONLY.items():
        if meant != endings and ctx.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(
                f"--{name} is for {', '.join(meant)} files, and {file} is none", ctx
            )
