"""∂A_t/∂B_{t-k} of any kind, lag and form, as a derivation with its steps.

product    one-step matrices multiplied, newest on the left (the default; one line for any k)
recursion  from k-1 to k in blocks
expanded   the sum over all elementary paths, counted first and limited
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from lstmsym.calculus.laws import tidy
from lstmsym.derivation.graph import carried, count_paths, paths
from lstmsym.derivation.kinds import one_step, over_steps, own_first
from lstmsym.derivation.notation import column_remarks, split_steps
from lstmsym.derivation.quantity import FORMS, KINDS, LAYOUTS, Quantity, check_choice
from lstmsym.derivation.state import block_name, block_steps, state_jacobian, within
from lstmsym.derivation.steps import Derivation, Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Partial, StateJacobian, Transposed
from lstmsym.equations.terms import MatrixProduct, Plus, Term, is_fill, t, walk, zeros
from lstmsym.errors import QuantityError

PATH_LIMIT = 500
MOST_SHOWN = 12

KIND_REASONS = {
    "direct": "only the explicit argument moves, everything else is held fixed",
    "step": "one step at a time, gates computed at t-1 held fixed",
    "block": "the other states at t-{lag} are held fixed",
    "total": "all that is computed from it at step t-{lag} moves along",
}


def derive_state(
    cell: Cell, quantity: Quantity, kind: str = "total", form: str = "product",
    layout: str = "numerator", limit: int = PATH_LIMIT,
) -> Derivation:  # fmt: skip
    """The derivation of a signal by an earlier one. Raises QuantityError for what cannot be asked."""
    check_choice("kind", kind, KINDS)
    check_choice("form", form, FORMS)
    check_choice("layout", layout, LAYOUTS)
    lag = quantity.lag
    assert lag is not None
    _refuse(cell, quantity, kind)
    left = Partial(cell.signal(quantity.above), cell.signal(quantity.below, t - lag), kind)
    count = (
        count_paths(cell, quantity.above, quantity.below, int(lag), kind)
        if lag.is_Integer
        else None
    )
    product = over_steps(cell, quantity.above, quantity.below, lag, kind)
    if form == "expanded":
        steps, expr = _expanded(cell, quantity, kind, left, count, limit)
    elif form == "recursion" and lag != 0:
        steps, expr = _recursion(cell, quantity, kind, left, product)
    else:
        steps, expr = tuple(_product_steps(cell, quantity, kind, left, product)), product
    definitions = tuple(_definitions(cell, [expr, *(s.right for s in steps)]))
    if layout == "denominator":
        steps, expr, left = tuple(map(_transposed, steps)), tidy(Transposed(expr)), Transposed(left)
    steps = (*split_steps(cell), *steps)
    remarks = (
        *_remarks(cell, kind, lag, count),
        *column_remarks(cell, [expr, *(s.right for s in (*steps, *definitions))]),
    )
    return Derivation(
        cell, quantity.text, kind, layout, form, left, expr, steps, definitions, count, remarks
    )


def _refuse(cell: Cell, quantity: Quantity, kind: str) -> None:
    if kind in ("block", "step", "direct") and quantity.below not in cell.states:
        known = ", ".join(cell.states)
        raise QuantityError(
            f"kind '{kind}' is about states ({known}); '{quantity.below}' is none, ask for kind 'total'"
        )


def _product_steps(
    cell: Cell, quantity: Quantity, kind: str, left: Partial, product: Term
) -> Iterator[Step]:
    lag, above, below = quantity.lag, quantity.above, quantity.below
    reason = KIND_REASONS[kind].format(lag=lag)
    if lag == 1 and kind == "block":
        yield from block_steps(cell, above, below)
        return
    if lag == 1 and kind in ("step", "total"):
        yield from _one_step(cell, quantity, kind, left, product, reason)
        return
    if lag != 0 and kind in ("block", "total"):
        reason = f"chain rule over the joint state, newest factor on the left; {reason}"
    elif lag != 0 and lag != 1:
        reason = f"repeated over the steps, newest factor on the left; {reason}"
    yield Step(left, product, reason)


def _one_step(
    cell: Cell, quantity: Quantity, kind: str, left: Partial, product: Term, reason: str
) -> Iterator[Step]:
    """Chain rule over the states at t-1, or over the arguments at t where there is only one way in."""
    chain = _chain_over_states(cell, quantity, kind)
    if chain == block_name(cell, quantity.above, quantity.below):
        for step in block_steps(cell, quantity.above, quantity.below):
            yield Step(left, step.right, step.because)
    else:
        yield Step(left, chain, f"chain rule over the states at t-1; {reason}")
        yield Step(left, product, "blocks and local Jacobians put in")
    expanded = _sum_of_paths(cell, quantity, kind, left.shape)
    if expanded != product and len(expanded.parts) <= MOST_SHOWN:
        yield Step(left, expanded, "one term for each elementary path")


def _chain_over_states(cell: Cell, quantity: Quantity, kind: str) -> Term:
    above, below = quantity.above, quantity.below
    states = own_first(cell, below) if kind == "total" else (below, *carried(cell, below))
    inner = "total" if kind == "total" else "local"
    shares: list[Term] = []
    for s in states:
        outer = block_name(cell, above, s)
        if s == below:
            shares.append(outer)
        elif not is_fill(within(cell, s, below), 0):
            by = cell.signal(below, t - 1)
            shares.append(MatrixProduct(outer, Partial(cell.signal(s, t - 1), by, inner)))
    rows, cols = cell.signal(above).rows, cell.signal(below).rows
    return _sum([a for a in shares if not _is_zero(a)], rows, cols)


def _recursion(
    cell: Cell, quantity: Quantity, kind: str, left: Partial, product: Term
) -> tuple[tuple[Step, ...], Term]:
    """From t-1 to t; the older part stays a name of the same kind and one lag less."""
    above, below, lag = quantity.above, quantity.below, quantity.lag
    base = one_step(cell, above, below, kind)
    if lag == 1:
        return (Step(left, base, "the recursion's first step"),), base
    older = cell.signal(below, t - lag)
    if kind in ("direct", "step"):
        newest = Partial(cell.signal(above), cell.signal(below, t - 1), kind)
        expr: Term = MatrixProduct(newest, Partial(cell.signal(below, t - 1), older, kind))
    else:
        shares = (
            MatrixProduct(block_name(cell, above, s), Partial(cell.signal(s, t - 1), older, kind))
            for s in own_first(cell, below)
        )
        expr = tidy(_sum([a for a in shares if not _is_zero(a)], *left.shape))
    reason = "newest step first, then the same one step earlier"
    first = Step(
        Partial(left.above, cell.signal(below, t - 1), kind), base, "the recursion begins at lag 1"
    )
    return (Step(left, expr, reason), first), expr


def _expanded(
    cell: Cell, quantity: Quantity, kind: str, left: Partial, count: int | None, limit: int
) -> tuple[tuple[Step, ...], Term]:
    if count is None:
        raise QuantityError(
            "the expanded form needs a number for the lag, as in [t-3]; for [t-k] ask for the product"
        )
    if count > limit:
        raise QuantityError(
            f"{_counted(count)} elementary paths, more than the limit of {limit:,}; "
            "raise --limit or ask for the product"
        )
    expr = _sum_of_paths(cell, quantity, kind, left.shape)
    return (
        Step(left, expr, f"the sum over all {_counted(count)} elementary path{'s' * (count != 1)}"),
    ), expr


def _sum_of_paths(cell: Cell, quantity: Quantity, kind: str, shape: tuple[Expr, Expr]) -> Term:
    """One product for each elementary path; diagonal ones are not merged with each other."""
    terms = [
        tidy(MatrixProduct(*path)) if path else zeros(*shape)
        for path in paths(cell, quantity.above, quantity.below, _number(quantity), kind)
    ]
    return _sum(terms, *shape)


def _number(quantity: Quantity) -> int:
    assert quantity.lag is not None
    return int(quantity.lag)


def _definitions(cell: Cell, terms: list[Term]) -> Iterator[Step]:
    """What the names in the terms stand for, each once, J first."""
    used = {a for term in terms for a in walk(term)}
    steps_used = {
        (a.above.name, a.below.name)
        for a in used
        if isinstance(a, Partial) and _is_one_step(a, "step")
    }
    for above, state in sorted(steps_used):
        left = Partial(cell.signal(above), cell.signal(state, t - 1), "step")
        value = one_step(cell, above, state, "step")
        used |= set(walk(value))
        yield Step(left, value, "")
    blocks = {
        (a.above.name, a.below.name)
        for a in used
        if isinstance(a, Partial) and _is_one_step(a, "block")
    }
    steps = state_jacobian(cell)
    if any(isinstance(a, StateJacobian) for a in used):
        yield steps[0]
        yield from (s for s in steps[1:])
        blocks -= {
            (s.left.above.name, s.left.below.name) for s in steps[1:] if isinstance(s.left, Partial)
        }
    yield from _block_definitions(cell, blocks)


def _block_definitions(cell: Cell, blocks: set[tuple[str, str]]) -> Iterator[Step]:
    for above, state in sorted(blocks):
        left = Partial(cell.signal(above), cell.signal(state, t - 1), "block")
        yield Step(left, one_step(cell, above, state, "block"), "")


def _is_one_step(partial: Partial, kind: str) -> bool:
    return partial.kind == kind and partial.above.time - partial.below.time == 1


def _transposed(step: Step) -> Step:
    return Step(Transposed(step.left), tidy(Transposed(step.right)), step.because)


def _remarks(cell: Cell, kind: str, lag: Expr, count: int | None) -> Iterator[str]:
    if kind == "direct":
        yield "This is the carousel, one path of several; it is not the whole derivative."
    if kind == "step" and lag != 1 and len(cell.states) > 1:
        yield "A product of one-step matrices: from lag 2 on it misses the paths through gates computed in between."
    if count is not None:
        yield f"{_counted(count)} elementary path{'s' * (count != 1)}."


def _counted(count: int) -> str:
    """1,234; from a billion on only its size."""
    return f"{count:,}" if count < 10**9 else f"about 10^{len(str(count)) - 1}"


def _sum(terms: list[Term], rows: Expr, cols: Expr) -> Term:
    return zeros(rows, cols) if not terms else terms[0] if len(terms) == 1 else Plus(*terms)


def _is_zero(term: Term) -> bool:
    return is_fill(tidy(term), 0)
