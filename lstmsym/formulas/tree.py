"""What a written formula says, before anybody decides what its letters are.

The reader (`reader`) makes these nodes from LaTeX; `names` says which identifier and which time a
symbol is; cells (`cells`) and claims about gradients are made from them. A product keeps the sign that
stands between its factors, a script its brackets: what they mean depends on shapes, which come later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Place:
    """Where something stands in the text that was read: offsets, the end exclusive."""

    start: int
    end: int


NOWHERE = Place(0, 0)


@dataclass(frozen=True)
class Node:
    """Anything in a formula; places do not count when two formulas are compared."""

    place: Place = field(default=NOWHERE, compare=False, kw_only=True, repr=False)


@dataclass(frozen=True)
class Number(Node):
    """1, 0.5: the digits as written."""

    digits: str


@dataclass(frozen=True)
class Script(Node):
    """What hangs on a symbol: h_{t-1} (below, plain), h^{(t)} (above, round), h^{<t>} (angle), h[t-1] (below, square).

    inside  the parts between commas, each a node; adjacent letters as in W_{xf} are a Product
    """

    where: str
    style: str
    inside: tuple[Node, ...]


@dataclass(frozen=True)
class Symbol(Node):
    r"""A letter or word with what hangs on it: \tilde{C}_t is Symbol("C", ("tilde",), scripts).

    base     one letter, a word from \mathrm or \text, or a Greek command without its backslash: "sigma";
             "1" and "0" where the digit is bold: a vector of ones, of zeros. A function without an
             argument is a symbol too: "sigma" for \sigma, else its canonical name: "tanh"
    accents  tilde, hat, bar, dot, vec, … innermost first; bold and other fonts are dropped
    primes   the number of '
    """

    base: str
    accents: tuple[str, ...] = ()
    scripts: tuple[Script, ...] = ()
    primes: int = 0


@dataclass(frozen=True)
class Apply(Node):
    r"""A known function of something: \sigma(a), \tanh'(a), \tanh^2(a), diag(f), \mathrm{ReLU}(a).

    function  the canonical name: sigmoid, tanh, relu, softmax, exp, log, sech, diag, max, …
    power     2 in \tanh^2(a); 1 otherwise. primes: 1 in \sigma'(a)
    """

    function: str
    arguments: tuple[Node, ...]
    primes: int = 0
    power: int = 1


@dataclass(frozen=True)
class Scripted(Node):
    r"""Something other than a symbol with indices: (W x)_i, [J_t]_{ij}; a bar as in A|_{h=0} has the style "bar"."""

    inside: Node
    scripts: tuple[Script, ...]


@dataclass(frozen=True)
class Sum(Node):
    """a + b - c: (sign, part) with sign 1 or -1; a leading minus alone is a Sum of one."""

    parts: tuple[tuple[int, Node], ...]


@dataclass(frozen=True)
class Product(Node):
    r"""a b, with the sign before each factor but the first.

    signs  "" nothing, "*", "dot" (\cdot), "odot", "circ", "times", "otimes", "oplus"
    """

    factors: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Quotient(Node):
    r"""\frac{a}{b} or a / b."""

    above: Node
    below: Node


@dataclass(frozen=True)
class Power(Node):
    """a^2, J^k, a^{-1}; an exponent on a bare symbol stays a Script above, as it may be a time or a name."""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Transpose(Node):
    r"""a^T, a^\top, a^{\mathsf T}, a^\intercal, (a)'."""

    inside: Node


@dataclass(frozen=True)
class Bracket(Node):
    """Brackets that group: "round", "square", "curly", and "angle" around the two factors of ⟨a, b⟩."""

    inside: Node
    style: str


@dataclass(frozen=True)
class Stack(Node):
    """[a, b], [a; b], (a, b) and a column of a pmatrix: things put together; sign "," ";" or "rows"."""

    parts: tuple[Node, ...]
    sign: str


@dataclass(frozen=True)
class Grid(Node):
    """A matrix with more than one column, row by row."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Derivative(Node):
    r"""\frac{\partial C_t}{\partial C_{t-1}}, \partial a / \partial b, dC_t/dC_{t-1}, \nabla_{h_t} L.

    above  None for an operator: \frac{\partial}{\partial h} (…), which then stands before its operand
    sign   "partial", "d" or "nabla"
    mark   "+" of \partial^+; "" otherwise
    kind   the word of \left. … \right|_{\text{block}}; "" otherwise
    """

    above: Node | None
    below: Node
    sign: str = "partial"
    mark: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Range(Node):
    """k = 1 … t, both inclusive; None where nothing is said: \\sum_t is Range("t", None, None)."""

    index: str
    lower: Node | None
    upper: Node | None


@dataclass(frozen=True)
class Members(Node):
    r"""q \in \{f, i, o\}: an index that runs over names."""

    index: str
    members: tuple[Node, ...]


@dataclass(frozen=True)
class Big(Node):
    r"""\sum or \prod over ranges; \prod_{t \ge i > k} is the range i = k+1 … t."""

    kind: str
    over: tuple[Range | Members, ...]
    body: Node


@dataclass(frozen=True)
class Norm(Node):
    r"""\lVert a \rVert_2."""

    inside: Node
    index: str = ""


@dataclass(frozen=True)
class Cases(Node):
    r"""\begin{cases} a & condition \\ … : (value, condition as text) a row."""

    branches: tuple[tuple[Node, str], ...]


@dataclass(frozen=True)
class Words(Node):
    r"""\text{…} that stands as a factor or summand of its own."""

    text: str


@dataclass(frozen=True)
class Dots(Node):
    r"""\dots, \cdots: something left out."""


@dataclass(frozen=True)
class Equation(Node):
    r"""A chain of sides: a = b = c.

    relations  "=", ":=", "+=", "approx", "equiv", "propto", "to", "in", "le", "lt", "ge", "gt", "ne"
    tag  what \tag or \label or a trailing comment says
    """

    sides: tuple[Node, ...]
    relations: tuple[str, ...]
    tag: str = ""

    @property
    def left(self) -> Node:
        return self.sides[0]


Formula: TypeAlias = Equation | Node


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below, from left to right."""
    for name in node.__dataclass_fields__:
        yield from _nodes(getattr(node, name))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for a in value:
            yield from _nodes(a)


def walk(node: Node) -> Iterator[Node]:
    """Every node, top first, left to right."""
    yield node
    for a in children(node):
        yield from walk(a)


def plain_symbols(node: Node) -> Iterator[Symbol]:
    """The symbols of a formula, without those in their scripts."""
    if isinstance(node, Symbol):
        yield node
        return
    for a in children(node):
        yield from plain_symbols(a)
