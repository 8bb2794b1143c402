"""Component form is the matrix form, entry by entry."""

from types import SimpleNamespace

import numpy as np
import pytest
from sympy import Symbol

from lstmsym.cells import from_catalogue
from lstmsym.derivation.known import Known
from lstmsym.derivation.lag import derive_state
from lstmsym.derivation.program import bptt
from lstmsym.derivation.quantity import read_quantity
from lstmsym.derivation.state import state_jacobian
from lstmsym.equations.derived import TERMS, Dot, Selector, SumOverTime
from lstmsym.equations.structured import Kronecker, Maximum, Pieces, Read, Softmax
from lstmsym.equations.terms import Term, k, t, walk
from lstmsym.errors import MissingRule, QuantityError
from lstmsym.numerics.arithmetic import Floats
from lstmsym.numerics.environment import Environment
from lstmsym.numerics.translate import evaluate
from lstmsym.printing.component_writer import ComponentWriter, latex_component, text_component
from lstmsym.printing.components import _Components, component, index
from lstmsym.printing.entries import SCALARS, Delta, Evaluation
from tests.printing.examples import EXAMPLES, C, U, W, f, h, j, m, n, stack, x
from tests.witnesses import MODELS

SIZES = {n: 3, m: 2}
TIMES = {t: 5, k: 2, j: 4, Symbol("T", integer=True, positive=True): 5}
COMPARED = SimpleNamespace(entries=0)


def random(*name):
    """Numbers that depend on the name alone."""
    *names, shape = name
    seed = [sum(map(ord, str(a))) + 7 * i + len(str(a)) for i, a in enumerate(names)]
    return np.random.default_rng(seed).uniform(0.2, 0.9, shape)


def environment(parameters, signals, definitions):
    shape = lambda term: tuple(int(a.xreplace(SIZES)) for a in term.shape if a != 1)  # noqa: E731
    return Environment(
        parameters={p.name: random("p", p.name, shape(p)) for p in parameters},
        signals=lambda name, time: random("s", name, time, shape(signals[name])),
        adjoints=lambda name, time, scope: random("a", name, time, scope, shape(signals[name])),
        gradients={p.name: random("g", p.name, shape(p)) for p in parameters},
        sizes=SIZES,
        times=TIMES,
        definitions=definitions,
    )


def compare(term, env):
    """Every entry of the component form against the matrix."""
    whole = np.asarray(evaluate(term, env))
    entry = component(term)

    def leaf(named, places, numbers):
        times = {s: v for s, v in numbers.items() if s in (t, k, j, index("s")) or s in TIMES}
        return np.asarray(evaluate(named, env.bind(times)))[places]

    worth = Evaluation(leaf, Floats().apply)
    rows, cols = (int(a.xreplace(SIZES)) for a in term.shape)
    matrix = whole.reshape(rows, cols)
    for a in range(rows):
        for b in range(cols):
            found = worth.value(entry, {**SIZES, **TIMES, index("i"): a, index("j"): b})
            assert np.isclose(float(np.squeeze(found)), matrix[a, b], rtol=1e-12), (term, a, b)
            COMPARED.entries += 1


@pytest.mark.parametrize("name", MODELS)
def test_every_equation_and_derivative_of_the_catalogue(name):
    cell = from_catalogue(name)
    program = bptt(cell)
    before = COMPARED.entries
    env = environment(cell.parameters.values(), program.cell.signals, Known(cell))
    terms = [e.right for e in cell]
    terms += [s.right for s in state_jacobian(cell)]
    terms += [s.right for s in (*program.assignments, *program.gradients)]
    for above in cell.states:
        for lag in ("1", "3", "k"):
            quantity = read_quantity(cell, f"d{above}[t]/d{above}[t-{lag}]")
            terms.append(derive_state(cell, quantity, "total").expr)
    for term in terms:
        compare(term, env)
    assert COMPARED.entries - before > 50


def test_every_node_has_a_component_form():
    missing = [a.__name__ for a in TERMS if not hasattr(_Components, f"entry_{a.__name__}")]
    assert missing == []


def test_every_scalar_prints():
    missing = [a.__name__ for a in SCALARS if not hasattr(ComponentWriter, f"write_{a.__name__}")]
    assert missing == []


WITHOUT = (Softmax, Maximum, Kronecker, Read, Pieces)


@pytest.mark.parametrize("term", [e for e, *_ in EXAMPLES], ids=[s for *_, s in EXAMPLES])
def test_every_example_has_a_component_form_in_both_formats(term):
    if any(isinstance(a, WITHOUT) for a in walk(term)):
        with pytest.raises(QuantityError, match="ask for the matrix form"):
            latex_component(term)
        return
    assert latex_component(term).count("{") == latex_component(term).count("}")
    assert text_component(term)


def test_an_unknown_node_is_refused():
    class Convolution(Term):
        shape = (n, n)

    with pytest.raises(MissingRule, match="Convolution"):
        component(Convolution())
    with pytest.raises(MissingRule, match="int"):
        Evaluation(None, None).value(3, {})


# fmt: off
WRITTEN = [
    (C,                                "C_t^i"),
    (W @ stack,                        "Σ_l W_{fh}^{il} h_{t-1}^l + Σ_l W_{fx}^{il} x_t^l"),
    (U @ (U @ h),                      "Σ_l U^{il} Σ_p U^{lp} h_t^p"),
    (Dot(f, h),                        "Σ_l f_t^l h_t^l"),
    (stack,                            "{h_{t-1}^i if i ≤ n; x_t^{i-n} otherwise}"),
    (SumOverTime(f - h, t, 1, k),      "Σ_{t=1}^k (f_t^i - h_t^i)"),
    (Selector("x", 1, n, m),           "δ_{i,j+n}"),
    (f / (1 - h),                      "f_t^i/(1 - h_t^i)"),
    (-f * f,                           "-(f_t^i)²"),
]
# fmt: on


@pytest.mark.parametrize("term, written", WRITTEN, ids=[s for *_, s in WRITTEN])
def test_written(term, written):
    assert text_component(term) == written


def test_free_indices_are_not_bound_again():
    assert text_component(U @ (U @ h), "l", "p") == "Σ_q U^{lq} Σ_r U^{qr} h_t^r"
    assert component(x, "l") == component(x, Symbol("l", integer=True))
    assert Delta(index("i"), index("j")) != Delta(index("j"), index("i"))
