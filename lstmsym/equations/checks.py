"""What is checked on the birth of a cell: small functions, one reason each, walked in order."""

from __future__ import annotations

from collections.abc import Callable

from lark import Token

from lstmsym.equations.sizing import Names, Node, moments
from lstmsym.equations.syntax import Line
from lstmsym.errors import CellError, nearest

RESERVED = {"t": "time", "L": "the loss", "I": "the identity matrix"}


def check_left_sides(lines: list[Line], names: Names) -> None:
    """Every equation defines a signal at t, once."""
    seen: dict[str, int] = {}
    for line in lines:
        moment = line.tree.children[0]
        name, time = moment.children
        if len(time.children) > 1:
            raise _at(line, f"an equation defines {name}[t]; write {name}[t] = …", name)
        if name in seen:
            raise _at(line, f"'{name}' is defined on line {seen[str(name)]} already", name)
        seen[str(name)] = line.number


def check_reserved(lines: list[Line], names: Names) -> None:
    """No name takes a letter that formulas need."""
    for line in lines:
        for token in line.tree.scan_values(lambda v: isinstance(v, Token) and v.type == "NAME"):
            if token in RESERVED and not _is_time(line.tree, token):
                raise _at(line, f"'{token}' is {RESERVED[str(token)]}; choose another name", token)


def check_defined(lines: list[Line], names: Names) -> None:
    """Every signal has an equation, or is an input: declared, called x, or the only one without an equation."""
    defined = {str(line.tree.children[0].children[0]) for line in lines}
    names.declared.setdefault("input", []).extend(names.declared.get("untied", ()))
    declared = set(names.declared["input"])
    for name in declared & defined:
        raise CellError(
            f"'{name}' is declared an input and has an equation", line=names.first_line[name]
        )
    free = dict.fromkeys(
        name
        for line in lines
        for name, _, _ in moments(line.tree)
        if name not in defined | declared
    )
    implied = {"x"} & set(free) or (set(free) if len(free) == 1 and not declared else set())
    for line in lines:
        for name, before, node in moments(line.tree):
            if name in declared | implied and before and not _in_future(node):
                raise _at(
                    line,
                    f"'{name}' is an input and is read at t only; {_delay(name)}",
                    node.children[0],
                )
            if name not in defined | declared | implied:
                hint = nearest(name, defined)
                message = f"'{name}' has no equation; declare  input {name}  if it is one; {hint}"
                raise _at(line, message, node.children[0])
    names.declared.setdefault("input", []).extend(n for n in free if n in implied)


def check_recurs(lines: list[Line], names: Names) -> None:
    """Something is read at t-1, and declared states are."""
    read = {name for line in lines for name, before, _ in moments(line.tree) if before}
    if not read:
        raise CellError(
            "nothing recurs: no signal is read at t-1, as in h[t] = tanh(W @ h[t-1] + U @ x[t])"
        )
    for name in names.declared.get("state", ()):
        if name not in read:
            raise CellError(
                f"'{name}' is declared a state and is never read at t-1",
                line=names.first_line[name],
            )


def check_declared(lines: list[Line], names: Names) -> None:
    """Declared outputs and signals exist."""
    defined = {str(line.tree.children[0].children[0]) for line in lines}
    for kind in ("output", "signal"):
        for name in names.declared.get(kind, ()):
            if name not in defined:
                raise CellError(
                    f"{kind} '{name}' has no equation; {nearest(name, defined)}",
                    line=names.first_line[name],
                )


def check_used(lines: list[Line], names: Names) -> None:
    """Declared parameters and scalars stand in an equation."""
    kinds = ("parameter", "transposed")
    used = {str(n.children[0]) for line in lines for a in kinds for n in line.tree.find_data(a)}
    for kind in ("parameter", "scalar"):
        for name in names.declared.get(kind, ()):
            if name not in used and all(name != n for n, _, _ in _all_moments(lines)):
                raise CellError(f"{kind} '{name}' is never used", line=names.first_line[name])


def _all_moments(lines: list[Line]) -> list[tuple[str, int, Node]]:
    return [found for line in lines for found in moments(line.tree)]


def check_order(lines: list[Line], names: Names) -> None:
    """Within a step, every signal can be computed from earlier ones."""
    in_order(lines)


def in_order(lines: list[Line]) -> list[Line]:
    """The equations in an order in which they can be computed; the author's order where it is free."""
    by_name = {str(line.tree.children[0].children[0]): line for line in lines}
    needs = {n: _needs(line.tree.children[1], by_name) for n, line in by_name.items()}
    done: dict[str, Line] = {}
    while len(done) < len(by_name):
        ready = next(
            (n for n in by_name if n not in done and all(a in done for a in needs[n])), None
        )
        if ready is None:
            raise _cycle(by_name, needs, done)
        done[ready] = by_name[ready]
    return list(done.values())


def _needs(tree: Node, by_name: dict[str, Line]) -> list[str]:
    return [name for name, before, _ in moments(tree) if not before and name in by_name]


def _cycle(
    by_name: dict[str, Line], needs: dict[str, list[str]], done: dict[str, Line]
) -> CellError:
    name = next(n for n in by_name if n not in done)
    path = [name]
    while path.count(path[-1]) < 2:
        path.append(next(a for a in needs[path[-1]] if a not in done))
    ring = path[path.index(path[-1]) :]
    chain = " needs ".join(f"{n}[t]" for n in ring)
    line = by_name[ring[0]]
    message = f"a cycle within one step: {chain}; read one of them at t-1"
    return _at(line, message, line.tree.children[0].children[0])


def _in_future(moment: Node) -> bool:
    return "+" in moment.children[1].children


def _delay(name: str) -> str:
    return f"to use the earlier input add  d[t] = {name}[t]  and read d[t-1]"


def _is_time(tree: Node, token: Token) -> bool:
    times = (node for kind in ("time", "when") for node in tree.find_data(kind))
    return any(token is child for node in times for child in node.children)


def _at(line: Line, message: str, token: Token) -> CellError:
    return CellError(message, line=line.number, column=token.column or 0, text=line.text)


CHECKS: tuple[Callable[[list[Line], Names], None], ...] = (
    check_reserved,
    check_left_sides,
    check_declared,
    check_defined,
    check_recurs,
    check_used,
    check_order,
)
