"""A tree on one line, for tests and for people who look for a mistake: (= C_t (+ (odot f_t C_{t-1}) …))."""

from __future__ import annotations

from lstmsym.formulas import tree as f

_MARKS = {
    "round": "()",
    "square": "[]",
    "angle": "<>",
    "curly": "{}",
    "plain": ("", ""),
    "bar": "|.",
}


def shown(node: f.Node) -> str:
    """The tree as nested lists, every kind of node with its own head.

    >>> shown(f.Apply("tanh", (f.Symbol("C", (), (f.Script("below", "plain", (f.Symbol("t"),)),)),)))
    '(tanh C_t)'
    """
    match node:
        case f.Number(digits=digits):
            return digits
        case f.Symbol():
            accents = "".join(f"~{a}" for a in node.accents)
            bold = "bold" if node.base.isdigit() else ""
            return (
                bold + node.base + accents + "".join(map(_script, node.scripts)) + "'" * node.primes
            )
        case f.Words(text=text):
            return f'"{text}"'
        case f.Dots():
            return "…"
        case _:
            return f"({_inside(node)})"


def _inside(node: f.Node) -> str:
    match node:
        case f.Sum(parts=parts):
            return "+ " + " ".join(("-" if s < 0 else "") + shown(a) for s, a in parts)
        case f.Product(factors=factors, signs=signs):
            one = len(set(signs)) == 1
            head = _sign(signs[0]) if one else ",".join(map(_sign, signs))
            return f"{head} {_all(factors)}"
        case f.Apply():
            power = f"^{node.power}" if node.power != 1 else ""
            return f"{node.function}{chr(39) * node.primes}{power} {_all(node.arguments)}"
        case f.Quotient(above=above, below=below):
            return f"/ {shown(above)} {shown(below)}"
        case f.Power(base=base, exponent=exponent):
            return f"^ {shown(base)} {shown(exponent)}"
        case f.Bracket(inside=inside, style=style):
            return f"{style} {shown(inside)}"
        case f.Stack(parts=parts, sign=sign):
            return f"stack{sign if sign != 'rows' else ' rows'} {_all(parts)}"
        case f.Grid(rows=rows):
            return "grid " + " ; ".join(map(_all, rows))
        case f.Equation():
            return _equation(node)
        case _:
            return _rest(node)


def _rest(node: f.Node) -> str:
    match node:
        case f.Transpose(inside=inside):
            return f"transpose {shown(inside)}"
        case f.Scripted(inside=inside, scripts=scripts):
            return f"at {shown(inside)} {''.join(map(_script, scripts))}"
        case f.Derivative():
            above = shown(node.above) if node.above else "…"
            kind = f" |{node.kind}" if node.kind else ""
            return f"{node.sign}{node.mark} {above} {shown(node.below)}{kind}"
        case f.Big(kind=kind, over=over, body=body):
            return f"{kind} [{', '.join(map(_range, over))}] {shown(body)}"
        case f.Norm(inside=inside, index=index):
            return f"norm{index} {shown(inside)}"
        case f.Cases(branches=branches):
            return "cases " + " ; ".join(f"{shown(a)} if {b}" for a, b in branches)
    raise TypeError(f"{type(node).__name__} is no node of a formula")


def _equation(node: f.Equation) -> str:
    one = len(set(node.relations)) == 1
    head = node.relations[0] if one else ",".join(node.relations)
    return f"{head} {_all(node.sides)}" + (f" # {node.tag}" if node.tag else "")


def _range(over: f.Node) -> str:
    if isinstance(over, f.Members):
        return f"{over.index} in {_all(over.members)}"
    assert isinstance(over, f.Range)
    ends = ("" if a is None else shown(a) for a in (over.lower, over.upper))
    return f"{over.index}={'..'.join(ends)}"


def _script(script: f.Script) -> str:
    left, right = _MARKS[script.style]
    inside = left + ",".join(map(shown, script.inside)) + right
    return ("_" if script.where == "below" else "^") + inside


def _sign(sign: str) -> str:
    return sign or "·"


def _all(nodes: tuple[f.Node, ...]) -> str:
    return " ".join(map(shown, nodes))
