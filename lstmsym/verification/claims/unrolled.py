"""Equations of a single step, z_3 = V s_3 or h_2 = tanh(W h_1 + U x_2), as those of every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import in_equation
from lstmsym.formulas.times import moment, time_letter
from lstmsym.verification.claims.gradients import is_about_gradients
from lstmsym.verification.claims.letters import Letter, letter_of
from lstmsym.verification.claims.sources import Written

DATA = ("x", "X", "y", "e")


@dataclass(frozen=True)
class Meaning:
    """What an equation says of a letter at every step; `at` is its place in the document."""

    at: int
    equation: f.Equation
    numbered: bool

    @property
    def right(self) -> f.Node:
        return self.equation.sides[1]


def of_every_step(written: Sequence[Written]) -> list[Written]:
    """The equations with those of single steps said of every step, where no other says what the letter is."""
    found = list(written)
    for meanings in meanings_of(written).values():
        if all(a.numbered for a in meanings) and len({a.right for a in meanings}) == 1:
            first = meanings[0]
            found[first.at] = replace(found[first.at], equation=first.equation)
    return found


def meanings_of(written: Sequence[Written]) -> dict[Letter, list[Meaning]]:
    """What is said of the letters of which a step with a number is defined somewhere."""
    letter = time_letter([a.equation for a in written]) or "t"
    computed = {
        letter_of(a.equation.left) for a in written if isinstance(a.equation.left, f.Symbol)
    }
    found: dict[Letter, list[Meaning]] = {}
    for n, a in enumerate(written):
        left = a.equation.left
        if not isinstance(left, f.Symbol) or a.equation.relations[0] not in ("=", ":="):
            continue
        if is_about_gradients(a.equation):
            continue
        number = _number(left)
        if number is None and _is_now(left, letter):
            found.setdefault(letter_of(left), []).append(Meaning(n, a.equation, False))
        elif number and _is_step(a.equation, number, computed):
            general = _general(a.equation, number, letter)
            found.setdefault(letter_of(left), []).append(Meaning(n, general, True))
    return {key: a for key, a in found.items() if any(b.numbered for b in a)}


def _number(symbol: f.Symbol) -> int | None:
    """The n of h_n or h^{(n)}, n > 0, where nothing else hangs on the letter."""
    inside = symbol.scripts[0].inside if len(symbol.scripts) == 1 else ()
    if len(inside) != 1 or not isinstance(inside[0], f.Number) or not inside[0].digits.isdigit():
        return None
    return int(inside[0].digits[:4]) or None


def _is_now(symbol: f.Symbol, letter: str) -> bool:
    inside = symbol.scripts[0].inside if len(symbol.scripts) == 1 else ()
    return len(inside) == 1 and moment(inside[0], letter) == 0


def _is_step(equation: f.Equation, number: int, computed: set[Letter]) -> bool:
    """Whether the numbers of an equation are those of its step and of the one before, and number no weight."""
    some = False
    for a in (a for side in equation.sides[1:] for a in f.walk(side) if isinstance(a, f.Symbol)):
        if not any(isinstance(b, f.Number) for s in a.scripts for b in s.inside):
            continue
        timed = letter_of(a) in computed or a.base in DATA
        if not timed or _number(a) not in (number, number - 1 or None):
            return False
        some = True
    return some


def _general(equation: f.Equation, number: int, letter: str) -> f.Equation:
    """The equation with t for n and t-1 for n-1."""

    def rule(node: f.Node) -> f.Node | None:
        if not isinstance(node, f.Script) or len(node.inside) != 1:
            return None
        (inside,) = node.inside
        if not isinstance(inside, f.Number):
            return None
        now = f.Symbol(letter)
        back = number - int(inside.digits[:4])
        return replace(node, inside=(f.Sum(((1, now), (-1, f.Number("1")))) if back else now,))

    return in_equation(equation, rule)
