"""From local Jacobians to one backward step: which scaled copies are summed, what is multiplied.

The adjoint of a signal s is the matrix A_s = (∂u_T/∂s_t)ᵀ, one row an entry of s, one column an
entry of u. One equation e gives each signal s that it reads the share J_{e,s}ᵀ A_e, and a local
Jacobian J is a sum of products of diagonal matrices and weights. So

* behind diagonal factors only, the share is A_e with its rows scaled: no work until it is needed,
  and a signal with one such share has no buffer of its own;
* products with weights that end in one signal are stacked: one product [W_1ᵀ W_2ᵀ …][v_1⊙A; v_2⊙A; …].

All of it is read off the equations; no cell is a special case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lstmsym.calculus.chain import equation_jacobian
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Diagonal, Eye
from lstmsym.equations.terms import (
    Fill,
    Hadamard,
    MatrixProduct,
    Plus,
    Size,
    Term,
    is_fill,
    t,
)  # fmt: skip
from lstmsym.errors import QuantityError


@dataclass(frozen=True)
class Buffer:
    """A matrix that the backward step keeps: rows of a signal, a column an entry of u.

    role  "carried" (from the step after, by the states' ways), "next" (for the step before), "own"
          (the adjoint of a signal), "product" (an intermediate), "given" (from the loss of the step)
    """

    role: str
    name: str
    rows: Size


@dataclass(frozen=True)
class Scaled:
    """A buffer with row i multiplied by entry i of a vector; None is all ones."""

    buffer: Buffer
    by: Term | None = None


@dataclass(frozen=True)
class Share:
    """Wᵀ (scaled buffer), or the scaled buffer itself where there is no weight."""

    of: Scaled
    weight: Term | None = None


@dataclass(frozen=True)
class Assignment:
    """buffer = the sum of its shares."""

    to: Buffer
    shares: tuple[Share, ...]


@dataclass
class BackwardStep:
    """One step backward: assignments in order, and where each signal's adjoint then is."""

    assignments: list[Assignment] = field(default_factory=list)
    adjoints: dict[str, Scaled | None] = field(default_factory=dict)
    carried: dict[str, Buffer] = field(default_factory=dict)


@lru_cache(maxsize=256)
def lower(cell: Cell, above: str, given: bool = False) -> BackwardStep:
    """The backward step of a cell for the adjoints of the signal `above` at the last step.

    `above` has a carried buffer too, which holds the identity at the last step and then zeros.
    given: its adjoint gains something from outside at every step.
    """
    return _Lowering(cell, above, given).run()


class _Lowering:
    """The sweep over the equations from the last to the first."""

    def __init__(self, cell: Cell, above: str, given: bool) -> None:
        self.cell, self.step = cell, BackwardStep()
        self.products: dict[tuple[Scaled, Term], Buffer] = {}
        names = dict.fromkeys((*cell.states, above))
        self.step.carried = {s: Buffer("carried", s, cell.signal(s).rows) for s in names}
        self.shares: dict[tuple[str, bool], list[Share]] = {
            (s, False): [Share(Scaled(buffer))] for s, buffer in self.step.carried.items()
        }
        if given:
            buffer = Buffer("given", above, cell.signal(above).rows)
            self.shares[above, False].append(Share(Scaled(buffer)))

    def run(self) -> BackwardStep:
        for equation in reversed(self.cell.equations):
            adjoint = self.settle(equation.name)
            if adjoint is None:
                continue
            for signal in (*equation.now, *equation.before):
                for product in _summands(equation_jacobian(equation, signal)):
                    share = self.through(adjoint, product)
                    self.shares.setdefault((signal.name, signal.time != t), []).append(share)
        for signal in self.cell.inputs:
            self.settle(signal.name)
        for state in self.cell.states:
            to = Buffer("next", state, self.cell.signal(state).rows)
            self.step.assignments.append(Assignment(to, self.merged(state, True)))
        return self.step

    def settle(self, name: str) -> Scaled | None:
        """The adjoint of a signal now that all its readers are done; a sum gets a buffer."""
        shares = self.merged(name, False)
        adjoint = None
        if len(shares) == 1 and shares[0].weight is None:
            adjoint = shares[0].of
        elif shares:
            buffer = Buffer("own", name, self.cell.signal(name).rows)
            self.step.assignments.append(Assignment(buffer, shares))
            adjoint = Scaled(buffer)
        self.step.adjoints[name] = adjoint
        return adjoint

    def merged(self, name: str, before: bool) -> tuple[Share, ...]:
        """The shares of a signal; scaled copies of one buffer (before one weight) are one."""
        groups: dict[tuple[Buffer, Term | None], list[Term | None]] = {}
        for share in self.shares.get((name, before), []):
            groups.setdefault((share.of.buffer, share.weight), []).append(share.of.by)
        return tuple(Share(Scaled(b, _total(by, b)), w) for (b, w), by in groups.items())

    def through(self, adjoint: Scaled, product: tuple[Term, ...]) -> Share:
        """The share of an adjoint behind the factors of a product, left to right."""
        at, weight = adjoint, None
        for factor in product:
            if isinstance(factor, Eye):
                continue
            if weight is not None:
                at, weight = Scaled(self.product(at, weight)), None
            if isinstance(factor, Diagonal):
                at = Scaled(at.buffer, _times(at.by, factor.inside))
            else:
                weight = factor
        return Share(at, weight)

    def product(self, of: Scaled, weight: Term) -> Buffer:
        """A product that has to be worked out by itself, once."""
        key = (of, weight)
        if key not in self.products:
            buffer = Buffer("product", str(len(self.products)), weight.cols)
            self.products[key] = buffer
            self.step.assignments.append(Assignment(buffer, (Share(of, weight),)))
        return self.products[key]


def _summands(jacobian: Term) -> Iterator[tuple[Term, ...]]:
    """The products of a local Jacobian in normal form, each as its factors."""
    if is_fill(jacobian, 0):
        return
    for summand in jacobian.parts if isinstance(jacobian, Plus) else (jacobian,):
        yield tuple(_factors(summand))


def _factors(term: Term) -> Iterator[Term]:
    """Diagonal matrices and others, constant or not, in order; a number before a matrix is diagonal."""
    if isinstance(term, MatrixProduct):
        for factor in term.parts:
            yield from _factors(factor)
    elif isinstance(term, Hadamard) and isinstance(term.args[0], Fill):
        yield Diagonal(Fill(term.args[0].value, term.rows))
        rest = term.parts[1:]
        yield from _factors(rest[0] if len(rest) == 1 else Hadamard(*rest))
    else:
        yield term


def _times(by: Term | None, vector: Term) -> Term:
    return vector if by is None else Hadamard(by, vector)


def _total(by: list[Term | None], buffer: Buffer) -> Term | None:
    if len(by) == 1:
        return by[0]
    return Plus(*(Fill(1, buffer.rows) if one is None else one for one in by))


def needed(step: BackwardStep, place: Scaled | None) -> list[Assignment]:
    """The assignments on which the carried buffers or the watched one depend, in order."""
    wanted = {a.to for a in step.assignments if a.to.role == "next"}
    wanted |= {place.buffer} if place else set()
    kept = []
    for assignment in reversed(step.assignments):
        if assignment.to in wanted:
            wanted |= {share.of.buffer for share in assignment.shares}
            kept.append(assignment)
    return kept[::-1]


def watched(step: BackwardStep, cell: Cell, below: str, kind: str) -> Scaled | None:
    """Where ∂u_T/∂below_t stands during the step at t. None: it is zero.

    "total" is the whole adjoint of the signal, "block" what a state at t hands on through step t+1.
    """
    cell.signal(below)
    if kind == "total":
        return step.adjoints[below]
    if kind != "block":
        raise QuantityError(f"a flow is of the kind total or block, not '{kind}'")
    if below not in cell.states:
        states = ", ".join(cell.states)
        raise QuantityError(f"'{below}' is no state: of the kind block are {states}")
    return Scaled(step.carried[below])
