r"""What each parameter is, from the products in which it stands: scalar, vector or matrix.

By convention a capital letter right before a vector is a matrix, a small Greek letter a scalar, and what
\odot or \circ joins is multiplied entry by entry. Where this decides nothing, the author is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lstmsym.errors import CellError
from lstmsym.formulas import tree as f
from lstmsym.formulas.calls import Choice
from lstmsym.formulas.names import Named
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.tree import Node, walk

TIGHT = ("", "dot")
ENTRYWISE = ("odot", "circ")
GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "iota",
    "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "varphi",
    "chi", "psi", "omega", "Delta_t", "dt",
)  # fmt: skip

SCALAR, VECTOR, MATRIX, OPEN = "scalar", "vector", "matrix", "open"

# What a letter and the sign beside it say. "ask" and "either" decide nothing by themselves.
# fmt: off
CONVENTIONS: dict[tuple[str, str], str] = {
    # letter      sign          the letter is
    ("capital",   "tight"):     MATRIX,
    ("capital",   "entrywise"): VECTOR,
    ("capital",   "other"):     "either",
    ("Greek",     "tight"):     SCALAR,
    ("Greek",     "entrywise"): VECTOR,
    ("Greek",     "other"):     SCALAR,
    ("small",     "tight"):     "ask",
    ("small",     "entrywise"): VECTOR,
    ("small",     "other"):     "ask",
}
# fmt: on


@dataclass
class Kinds:
    """The kinds of one text; `seen` keeps what was seen of each name, and where; `inputs` have no equation."""

    text: Text
    known: dict[str, str]
    inputs: frozenset[str] = frozenset()
    seen: dict[str, dict[str, Node]] = field(default_factory=dict)

    # --- shapes -----------------------------------------------------------------------------------

    def shape(self, node: Node) -> str:
        """scalar, vector or matrix; open as long as a parameter in it may be either."""
        match node:
            case Named(lag=None, name=name):
                return VECTOR if self.known.get(name) == "diagonal" else self.known.get(name, OPEN)
            case Named(name=name):
                return SCALAR if self.known.get(name) == SCALAR else VECTOR
            case f.Stack() | Choice():
                return VECTOR
            case f.Number():
                return SCALAR
            case f.Transpose(inside=inside):
                return MATRIX if self.shape(inside) in (MATRIX, OPEN) else VECTOR
            case f.Apply(function="dot"):
                return SCALAR
            case f.Sum(parts=parts):
                return self._joint(a for _, a in parts)
            case f.Power(base=base):
                return self.shape(base)
        return self._joint(f.children(node))

    def _joint(self, nodes: Iterable[Node]) -> str:
        shapes = {self.shape(a) for a in nodes}
        order = (VECTOR, OPEN, MATRIX)
        return next((shape for shape in order if shape in shapes), SCALAR)

    # --- what is seen -----------------------------------------------------------------------------

    def infer(self, rights: list[Node]) -> list[str]:
        """Find every kind; the names that may be a matrix or a vector are returned. Raises CellError."""
        self._settle(rights, (MATRIX, VECTOR, SCALAR))
        self._settle(rights, ("either", "ask", "summand"))
        undecided = [n for n, seen in self.seen.items() if n not in self.known and "either" in seen]
        for right in rights:
            for name in self._open(right):
                if name.name not in undecided:
                    raise self._ask(name, self.seen.get(name.name, {}))
        return undecided

    def _settle(self, rights: list[Node], enough: tuple[str, ...]) -> None:
        """Look again until nothing new is found."""
        for _ in range(20):
            for right in rights:
                self._look(right)
            found = {n: self._decided(n, s) for n, s in self.seen.items() if n not in self.known}
            if enough[0] != MATRIX:
                summands = {n for n, s in self.seen.items() if set(s) == {"summand"}}
                found |= dict.fromkeys(summands - set(self.known), VECTOR)
            new = {n: kind for n, kind in found.items() if kind}
            self.known |= new
            if not new:
                return

    def _decided(self, name: str, seen: dict[str, Node]) -> str:
        """The kind that was seen; "" where nothing decides. Raises CellError where two exclude each other."""
        for a, b in ((MATRIX, VECTOR), (SCALAR, VECTOR), (SCALAR, MATRIX)):
            if a in seen and b in seen:
                line = self.text.line(seen[a].place)
                raise self.text.fail(
                    seen[b].place,
                    f"'{name}' stands here as a {b} and on line {line} as a {a}; "
                    f"state it, as in  % {name} : {a}",
                )
        return next((kind for kind in (MATRIX, VECTOR, SCALAR) if kind in seen), "")

    def _look(self, node: Node) -> None:
        match node:
            case f.Product():
                self._product(flat(node))
            case f.Transpose(inside=Named(lag=None) as name):
                self._see(name, MATRIX)
            case f.Apply(function="each", arguments=(Named(lag=None) as name, _)):
                self._see(name, MATRIX)
            case f.Apply(function="diag", arguments=(Named(lag=None) as name,)):
                self._see(name, VECTOR)
            case f.Sum(parts=parts) if self.shape(node) == VECTOR:
                for _, part in parts:
                    self._see_all(part, "summand")
            case f.Quotient(above=above, below=below):
                kind = "Greek" if self.shape(above) == VECTOR else "summand"
                self._see_all(below, kind)
        for child in f.children(node):
            self._look(child)

    def _product(self, node: f.Product) -> None:
        factors, signs = node.factors, node.signs
        if "oplus" in signs:
            raise self.text.fail(
                factors[signs.index("oplus") + 1].place,
                "⊕ may be a sum or a concatenation; write a + b or [a, b]",
            )
        for n, factor in enumerate(factors):
            rest = [*factors[:n], *factors[n + 1 :]]
            self._check_input(factor, signs[n : n + 1], factors[n + 1 : n + 2])
            if self.shape(factor) != OPEN or not any(self.shape(a) != SCALAR for a in rest):
                continue
            behind = any(self.shape(a) != SCALAR for a in factors[n + 1 :])
            sign = signs[n] if behind else signs[n - 1]
            if isinstance(factor, Named):
                self._see(factor, self._convention(factor, sign, behind))
            else:
                self._see_all(factor, "summand" if sign in ENTRYWISE else "Greek")

    def _check_input(self, factor: Node, sign: tuple[str, ...], behind: tuple[Node, ...]) -> None:
        """W_t h_{t-1}: a weight of each step, or an input that goes entry by entry?"""
        if not isinstance(factor, Named) or factor.name not in self.inputs:
            return
        to_vector = all(self.shape(a) == VECTOR for a in behind)
        if letter_of(factor.name) == "capital" and sign and sign[0] in TIGHT and to_vector:
            raise self.text.fail(
                factor.place,
                f"'{self.text.at(factor)}' has no equation and stands like a matrix; write its "
                f"equation, or state that it comes from outside, as in  % {factor.name} : input",
            )

    def _convention(self, name: Named, sign: str, behind: bool) -> str:
        letter, kind = letter_of(name.name), sign_of(sign)
        if letter == "capital" and not behind and kind != "entrywise":
            raise self.text.fail(
                name.place,
                f"'{self.text.at(name)}' stands right of what it multiplies; vectors are columns "
                "here, so write the matrix first, W x",
            )
        return CONVENTIONS[letter, kind]

    def _see_all(self, node: Node, what: str) -> None:
        """What is seen of an expression is seen of every open name in it; in "Greek" letters decide."""
        if self.shape(node) == OPEN:
            for name in self._open(node):
                scalar = SCALAR if letter_of(name.name) == "Greek" else "ask"
                self._see(name, scalar if what == "Greek" else what)

    def _see(self, name: Named, what: str) -> None:
        self.seen.setdefault(name.name, {}).setdefault(what, name)

    def _open(self, node: Node) -> Iterator[Named]:
        found = (a for a in walk(node) if isinstance(a, Named) and a.lag is None)
        return (a for a in found if self.shape(a) == OPEN)

    def _ask(self, name: Named, seen: dict[str, Node]) -> CellError:
        place = next(iter(seen.values()), name).place
        return self.text.fail(
            place,
            f"'{self.text.at(name)}' may be a scalar, a vector (entry by entry) or a matrix; "
            f"state it, as in  % {name.name} : diagonal  or  % {name.name} : matrix",
        )


def letter_of(name: str) -> str:
    """capital, Greek or small: what conventions go by."""
    base = name.partition("_")[0].rstrip("0123456789")
    if base in GREEK or name in GREEK:
        return "Greek"
    return "capital" if len(base) == 1 and base.isupper() and base.isascii() else "small"


def sign_of(sign: str) -> str:
    """tight, entrywise or other."""
    return "tight" if sign in TIGHT else "entrywise" if sign in ENTRYWISE else "other"


def flat(node: f.Product) -> f.Product:
    """A product in a product without brackets is one product."""
    factors: list[Node] = []
    signs: list[str] = []
    for n, factor in enumerate(node.factors):
        inner = flat(factor) if isinstance(factor, f.Product) else None
        signs += [node.signs[n - 1]] if n else []
        signs += inner.signs if inner else ()
        factors += inner.factors if inner else (factor,)
    return f.Product(tuple(factors), tuple(signs), place=node.place)
