"""The whole derivation of a cell, in the order in which one would teach it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Integer

from lstmsym.calculus.laws import tidy
from lstmsym.derivation.bounds import RADIUS_REMARK, Bound, bound
from lstmsym.derivation.graph import count_paths, local, local_partial, sources
from lstmsym.derivation.kinds import one_step
from lstmsym.derivation.lag import derive_state
from lstmsym.derivation.loss import derive_loss
from lstmsym.derivation.notation import columns_of, split_steps
from lstmsym.derivation.program import bptt
from lstmsym.derivation.quantity import KINDS, read_quantity
from lstmsym.derivation.state import block, reached, state_jacobian
from lstmsym.derivation.steps import Derivation, Document, Section, Step
from lstmsym.equations.cell import Cell
from lstmsym.equations.derived import Partial
from lstmsym.equations.terms import MatrixProduct, Parameter, is_fill, k, signals_in, t, walk
from lstmsym.errors import QuantityError

MOST_PAIRS = 100  # of states that act on each other; each has eight derivatives
KIND_WORDS = {
    "direct": "Direct: only the explicit argument moves. This is the carousel; it is one path of several.",
    "step": "Step: one step, in which the states computed directly from it move along and the gates of t-1 do not. "
    "Its product over several steps is not a derivative.",
    "block": "Block: the other states at the older step are independent coordinates.",
    "total": "Total: everything computed from it moves along, within its own step too.",
}


def results(cell: Cell) -> tuple[Derivation, ...]:
    """Every quantity of the whole derivation: state pairs by kind at lag 1 and k, adjoints, gradients.

    Raises QuantityError for a cell of so many states that nobody would read it, such as a stack of 50 layers.
    """
    _check_size(cell)
    return tuple([*_over_states(cell, "1"), *_over_states(cell, "k"), *_over_loss(cell)])


def _check_size(cell: Cell) -> None:
    acted_on = (reached(cell, cell.signal(s, t - 1)) for s in cell.states)
    pairs = sum(len(found.intersection(cell.states)) for found in acted_on)
    if pairs > MOST_PAIRS:
        raise QuantityError(
            f"the whole derivation of {cell.name} has {pairs:,} pairs of states, more than {MOST_PAIRS}; ask for one "
            f"quantity, as in 'd{cell.output}[t]/d{cell.states[-1]}[t-1]' or 'dL/d{next(iter(cell.weights))}'"
        )


def _over_states(cell: Cell, lag: str) -> Iterator[Derivation]:
    for above in cell.states:
        for below in cell.states:
            for kind in KINDS:
                if not is_fill(tidy(one_step(cell, above, below, kind)), 0):
                    yield derive_state(
                        cell, read_quantity(cell, f"d{above}[t]/d{below}[t-{lag}]"), kind
                    )


def _over_loss(cell: Cell) -> Iterator[Derivation]:
    for step in bptt(cell).assignments:
        name = step.left.args[0].name
        if name in cell.signals:
            yield derive_loss(cell, read_quantity(cell, f"dL/d{name}[t]"))
    for name in cell.weights:
        yield derive_loss(cell, read_quantity(cell, f"dL/d{name}"))
    if (recurrent := _recurrent_weight(cell)) is not None:
        yield derive_loss(cell, read_quantity(cell, f"dL/d{recurrent}"), form="double sum")


def _recurrent_weight(cell: Cell) -> str | None:
    """The first matrix that multiplies a state: its gradient is shown as a double sum too."""
    return next((n for n, p in cell.weights.items() if p.cols != 1 and _meets_state(cell, p)), None)


def _meets_state(cell: Cell, weight: Parameter) -> bool:
    products = (a for e in cell for a in walk(e.right) if isinstance(a, MatrixProduct))
    inside = (a.parts[1] for a in products if a.parts[0] == weight)
    return any(s.time != t for a in inside for s in signals_in(a))


def whole(cell: Cell, derived: tuple[Derivation, ...], verdict: str) -> Document:
    """The document: equations, local Jacobians, J_t, the four kinds, k steps, BPTT, gradients, bounds, checks.

    derived is `results(cell)`; verdict is the sentence on how they were checked.
    """
    sections = (
        _equations(cell),
        _local(cell),
        _joint(cell),
        _kinds(cell, derived),
        _lags(cell, derived),
        _adjoints(cell),
        *((_gradients(cell), _double_sums(cell, derived)) if cell.weights else ()),
        _bounds(cell),
        Section("Checks", (verdict,)),
    )
    return Document(cell, f"{cell.title}: gradients through time", sections)


def _equations(cell: Cell) -> Section:
    shapes = ", ".join(f"{n}_t: {str(s.rows).replace('*', ' ')}" for n, s in cell.signals.items())
    prose = [f"Source: {cell.source}."] if cell.source else []
    prose += [f"Differs from the source: {cell.differs}."] if cell.differs else []
    prose.append(f"State: ({', '.join(cell.states)}). Input: {', '.join(x.name for x in cell.inputs) or 'none'}. "
                 f"The loss sees {cell.output}_t. Sizes: {shapes}.")  # fmt: skip
    prose.append("All derivatives are in numerator layout: rows are outputs, columns are inputs.")
    prose += [columns_of(cell)] if columns_of(cell) else []
    prose += [*_clocks(cell), *_untied(cell)]
    return Section("The cell", tuple(prose), (cell,))


def _clocks(cell: Cell) -> list[str]:
    return [
        f"{name}_t is 1 at the times t with t = {phase} modulo {period}, and 0 at all others."
        for name, (period, phase) in cell.clocks.items()
    ]


def _untied(cell: Cell) -> list[str]:
    if not cell.untied:
        return []
    names = ", ".join(f"{name}_t" for name in cell.untied)
    return [
        f"Weights of their own at each step: {names}; as vectors, matrices are the stacks of their columns."
    ]


def _local(cell: Cell) -> Section:
    inputs = {x.name for x in cell.inputs}
    steps = [
        Step(local_partial(e, s), local(e, s), "")
        for e in cell
        for s in (*sources(e, before=True), *sources(e, before=False))
        if s.name not in inputs
    ]
    prose = (
        "Each equation by each of its arguments, the others held fixed; slopes are written in the outputs.",
    )
    return Section("Local Jacobians", prose, tuple(steps))


def _joint(cell: Cell) -> Section:
    prose = (
        f"The state is ({', '.join(cell.states)}). Its Jacobian over one step is J_t, and only this one multiplies "
        "over time: the Jacobian over k steps is the product of k of them, the newest on the left.",
    )
    return Section("One step: the state Jacobian", prose, state_jacobian(cell))


def _kinds(cell: Cell, derived: tuple[Derivation, ...]) -> Section:
    prose = (
        "Four derivatives go by one name. They differ in what is held fixed.",
        *(KIND_WORDS[kind] for kind in KINDS),
    )
    return Section("Four kinds of derivative", prose, _own(cell, derived, 1))


def _lags(cell: Cell, derived: tuple[Derivation, ...]) -> Section:
    prose = [
        f"Elementary paths from {s}_{{t-k}} to {s}_t for k = 1, 2, 3, 4, 5: "
        + "; ".join(
            f"{kind} {', '.join(str(count_paths(cell, s, s, lag, kind)) for lag in range(1, 6))}"
            for kind in KINDS
        )
        + "."
        for s in cell.states
    ]
    recursions = tuple(
        _once(
            cell, [derive_state(cell, read_quantity(cell, f"d{s}[t]/d{s}[t-k]"), form="recursion")]
        )
        for s in cell.states
    )
    return Section("Over k steps", tuple(prose), (*_own(cell, derived, None), *recursions))


def _own(cell: Cell, derived: tuple[Derivation, ...], lag: int | None) -> tuple[Derivation, ...]:
    """The derivations of each state by itself, at lag 1 or k; kinds that coincide are shown once."""
    alike: dict[object, list[Derivation]] = {}
    for d in derived:
        if not isinstance(d.left, Partial) or d.left.above.name != d.left.below.name:
            continue
        found = d.left.above.time - d.left.below.time
        if found == Integer(1) if lag == 1 else not found.is_Integer:
            alike.setdefault((d.left.above.name, d.expr), []).append(d)
    return tuple(_once(cell, same) for same in alike.values())


def _once(cell: Cell, same: list[Derivation]) -> Derivation:
    """The last of derivations with one result, without what the document says elsewhere."""
    last, kinds = same[-1], [d.kind for d in same]
    remarks = [r for r in last.remarks if r != columns_of(cell)]
    if len(kinds) > 1:
        remarks.insert(0, f"The kinds {', '.join(kinds[:-1])} and {kinds[-1]} coincide here.")
    return replace(last, steps=last.steps[len(split_steps(cell)) :], remarks=tuple(remarks))


def _adjoints(cell: Cell) -> Section:
    prose = (
        "δs_t stands for ∂L/∂s_t, a_s for the argument of the activation that gives s. For t = T down to 1, "
        "with every adjoint after T zero:",
    )
    return Section("Backpropagation through time", prose, bptt(cell).assignments)


def _gradients(cell: Cell) -> Section:
    return Section(
        "Gradients of the parameters", ("Each parameter acts at every step.",), bptt(cell).gradients
    )


def _double_sums(cell: Cell, derived: tuple[Derivation, ...]) -> Section:
    steps = tuple(s for d in derived if d.form == "double sum" for s in d.steps)
    prose = (
        "The same gradients as a sum over the step t that loses and the step k that learns "
        "(Pascanu, Mikolov and Bengio 2013). The factor between the two is what vanishes or explodes.",
    )
    return Section("The double sum", prose, steps)


def _bounds(cell: Cell) -> Section:
    shown = [
        bound(cell, Partial(cell.signal(a), cell.signal(b, t - 1), "block"), block(cell, a, b))
        for a in cell.states
        for b in cell.states
        if not is_fill(block(cell, a, b), 0)
    ]
    if not shown:
        return Section("Bounds", ("Every block of J_t is zero: no state reaches the next step.",))
    if len(cell.states) == 1:
        shown.append(_bound_over_steps(cell, shown[0]))
        together = (
            "One step after the other gives the power on the last line; where the norm of a signal "
            "stands in it, its largest value over the steps is meant."
        )
    else:
        together = (
            "The matrix of these bounds, one a block, has a spectral norm c that bounds ‖J_t‖₂, "
            "and c^k bounds every block over k steps."
        )
    prose = (
        "Norms multiply, and the largest slope of σ is 1/4, of tanh 1. The gradient vanishes for sure "
        "when the bound of one step is below 1, and can explode only when it is above 1.",
        together,
        RADIUS_REMARK,
    )
    return Section("Bounds", prose, tuple(shown))


def _bound_over_steps(cell: Cell, one: Bound) -> Bound:
    """(bound of one step)^k."""
    name = cell.states[0]
    left = Partial(cell.signal(name), cell.signal(name, t - k), "total")
    return Bound(left, one.value**k, one.names)
