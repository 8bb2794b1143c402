"""From the terms of derivatives to strings: names of derivatives, structured matrices, sums over time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lstmsym.derivation.bounds import Bound
from lstmsym.equations import derived as d
from lstmsym.equations.terms import Fill, Signal, Term, is_fill
from lstmsym.printing import precedence as p
from lstmsym.printing.breaks import broken, deeper
from lstmsym.printing.letters import Name, split
from lstmsym.printing.norms import Norm, bound_value
from lstmsym.printing.norms import norm as norm_of
from lstmsym.printing.times import UNTIED, time
from lstmsym.printing.writer import CellWriter

CELL_WIDTH = 56  # of a block in a matrix
MARKED = ("block", "step", "direct")


@dataclass(frozen=True)
class Joint:
    """∂(h_t, C_t)/∂(h_{t-1}, C_{t-1}): the states now, and before."""

    states: tuple[tuple[Signal, ...], tuple[Signal, ...]]


class Writer(CellWriter):
    """A method for every class of `equations.derived.TERMS`; `above` is an index of an entry."""

    compact: bool = False  # one-step blocks as entries of J, so that a long formula stays short

    # --- names ------------------------------------------------------------------------------------

    def write_StateJacobian(self, term: d.StateJacobian, above: str = "") -> str:
        return self.timed("J", time(term.time), above)

    def write_Columns(self, term: d.Columns, above: str = "") -> str:
        """W_f and the part h are W_{fh}; a part without a name of its own is W_f^{(2)}."""
        label, name = split(term.part.label), split(term.parameter.name)
        if label.base.body.isdigit():
            return self.named(term.parameter.name, above=f"({label.base.body}){above}")
        written = [self.letter(a, subscript=True) for a in name.subscripts]
        written += self.part_letters(label, name)
        letters = (*name.subscripts, label.base, *label.subscripts)
        between = "" if all(len(a.body) == 1 for a in letters) else ","
        return self.scripts(
            self.letter(name.base), between.join(written), self.copies(name) + above
        )

    def part_letters(self, label: Name, weight: Name) -> list[str]:
        """The letters of a part; the mark of its copy where it is not that of the weight."""
        if label.marks == weight.marks:
            letters = (replace(label.base, arrow=""), *label.subscripts)
            return [self.letter(a, subscript=True) for a in letters]
        base, *rest = (self.letter(a, subscript=True) for a in (label.base, *label.subscripts))
        return [self.scripts(base, "", self.copies(label)), *rest]

    def write_Partial(self, term: d.Partial, rows: str = "", cols: str = "") -> str:
        if self.compact and is_block(term) and not rows:
            letters = (self.named(a.name) for a in (term.above, term.below))
            when = time(term.above.time)
            if self.time_above:
                return self.scripts("J", "".join(letters), f"({when})")
            return self.named("J", when, above="".join(letters))
        sign = self.partial + (self.scripts("", "", "+") if term.kind == "local" else "")
        above = self.differential(sign, self.write_Signal(term.above, rows))
        below = self.differential(self.partial, self.write_Signal(term.below, cols))
        written = self.fraction(above, below)
        return self.of_kind(written, term.kind) if term.kind in MARKED else written

    def write_Joint(self, joint: Joint) -> str:
        above, below = (self.differential(self.partial, self.tuple_of(s)) for s in joint.states)
        return self.fraction(above, below)

    def tuple_of(self, states: tuple[Signal, ...]) -> str:
        return self.bracket(", ".join(map(self.write_Signal, states)))

    def write_Adjoint(self, term: d.Adjoint, above: str = "") -> str:
        """δC_t of the whole loss; ∂L_t/∂h_t of the loss at t alone."""
        of = self.write_Signal(term.of, above)
        if term.scope == "whole":
            return self.differential(self.delta, of)
        return self.loss_by(of, time(term.of.time))

    def write_Gradient(self, term: d.Gradient, above: str = "") -> str:
        return self.loss_by(self.write_Parameter(term.parameter, above))

    def loss_by(self, below: str, at: str = "") -> str:
        loss = self.timed("L", at) if at else "L"
        return self.fraction(
            self.differential(self.partial, loss), self.differential(self.partial, below)
        )

    def write_Norm(self, norm: Norm) -> str:
        return norm_of(norm.term, self)

    def write_Bound(self, bound: Bound) -> str:
        return bound_value(bound, self)

    # --- structure --------------------------------------------------------------------------------

    def write_Eye(self, term: d.Eye) -> str:
        return "I"

    def write_Selector(self, term: d.Selector) -> str:
        return self.grid([[a] for a in self.unit(term)])

    def unit(self, term: d.Selector) -> list[str]:
        return ["I" if n == term.index else "0" for n in range(len(term.widths))]

    def write_Diagonal(self, term: d.Diagonal) -> str:
        return self.function("diag") + self.in_brackets(term.inside)

    def write_Transposed(self, term: d.Transposed) -> str:
        if isinstance(term.inside, d.Selector):
            return self.grid([self.unit(term.inside)])
        return self.transposed(term.inside)

    def transposed(self, term: Term) -> str:
        if isinstance(term, Fill) or isinstance(getattr(term, "inside", None), Fill):
            return self.filled_row(term)
        return self.transpose(self.operand(term, p.ATOM))

    def filled_row(self, term: Term) -> str:
        """1ᵀ, (-1ᵀ), (exp(δ) 1ᵀ): one number at every place."""
        if is_fill(term, 1):
            return self.one_row()
        sign = "-" if is_fill(term, -1) else self.operand(term, p.MATRIX) + self.thin
        return self.bracket(sign + self.one_row())

    def write_Outer(self, term: d.Outer) -> str:
        a, b = term.parts
        return self.matrix_factor(a, closed=True) + self.thin + self.transposed(b)

    def write_Dot(self, term: d.Dot) -> str:
        a, b = term.parts
        return self.transposed(a) + self.thin + self.matrix_factor(b)

    def write_Softmax(self, term: d.Softmax) -> str:
        return self.function("softmax") + self.in_brackets(term.inside)

    def write_Maximum(self, term: d.Maximum) -> str:
        inside = ", ".join(deeper(self.write(a)) for a in term.parts)
        return self.function("max") + self.bracket(inside, p.height(term))

    def write_Kronecker(self, term: d.Kronecker) -> str:
        """A ⊗ B, but k ⊗ v of two vectors as vec(v kᵀ)."""
        a, b = term.parts
        if p.is_vec(term):
            return self.function("vec") + self.in_brackets(d.Outer(b, a))
        return self.matrix_factor(a, closed=True) + self.kronecker + self.operand(b, p.POWER)

    def write_Pieces(self, term: d.Pieces) -> str:
        """mat(C): the pieces of a stack as columns; untied weights are matrices as they are."""
        if isinstance(term.stack, Signal) and term.stack.name in UNTIED.get():
            return self.write(term.stack)
        return self.function("mat") + self.in_brackets(term.stack)

    def write_Read(self, term: d.Read) -> str:
        matrix = self.write_Pieces(d.Pieces(term.stack, term.rows))
        return matrix + self.thin + self.matrix_factor(term.by)

    def write_Shift(self, term: d.Shift) -> str:
        return self.scripts("S", str(term.places))

    def write_Blocks(self, term: d.Blocks) -> str:
        """A block matrix; when all its blocks are derivatives of one kind, the kind is said once."""
        kinds = {a.kind for a in term.parts if isinstance(a, d.Partial)}
        others = [a for a in term.parts if not (isinstance(a, d.Partial) or is_fill(a, 0))]
        once = len(kinds) == 1 and kinds <= set(MARKED) and not others and not self.compact
        written = self.grid([[self.entry(a, once) for a in row] for row in term.grid])
        return self.of_kind(written, kinds.pop()) if once else written

    def entry(self, block: Term, plain: bool) -> str:
        """A block on one line, or on several where it is wide."""
        if plain and isinstance(block, d.Partial):
            block = d.Partial(block.above, block.below, "total")
        rows = [row for row, _ in self.rows(block, CELL_WIDTH)]
        return self.stacked(rows) if len(rows) > 1 else rows[0]

    def rows(self, thing: Any, limit: float) -> list[tuple[str, float]]:
        """A thing in rows of at most `limit` where it can be broken so, each with its width."""
        first, *rest = broken(self.write(thing), self.widths(thing), limit)
        after = ((self.continued(row.written, row.badness), row.width) for row in rest)
        return [(first.written, first.width), *after]

    # --- over time --------------------------------------------------------------------------------

    def write_SumOverTime(self, term: d.SumOverTime) -> str:
        return self.ranged("Σ", term)

    def write_ProductOverTime(self, term: d.ProductOverTime) -> str:
        return self.ranged("∏", term)

    def ranged(self, sign: str, term: d.SumOverTime | d.ProductOverTime) -> str:
        _, index, lower, upper = term.args
        limits = self.operator(sign, f"{time(index)}={time(lower)}", time(upper))
        at_least = p.HADAMARD if sign == "Σ" else p.MATRIX
        open_ended = isinstance(term.body, p.OPEN_ENDED)
        return limits + (self.write(term.body) if open_ended else self.operand(term.body, at_least))

    def differential(self, sign: str, of: str) -> str:
        """∂C, δC."""
        return sign + of


def is_block(term: d.Partial) -> bool:
    """Whether a derivative is a block of J over one step."""
    return term.kind == "block" and term.above.time - term.below.time == 1
