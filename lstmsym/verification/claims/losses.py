r"""What a stated loss says of its target: with L_t = -yᵀ log ŷ, ŷ = softmax(z), the y for which ∂L/∂z = ŷ - y.

A run draws the slopes of its loss; the target that gives these slopes is worked out from them. So a claim with
ŷ - y is judged like any other, and no loss has to be run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lstmsym.formulas import tree as f
from lstmsym.formulas.times import moment
from lstmsym.verification.claims.letters import LOSSES, Letter, differences, letter_of, recurs

LOSS = f.Symbol("L")


@dataclass(frozen=True)
class Inner(f.Node):
    """The inner product of two vectors, whether they are rows or columns."""

    first: f.Node
    second: f.Node


@dataclass(frozen=True)
class Stated:
    """A loss by an output and its target; `slope` says the target in the output and in ∂L/∂output.

    timed  whether the target is written with its time
    last   whether the output is that of the last step, as in ½ (h_T - y)²
    """

    output: f.Symbol
    target: f.Symbol
    kind: str
    halved: bool = True
    timed: bool = True
    last: bool = False

    @property
    def slope(self) -> f.Node:
        """The target that has the slopes of the run."""
        y = at_end(self.output) if self.last and not self.timed else self.output
        by = f.Derivative(LOSS, y)
        share = f.Product((y, by), ("odot",))
        if self.kind == "binary":
            whole = f.Product((share, y), ("odot",))
            return f.Sum(((1, y), (-1, share), (1, whole)))
        if self.kind == "cross-entropy":
            mean = f.Product((Inner(y, by), y), ("",))
            return f.Sum(((1, y), (-1, share), (1, mean)))
        step = by if self.halved else f.Quotient(by, f.Number("2"))
        return f.Sum(((1, y), (-1, step)))

    def leaves_open(self, left: f.Node, right: f.Node) -> bool:
        """Whether a claim gives ∂L/∂ŷ itself by the target, which ŷ - y says up to a constant."""
        below = left.below if isinstance(left, f.Derivative) else None
        by = isinstance(below, f.Symbol) and letter_of(below) == letter_of(self.output)
        said = any(
            isinstance(a, f.Symbol) and letter_of(a) == letter_of(self.target)
            for a in f.walk(right)
        )
        return self.kind != "squared" and by and said


def stated_losses(equations: Sequence[f.Equation]) -> Iterator[Stated]:
    """The losses that equations state: squared differences, and cross-entropies of a softmax."""
    softmax = {
        (e.left.base, e.left.accents)
        for e in equations
        if isinstance(e.left, f.Symbol) and _is_softmax(e.sides[-1])
    }
    lefts = {(e.left.base, e.left.accents) for e in equations if isinstance(e.left, f.Symbol)}
    for equation in equations:
        if not _is_loss(equation.left):
            continue
        for side in equation.sides[1:]:
            for found in (_cross_entropy(side), _squared(side, lefts)):
                if found and (found.kind == "squared" or letter_of(found.output) in softmax):
                    yield found


def worded_losses(equations: Sequence[f.Equation]) -> Iterator[Stated]:
    """The cross-entropies of softmax outputs where words alone say the loss: the target of ŷ is y."""
    lefts = {letter_of(e.left) for e in equations if isinstance(e.left, f.Symbol)}
    for e in equations:
        if isinstance(e.left, f.Symbol) and _is_softmax(e.sides[-1]):
            base = e.left.base if e.left.accents else "y"
            target = f.Symbol(base, (), e.left.scripts)
            if letter_of(target) not in lefts:
                yield Stated(e.left, target, "cross-entropy", timed=bool(e.left.scripts))


def assumed_losses(
    equations: Sequence[f.Equation], claims: Sequence[f.Equation]
) -> Iterator[Stated]:
    """The losses that claims take for granted where they write ŷ - y and nobody says what y is."""
    network = [e for e in equations if not _is_loss(e.left)]
    read = {letter_of(a) for e in network for side in e.sides[1:] for a in f.plain_symbols(side)}
    stated = [e for e in equations if _is_loss(e.left) and not _is_read(e.left, read)]
    if any(
        isinstance(a, f.Quotient) and a.above == f.Number("1") for e in stated for a in f.walk(e)
    ):
        return  # of a mean the slope is ŷ - y over the number
    equations = [e for e in equations if e not in stated]
    lefts = {letter_of(e.left): e.sides[-1] for e in equations if isinstance(e.left, f.Symbol)}
    read = {letter_of(a) for e in equations for side in e.sides[1:] for a in f.plain_symbols(side)}
    states = _inside(equations)
    for a, b in (pair for e in claims for side in e.sides for pair in differences(side)):
        if letter_of(a) in lefts.keys() - states and letter_of(b) not in {*lefts, *read, ("1", ())}:
            output = _whole(a)
            yield Stated(output, b, _kind(lefts[letter_of(a)]), timed=bool(b.scripts))


def _is_read(left: f.Node, read: set[Letter]) -> bool:
    """Whether other equations go on with what an equation gives: C is a state there, and no cost."""
    return isinstance(left, f.Symbol) and letter_of(left) in read


def _inside(equations: Sequence[f.Equation]) -> set[Letter]:
    """The letters of the states, and of the gates and all else that they are computed from."""
    reads = {
        letter_of(e.left): {letter_of(a) for side in e.sides[1:] for a in f.plain_symbols(side)}
        for e in equations
        if isinstance(e.left, f.Symbol)
    }
    found: set[Letter] = set()
    new = {letter_of(e.left) for e in equations if isinstance(e.left, f.Symbol) and recurs(e)}
    new |= {a for e in equations for a in _read_before(e)} & reads.keys()
    while new:
        found |= new
        new = {b for a in new for b in reads[a]} & reads.keys() - found
    return found


def _read_before(equation: f.Equation) -> Iterator[Letter]:
    """The letters that an equation reads at t-1."""
    for a in (a for side in equation.sides[1:] for a in f.plain_symbols(side)):
        if any(moment(b, "t") == 1 for s in a.scripts for b in s.inside):
            yield letter_of(a)


def _kind(right: f.Node) -> str:
    """The loss whose slope by the argument of an output is ŷ - y."""
    function = right.function if isinstance(right, f.Apply) else ""
    return {"softmax": "cross-entropy", "sigmoid": "binary"}.get(function, "squared")


def is_stated_loss(equation: f.Equation) -> bool:
    """Whether an equation may state a loss by its outputs."""
    return _is_loss(equation.left) and any(
        _cross_entropy(side) or _difference(side) for side in equation.sides[1:]
    )


def _is_loss(left: f.Node) -> bool:
    first = left.factors[0] if isinstance(left, f.Product) else left
    return isinstance(first, f.Symbol) and first.base in LOSSES


def _is_softmax(node: f.Node) -> bool:
    return isinstance(node, f.Apply) and node.function == "softmax"


def _cross_entropy(side: f.Node) -> Stated | None:
    """-yᵀ log ŷ, summed or not."""
    if not (isinstance(side, f.Sum) and len(side.parts) == 1 and side.parts[0][0] < 0):
        return None
    body = _summand(side.parts[0][1])
    factors = body.factors if isinstance(body, f.Product) else ()
    if len(factors) != 2:
        return None
    first, last = (_bare(a) for a in factors)
    logs = isinstance(last, f.Apply) and last.function == "log"
    output = _bare(last.arguments[0]) if isinstance(last, f.Apply) and logs else None
    if not isinstance(first, f.Symbol) or not isinstance(output, f.Symbol):
        return None
    return _stated(output, first, "cross-entropy")


def _squared(side: f.Node, lefts: set[tuple[str, tuple[str, ...]]]) -> Stated | None:
    """‖ŷ - y‖² or a half of it; ŷ is what an equation defines."""
    pair, halved = _difference(side) or ((), False)
    known = [a for a in pair if letter_of(a) in lefts]
    others = [a for a in pair if letter_of(a) not in lefts]
    if len(known) != 1:
        return None
    return _stated(known[0], others[0], "squared", halved)


def _stated(output: f.Symbol, target: f.Symbol, kind: str, halved: bool = True) -> Stated:
    timed, last = bool(target.scripts), is_at_end(output)
    return Stated(_whole(output), _whole(target), kind, halved, timed, last)


def loses_at_end(equations: Sequence[f.Equation]) -> bool:
    """Whether all that a document says of its whole loss is that it reads the last step."""
    whole = [e for e in equations if isinstance(e.left, f.Symbol) and not e.left.scripts]
    stated = [e for e in whole if _is_loss(e.left)]
    return bool(stated) and all(map(is_of_last_step, stated))


def is_of_last_step(equation: f.Equation) -> bool:
    """Whether an equation says that the loss reads the last step alone: L = ½ (h_T - y)², L = ℓ(y_T)."""
    left = equation.left
    read = [a for side in equation.sides[1:] for a in f.plain_symbols(side)]
    inside = (a for symbol in read for s in symbol.scripts for a in s.inside)
    times = {a for a in inside if a in (*ENDS, f.Symbol("t")) or isinstance(a, f.Sum)}
    plain = isinstance(left, f.Symbol) and not left.scripts and _is_loss(left)
    return plain and bool(times) and times <= {*ENDS}


ENDS = (f.Symbol("T"), f.Symbol("tau"), f.Symbol("τ"))


def is_at_end(symbol: f.Symbol) -> bool:
    """Whether T is the only script of a symbol."""
    return len(symbol.scripts) == 1 and symbol.scripts[0].inside in {(a,) for a in ENDS}


def at_end(symbol: f.Symbol) -> f.Symbol:
    """A symbol at t as that of the last step."""
    return f.Symbol(symbol.base, symbol.accents, (f.Script("below", "plain", (f.Symbol("T"),)),))


def _difference(side: f.Node) -> tuple[tuple[f.Symbol, ...], bool] | None:
    """The symbols of ‖a - b‖², and whether half of it stands there."""
    body = _summand(side)
    factors = body.factors if isinstance(body, f.Product) else (body,)
    factors = tuple(b for a in factors for b in (_split(a) if isinstance(a, f.Big) else (a,)))
    halves = [a for a in factors if a == f.Quotient(f.Number("1"), f.Number("2"))]
    squares = [a for a in factors if isinstance(a, f.Power) and a.exponent == f.Number("2")]
    if len(squares) != 1 or len(halves) + 1 != len(factors):
        return None
    inside = squares[0].base
    inside = inside.inside if isinstance(inside, f.Norm | f.Bracket) else inside
    if isinstance(inside, f.Apply) and inside.function == "abs":
        inside = inside.arguments[0]
    parts = inside.parts if isinstance(inside, f.Sum) else ()
    pair = tuple(a for _, a in parts if isinstance(a, f.Symbol))
    if len(pair) != 2 or len(parts) != 2 or parts[0][0] + parts[1][0] != 0:
        return None
    return pair, bool(halves)


def _split(node: f.Node) -> tuple[f.Node, ...]:
    body = _summand(node)
    return body.factors if isinstance(body, f.Product) else (body,)


def _summand(node: f.Node) -> f.Node:
    while isinstance(node, f.Big | f.Bracket):
        node = node.body if isinstance(node, f.Big) else node.inside
    return node


def _bare(node: f.Node) -> f.Node:
    return node.inside if isinstance(node, f.Transpose | f.Bracket) else node


def _whole(symbol: f.Symbol) -> f.Symbol:
    """The symbol at t, without the letters of components."""
    time = f.Script("below", "plain", (f.Symbol("t"),))
    return f.Symbol(symbol.base, symbol.accents, (time,))
