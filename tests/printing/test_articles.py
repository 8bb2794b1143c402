"""Articles compile with pdflatex as they stand, and nothing runs into the margin."""

import re
import subprocess

import pytest

from lstmsym import printing
from lstmsym.cells import catalogue, from_catalogue
from lstmsym.derivation.whole import results, whole
from lstmsym.equations.reader import read_cell

pytestmark = pytest.mark.interop

ODD = """# Café: 100 % "of" it & — ‖W‖₂ ≤ σ', Жук_$#{}~^\\
# source: Müller & 山田 1999 <a@b.c>
alpha_é[t] = sigmoid(Gamma_f @ [h[t-1], x_tilde[t], alpha_é[t-1]] + b1)   # ∂L/∂h_t ⊙ γ
h[t] = (1 - alpha_é[t]) / (2 + square(alpha_é[t])) + exp(0.333 * softplus(h[t-1]))
"""


def compiled(folder, article):
    """The log of pdflatex."""
    (folder / "a.tex").write_text(article, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    log = run.stdout.decode("latin-1")
    assert run.returncode == 0, log[-2000:]
    return log


@pytest.mark.parametrize("name", catalogue())
def test_whole_derivations(tmp_path, name):
    cell = from_catalogue(name)
    log = compiled(tmp_path, printing.article(whole(cell, results(cell), "Checked.")))
    too_wide = [float(a) for a in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert max(too_wide, default=0) <= 4


def test_a_cell_with_odd_names_and_sentences(tmp_path):
    cell = read_cell(ODD)
    compiled(tmp_path, printing.article(cell))
    (tmp_path / "b").mkdir()
    compiled(tmp_path / "b", printing.article(whole(cell, results(cell), "Checked.")))
