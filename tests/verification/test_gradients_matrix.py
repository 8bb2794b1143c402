"""Every cell × every parameter × T = 1, 2, 5 × both forms: the derived gradient is what autograd,
differences and a complex step find; likewise the adjoint of every signal at every step."""

import numpy as np
import pytest

import lstmsym as ls
from tests.witnesses import (
    MODELS,
    Run,
    adjoint,
    by_autograd,
    by_complex_step,
    by_differences,
    gradient,
    model_of,
    relative,
)

SIZES, FORMS = {"n": 4, "m": 3}, ("product", "double sum")
TOLERANCE = 1e-10


def draw(name, steps):
    rng = np.random.default_rng([23, steps])
    model = model_of(name)
    values = model.draw(rng, SIZES, steps)
    return Run(model, values, steps), values, rng.normal(size=(steps, SIZES["n"]))


@pytest.mark.parametrize("steps", (1, 2, 5))
@pytest.mark.parametrize("name", MODELS)
def test_gradient_of_every_parameter(name, steps):
    run, values, slopes = draw(name, steps)
    compared = 0
    for weight in run.model.shapes:
        expected = gradient(run, weight, slopes, by_autograd)
        differences = gradient(run, weight, slopes, by_differences)
        for form in FORMS:
            found = ls.derive(name, f"dL/d{weight}", form=form).evaluate(values, loss_slopes=slopes)
            told = f"{name} dL/d{weight}, {form}, T = {steps}"
            assert relative(found, expected) <= TOLERANCE, told
            assert np.max(np.abs(found - differences)) <= 1e-7 * np.max(np.abs(found)) + 1e-8, told
            compared += 2
        if name in MODELS:
            assert relative(found, gradient(run, weight, slopes, by_complex_step)) <= TOLERANCE, (
                told
            )
    assert compared == 4 * len(run.model.shapes) >= 12


@pytest.mark.parametrize("name", MODELS)
def test_adjoint_of_every_signal_at_every_step(name):
    run, values, slopes = draw(name, 5)
    signals = [*run.model.inputs, *run.model.equations]
    for signal in signals:
        derived = ls.derive(name, f"dL/d{signal}[t]")
        for time in (1, 2, 5):
            found = derived.evaluate(values, time=time, loss_slopes=slopes)
            expected = adjoint(run, signal, time, slopes, by_autograd)
            assert relative(found, expected) <= TOLERANCE, f"{name} dL/d{signal}[{time}]"
    assert len(signals) >= 2


@pytest.mark.parametrize("name", MODELS)
def test_gradient_without_loss_slopes_is_of_the_sum_of_outputs(name):
    run, values, _ = draw(name, 3)
    weight = next(iter(run.model.shapes))
    found = ls.derive(name, f"dL/d{weight}").evaluate(values)
    assert relative(found, gradient(run, weight, np.ones((3, 4)), by_autograd)) <= TOLERANCE
