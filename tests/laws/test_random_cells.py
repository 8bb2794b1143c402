"""Cells that nobody wrote keep the laws that the catalogue keeps.

Each cell comes as text with the same formulas in plain functions beside it (tests/strategies.py);
every derivation is checked by the package's own witnesses when it is made, and here by ours.
"""

from collections import Counter

import numpy as np
from hypothesis import given, note, settings
from hypothesis import strategies as st

import lstmsym as ls
from lstmsym.derivation.quantity import KINDS
from lstmsym.numerics.rollout import rollout
from lstmsym.numerics.sizes import infer_sizes
from tests.strategies import SIZES, cells
from tests.witnesses import (
    Run,
    adjoint,
    by_autograd,
    gradient,
    jacobian,
)

STEPS = 5
COUNTED: Counter[str] = Counter()  # of comparisons; each test asserts a floor


def instance(drawn):
    """The cell as the package reads it, and the model run on small random values."""
    cell = ls.parse(drawn.text)
    values = drawn.model.draw(np.random.default_rng(5), SIZES, STEPS)
    values = {name: 0.5 * a for name, a in values.items()}
    return cell, Run(drawn.model, values, STEPS), values


def matrix(derived, values, run, **at):
    """The value of a Jacobian with its columns kept."""
    above, below = (partial.name for partial in derived.derivation.left.args[:2])
    rows, cols = (len(run.trajectory[1][name]) for name in (above, below))
    return derived.evaluate(values, **at).reshape(rows, cols)


def close(found, expected, scale=1.0):
    """Equal to rounding; `scale` is the size of what may cancel. One column is a vector."""
    assert found.shape == expected.shape or 1 in expected.shape
    found = found.reshape(expected.shape)
    assert np.max(np.abs(found - expected), initial=0) <= 1e-9 * (scale + np.max(np.abs(expected)))


@settings(max_examples=150)
@given(cells())
def test_the_text_says_the_formulas(drawn):
    cell, run, values = instance(drawn)
    assert set(cell.states) == set(drawn.model.states)
    assert {x.name for x in cell.inputs} == set(drawn.model.inputs)
    assert cell.output == drawn.model.output
    assert set(cell.weights) == set(drawn.model.shapes)
    found = rollout(
        cell,
        {n: values[n].reshape(-1) if p.cols == 1 else values[n] for n, p in cell.weights.items()},
        {x.name: values[x.name] for x in cell.inputs},
        {s: values[s] for s in cell.states},
        steps=STEPS,
    )
    for e in cell:
        for time in range(1, STEPS + 1):
            close(found.signal(e.name, time), run.trajectory[time][e.name])


@settings(max_examples=45)
@given(cells())
def every_kind_pair_and_lag(drawn):
    cell, run, values = instance(drawn)
    for above in cell.states:
        for below in cell.states:
            for kind in KINDS:
                for lag in (1, 2, 3):
                    text = f"d{above}[t]/d{below}[t-{lag}]"
                    note(f"{text} {kind}")
                    found = ls.derive(cell, text, kind=kind).evaluate(values, time=STEPS)
                    expected = jacobian(run, above, below, (STEPS - lag, STEPS), kind, by_autograd)
                    close(found, expected)
                    COUNTED["pairs"] += 1


@settings(max_examples=40)
@given(cells())
def gradients_and_adjoints(drawn):
    cell, run, values = instance(drawn)
    rows = len(run.trajectory[1][cell.output])
    slopes = np.random.default_rng(9).normal(size=(STEPS, rows))
    for weight in cell.weights:
        expected = gradient(run, weight, slopes, by_autograd)
        for form in ("product", "double sum"):
            note(f"dL/d{weight} {form}")
            close(
                ls.derive(cell, f"dL/d{weight}", form=form).evaluate(values, loss_slopes=slopes),
                expected,
            )
            COUNTED["gradients"] += 1
    for signal in cell.signals:
        note(f"dL/d{signal}[t]")
        found = ls.derive(cell, f"dL/d{signal}[t]").evaluate(values, time=2, loss_slopes=slopes)
        close(found, adjoint(run, signal, 2, slopes, by_autograd))
        COUNTED["adjoints"] += 1


@settings(max_examples=30)
@given(cells())
def whole_derivation_is_checked(drawn):
    """Everything that `derive` without a quantity gives passed its own check, on two draws, and is printed."""
    whole = ls.derive(ls.parse(drawn.text), draws=2)
    assert whole.results
    assert "∂" in whole.text() and r"\partial" in whole.latex() and "$$" in whole.markdown()
    for result in whole.results:
        assert result.checked.passed and result.checked.draws == 2
        COUNTED["results"] += 1


@settings(max_examples=40)
@given(cells(), st.sampled_from(("block", "total")), st.integers(2, 3))
def forms_and_layouts_agree(drawn, kind, lag):
    """Product = recursion = expanded, denominator layout is the transpose, and k stands for any number."""
    cell, run, values = instance(drawn)
    above, below = cell.states[0], cell.states[-1]
    text = f"d{above}[t]/d{below}[t-{lag}]"
    product = ls.derive(cell, text, kind=kind)
    expected = matrix(product, values, run, time=STEPS)
    close(ls.derive(cell, text, kind=kind, form="recursion").evaluate(values, time=STEPS), expected)
    if product.terms <= 400:
        expanded = ls.derive(cell, text, kind=kind, form="expanded")
        close(expanded.evaluate(values, time=STEPS), expected)
        COUNTED["expanded"] += 1
    across = ls.derive(cell, text, kind=kind, layout="denominator").evaluate(values, time=STEPS)
    close(across, expected.T)
    symbolic = ls.derive(cell, f"d{above}[t]/d{below}[t-k]", kind=kind)
    close(symbolic.evaluate(values, time=STEPS, lag=lag), expected)


@settings(max_examples=40)
@given(cells())
def split_notation_says_the_same(drawn):
    """The blocks that `splits` names, cut from the joined weights, give the same values and derivatives."""
    cell, run, values = instance(drawn)
    apart = ls.cell(cell, notation="split")
    blocks = split_values(cell, apart, values)
    text = f"d{cell.states[0]}[t]/d{cell.states[-1]}[t-2]"
    close(
        ls.derive(apart, text).evaluate(blocks, time=4),
        ls.derive(cell, text).evaluate(values, time=4),
    )
    for weight, grid in apart.splits:
        slopes = np.ones((STEPS, len(run.trajectory[1][cell.output])))
        whole = ls.derive(cell, f"dL/d{weight.name}").evaluate(values, loss_slopes=slopes)
        cut = [
            ls.derive(apart, f"dL/d{p.name}").evaluate(blocks, loss_slopes=slopes)
            for p in grid.parts
        ]
        rows = len(values[weight.name])
        close(np.hstack([a.reshape(rows, -1) for a in cut]), whole)
        COUNTED["split weights"] += 1


def split_values(cell, apart, values):
    """The values of a split cell: every joined weight cut into its blocks."""
    joined = {weight.name for weight, _ in apart.splits}
    arrays = {n: values[n] for n in (*cell.states, *(x.name for x in cell.inputs))}
    arrays |= {
        n: values[n].reshape(-1) if p.cols == 1 else values[n] for n, p in cell.weights.items()
    }
    sizes = infer_sizes(cell, arrays)
    found = {n: a for n, a in values.items() if n not in joined}
    for weight, grid in apart.splits:
        edges = np.cumsum([int(block.cols.subs(sizes)) for block in grid.parts])
        assert edges[-1] == values[weight.name].shape[1]
        blocks = np.split(values[weight.name], edges[:-1], axis=1)
        found |= {block.name: a for block, a in zip(grid.parts, blocks, strict=True)}
    return found


@settings(max_examples=60)
@given(cells())
def test_chain_rule_and_transposition(drawn):
    """Blocks multiply: B(t, t-3) = Σ_s B(t, t-1) B(t-1, t-3); and ⟨J v, w⟩ = ⟨v, Jᵀ w⟩."""
    cell, run, values = instance(drawn)

    def block(above, below, time, lag):
        derived = ls.derive(cell, f"d{above}[t]/d{below}[t-{lag}]", kind="block")
        return matrix(derived, values, run, time=time)

    above, below = cell.states[-1], cell.states[0]
    whole = block(above, below, 5, 3)
    shares = [block(above, s, 5, 1) @ block(s, below, 4, 2) for s in cell.states]
    close(whole, sum(shares), scale=max(np.max(np.abs(a)) for a in shares))
    rng = np.random.default_rng(1)
    v, w = rng.normal(size=whole.shape[1]), rng.normal(size=whole.shape[0])
    text = f"d{above}[t]/d{below}[t-3]"
    across = ls.derive(cell, text, kind="block", layout="denominator").evaluate(values, time=5)
    across = across.reshape(whole.T.shape)
    close(np.array([(whole @ v) @ w]), np.array([v @ (across @ w)]))


@settings(max_examples=45)
@given(cells())
def test_adjoints_are_the_transposed_jacobians(drawn):
    """A loss at the last step only: ∂L/∂s_t = (∂output_T/∂s_t)ᵀ ∂L/∂output_T, total on both sides."""
    cell, run, values = instance(drawn)
    rows = len(run.trajectory[1][cell.output])
    slopes = np.zeros((STEPS, rows))
    slopes[-1] = np.random.default_rng(2).normal(size=rows)
    for s in cell.states:
        lag = matrix(ls.derive(cell, f"d{cell.output}[t]/d{s}[t-2]"), values, run, time=STEPS)
        found = ls.derive(cell, f"dL/d{s}[t]").evaluate(values, time=STEPS - 2, loss_slopes=slopes)
        close(found, lag.T @ slopes[-1], scale=np.max(np.abs(lag)) * np.max(np.abs(slopes)))


def test_every_kind_pair_and_lag():
    every_kind_pair_and_lag()
    assert COUNTED["pairs"] >= 1500


def test_gradients_and_adjoints():
    gradients_and_adjoints()
    assert COUNTED["gradients"] >= 100 and COUNTED["adjoints"] >= 150


def test_whole_derivation_is_checked():
    whole_derivation_is_checked()
    assert COUNTED["results"] >= 600


def test_forms_and_layouts_agree():
    forms_and_layouts_agree()
    assert COUNTED["expanded"] >= 20


def test_split_notation_says_the_same():
    split_notation_says_the_same()
    assert COUNTED["split weights"] >= 30
