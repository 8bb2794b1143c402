"""What follows from every cell of the catalogue passes its checks: Jacobians, lags and all gradients."""

import pytest

import lstmsym as ls


@pytest.mark.parametrize("name", ls.catalogue())
def test_everything_is_derived_and_checked(name):
    found = ls.derive(name)
    assert all(result.checked.passed for result in found.results)
    cell = ls.cell(name)
    asked = {result.derivation.quantity.partition("/")[0] for result in found.results}
    assert asked & {f"d{state}[t]" for state in cell.states}
    assert "dL" in asked or not cell.weights
