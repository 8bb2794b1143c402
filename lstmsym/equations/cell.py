"""A recurrent cell: its equations in the order they are computed, and what each name is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from sympy import Basic, Integer

from lstmsym.equations.display import Shown
from lstmsym.equations.terms import Parameter, Signal, Size, Term, parameters_in, signals_in, t
from lstmsym.errors import UnknownName, nearest


@dataclass(frozen=True, repr=False)
class Equation(Shown):
    """left = right at time t; `meaning` is what the signal is ("forget gate"), `line` where it was written."""

    left: Signal
    right: Term
    meaning: str = ""
    line: int = 0

    @property
    def name(self) -> str:
        return self.left.name

    @property
    def now(self) -> tuple[Signal, ...]:
        """The signals at t on the right side, in reading order."""
        return tuple(s for s in _in_order(self.right) if s.time == t)

    @property
    def before(self) -> tuple[Signal, ...]:
        """The signals at t-1 on the right side, in reading order."""
        return tuple(s for s in _in_order(self.right) if s.time != t)


@dataclass(frozen=True, repr=False, eq=False)
class Cell(Shown):
    """A cell, checked on birth by `checks`.

    equations   in an order in which they can be computed
    states      the names that are read at t-1, in the order of the joint state
    inputs      the names that come from outside, one vector a step
    output      the signal that the loss sees
    family      the kin that the catalogue lists it with; empty for a cell that says none
    year        of its source; 0 for a cell that says none
    constants   the scalar parameters with a stated number
    untied      the inputs that are weights of their own at each step, matrices as the stack of their columns
    clocks      the inputs that are 1 where t % period == phase and else 0: name → (period, phase)
    index       the letter of time: t, or l over depth
    splits      weight = [block, block, …] for every weight that `split` took apart
    time_above  whether times are printed above the line, h^{(t)}
    """

    name: str
    equations: tuple[Equation, ...]
    states: tuple[str, ...]
    inputs: tuple[Signal, ...]
    output: str
    title: str = ""
    source: str = ""
    differs: str = ""
    family: str = ""
    year: int = 0
    constants: dict[str, Basic] = field(default_factory=dict)
    text: str = ""
    splits: tuple[tuple[Parameter, Term], ...] = ()
    time_above: bool = False
    untied: tuple[str, ...] = ()
    clocks: dict[str, tuple[int, int]] = field(default_factory=dict)
    index: str = "t"

    @cached_property
    def by_name(self) -> dict[str, Equation]:
        return {e.name: e for e in self.equations}

    @cached_property
    def signals(self) -> dict[str, Signal]:
        """Every signal at time t by its name: inputs first, then in computing order."""
        return {s.name: s for s in (*self.inputs, *(e.left for e in self.equations))}

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """Every parameter by its name, in the order of the equations."""
        found = (p for e in self.equations for p in _ordered_parameters(e.right))
        return {p.name: p for p in found}

    @cached_property
    def weights(self) -> dict[str, Parameter]:
        """The parameters that are learnt: all but the scalars with a stated number."""
        return {n: p for n, p in self.parameters.items() if n not in self.constants}

    @cached_property
    def data(self) -> tuple[Signal, ...]:
        """The inputs that carry data: neither untied weights nor clocks."""
        return tuple(x for x in self.inputs if x.name not in (*self.untied, *self.clocks))

    @cached_property
    def sizes(self) -> tuple[Basic, ...]:
        """The size symbols, states' first: (n, m)."""
        named = [
            *(self.signals[s] for s in self.states),
            *self.signals.values(),
            *self.parameters.values(),
        ]
        found = (s for a in named for side in a.shape for s in sorted(side.free_symbols, key=str))
        return tuple(dict.fromkeys(found))

    @property
    def state_size(self) -> Size:
        return sum((self.signals[s].rows for s in self.states), Integer(0))

    def signal(self, name: str, time: object = t) -> Signal:
        """A signal at a time. Raises UnknownName with the nearest spelling."""
        if name not in self.signals:
            raise UnknownName(f"{self.name} has no signal '{name}'; {nearest(name, self.signals)}")
        return self.signals[name].at(time)

    def parameter(self, name: str) -> Parameter:
        """A parameter. Raises UnknownName with the nearest spelling."""
        if name not in self.parameters:
            raise UnknownName(
                f"{self.name} has no parameter '{name}'; {nearest(name, self.parameters)}"
            )
        return self.parameters[name]

    def __iter__(self) -> Iterator[Equation]:
        return iter(self.equations)


def _in_order(term: Term) -> tuple[Signal, ...]:
    from_left = (a for a in _leaves(term) if isinstance(a, Signal))
    return tuple(dict.fromkeys(from_left)) if signals_in(term) else ()


def _ordered_parameters(term: Term) -> tuple[Parameter, ...]:
    from_left = (a for a in _leaves(term) if isinstance(a, Parameter))
    return tuple(dict.fromkeys(from_left)) if parameters_in(term) else ()


def _leaves(term: Basic) -> Iterator[Basic]:
    if isinstance(term, Signal | Parameter):
        yield term
    else:
        for a in term.args:
            yield from _leaves(a)
