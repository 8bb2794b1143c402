"""What each name of a text is: a signal, an input, a weight of one depth, a function that the text defines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from lstmsym.errors import CellError, nearest
from lstmsym.formulas.calls import Calls, Definition, callees
from lstmsym.formulas.gates import gates_of
from lstmsym.formulas.kinds import letter_of
from lstmsym.formulas.names import Named, identifier
from lstmsym.formulas.rows import Row, Rows
from lstmsym.formulas.tree import Product, walk


def find_signals(calls: Calls, rows: list[Row]) -> None:
    """Signals have an equation or stand at a time; x is one always, an input by its statement."""
    lefts = [gate for row in rows for gate in (gates_of(row.left) or (row.left,))]
    nodes = [a for row in rows for a in walk(row.right)]
    names = [a for a in nodes if isinstance(a, Named)]
    calls.signals = {a.name for a in lefts if isinstance(a, Named)}
    if calls.naming.time == "l":
        calls.untied = {a.name for a in names if _is_weight(a)} - calls.signals
    calls.signals |= {a.name for a in names if a.lag is not None} - calls.untied
    calls.signals |= {"x", *calls.stated.roles["input"]}
    called = [a for node in nodes if isinstance(node, Product) for a in callees(node)]
    calls.alone = set(Counter(a.name for a in names) - Counter(a.name for a in called))


def check_names(calls: Calls, rows: list[Row], given: Mapping[str, str]) -> None:
    """What is stated is stated of something, and no name hides a time or a transpose. Raises CellError."""
    sides = (side for row in rows for side in (row.left, row.right))
    names = [a for side in sides for a in walk(side) if isinstance(a, Named)]
    known = {a.name for a in names}
    for name in given:
        if identifier(name) not in known | {"sigma"}:
            raise CellError(f"nothing is called '{name}' in this text; {nearest(name, known)}")
    timed = {a.name for a in names if a.lag is not None}
    for node in names:
        _check_time(calls, node, timed)
        _check_prime(calls, node, known - timed)


def _check_time(calls: Calls, name: Named, timed: set[str]) -> None:
    """h_0 and h_T are h at one time, which no equation of every step can say."""
    base = name.name.removesuffix("_T").rstrip("0123456789")
    if name.lag is None and name.name not in timed | {base} and base in timed:
        raise calls.fail(
            name,
            f"'{calls.naming.text.at(name)}' is {base} at one time, or another name; an equation "
            "of a cell holds at every step",
        )


def _check_prime(calls: Calls, name: Named, parameters: set[str]) -> None:
    base, prime, _ = name.name.partition("_prime")
    if prime and base in parameters:
        raise calls.fail(
            name,
            f"'{calls.naming.text.at(name)}' may be the transpose of {base} or another parameter; "
            f"write {base}^\\top, or another letter",
        )


def _is_weight(node: Named) -> bool:
    return node.lag == 0 and (letter_of(node.name) == "capital" or node.name.startswith("b"))


def define(calls: Calls, rows: Rows) -> None:
    """The functions that the text defines: g(x) = 4σ(x) - 2."""
    for function, variable, body in rows.bodies:
        name = calls.naming.named(function).name
        variable, body = (calls.resolved(calls.named(a)) for a in (variable, body))
        calls.definitions[name] = Definition(variable, body)


def settle_notes(calls: Calls, rows: Rows, equations: list[Row]) -> None:
    """Blocks, numbers and functions that no equation uses are noted, not lost."""
    used = {a.name for r in equations for a in walk(r.right) if isinstance(a, Named)}
    for symbol in rows.blocks:
        if calls.naming.named(symbol).name in used:
            raise calls.fail(
                symbol,
                f"'{calls.naming.text.at(symbol)}' is written in blocks here and read as a whole "
                "elsewhere; write the equations with one of the two",
            )
        rows.notes.append(f"{calls.naming.text.at(symbol)} (its blocks, which the equations name)")
    for symbol, digits in rows.numbers:
        if calls.naming.named(symbol).name not in used:
            rows.notes.append(f"{calls.naming.text.at(symbol)} = {digits} (not used)")
    for function, _, right in rows.bodies:
        name = calls.naming.named(function).name
        if name not in calls.applied:
            said = " ".join(calls.naming.text.at(right).split())
            rows.notes.append(f"{name} = {said} (a function that is not used)")


def inputs_of(rows: list[Row]) -> frozenset[str]:
    """The signals that have no equation."""
    lefts = {a.name for row in rows for a in walk(row.left) if isinstance(a, Named)}
    read = (a for row in rows for a in walk(row.right) if isinstance(a, Named))
    return frozenset(a.name for a in read if a.lag is not None) - lefts
