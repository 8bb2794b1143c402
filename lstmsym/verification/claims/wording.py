r"""What others write with other signs: prod(a, b) is a b, ∂L/∂W|_t the share of step t, h(t-1) is h_{t-1}."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import in_equation, joining, rewritten
from lstmsym.formulas.times import PREVIOUS, moment, time_letter
from lstmsym.verification.claims.clock import NEXT, NOW
from lstmsym.verification.claims.letters import LOSSES
from lstmsym.verification.claims.parts_in_words import LATER

PRODUCT = f.Symbol("prod")
GRADIENTS = ("delta", "Delta", "nabla", "d")
NO_PIECES = (*PREVIOUS, *NEXT, *NOW, "star")  # words that say a time, or any gate
UNITS = ("i", "j", "k", "l", "n", "m")


def reworded(equations: Iterable[f.Equation]) -> list[f.Equation]:
    """Equations with signs for these words."""
    given = list(equations)
    letter = time_letter(given) or "t"

    def rule(node: f.Node) -> f.Node | None:
        found = _product(node) or _share(node, letter) or _one_hot(node) or _parted(node, letter)
        return rewritten(found, rule) if found is not None else None

    return [in_equation(e, rule) for e in given]


def _parted(node: f.Node, letter: str) -> f.Node | None:
    """δ_{ht} as δ_{h,t}, z_{ft} as z_{f,t}."""
    if not isinstance(node, f.Symbol) or node.base not in PARTED or len(node.scripts) != 1:
        return None
    (script,) = node.scripts
    inside = script.inside[0] if len(script.inside) == 1 else None
    if not isinstance(inside, f.Product) or any(inside.signs) or len(inside.factors) != 2:
        return None
    if inside.factors[1] != f.Symbol(letter):
        return None
    return replace(node, scripts=(replace(script, inside=inside.factors),))


PARTED = ("delta", "z", "a", "net")


def _one_hot(node: f.Node) -> f.Node | None:
    r"""\mathbf{1}_{y_t}, the one-hot vector of a class, as y_t: the target by another letter."""
    first, *rest = (isinstance(node, f.Symbol) and node.base == "1" and node.scripts) or (None,)
    inside = first.inside if first is not None and first.where == "below" else ()
    named = len(inside) == 1 and isinstance(inside[0], f.Symbol) and inside[0].base in ("y", "c")
    if not named or not isinstance(node, f.Symbol):
        return None
    (of,) = inside
    assert isinstance(of, f.Symbol)
    return replace(of, scripts=(*of.scripts, *rest), place=node.place)


def _product(node: f.Node) -> f.Node | None:
    """prod(a, b), also with factors beside it."""
    if not isinstance(node, f.Product) or PRODUCT not in node.factors[:-1]:
        return None
    at = node.factors.index(PRODUCT)
    stack = node.factors[at + 1]
    if node.signs[at] or not isinstance(stack, f.Stack):
        return None
    chain = f.Product(stack.parts, ("",) * (len(stack.parts) - 1), place=stack.place)
    if len(node.factors) == 2:
        return chain
    factors = (*node.factors[:at], f.Bracket(chain, "round", place=stack.place))
    signs = (*node.signs[:at], *node.signs[at + 1 :])
    return replace(node, factors=(*factors, *node.factors[at + 2 :]), signs=signs)


def _share(node: f.Node, letter: str) -> f.Node | None:
    """A derivative by a weight behind whose bar a time stands."""
    if not isinstance(node, f.Scripted) or not isinstance(node.inside, f.Derivative):
        return None
    derivative, (bar, *others) = node.inside, node.scripts
    below = derivative.below
    timed = len(bar.inside) == 1 and moment(bar.inside[0], letter) is not None
    if bar.style != "bar" or others or not timed or not isinstance(below, f.Symbol):
        return None
    if any(moment(a, letter) is not None for s in below.scripts for a in s.inside):
        return None
    step = f.Script("above", "round", bar.inside, place=bar.place)
    return replace(derivative, below=replace(below, scripts=(*below.scripts, step)))


def with_parts(equations: list[f.Equation]) -> list[f.Equation]:
    r"""∂L/∂h_{t-1}^{next} is a part of the gradient that words name, as behind a bar."""

    def rule(node: f.Node) -> f.Node | None:
        of = node.below if isinstance(node, f.Derivative) else None
        if not isinstance(node, f.Derivative) or not isinstance(of, f.Symbol) or node.kind:
            return None
        words = [s for s in of.scripts if s.where == "above" and PART.search(spoken(s))]
        if len(words) != 1 or len(of.scripts) < 2 or getattr(node.above, "base", "") not in LOSSES:
            return None
        kept = tuple(s for s in of.scripts if s is not words[0])
        return replace(node, below=replace(of, scripts=kept), kind=spoken(words[0]))

    return [in_equation(e, rule) for e in equations]


PART = re.compile(
    rf"^(?:{LATER.pattern}|local|direct|indirect)|path|\b(?:from|via|through)\b",
    re.IGNORECASE,
)


def spoken(script: f.Script) -> str:
    """The words that a script is, of more than two letters; "" for a time, a power or a name."""
    said = [
        a.base if isinstance(a, f.Symbol) else getattr(a, "text", "").strip()
        for b in script.inside
        for a in f.walk(b)
    ]
    return " ".join(said).strip() if any(len(a) > 2 for a in said) else ""


def with_functions(equations: list[f.Equation]) -> list[f.Equation]:
    """Where a document says σ(x) = x, or σ(x) = tanh(x), its σ is that function, and so is its slope."""
    meant: dict[str, str] = {}
    for e in equations:
        left = e.left
        if (
            not isinstance(left, f.Apply)
            or left.primes
            or not isinstance(left.arguments[0], f.Symbol)
        ):
            continue
        for right in e.sides[1:]:
            if right == left.arguments[0]:
                meant.setdefault(left.function, "identity")
            elif isinstance(right, f.Apply) and right.arguments == left.arguments:
                meant.setdefault(left.function, right.function)

    def rule(node: f.Node) -> f.Node | None:
        if (
            not isinstance(node, f.Apply)
            or meant.get(node.function, node.function) == node.function
        ):
            return None
        arguments = tuple(rewritten(a, rule) for a in node.arguments)
        return replace(node, function=meant[node.function], arguments=arguments)

    return [in_equation(e, rule) for e in equations] if meant else equations


def with_abbreviations(equations: list[f.Equation]) -> list[f.Equation]:
    """ΔC = o ⊙ (1 - tanh²(C)) gives the right side a name: it holds no gradient, so ΔC is none."""
    named = {
        _pair(*e.left.factors)
        for e in equations
        if isinstance(e.left, f.Product) and len(e.left.factors) == 2 and e.left.signs == ("",)
        and not holds_gradient(e.sides[-1])
    } - {None}  # fmt: skip

    def one(first: f.Node, second: f.Node) -> f.Node | None:
        pair = _pair(first, second)
        return replace(pair, base=f"Δ{pair.base}") if pair is not None and pair in named else None

    return [in_equation(e, joining(one)) for e in equations] if named else equations


def with_named_pieces(equations: list[f.Equation]) -> list[f.Equation]:
    """δh_t^{raw} = (1 - h_t²) ⊙ δh_t names a piece of the backward pass, where no signal is called so."""
    lefts = {_name(e.left) for e in equations if isinstance(e.left, f.Symbol)}
    pairs = (e.left.factors for e in equations if isinstance(e.left, f.Product))
    pieces = {_name(of) for a in pairs if len(a) == 2 and (of := _behind_d(*a)) is not None}
    signals = {a[:2] for a in lefts}
    named = {
        a for a in pieces - lefts
        if len(a[2]) > 2 and a[2] not in NO_PIECES and a[:2] in signals
    }  # fmt: skip

    def one(first: f.Node, second: f.Node) -> f.Node | None:
        of = _behind_d(first, second)
        return replace(of, base=f"δ{of.base}") if of is not None and _name(of) in named else None

    joined = [in_equation(e, joining(one)) for e in equations] if named else equations
    return _with_named_deltas(joined)


def _with_named_deltas(equations: list[f.Equation]) -> list[f.Equation]:
    """δ_t^{h,future} alone on a left side is a name for the right side."""
    lefts = (e.left for e in equations if e.relations[0] != "+=")
    named = {
        _name(a)[2] for a in lefts
        if isinstance(a, f.Symbol) and a.base == "delta" and PART.search(_name(a)[2])
    }  # fmt: skip

    def rule(node: f.Node) -> f.Node | None:
        if isinstance(node, f.Symbol) and node.base == "delta" and _name(node)[2] in named:
            return replace(node, base=f"δ{_name(node)[2]}")
        return None

    return [in_equation(e, rule) for e in equations] if named else equations


def _behind_d(first: f.Node, second: f.Node) -> f.Symbol | None:
    """The symbol behind a δ or a d."""
    alone = isinstance(first, f.Symbol) and first.base in ("delta", "d") and not first.scripts
    return second if alone and isinstance(second, f.Symbol) else None


def _name(symbol: f.Symbol) -> tuple[str, tuple[str, ...], str]:
    """A symbol without its times: h with the word raw."""
    words = [
        a.base if isinstance(a, f.Symbol) else getattr(a, "text", "").strip()
        for s in symbol.scripts for a in s.inside
    ]  # fmt: skip
    return symbol.base, symbol.accents, "".join(a for a in words if len(a) > 1)


def _pair(first: f.Node, second: f.Node) -> f.Symbol | None:
    """The symbol behind a capital Δ."""
    return second if first == f.Symbol("Delta") and isinstance(second, f.Symbol) else None


def holds_gradient(node: f.Node) -> bool:
    """Whether a formula is about gradients."""
    return any(
        isinstance(a, f.Derivative)
        or (isinstance(a, f.Symbol) and (a.base in GRADIENTS or a.base[:1] == "d" != a.base))
        for a in f.walk(node)
    )


def with_wide_sums(equations: list[f.Equation]) -> list[f.Equation]:
    """Σ_t a_t - b_t on the right of what has no time as Σ_t (a_t - b_t)."""
    return [
        replace(e, sides=(e.left, *(_widened(a, e.left) for a in e.sides[1:]))) for e in equations
    ]


def _widened(side: f.Node, left: f.Node) -> f.Node:
    parts = side.parts if isinstance(side, f.Sum) else ()
    for n, (sign, part) in enumerate(parts[:-1]):
        over = part.over if isinstance(part, f.Big) and part.kind == "sum" else ()
        letter = over[0].index if over else ""
        free = [letter in _free_letters(a) for _, a in parts[n + 1 :]]
        if sign == 1 and letter and all(free) and letter not in letters_in(left):
            assert isinstance(part, f.Big)
            last = parts[-1][1].place.end
            body = f.Sum(
                ((1, part.body), *parts[n + 1 :]), place=f.Place(part.body.place.start, last)
            )
            wide = replace(part, body=body, place=f.Place(part.place.start, last))
            return f.Sum((*parts[:n], (1, wide)), place=side.place) if n else wide
    return side


def _free_letters(node: f.Node) -> set[str]:
    """The letters that stand in scripts and that no sum inside runs over."""
    bound = {b.index for a in f.walk(node) if isinstance(a, f.Big) for b in a.over}
    return letters_in(node) - bound


def letters_in(node: f.Node) -> set[str]:
    """The letters that stand in scripts."""
    scripts = (a for a in f.walk(node) if isinstance(a, f.Script))
    inside = (b for s in scripts for a in s.inside for b in f.walk(a))
    return {a.base for a in inside if isinstance(a, f.Symbol)}


def without_component(equations: list[f.Equation]) -> list[f.Equation]:
    """Equations of one unit j, where a function of vectors has the index: h_t^j beside σ(W x_t)^j."""
    letters = {
        a.exponent
        for e in equations
        for side in e.sides[1:]
        for a in f.walk(side)
        if isinstance(a, f.Power) and isinstance(a.base, f.Apply)
        and isinstance(a.exponent, f.Symbol) and a.exponent.base in UNITS
    }  # fmt: skip

    def rule(node: f.Node) -> f.Node | None:
        if isinstance(node, f.Power) and node.exponent in letters:
            return rewritten(node.base, rule)
        if isinstance(node, f.Symbol):
            kept = tuple(
                s for s in node.scripts if not (len(s.inside) == 1 and s.inside[0] in letters)
            )
            return replace(node, scripts=kept) if kept != node.scripts else None
        return None

    return [in_equation(e, rule) for e in equations] if letters else equations
