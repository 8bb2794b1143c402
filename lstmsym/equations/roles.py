"""What the summands of an equation are: weights on the input, on the state, on the cell state, and biases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from lstmsym.equations.cell import Cell, Equation
from lstmsym.equations.derived import Blocks, Columns, part_of
from lstmsym.equations.peepholes import CELL_STATE
from lstmsym.equations.rename import marks_of
from lstmsym.equations.terms import (
    Concatenation,
    Elementwise,
    Hadamard,
    MatrixProduct,
    Parameter,
    Plus,
    Term,
    parameters_in,
    signals_in,
    zeros,
)
from lstmsym.errors import CellError

BIAS, REST = "bias", "rest"
TWO_BIASES = ("input bias", "state bias")


class WeightNames(Protocol):
    """The names that a notation has for the weights of one equation."""

    def __call__(self, role: str) -> str: ...
    def has(self, role: str) -> bool: ...


@dataclass(frozen=True)
class Written:
    """A term under new weights, and what each of them is in the old ones."""

    term: Term
    origins: Mapping[str, Term]


@dataclass(frozen=True)
class Summand:
    """One summand by its role: what a weight multiplies, and the weight in the old parameters."""

    role: str
    term: Term
    weight: Term | None = None
    elementwise: bool = False


@dataclass(frozen=True)
class Roles:
    """How the summands of a cell's equations are named and ordered; joint weights are one matrix a gate."""

    cell: Cell
    order: tuple[str, ...]
    joint: bool

    def written(self, e: Equation, name: WeightNames) -> Written:
        """The right side of an equation with its weights named by their roles."""
        writer = _Writer(self, e, name)
        return Written(writer.write(e.right, inner=False), writer.origins)

    def role(self, e: Equation, inside: Term) -> str:
        """input for what comes from outside or from another layer, cell for the cell state, else state."""
        signals = signals_in(inside)
        outside = {x.name for x in self.cell.inputs}
        own = [s for s in signals if s.name not in outside and _copy(s.name) == _copy(e.name)]
        if not own:
            return "input"
        states = (self.cell.by_name[s.name].meaning.startswith(CELL_STATE) for s in own)
        return "cell" if any(states) else "state"


def _copy(name: str) -> tuple[str, ...]:
    return marks_of(name)


@dataclass
class _Writer:
    roles: Roles
    equation: Equation
    name: WeightNames
    origins: dict[str, Term] = field(default_factory=dict)

    def write(self, term: Term, inner: bool) -> Term:
        """The term anew; inner: inside a product with a gate, as in r ⊙ (U h + c)."""
        if not self._learnt(term):
            return term
        if isinstance(term, Elementwise):
            return Elementwise(term.function, self.write(term.inside, inner=False))
        addends = term.parts if isinstance(term, Plus) else (term,)
        summands = [s for a in addends for s in self.summands(a, inner)]
        if self.roles.joint and not inner:
            summands = self.joined(summands)
        return _sum([self.named(s) for s in self.sorted(summands)])

    def _learnt(self, term: Term) -> bool:
        return any(p.name not in self.roles.cell.constants for p in parameters_in(term))

    def summands(self, addend: Term, inner: bool) -> list[Summand]:
        """The summands that one addend is."""
        if not self._learnt(addend):
            return [Summand(REST, addend)]
        if isinstance(addend, Parameter) and addend.cols == 1:
            return [Summand("inner bias" if inner else BIAS, addend, addend)]
        if isinstance(addend, MatrixProduct) and isinstance(addend.parts[0], Parameter):
            return self.products(*addend.parts)
        if isinstance(addend, Hadamard) and isinstance(addend.parts[0], Parameter):
            weight, *rest = addend.parts
            inside = rest[0] if len(rest) == 1 else Hadamard(*rest)
            return [Summand(self.roles.role(self.equation, inside), inside, weight, True)]
        if isinstance(addend, Parameter):
            raise CellError(
                f"{addend.name} stands in {self.equation.name} as no notation of another paper has it; take 'own'"
            )
        factors = (self.write(a, inner=True) if isinstance(a, Term) else a for a in addend.args)
        return [Summand(REST, type(addend)(*factors))]

    def products(self, weight: Parameter, inside: Term) -> list[Summand]:
        """W [h, x] as a product for each part."""
        role = lambda part: self.roles.role(self.equation, part)  # noqa: E731
        if not isinstance(inside, Concatenation):
            return [Summand(role(inside), inside, weight)]
        columns = (Columns(weight, part_of(inside, n)) for n in range(len(inside.parts)))
        return [Summand(role(a), a, w) for a, w in zip(inside.parts, columns, strict=True)]

    def joined(self, summands: list[Summand]) -> list[Summand]:
        """The products of one gate as one product with a concatenation, in the notation's order."""
        products = [
            s for s in self.sorted(summands) if s.role not in (BIAS, REST) and not s.elementwise
        ]
        if len(products) < 2:
            return summands
        inside = Concatenation(*(s.term for s in products))
        weights = [s.weight for s in products if s.weight is not None]
        return [
            Summand("joint", inside, _together(weights)),
            *(s for s in summands if s not in products),
        ]

    def sorted(self, summands: list[Summand]) -> list[Summand]:
        """In the order of the notation, with a bias for each product where it has two."""
        found = [a for s in summands for a in self.biases(s, summands)]
        places = {role: place for place, role in enumerate(self.roles.order)}
        places.setdefault("inner bias", places.get(BIAS, places.get("state bias", len(places))))
        return sorted(found, key=lambda s: places.get(s.role, places.get(REST, len(places))))

    def biases(self, s: Summand, among: list[Summand]) -> list[Summand]:
        """b as b_i + b_h where the notation has both and both products are there; the second one is new, and zero."""
        if s.role not in (BIAS, "inner bias") or not self.name.has(TWO_BIASES[0]):
            return [s]
        roles = {f"{a.role} bias" for a in among}
        kinds = [kind for kind in TWO_BIASES if kind in roles] or [TWO_BIASES[0]]
        return [
            Summand(kind, s.term, s.weight if n == 0 else zeros(s.term.rows))
            for n, kind in enumerate(kinds)
        ]

    def named(self, s: Summand) -> Term:
        """The summand with its weight under its new name."""
        if s.weight is None:
            return s.term
        parameter = Parameter(self.name(s.role), *s.weight.shape)
        self.origins[parameter.name] = s.weight
        if s.elementwise:
            return Hadamard(
                parameter, *(s.term.parts if isinstance(s.term, Hadamard) else (s.term,))
            )
        return parameter if "bias" in s.role else MatrixProduct(parameter, s.term)


def _together(weights: list[Term]) -> Term:
    """Columns of one weight, all of them in their order, are that weight; else a block matrix."""
    first = weights[0]
    if isinstance(first, Columns):
        whole = [w for w in weights if isinstance(w, Columns) and w.parameter == first.parameter]
        in_order = [w.part.index for w in whole] == list(range(len(first.part.widths)))
        if len(whole) == len(weights) and in_order:
            return first.parameter
    return Blocks(len(weights), *weights)


def _sum(terms: list[Term]) -> Term:
    return terms[0] if len(terms) == 1 else Plus(*terms)
