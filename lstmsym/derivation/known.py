"""What every named derivative of a cell stands for, worked out when it is looked up.

A mapping from names at time t (J_t, ∂C_t/∂h_{t-1}|block, ∂C_t/∂C_{t-3}, …) to terms at time t.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from sympy import Expr, Integer

from lstmsym.derivation.graph import local
from lstmsym.derivation.kinds import over_steps
from lstmsym.derivation.normal import with_preactivations
from lstmsym.derivation.quantity import KINDS
from lstmsym.derivation.state import state_jacobian
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Eye, Partial, StateJacobian
from lstmsym.equations.terms import Term, t, zeros


class Known(Mapping[Term, Term]):
    """The definitions of a cell's named derivatives."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.found: dict[Term, Term] = {}

    def __contains__(self, name: object) -> bool:
        if isinstance(name, StateJacobian):
            return bool(name.time == t)
        if name in self.found:
            return True
        return isinstance(name, Partial) and _lag(name).is_Integer and _lag(name) >= 0

    def __getitem__(self, name: Term) -> Term:
        if name not in self.found:
            if name not in self:
                raise KeyError(name)
            self.found[name] = self._worked_out(name)
        return self.found[name]

    def _worked_out(self, name: Term) -> Term:
        if isinstance(name, StateJacobian):
            return state_jacobian(self.cell)[0].right
        assert isinstance(name, Partial)
        above, below, lag = name.above.name, name.below.name, _lag(name)
        if name.kind == "local":
            return local(self.cell.by_name[above], name.below)
        if lag == 0 and name.kind != "total":
            return Eye(name.rows) if above == below else zeros(*name.shape)
        assert name.kind in KINDS
        plain = {above, below} <= self.cell.signals.keys()
        cell = self.cell if plain else with_preactivations(self.cell)
        return over_steps(cell, above, below, Integer(lag), name.kind)

    def __iter__(self) -> Iterator[Term]:
        return iter(())

    def __len__(self) -> int:
        return 0


@lru_cache(maxsize=8192)
def _lag(name: Partial) -> Expr:
    return name.above.time - name.below.time
