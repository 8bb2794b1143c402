"""What the public doors print as articles compiles with pdflatex as it stands and stays on the page."""

import re
import shutil
import subprocess

import pytest
from hypothesis import Phase, given, settings

import lstmsym as ls
from tests.strategies import cells
from tests.witnesses import MODELS

WIDEST = 5.0  # points that a line may stand out

ODD = """# Café: 100 % "of" it & — ‖W‖₂ ≤ σ', Жук_$#{}~^\\
# source: Müller & 山田 1999 <a@b.c>
alpha_é[t] = sigmoid(Gamma_f @ [h[t-1], x_tilde[t], alpha_é[t-1]] + b1)   # ∂L/∂h_t ⊙ γ
h[t] = (1 - alpha_é[t]) / (2 + square(alpha_é[t])) + exp(0.333 * softplus(h[t-1]))
"""


def compiled(folder, article):
    """Compile an article; the widths in points by which its lines stand out."""
    assert shutil.which("pdflatex"), (
        "these tests need pdflatex: apt-get install texlive-latex-recommended"
    )
    (folder / "a.tex").write_text(article, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    log = run.stdout.decode("latin-1")
    assert run.returncode == 0, log[-2000:]
    assert (folder / "a.pdf").stat().st_size > 10_000
    return [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]


@pytest.mark.parametrize(
    "name, notation", [*((n, "own") for n in ls.catalogue()), *((n, "split") for n in MODELS)]
)
def test_every_cell_and_those_of_the_classics_in_both_notations(tmp_path, name, notation):
    out = compiled(tmp_path, ls.derive(name, notation=notation).article())
    assert max(out, default=0) <= WIDEST


@pytest.mark.parametrize(
    ("quantity", "choices"),
    [
        ("dC[t]/dC[t-1]", {"kind": "step"}),
        ("dC[t]/dC[t-2]", {"form": "expanded"}),
        ("dC[t]/dC[t-k]", {"form": "recursion", "layout": "denominator"}),
        ("dL/dW_f", {"form": "double sum"}),
        ("dh[t]/dx[t-3]", {}),
    ],
)
def test_single_results(tmp_path, quantity, choices):
    assert (
        max(compiled(tmp_path, ls.derive("lstm", quantity, **choices).article()), default=0)
        <= WIDEST
    )


def test_a_cell_with_odd_names_and_sentences(tmp_path):
    derived = ls.derive(ls.parse(ODD))
    assert max(compiled(tmp_path, derived.article()), default=0) <= WIDEST


def test_cells_that_nobody_wrote(tmp_path_factory):
    """Twelve random cells compile; of lines nobody has seen only errors count, not widths."""

    @settings(max_examples=12, phases=[Phase.generate])
    @given(cells())
    def compiles(drawn):
        compiled(tmp_path_factory.mktemp("cell"), ls.derive(ls.parse(drawn.text)).article())

    compiles()
