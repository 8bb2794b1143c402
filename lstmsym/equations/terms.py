"""The nodes that equations are made of.

Every node is a SymPy object, so hashing, substitution of time and free symbols come from SymPy; none
of them evaluates itself. A vector has shape (rows, 1), a scalar (1, 1). Factor order is the author's.

`derived` adds the nodes that only derivatives need. Both sets are closed: the rule table covers
`derived.CELL_TERMS`, the printers and the translator cover `derived.TERMS`, and a test says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

from sympy import Basic, Expr, Integer, MatrixExpr, Symbol

from lstmsym.equations.display import Shown
from lstmsym.equations.exact import as_name, exact
from lstmsym.errors import ShapeError

t = Symbol("t", integer=True)
k = Symbol("k", integer=True, positive=True)
T = Symbol("T", integer=True, positive=True)

Size: TypeAlias = Expr


_NODES: dict[tuple[Any, ...], Any] = {}
_MOST_NODES = 500_000


class Term(Shown, MatrixExpr):
    """A node; `shape` is (rows, columns), each a SymPy integer expression.

    Equal nodes are one object, so comparing them costs nothing and tables can be keyed by them.
    """

    _op_priority = 20.0

    def __new__(cls, *args: Any) -> Term:
        return cls._node(*args)

    @classmethod
    def _node(cls, *args: Any) -> Any:
        key = (cls, *args)
        found = _NODES.get(key)
        if found is None:
            if len(_NODES) >= _MOST_NODES:
                _NODES.clear()
            found = _NODES[key] = Basic.__new__(cls, *args)
        return found

    def __init_subclass__(cls, **options: Any) -> None:
        """A shape is worked out once a node."""
        super().__init_subclass__(**options)
        shape = cls.__dict__.get("shape")
        if isinstance(shape, property) and shape.fget is not None:
            cls.shape = cached_property(shape.fget)
            cls.shape.__set_name__(cls, "shape")

    @property
    def rows(self) -> Size:
        return self.shape[0]

    @property
    def cols(self) -> Size:
        return self.shape[1]

    @property
    def is_vector(self) -> bool:
        return self.shape[1] == 1

    @cached_property
    def parts(self) -> tuple[Term, ...]:
        """The terms directly below this node."""
        return tuple(a for a in self.args if isinstance(a, Term))

    def __add__(self, other: Any) -> Term:
        return Plus(self, as_term(other, self))

    def __radd__(self, other: Any) -> Term:
        return Plus(as_term(other, self), self)

    def __sub__(self, other: Any) -> Term:
        return Plus(self, negative(as_term(other, self)))

    def __rsub__(self, other: Any) -> Term:
        return Plus(as_term(other, self), negative(self))

    def __neg__(self) -> Term:
        return negative(self)

    def __mul__(self, other: Any) -> Term:
        return Hadamard(self, as_term(other, self))

    def __rmul__(self, other: Any) -> Term:
        return Hadamard(as_term(other, self), self)

    def __truediv__(self, other: Any) -> Term:
        return Quotient(self, as_term(other, self))

    def __matmul__(self, other: Term) -> Term:
        return MatrixProduct(self, other)

    def doit(self, **_: Any) -> Term:
        return self

    def _entry(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("entries are printed by lstmsym.printing.components")


class Signal(Term):
    """A named vector at a time: C[t-1]. Shape (rows, 1)."""

    def __new__(cls, name: Any, time: Any, rows: Any) -> Signal:
        return cls._node(as_name(name), exact(time), exact(rows))

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def time(self) -> Expr:
        return self.args[1]

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[2], Integer(1)

    def at(self, time: Any) -> Signal:
        return Signal(self.name, time, self.args[2])


class Parameter(Term):
    """A named weight that is the same at all times: W_f, b_f, a scalar. Shape (rows, cols)."""

    def __new__(cls, name: Any, rows: Any, cols: Any = 1) -> Parameter:
        return cls._node(as_name(name), exact(rows), exact(cols))

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[1], self.args[2]


class Fill(Term):
    """A constant of which every entry is the same number or scalar parameter: 0, 1, -1, α."""

    def __new__(cls, value: Any, rows: Any, cols: Any = 1) -> Fill:
        return cls._node(exact(value), exact(rows), exact(cols))

    @property
    def value(self) -> Basic:
        return self.args[0]

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[1], self.args[2]


class Plus(Term):
    """A sum of terms of one shape, in the author's order."""

    def __new__(cls, *terms: Term) -> Plus:
        same_shape("added", terms)
        return cls._node(*terms)

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[0].shape


class Hadamard(Term):
    """The elementwise product ⊙ of terms of one shape, in the author's order."""

    def __new__(cls, *factors: Term) -> Hadamard:
        same_shape("multiplied elementwise", factors)
        return cls._node(*factors)

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[0].shape


class Quotient(Term):
    """The elementwise quotient of two terms of one shape."""

    def __new__(cls, above: Term, below: Term) -> Quotient:
        same_shape("divided elementwise", (above, below))
        return cls._node(above, below)

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[0].shape


class MatrixProduct(Term):
    """The matrix product of its factors, in order. Inner sizes must agree."""

    def __new__(cls, *factors: Term) -> MatrixProduct:
        for a, b in pairwise(factors):
            if a.cols != b.rows:
                raise ShapeError(
                    f"matrix product of shapes {_shown(a)} and {_shown(b)}: {a.cols} ≠ {b.rows}"
                )
        return cls._node(*factors)

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.args[0].rows, self.args[-1].cols


class Elementwise(Term):
    """An activation applied to every entry: σ(a). The functions are in `activations`."""

    def __new__(cls, function: Any, inside: Term) -> Elementwise:
        return cls._node(as_name(function), inside)

    @property
    def function(self) -> str:
        return str(self.args[0].name)

    @property
    def inside(self) -> Term:
        return self.args[1]

    @property
    def shape(self) -> tuple[Size, Size]:
        return self.inside.shape


class Concatenation(Term):
    """Vectors stacked into one: [h_{t-1}, x_t]. Shape (sum of rows, 1)."""

    @property
    def shape(self) -> tuple[Size, Size]:
        return sum((a.rows for a in self.args), Integer(0)), Integer(1)


PLAIN_TERMS = (
    Signal, Parameter, Fill, Plus, Hadamard, Quotient, MatrixProduct, Elementwise, Concatenation,
)  # fmt: skip


def zeros(rows: Size, cols: Size | int = 1) -> Fill:
    """The zero matrix."""
    return Fill(0, rows, cols)


def is_fill(term: Any, value: int) -> bool:
    """Whether the term is the constant `value` in every entry."""
    return isinstance(term, Fill) and term.value == value


def negative(term: Term) -> Term:
    """-term, as the elementwise product with the constant -1."""
    return Hadamard(Fill(-1, *term.shape), term)


def one_minus(term: Term) -> Term:
    """1 - term, entry by entry."""
    return Plus(Fill(1, *term.shape), negative(term))


def as_term(value: Any, like: Term) -> Term:
    """A number as a constant of the shape of `like`; a term as it is."""
    return value if isinstance(value, Term) else Fill(value, *like.shape)


def walk(term: Basic) -> Iterator[Term]:
    """Every term in the tree, top first."""
    if isinstance(term, Term):
        yield term
    for a in term.args:
        yield from walk(a)


@lru_cache(maxsize=8192)
def signals_in(term: Basic) -> frozenset[Signal]:
    """The signals, each with its time, that a term mentions."""
    return frozenset(a for a in walk(term) if isinstance(a, Signal))


@lru_cache(maxsize=8192)
def parameters_in(term: Basic) -> frozenset[Parameter]:
    """The parameters that a term mentions."""
    return frozenset(a for a in walk(term) if isinstance(a, Parameter))


@lru_cache(maxsize=65536)
def at(term: Term, time: Any) -> Term:
    """The term with time t replaced: at(C[t-1], t-2) is C[t-3]."""
    return term.xreplace({t: exact(time)})


def same_shape(what: str, terms: Iterable[Term]) -> None:
    """Raise ShapeError, saying what was to be done, unless all terms have one shape."""
    first, *rest = terms
    for other in rest:
        if other.shape != first.shape:
            raise ShapeError(f"shapes {_shown(first)} and {_shown(other)} cannot be {what}")


def _shown(term: Term) -> str:
    return f"({term.rows}, {term.cols})" if term.cols != 1 else f"({term.rows},)"
