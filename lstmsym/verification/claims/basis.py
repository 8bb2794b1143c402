"""By which cell a document is judged: the one that is stated, its own, or one that its letters suggest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lstmsym.cells import find_cell
from lstmsym.equations.cell import Cell
from lstmsym.formulas import tree as f
from lstmsym.formulas.prose import functions_said
from lstmsym.formulas.times import time_letter
from lstmsym.verification.claims.claim import Verdict
from lstmsym.verification.claims.defining import is_general
from lstmsym.verification.claims.forward import forward_cell
from lstmsym.verification.claims.glossary import Key
from lstmsym.verification.claims.gradients import is_about_gradients
from lstmsym.verification.claims.losses import (
    Stated,
    assumed_losses,
    loses_at_end,
    stated_losses,
    worded_losses,
)
from lstmsym.verification.claims.own_names import Helper, Slot
from lstmsym.verification.claims.sources import Written
from lstmsym.verification.marking.unicode import unicode_line

GUESSES = ("lstm", "lstm_peephole_diagonal", "gru", "gru_keep", "gru_after_keep", "rnn")
COMMENT = re.compile(r"(?m)(?<!\\)%[^\n]*")


@dataclass(frozen=True)
class Basis:
    """Cells to judge by, best first, and how sure that is.

    own      whether the document defines the cell
    rows     whether its vectors may be rows
    forward  its other equations about signals: claims, or definitions of helper symbols
    doubt    why no claim can be judged after all; "" where the cell is known
    losses   what its stated losses say of their targets
    zeros    what it says is zero: h_0
    in_words the letters that it explains in words alone
    letter   of the time in its forward equations; "" where it has none
    last_only whether its loss is that of the last step alone
    """

    cells: tuple[Cell, ...]
    own: bool = False
    rows: bool = True
    forward: tuple[Written, ...] = ()
    notes: tuple[str, ...] = ()
    doubt: str = ""
    losses: tuple[Stated, ...] = ()
    zeros: tuple[f.Symbol, ...] = ()
    in_words: frozenset[str] = frozenset()
    letter: str = ""
    last_only: bool = False

    @property
    def targets(self) -> dict[Key, Helper]:
        """The targets of the losses as helper symbols."""
        at_t = (Slot("below", "t", 0),)
        return {
            (a.target.base, a.target.accents, ""): Helper(a.slope, at_t if a.timed else ())
            for a in self.losses
        }

    def believed(self, verdicts: Sequence[Verdict], cell: Cell) -> Basis:
        """The basis without its doubt, where all equations of the document about signals are true of the cell."""
        about = [v.verdict for v in verdicts if not is_about_gradients(v.claim.left)]
        if not self.doubt or not about or set(about) != {"right"}:
            return self
        said = (
            f"the forward equations given are those of {cell.name}, by which the claims are judged"
        )
        return replace(self, doubt="", notes=(said,))

    def doubted(self, verdict: Verdict) -> Verdict:
        """No claim is right or wrong by a cell that is only guessed against the equations of the document."""
        blurred = any(a.leaves_open(verdict.claim.left, verdict.claim.right) for a in self.losses)
        wrong = verdict.verdict in ("wrong", "approximation")
        doubt = BLURRED if blurred and wrong else self.doubt
        if not doubt or verdict.verdict in ("undefined", "cannot_read"):
            return verdict
        return replace(
            verdict, verdict="undefined", diagnosis="", slips=(), corrected="", error=None, reading=(),
            message=doubt,
        )  # fmt: skip


def bases_of(
    given: str | Cell | None, forward: list[Written], comments: str, renamed: bool,
    claims: Sequence[Written] = (),
) -> list[Basis]:  # fmt: skip
    """The bases of a document with these equations about signals, the one to prefer first.

    Where a cell is stated and the document has forward equations with letters of its own, both are tried.
    """
    if given is None:
        return [basis_of(forward, comments, claims)]
    stated = Basis((find_cell(given),), forward=tuple(forward))
    found = forward_cell(forward, comments) if forward and not renamed else None
    if found is None or found.cell is None:
        return [stated]
    said = (f"judged by the document's own forward equations, not by {stated.cells[0].name}",)
    return [stated, Basis((found.cell,), True, found.turned, found.rest, said)]


def basis_of(forward: list[Written], comments: str, claims: Sequence[Written] = ()) -> Basis:
    """The basis of a document for which no cell is stated."""
    found = forward_cell(forward, comments)
    if found.cell is not None:
        equations = [a.equation for a in forward if not is_general(a.equation, forward)]
        worded = worded_losses(equations) if CROSS_ENTROPY.search(comments) else ()
        losses = tuple(stated_losses(equations)) or tuple(worded)
        known = {a.target.base for a in losses}
        assumed = assumed_losses(equations, [a.equation for a in claims])
        free = tuple({a.target.base: a for a in assumed if a.target.base not in known}.values())
        return Basis(
            (found.cell,), True, found.turned, found.rest, (*found.notes, *map(_taken, free)),
            losses=(*losses, *free), letter=time_letter(a.equation for a in found.used),
            last_only=loses_at_end(equations),
        )  # fmt: skip
    cells = tuple(map(find_cell, GUESSES))
    if not any(a.equation.left for a in forward) or found.problem == "no forward equations":
        return Basis(cells, forward=tuple(forward), notes=(GUESSED,))
    doubt = f"the forward equations make no cell ({found.problem}); mend them, or state --cell"
    return Basis(cells, False, True, tuple(forward), (doubt,), doubt)


def _taken(loss: Stated) -> str:
    """What is said of a target that nobody defines."""
    y, of = (unicode_line(replace(a, scripts=())) for a in (loss.target, loss.output))
    return (
        f"{y} is taken for the target of {of}: its loss is {NAMES[loss.kind]}, as {of} - {y} says"
    )


NAMES = {
    "cross-entropy": "the cross-entropy",
    "binary": "the cross-entropy of each entry",
    "squared": "half the squared distance",
}


def comments_of(text: str, kind: str) -> str:
    """What comments and prose state beside the equations, as % g = tanh."""
    comments = COMMENT.findall(text) if kind == "tex" else []
    said = functions_said(text) if kind in ("tex", "markdown") else {}
    said = {**{a: ANY for a in unnamed_activations(text)}, **said}
    loss = [f"% {a}" for a in CROSS_ENTROPY.findall(text)[:1]]
    return "\n".join([*(f"% {a} = {b}" for a, b in said.items()), *loss, *comments])


def unnamed_activations(text: str) -> set[str]:
    """The letters of functions that a document calls its activation, or primes, without saying which it is."""
    called = {
        name + (f"_{a['below']}" if a["below"] else "")
        for a in CALLED.finditer(text)
        if (name := a["greek"] or a["latin"])
    }
    said = ACTIVATION.search(text) or RECURRENT.search(text)
    return {a for a in called if f"{a}'" in text.replace("\\", "") or said}


CROSS_ENTROPY = re.compile(
    r"cross[- ]entropy|crossentropy|交叉熵|kreuzentropie|entropía cruzada", re.IGNORECASE
)
ANY = "activation"  # φ, of which no special slope holds
BELOW = r"(?:_\{?(?P<below>[a-z])\}?)?"
OPENS = r"\s*(?:\\left|\\[bB]igl?|\\!)?\s*\("
CALLED = re.compile(
    rf"(?:\\(?P<greek>phi|varphi|psi)|(?<![\\A-Za-z_^{{])(?P<latin>[fg])){BELOW}{OPENS}"
    r"(?:(?<=\()(?=[^=]{0,80}[+]|[^,()=]{1,12}\)))"
)
RECURRENT = re.compile(  # h_t = f(W h_{t-1} + …
    rf"=\s*(?:\\(?:phi|varphi|psi)|[fg])(?:_\{{?[a-z]\}}?)?{OPENS}[^()=]*[A-Z][^()=]*t\s*-\s*1[^()=]*\+"
)
ACTIVATION = re.compile(r"activation|non-?linear|aktivierung|activaci|激活|활성", re.IGNORECASE)
BLURRED = "of a softmax the gradient by its argument is judged, as ∂L/∂z = ŷ - y; by its output it is free"
GUESSED = "no forward equations: judged as {cell} by its letters; --cell states another"
