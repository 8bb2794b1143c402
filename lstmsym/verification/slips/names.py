"""Slips with names: another gate, weight or adjoint, another time, the value before its activation."""

from __future__ import annotations

from collections.abc import Iterator

from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Adjoint, Columns, Partial, part_of
from lstmsym.equations.terms import (
    Concatenation,
    Elementwise,
    MatrixProduct,
    Parameter,
    Signal,
    Term,
    walk,
)
from lstmsym.verification.slips.sites import Change, Form, Site, everywhere

BELONGS = "{} stands where {} belongs"
EVERYWHERE = "{} stands where {} belongs, everywhere"
NAMES = (Signal, Adjoint)


def wrong_time(site: Site) -> Iterator[Change]:
    """A signal or an adjoint one step too late or too early."""
    for new in _shifted(site.term):
        yield Change(new, BELONGS, (new, site.term), site.term)


def all_times(form: Form) -> Iterator[Change]:
    """The same wherever it stands, where that is more than once."""
    for a in _repeated(form, NAMES):
        for new in _shifted(a):
            yield Change(everywhere(form.whole, a, new), EVERYWHERE, (new, a), a)


def wrong_gate(site: Site) -> Iterator[Change]:
    """Another signal of the cell at the same time."""
    for new in _other_signals(site.form, site.term):
        yield Change(new, BELONGS, (new, site.term), site.term)


def all_gates(form: Form) -> Iterator[Change]:
    """The same wherever it stands, where that is more than once."""
    for a in _repeated(form, Signal):
        for new in _other_signals(form, a):
            yield Change(everywhere(form.whole, a, new), EVERYWHERE, (new, a), a)


def wrong_weight(site: Site) -> Iterator[Change]:
    """The weight of another gate."""
    for new in _other_weights(site.form, site.term):
        yield Change(new, BELONGS, (new, site.term), site.term)


def all_weights(form: Form) -> Iterator[Change]:
    """The same wherever it stands, where that is more than once."""
    for a in _repeated(form, (Parameter, Columns)):
        for new in _other_weights(form, a):
            yield Change(everywhere(form.whole, a, new), EVERYWHERE, (new, a), a)


def wrong_adjoint(site: Site) -> Iterator[Change]:
    """The gradient by another signal: by the gate for that by its pre-activation, and others."""
    a = site.term
    if isinstance(a, Adjoint):
        for s in _signals_like(site.form, a.of):
            new = Adjoint(s, "whole")
            yield Change(new, BELONGS, (new, a), a)
        if a.of.name == site.form.cell.output:
            new = Adjoint(a.of, "own" if a.scope == "whole" else "whole")
            yield Change(new, BELONGS, (new, a), a)


def of_another_size(site: Site) -> Iterator[tuple[str, Change]]:
    """A signal or a weight of another size, with the name of the slip; its product with the rest may have no value."""
    a, cell = site.term, site.form.cell
    if isinstance(a, Signal):
        others = [s for s in cell.signals.values() if s.rows != a.rows]
        for new in (s.at(time) for s in others for time in (a.time, a.time + 1, a.time - 1)):
            yield "wrong gate", Change(new, BELONGS, (new, a), a)
    if isinstance(a, Parameter):
        for new in (w for w in cell.parameters.values() if w.shape != a.shape):
            yield "wrong weight", Change(new, BELONGS, (new, a), a)


def other_kind(form: Form) -> Iterator[Change]:
    """The derivative of another kind: other things are held fixed."""
    for new, said in form.kinds:
        braced = said.replace("{", "{{").replace("}", "}}")
        yield Change(new, braced, (), form.whole)


def other_quantity(form: Form) -> Iterator[Change]:
    """The derivative of something else, or by something else, than what is asked."""
    for new in form.others:
        if isinstance(new, Adjoint) and new.of.name in form.inner:
            yield Change(
                new, "this is the gradient by the pre-activation {}", (new.of,), form.whole
            )
        else:
            yield Change(new, "this is {}", (new,), form.whole)


def unactivated(site: Site) -> Iterator[Change]:
    """The pre-activation where the gate belongs."""
    a = site.term
    if isinstance(a, Signal) and a.name in site.form.cell.by_name:
        right = site.form.cell.by_name[a.name].right
        if isinstance(right, Elementwise) and isinstance(right.inside, Signal):
            new = right.inside.at(a.time)
            yield Change(new, BELONGS, (new, a), a)


def all_bare(form: Form) -> Iterator[Change]:
    """An activation inside an equation left out wherever it stands: C for tanh(C)."""
    for a in _repeated(form, Elementwise):
        if isinstance(a, Elementwise) and a.function != "square":
            yield Change(everywhere(form.whole, a, a.inside), EVERYWHERE, (a.inside, a), a)


def _shifted(a: Term) -> Iterator[Term]:
    if isinstance(a, Signal):
        yield from (a.at(a.time + d) for d in (-1, 1))
    elif isinstance(a, Adjoint):
        yield from (Adjoint(a.of.at(a.of.time + d), a.scope) for d in (-1, 1))
    elif isinstance(a, Partial):
        for d in (-1, 1):
            yield Partial(a.above.at(a.above.time + d), a.below.at(a.below.time + d), a.kind)


def _other_signals(form: Form, a: Term) -> Iterator[Term]:
    if isinstance(a, Signal):
        yield from _signals_like(form, a)


def _signals_like(form: Form, a: Signal) -> Iterator[Signal]:
    """The other signals of the same size; pre-activations last."""
    named = form.cell.signals.values()
    given = [s for s in named if s.rows == a.rows and s.name != a.name]
    yield from (s.at(a.time) for s in sorted(given, key=lambda s: s.name in form.inner))


def _other_weights(form: Form, a: Term) -> Iterator[Term]:
    if isinstance(a, Columns):
        for weight, stack in _multiplied(form.cell, _other_weights(form, a.parameter)):
            parts = (part_of(stack, n) for n in range(len(stack.parts)))
            yield from (Columns(weight, p) for p in parts if p.args[1:] == a.part.args[1:])
    elif isinstance(a, Parameter):
        known = form.cell.parameters.values()
        yield from (w for w in known if w.shape == a.shape and w != a)


def _multiplied(cell: Cell, weights: Iterator[Term]) -> Iterator[tuple[Term, Concatenation]]:
    """These weights, each with the concatenation that it multiplies."""
    wanted = set(weights)
    for e in cell:
        for a in walk(e.right):
            weight, stack = a.parts[:2] if isinstance(a, MatrixProduct) else (None, None)
            if weight in wanted and isinstance(stack, Concatenation):
                yield weight, stack


def _repeated(form: Form, kinds: type[Term] | tuple[type[Term], ...]) -> Iterator[Term]:
    """The names that stand at more than one place."""
    seen = [site.term for site in form.sites if isinstance(site.term, kinds)]
    yield from (a for a in dict.fromkeys(seen) if seen.count(a) > 1)
