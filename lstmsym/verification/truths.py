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
from lstmsym.equations.derived import Adjoint, Gradient, Outer, Partial
from lstmsym.equations.terms import (
    Hadamard,
    MatrixProduct,
    Plus,
    Signal,
    Term,
    at,
    is_fill,
    t,
    walk,
)
from lstmsym.errors import QuantityError
from lstmsym.verification.kinds import other_kinds
from lstmsym.verification.slips.sites import Form, joined

MOST_NODES = 160
MOST_SUMMANDS = 40
MOST_PATHS = 24
LEVELS = 6


@dataclass(frozen=True)
class Target:
    """What is claimed: ∂L/∂f_t, ∂L/∂W_f, ∂C_t/∂C_{t-1} of a kind, at a time.

    quantity  as `read_quantity` takes it: 'dL/df[t]', 'dL/dW_f', 'dC[t]/dC[t-1]'
    kind      of a Jacobian: direct, step, block, total
    time      the number that t is
    lag       the number that k is, where the quantity says [t-k]
    truth     the true right side, where the quantity is none that `read_quantity` knows
    """

    quantity: str
    kind: str = "total"
    time: int = 3
    lag: int = 2
    truth: Term | None = None

    @property
    def steps(self) -> int:
        """The number of steps of a run in which that time is neither first nor last."""
        return self.time + 2


@lru_cache(maxsize=512)
def forms(cell: Cell, target: Target) -> tuple[Form, ...]:
    """The true result in its forms, the shortest first. Raises QuantityError for a target that cannot be asked."""
    named = with_preactivations(cell)
    kinds: tuple[tuple[Term, str], ...]
    quantity = None if target.truth is not None else read_quantity(cell, target.quantity)
    if quantity is None or quantity.above == "L":
        left, right = _loss_truth(cell, target, quantity)
        found, kinds = list(_levels(cell, left, right)), ()
        others = tuple(_other_gradients(cell, quantity)) if quantity else ()
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
            return s.left, s.right
    raise QuantityError(f"{cell.name} has no gradient '{target.quantity}'")


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
    yield asked.product
    for form in ("product", "recursion", "expanded"):
        if form != "expanded" or (asked.count is not None and asked.count <= MOST_PATHS):
            for step in FORMS[form](asked, MOST_PATHS):
                if step.left == asked.left and not (form == "recursion" and quantity.lag == 1):
                    yield step.right
                    yield _worked_out(cell, step.right)


def _worked_out(cell: Cell, term: Term) -> Term:
    """Named derivatives over one step replaced by what they stand for."""
    known = Known(cell)
    names = (
        a for a in walk(term) if isinstance(a, Partial) and a.above.time - a.below.time in (0, 1)
    )
    put = {a: at(known[_at_t(a)], a.above.time) for a in names}
    return tidy(term.xreplace(put)) if put else term


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


def expanded(term: Term) -> Term:
    """A sum of products; sums with a number in them, as 1 − y, stay. The term itself where that is too long."""
    try:
        return tidy(_expanded(term))
    except _TooLong:
        return term


class _TooLong(Exception):
    """More summands than are looked at."""


def _expanded(term: Term) -> Term:
    if isinstance(term, Plus):
        return term if _is_complement(term) else Plus(*map(_expanded, term.parts))
    if not isinstance(term, Hadamard | MatrixProduct | Outer):
        args = (_expanded(a) if isinstance(a, Term) else a for a in term.args)
        return term.func(*args) if term.parts else term
    products: list[tuple[Term, ...]] = [()]
    for factor in term.parts:
        products = [(*p, a) for p in products for a in _summands(tidy(_expanded(factor)))]
        if len(products) > MOST_SUMMANDS:
            raise _TooLong
    return joined(Plus, (joined(type(term), p) for p in products))


def _summands(term: Term) -> tuple[Term, ...]:
    return term.parts if isinstance(term, Plus) and not _is_complement(term) else (term,)


def _is_complement(term: Term) -> bool:
    return any(is_fill(a, 1) for a in term.parts)


@lru_cache(maxsize=4096)
def _size(term: Term) -> int:
    return sum(1 for _ in walk(term) if not isinstance(_, Signal))
