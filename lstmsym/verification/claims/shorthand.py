r"""Shorthand of authors put into the words of the reader: dp\tilde c, A|_{h}, [A]_{ij}, ∂ℓ(y, ŷ), (remarks)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import in_equation, joining, rewritten
from lstmsym.verification.claims.letters import LOSSES
from lstmsym.verification.claims.scripts import INDICES


def written_out(equation: f.Equation) -> f.Equation:
    """An equation without shorthand."""
    for rule in RULES:
        equation = in_equation(equation, rule)
    return equation


def _of_argument(node: f.Node) -> f.Node | None:
    r"""dp\tilde c, the gradient by what \tilde c is the activation of, is dc̃′."""
    factors = node.factors if isinstance(node, f.Product) else ()
    for n, (d, p, of) in enumerate(zip(factors, factors[1:], factors[2:], strict=False)):
        assert isinstance(node, f.Product)
        plain = node.signs[n : n + 2] == ("", "") and (d, p) == (f.Symbol("d"), f.Symbol("p"))
        if plain and isinstance(of, f.Symbol):
            primed = replace(of, primes=of.primes + 1)
            signs = (*node.signs[:n], *node.signs[n + 1 :])
            return f.Product((*factors[: n + 1], primed, *factors[n + 3 :]), signs)
    return None


def _held(node: f.Node) -> f.Node | None:
    """∂C_t/∂C_{t-1}|_{h_{t-1}}: a state of the older time held fixed is block, something of t direct."""
    if not isinstance(node, f.Scripted) or not isinstance(node.inside, f.Derivative):
        return None
    (script, *more), derivative = node.scripts, node.inside
    if script.style != "bar" or more or derivative.kind:
        return None
    held = {_scripts(a) for part in script.inside for a in f.plain_symbols(part)}
    for at, kind in ((derivative.below, "block"), (derivative.above, "direct")):
        if isinstance(at, f.Symbol) and held == {_scripts(at)} != {()}:
            return replace(derivative, kind=kind)
    return None


def _of_signal(node: f.Node) -> f.Node | None:
    """δ_{h_t} as δh_t."""
    delta = isinstance(node, f.Symbol) and node.base == "delta" and len(node.scripts) == 1
    inside = node.scripts[0].inside if isinstance(node, f.Symbol) and delta else ()
    if len(inside) != 1 or not isinstance(inside[0], f.Symbol) or not inside[0].scripts:
        return None
    return f.Product((f.Symbol("delta"), inside[0]), ("",))


def _indexed(of: f.Node, stack: f.Node) -> f.Node | None:
    """W[i, j] as W_{ij}."""
    if not isinstance(of, f.Symbol) or not isinstance(stack, f.Stack) or len(stack.parts) != 2:
        return None
    letters = [
        a for a in stack.parts if isinstance(a, f.Symbol) and not a.scripts and a.base in "ij"
    ]
    return _with(of, letters) if len(letters) == 2 else None


def _flat(node: f.Node) -> f.Node | None:
    """a_{z_t} as a_{z,t}, and h^{(t)ᵀ} in one pair of braces as the transpose of h^{(t)}."""
    if not isinstance(node, f.Symbol) or node.base == "delta":
        return None
    scripts: list[f.Script] = []
    turned = False
    for s in node.scripts:
        (inside, *more) = s.inside
        if not more and isinstance(inside, f.Transpose):
            bare = inside.inside
            bare = bare.inside if isinstance(bare, f.Bracket) else bare
            scripts.append(replace(s, inside=(bare,)))
            turned = True
        elif (
            not more
            and isinstance(inside, f.Symbol)
            and len(inside.scripts) == 1
            and not inside.primes
        ):
            name = replace(inside, scripts=())
            scripts += [replace(s, inside=(name,)), replace(s, inside=inside.scripts[0].inside)]
        elif not more and (pair := _word_at_time(inside)):
            scripts += [replace(s, inside=(a,)) for a in pair]
        else:
            scripts.append(s)
    if tuple(scripts) == node.scripts:
        return None
    found = replace(node, scripts=tuple(scripts))
    return f.Transpose(found, place=node.place) if turned else found


def _word_at_time(node: f.Node) -> tuple[f.Node, ...]:
    """The parts of a script such as in(t)."""
    factors = node.factors if isinstance(node, f.Product) and node.signs == ("",) else ()
    if (
        len(factors) == 2
        and isinstance(factors[1], f.Bracket)
        and not isinstance(factors[0], f.Bracket)
    ):
        return factors[0], factors[1].inside
    return ()


def _slope(node: f.Node) -> f.Node | None:
    """dσ/dx, dσ(x)/dx and d/dx tanh(x) as σ′(x) and tanh′(x)."""
    if isinstance(node, f.Product) and len(node.factors) == 2 and node.signs == ("",):
        operator, of = node.factors
        if (
            isinstance(operator, f.Derivative)
            and operator.above is None
            and isinstance(of, f.Apply)
        ):
            return _slope(replace(operator, above=of))
    if not isinstance(node, f.Derivative) or not isinstance(node.below, f.Symbol):
        return None
    above, below = node.above, node.below
    if above == f.Symbol("sigma"):
        return f.Apply("sigmoid", (below,), primes=1)
    plain = isinstance(above, f.Apply) and above.arguments == (below,) and above.power == 1
    return (
        replace(above, primes=1)
        if isinstance(above, f.Apply) and plain and not above.primes
        else None
    )


def _applied(operator: f.Node, of: f.Node) -> f.Node | None:
    """∂/∂c [f ⊙ c + …] as the derivative of what stands behind it."""
    operator = _with_word(operator)
    bare = isinstance(operator, f.Derivative) and operator.above is None
    if (
        isinstance(operator, f.Derivative)
        and bare
        and isinstance(of, f.Bracket | f.Apply | f.Symbol)
    ):
        return replace(operator, above=of)
    return None


def _with_word(node: f.Node) -> f.Node:
    """∇_{c_t}^{future} as an operator with a word."""
    operator = node.base if isinstance(node, f.Power) else None
    word = (
        getattr(node.exponent, "base", getattr(node.exponent, "text", ""))
        if isinstance(node, f.Power)
        else ""
    )
    if isinstance(operator, f.Derivative) and operator.above is None and len(word) > 2:
        return replace(operator, kind=word)
    return node


def _remark(node: f.Node) -> f.Node | None:
    """A product without the remark in brackets behind it: (this is δC for step t-1)."""
    if not isinstance(node, f.Product):
        return None
    said = [a.text.strip() if isinstance(a, f.Words) else "" for a in node.factors]
    first = next((n for n, a in enumerate(said) if a.startswith("(") and n), 0)
    if not first:
        return None
    kept, signs = node.factors[:first], node.signs[: first - 1]
    whole = kept[0] if len(kept) == 1 else f.Product(kept, signs, place=node.place)
    return rewritten(whole, _remark)


def _of_outputs(node: f.Node) -> f.Node | None:
    """∂ℓ(y_t, ŷ_t)/∂z_t: a loss with its arguments is the loss of their time."""
    above = node.above if isinstance(node, f.Derivative) else None
    if not isinstance(above, f.Product) or len(above.factors) != 2 or above.signs != ("",):
        return None
    loss, arguments = above.factors
    if not isinstance(loss, f.Symbol) or loss.base not in LOSSES:
        return None
    assert isinstance(node, f.Derivative)
    weights = {a.base for a in f.plain_symbols(arguments)}
    if isinstance(arguments, f.Bracket) and weights and weights <= PARAMETERS:  # J^{(t)}(θ)
        return replace(node, above=loss)
    if loss.scripts:
        return None
    times = [a.scripts for a in f.plain_symbols(arguments) if a.scripts]
    if not isinstance(arguments, f.Bracket | f.Stack) or len(set(times)) != 1:
        return None
    return replace(node, above=replace(loss, scripts=times[0]))


def _entry(node: f.Node) -> f.Node | None:
    """[∂C_t/∂C_k]_{ij} as ∂C_{t,i}/∂C_{k,j}, [∂L/∂W]_{ij} as ∂L/∂W_{ij}."""
    inside = node.inside if isinstance(node, f.Scripted) else None
    derivative = inside.inside if isinstance(inside, f.Bracket) else inside
    if not isinstance(node, f.Scripted) or not isinstance(derivative, f.Derivative):
        return None
    letters = [a for s in node.scripts for part in s.inside for a in f.plain_symbols(part)]
    below, above = derivative.below, derivative.above
    plain = all(s.style != "bar" for s in node.scripts) and all(a.base in INDICES for a in letters)
    if not plain or not isinstance(below, f.Symbol) or not isinstance(above, f.Symbol):
        return None
    of_loss = above.base in LOSSES
    if len(letters) == 2 and not of_loss:
        return replace(derivative, above=_with(above, letters[:1]), below=_with(below, letters[1:]))
    return replace(derivative, below=_with(below, letters)) if letters and of_loss else None


def _with(symbol: f.Symbol, letters: list[f.Symbol]) -> f.Symbol:
    """A symbol with the letters of a component."""
    inside = (
        letters[0] if len(letters) == 1 else f.Product(tuple(letters), ("",) * (len(letters) - 1))
    )
    return replace(symbol, scripts=(*symbol.scripts, f.Script("below", "plain", (inside,))))


def _scripts(symbol: f.Symbol) -> tuple[f.Script, ...]:
    return symbol.scripts


PARAMETERS = frozenset(("theta", "Theta", "w", "W"))
RULES: tuple[Callable[[f.Node], f.Node | None], ...] = (
    _remark,
    _slope,
    joining(_applied),
    joining(_indexed),
    _flat,
    _of_signal,
    _of_argument,
    _held,
    _of_outputs,
    _entry,
)
