"""What is true of a target, written in several ways of equal value, so that a slip in any of them is found.

A gradient is written with the adjoints that its equation names, then with these put in, one level after the
other, each as products of sums and as a sum of products. A Jacobian is written in all forms of its derivation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lstmsym.calculus.laws import tidy
from lstmsym.derivation.forms import FORMS, Asked
from lstmsym.derivation.known import Known
from lstmsym.derivation.normal import with_preactivations
from lstmsym.derivation.program import bptt
from lstmsym.derivation.quantity import Quantity, read_quantity
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Adjoint, Gradient, Outer, Partial, StateJacobian
from lstmsym.equations.terms import (
    Concatenation,
    Signal,
    Term,
    at,
    t,
    walk,
)
from lstmsym.errors import QuantityError
from lstmsym.verification.expanding import expanded
from lstmsym.verification.kinds import other_kinds
from lstmsym.verification.slips.sites import Form

MOST_NODES = 160
MOST_PATHS = 24
LEVELS = 6


@dataclass(frozen=True)
class Target:
    """What is claimed: ∂L/∂f_t, ∂L/∂W_f, ∂C_t/∂C_{t-1} of a kind, at a time.

    quantity  as `read_quantity` takes it: 'dL/df[t]', 'dL/dW_f', 'dC[t]/dC[t-1]'
    kind      of a Jacobian: direct, step, block, total
    time      the number that t is
    lag       the number that k is, where the quantity says [t-k]
    part      of the weight of a concatenation the columns that multiply this part of it: 0 for W_{fh}
    truth     the true right side, where the quantity is none that `read_quantity` knows
    run       the number of steps of the run, where the claim says it
    """

    quantity: str
    kind: str = "total"
    time: int = 3
    lag: int = 2
    part: int | None = None
    truth: Term | None = None
    run: int = 0

    @property
    def steps(self) -> int:
        """The number of steps of a run; where it is free, one in which t+2, one step too late, is not the last yet."""
        return self.run or self.time + 3


@lru_cache(maxsize=512)
def forms(cell: Cell, target: Target) -> tuple[Form, ...]:
    """The true result in its forms, the shortest first. Raises QuantityError for a target that cannot be asked."""
    named = with_preactivations(cell)
    kinds: tuple[tuple[Term, str], ...]
    quantity = None if target.truth is not None else read_quantity(cell, target.quantity)
    if quantity is None or quantity.above == "L":
        left, right = _loss_truth(cell, target, quantity)
        found, kinds = list(_levels(cell, left, right)), ()
        asked = quantity if target.part is None else None
        others = tuple(_other_gradients(cell, asked)) if asked else ()
    else:
        found = list(_jacobians(cell, quantity, target.kind))
        others = tuple(_other_jacobians(cell, quantity, target.kind))
        kinds = other_kinds(cell, quantity, target.kind)
    written = dict.fromkeys(b for a in found for b in (a, expanded(a)) if _size(b) <= MOST_NODES)
    terms = tuple(written) or (found[0],)
    return tuple(_forms(Form(terms[0], named, others, kinds), terms))


def _forms(first: Form, terms: tuple[Term, ...]) -> Iterator[Form]:
    """Forms that know which places the shorter ones have had."""
    before: Counter[Term] = Counter()
    for n, a in enumerate(terms):
        form = Form(a, first.cell, before=dict(before)) if n else first
        yield form
        before |= Counter(site.term for site in form.sites)


def _loss_truth(cell: Cell, target: Target, quantity: Quantity | None) -> tuple[Term | None, Term]:
    if quantity is None:
        assert target.truth is not None
        return None, target.truth
    program = bptt(cell)
    for s in program.gradients if quantity.by_parameter else program.assignments:
        of = s.left.parameter if isinstance(s.left, Gradient) else s.left.args[0]
        if of.name == quantity.below:
            return s.left, s.right if target.part is None else columns_of(s.right, target.part)
    raise QuantityError(f"{cell.name} has no gradient '{target.quantity}'")


def columns_of(gradient: Term, part: int) -> Term:
    """The columns of a gradient that multiply one part of a concatenation: δ h_{t-1}ᵀ of δ [h_{t-1}, x_t]ᵀ.

    Raises QuantityError where nothing of so many parts is multiplied.
    """
    stacked = [a for a in walk(gradient) if isinstance(a, Outer) and _stack(a)]
    if not stacked or any(part >= len(a.args[1].args) for a in stacked):
        raise QuantityError(f"the weight multiplies no concatenation with a part number {part + 1}")
    return gradient.xreplace({a: Outer(a.args[0], a.args[1].args[part]) for a in stacked})


def _stack(outer: Term) -> bool:
    return isinstance(outer.args[1], Concatenation)


def _levels(cell: Cell, left: Term | None, right: Term) -> Iterator[Term]:
    """The right side, then with the adjoints in it put in: those of gates first, then those of states at t."""
    yield right
    inner = lambda a: a.of.name not in {*cell.states, cell.output}  # noqa: E731
    states = lambda a: a.of.time == t and a != left  # noqa: E731
    for wanted in (inner, states, inner):
        for _ in range(LEVELS):
            level = _put_in(cell, right, {a for a in _adjoints(right) if wanted(a)})
            if level == right or _size(level) > MOST_NODES:
                break
            right = level
            yield right


def _adjoints(term: Term) -> Iterator[Adjoint]:
    yield from (a for a in walk(term) if isinstance(a, Adjoint) and a.scope == "whole")


def _put_in(cell: Cell, term: Term, wanted: set[Adjoint]) -> Term:
    """Adjoints replaced by their own right sides."""
    rights = {s.left.args[0].name: s.right for s in bptt(cell).assignments}
    put = {a: at(rights[a.of.name], a.of.time) for a in wanted}
    return tidy(term.xreplace(put)) if put else term


def _other_gradients(cell: Cell, quantity: Quantity) -> Iterator[Term]:
    """The gradients of the same shape by something else, or at another time."""
    program = bptt(cell)
    named = program.cell
    if quantity.by_parameter:
        own = cell.parameters[quantity.below]
        yield from (Gradient(w) for w in cell.weights.values() if w.shape == own.shape and w != own)
        return
    own = named.signals[quantity.below]
    alike = [s for s in named.signals.values() if s.rows == own.rows]
    yield from (Adjoint(s) for s in alike if s != own)
    yield from (Adjoint(s.at(time)) for time in (t + 1, t - 1) for s in alike)
    if quantity.below == cell.output:
        yield Adjoint(own, "own")


def _jacobians(cell: Cell, quantity: Quantity, kind: str) -> Iterator[Term]:
    """The result in every form of its derivation, with named one-step derivatives put in."""
    assert quantity.lag is not None
    asked = Asked(cell, quantity.above, quantity.below, quantity.lag, kind)
    yield _worked_out(cell, asked.product)
    yield asked.product
    for form in ("product", "recursion", "expanded"):
        if form != "expanded" or (asked.count is not None and asked.count <= MOST_PATHS):
            for step in FORMS[form](asked, MOST_PATHS):
                if step.left == asked.left and not (form == "recursion" and quantity.lag == 1):
                    yield step.right
                    yield _worked_out(cell, step.right)


def _worked_out(cell: Cell, term: Term) -> Term:
    """Named derivatives over one step replaced by what they stand for; J_t where there is one state alone."""
    known = Known(cell)
    term = term.xreplace({a: _only_block(cell, a) for a in term.atoms(StateJacobian)})
    names = (
        a for a in walk(term) if isinstance(a, Partial) and a.above.time - a.below.time in (0, 1)
    )
    put = {a: at(known[_at_t(a)], a.above.time) for a in names}
    return tidy(term.xreplace(put)) if put else term


def _only_block(cell: Cell, jacobian: StateJacobian) -> Term:
    """J_t of a cell with one state is its block."""
    (time,) = jacobian.args[:1]
    if len(cell.states) > 1:
        return jacobian
    (name,) = cell.states
    return Partial(cell.signal(name, time), cell.signal(name, time - 1), "block")


def _at_t(name: Partial) -> Partial:
    return Partial(
        name.above.at(t), name.below.at(t - (name.above.time - name.below.time)), name.kind
    )


def _other_jacobians(cell: Cell, quantity: Quantity, kind: str) -> Iterator[Term]:
    """The derivatives of the same lag by or of other states."""
    assert quantity.lag is not None
    for below in cell.states if quantity.lag >= 1 else ():
        for above in cell.states:
            if (above, below) != (quantity.above, quantity.below):
                yield Partial(cell.signal(above), cell.signal(below, t - quantity.lag), kind)


@lru_cache(maxsize=4096)
def _size(term: Term) -> int:
    return sum(1 for _ in walk(term) if not isinstance(_, Signal))
