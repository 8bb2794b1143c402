"""The forms in which ∂A_t/∂B_{t-k} is written, each with its steps.

product    one-step matrices multiplied, newest on the left (the default; one line for any k)
recursion  from k-1 to k in blocks
expanded   the sum over all elementary paths, counted first and limited
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sympy import Expr

from lstmsym.calculus.laws import tidy
from lstmsym.derivation.graph import carried, count_paths, paths
from lstmsym.derivation.kinds import one_step, over_steps, own_first
from lstmsym.derivation.state import block_name, block_steps, within
from lstmsym.derivation.steps import Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Partial
from lstmsym.equations.terms import MatrixProduct, Plus, Term, is_fill, t, zeros
from lstmsym.errors import QuantityError

MOST_SHOWN = 12

REASONS = {
    "direct": "only the explicit argument moves, everything else is held fixed",
    "step": "one step at a time, gates computed at t-1 held fixed",
    "block": "the other states at {step} are held fixed",
    "total": "all that is computed from it at step {step} moves along",
}


@dataclass(frozen=True)
class Asked:
    """∂above_t/∂below_{t-lag} of a kind, of a cell; lag is a number or the symbol k."""

    cell: Cell
    above: str
    below: str
    lag: Expr
    kind: str

    @property
    def left(self) -> Partial:
        """The name of what is asked."""
        return Partial(
            self.cell.signal(self.above), self.cell.signal(self.below, t - self.lag), self.kind
        )

    @property
    def product(self) -> Term:
        """The result, as the witnesses see it."""
        return over_steps(self.cell, self.above, self.below, self.lag, self.kind)

    @property
    def count(self) -> int | None:
        """The number of elementary paths; None for a symbolic lag."""
        if not self.lag.is_Integer:
            return None
        return count_paths(self.cell, self.above, self.below, int(self.lag), self.kind)

    @property
    def reason(self) -> str:
        """What is held fixed."""
        return REASONS[self.kind].format(step=f"t-{self.lag}" if self.lag else "t")


def product(asked: Asked, limit: int) -> Iterator[Step]:
    """Matrices multiplied over the steps; at lag 1 the chain rule written out."""
    if asked.lag == 1 and asked.kind == "block":
        yield from block_steps(asked.cell, asked.above, asked.below)
    elif asked.lag == 1 and asked.kind in ("step", "total"):
        yield from _one_step(asked)
    elif asked.lag != 0 and asked.kind in ("block", "total"):
        chain = "chain rule over the joint state, newest factor on the left"
        yield Step(asked.left, asked.product, f"{chain}; {asked.reason}")
    elif asked.lag not in (0, 1):
        repeated = "repeated over the steps, newest factor on the left"
        yield Step(asked.left, asked.product, f"{repeated}; {asked.reason}")
    else:
        yield Step(asked.left, asked.product, asked.reason)


def _one_step(asked: Asked) -> Iterator[Step]:
    """Chain rule over the states at t-1, or over the arguments at t where there is only one way in."""
    chain = _chain_over_states(asked)
    if chain == block_name(asked.cell, asked.above, asked.below):
        for step in block_steps(asked.cell, asked.above, asked.below):
            yield Step(asked.left, step.right, step.because)
    else:
        yield Step(asked.left, chain, f"chain rule over the states at t-1; {asked.reason}")
        yield Step(asked.left, asked.product, "blocks and local Jacobians put in")
    if (asked.count or 0) > MOST_SHOWN:
        return
    every_path = _sum_of_paths(asked)
    if every_path != asked.product and len(every_path.parts) <= MOST_SHOWN:
        yield Step(asked.left, every_path, "one term for each elementary path")


def _chain_over_states(asked: Asked) -> Term:
    """Σ over the states that move along of (block by it) (how it moves with `below`)."""
    cell, below = asked.cell, asked.below
    moving = own_first(cell, below) if asked.kind == "total" else (below, *carried(cell, below))
    how = "total" if asked.kind == "total" else "local"
    shares: list[Term] = []
    for s in moving:
        if s == below:
            shares.append(block_name(cell, asked.above, s))
        elif not is_fill(within(cell, s, below), 0):
            inner = Partial(cell.signal(s, t - 1), cell.signal(below, t - 1), how)
            shares.append(MatrixProduct(block_name(cell, asked.above, s), inner))
    return _sum(shares, asked)


def recursion(asked: Asked, limit: int) -> Iterator[Step]:
    """From t-1 to t; the older part stays a name of the same kind and one lag less."""
    cell, above, below = asked.cell, asked.above, asked.below
    base = one_step(cell, above, below, asked.kind)
    if asked.lag in (0, 1):
        yield Step(
            asked.left, base if asked.lag == 1 else asked.product, "the recursion's first step"
        )
        return
    older = cell.signal(below, t - asked.lag)
    named = lambda s: Partial(cell.signal(s, t - 1), older, asked.kind)  # noqa: E731
    if asked.kind in ("direct", "step"):
        newest = Partial(cell.signal(above), cell.signal(below, t - 1), asked.kind)
        shares: list[Term] = [MatrixProduct(newest, named(below))]
    else:
        states = own_first(cell, below)
        shares = [MatrixProduct(block_name(cell, above, s), named(s)) for s in states]
    yield Step(asked.left, _sum(shares, asked), "newest step first, then the same one step earlier")
    first = Partial(cell.signal(above), cell.signal(below, t - 1), asked.kind)
    yield Step(first, base, "the recursion begins at lag 1")


def expanded(asked: Asked, limit: int) -> Iterator[Step]:
    """The sum over all elementary paths. Raises QuantityError where there are more than the limit."""
    count = asked.count
    if count is None:
        raise QuantityError(
            "the expanded form needs a number for the lag, as in [t-3]; for [t-k] ask for the product"
        )
    if count > limit:
        raise QuantityError(
            f"{counted(count)} elementary paths, more than the limit of {limit:,}; "
            "raise --limit or ask for the product"
        )
    paths_said = f"{counted(count)} elementary path{'s' * (count != 1)}"
    yield Step(asked.left, _sum_of_paths(asked), f"the sum over all {paths_said}")


def _sum_of_paths(asked: Asked) -> Term:
    """One product for each elementary path; diagonal ones are not merged with each other."""
    found = paths(asked.cell, asked.above, asked.below, int(asked.lag), asked.kind)
    return _sum([tidy(MatrixProduct(*path)) for path in found if path], asked)


def _sum(terms: list[Term], asked: Asked) -> Term:
    """The terms that are not zero, added in their order."""
    kept = [a for a in terms if not is_fill(tidy(a), 0)]
    return zeros(*asked.left.shape) if not kept else kept[0] if len(kept) == 1 else Plus(*kept)


def counted(count: int) -> str:
    """1,234; from a billion on only its size."""
    return f"{count:,}" if count < 10**9 else f"about 10^{len(str(count)) - 1}"


FORMS: dict[str, Callable[[Asked, int], Iterator[Step]]] = {
    "product": product,
    "recursion": recursion,
    "expanded": expanded,
}
