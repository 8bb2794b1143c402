"""Which time the letters and words of scripts say: prev and next, and letters for an earlier step or the last one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from lstmsym.formulas import tree as f
from lstmsym.formulas.rewriting import below, in_equation, rewritten
from lstmsym.formulas.times import PREVIOUS
from lstmsym.formulas.times import moment as lag
from lstmsym.verification.claims.glossary import Glossary, letters_of

NOW = ("cur", "curr", "current", "now", "new")
NEXT = ("next", "nxt", "new")
LETTERS = frozenset((*"ijlmnpqrsuNSKτ", "tau"))


def without_words(equations: Iterable[f.Equation]) -> list[f.Equation]:
    """Equations with a_{prev} as a_{t-1}, and a_{next} as a_t where the document goes one step, else a_{t+1}."""
    given = list(equations)
    words = {
        _word(s) for e in given for a in f.walk(e) if isinstance(a, f.Symbol) for s in a.scripts
    }
    if not words & {*PREVIOUS, *NEXT, *NOW}:
        return given
    computed = {_word(s) for e in given for s in getattr(e.left, "scripts", ()) if s}
    steps = dict.fromkeys(PREVIOUS, -1) | dict.fromkeys(NOW, 0)
    ahead = any(lag(a, "t") == -1 for e in given for a in f.walk(e))
    one_step = not ahead
    steps |= {a: 0 if a in computed or one_step else 1 for a in NEXT}
    return [_timed(_with_carried(e, given) if one_step else e, steps) for e in given]


def _with_carried(equation: f.Equation, given: list[f.Equation]) -> f.Equation:
    """dC_{next} as what comes back from later steps, where the document has dC too."""
    whole = {of.base for e in given for a in f.walk(e) if (of := _differential(a)) and _is_now(of)}

    def rule(node: f.Node) -> f.Node | None:
        of = _differential(node)
        if of is None or of.base not in whole or not any(_word(s) in NEXT for s in of.scripts):
            return None
        return f.Symbol(f"d{of.base}_next", of.accents, place=node.place)

    return in_equation(equation, rule)


def _is_now(symbol: f.Symbol) -> bool:
    """Whether a symbol has no time, or the time t."""
    return all(s.inside == (f.Symbol("t"),) for s in symbol.scripts)


def _differential(node: f.Node) -> f.Symbol | None:
    """The symbol behind the d of dC, or the δ of δC."""
    pair = node.factors if isinstance(node, f.Product) and node.signs == ("",) else ()
    if pair and pair[0] in (f.Symbol("d"), f.Symbol("delta")) and isinstance(pair[1], f.Symbol):
        return pair[1]
    return None


def with_numbers_above(equations: list[f.Equation]) -> list[f.Equation]:
    """y^0 and f^1 as times where the document writes y^t and f^t."""
    symbols = [a for e in equations for a in f.walk(e) if isinstance(a, f.Symbol)]
    above = {a.base for a in symbols for s in a.scripts if s.where == "above" and _says_t(s)}
    raised = (e.left.base for e in equations if isinstance(e.left, f.Power))
    lefts = {
        a.base for a in raised if isinstance(a, f.Symbol) and a.scripts
    }  # nobody defines a cube
    above |= lefts
    if not above:
        return equations

    def rule(node: f.Node) -> f.Node | None:
        power = node if isinstance(node, f.Power) else None
        base = power.base if power else None
        if not isinstance(base, f.Symbol) or base.base not in above:
            return None
        if base.scripts and base.base not in lefts:
            return None
        assert power is not None
        script = f.Script("above", "plain", (power.exponent,))
        return (
            replace(base, scripts=(*base.scripts, script))
            if isinstance(power.exponent, f.Number)
            else None
        )

    return [in_equation(e, rule) for e in equations]


def _says_t(script: f.Script) -> bool:
    return script.style == "plain" and script.inside[:1] == (f.Symbol("t"),)


def _timed(equation: f.Equation, steps: Mapping[str, int]) -> f.Equation:
    def rule(node: f.Node) -> f.Node | None:
        if not isinstance(node, f.Symbol):
            return None
        scripts = tuple(_stepped(s, steps) for s in node.scripts)
        inner = below(replace(node, scripts=scripts), lambda a: rewritten(a, rule))
        return inner

    return in_equation(equation, rule)


def _stepped(script: f.Script, steps: Mapping[str, int]) -> f.Script:
    word = _word(script)
    if word not in steps:
        return script
    now, step = f.Symbol("t"), steps[word]
    time = f.Sum(((1, now), (step, f.Number("1")))) if step else now
    return replace(script, style="plain", where="below", inside=(time,))


def _word(script: f.Script) -> str:
    return (letters_of(script.inside[0]) or "") if len(script.inside) == 1 else ""


def free_letters(
    words: Glossary, sides: Iterable[f.Node], times: Mapping[str, int]
) -> dict[str, int]:
    """Letters that stand for a time of their own: an earlier one beside t, the last one without it.

    s of ∂h_s/∂h_t and ∂L_s/∂h_t is a later one.
    """
    found: dict[str, None] = {}
    ahead: set[str] = set()  # letters of which a later step is named too
    components: set[str] = set()
    has_time = False
    for side in sides:
        for symbol, bound in _symbols(side, frozenset()):
            letters = [a for s in symbol.scripts for a in s.inside]
            timed = any(
                b.base == "t" for a in letters for b in f.walk(a) if isinstance(b, f.Symbol)
            )
            has_time |= timed
            for a in letters:
                for b in f.walk(a):
                    base = b.base if isinstance(b, f.Symbol) and not b.scripts else ""
                    if base not in LETTERS or base in times or base in bound:
                        continue
                    if timed or isinstance(a, f.Product):
                        components.add(base)
                    elif _signal_without(words, symbol, a):
                        found[base] = None
                        ahead |= {base} if (lag(a, base) or 0) < 0 else set()
    then = times["k"] if has_time else times["T"]
    usual = {
        a: times["t"] if a in ahead and not has_time else then for a in found if a not in components
    }
    return usual | dict.fromkeys(_later(sides) & usual.keys(), times["T"])


def _later(sides: Iterable[f.Node]) -> set[str]:
    """The letters at which something is derived by what it was at t."""
    found = set()
    for a in (a for side in sides for a in f.walk(side) if isinstance(a, f.Derivative)):
        ends = [_letters_of_time(b) for b in (a.above, a.below)]
        if "t" in ends[1] and "t" not in ends[0]:
            found |= ends[0]
    return found


def _letters_of_time(node: f.Node | None) -> set[str]:
    symbols = f.plain_symbols(node) if node is not None else ()
    inside = (b for a in symbols for s in a.scripts for c in s.inside for b in f.walk(c))
    return {b.base for b in inside if isinstance(b, f.Symbol)}


def _signal_without(words: Glossary, symbol: f.Symbol, script: f.Node) -> bool:
    """Whether a symbol is a signal when one script is its time, and nothing with it as a part of its name."""
    every = [letters_of(a) for s in symbol.scripts for a in s.inside]
    if None not in every and words.find(symbol.base, symbol.accents, "".join(map(str, every))):
        return False
    rest = [letters_of(a) for s in symbol.scripts for a in s.inside if a is not script]
    if None in rest:
        return False
    meaning = words.find(symbol.base, symbol.accents, "".join(map(str, rest)))
    return meaning is not None and meaning.kind == "signal"


def _symbols(node: f.Node, bound: frozenset[str]) -> Iterable[tuple[f.Symbol, frozenset[str]]]:
    """Every symbol of a formula with the letters that sums and products around it bind."""
    if isinstance(node, f.Big):
        bound = bound | {a.index for a in node.over}
    if isinstance(node, f.Symbol):
        yield node, bound
        return
    for child in f.children(node):
        yield from _symbols(child, bound)
