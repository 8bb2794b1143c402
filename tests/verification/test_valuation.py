"""The value of a result on a run, and on signals given at their times."""

from __future__ import annotations

import numpy as np
import pytest

import lstmsym as ls
from lstmsym.errors import UnknownName
from lstmsym.numerics.initialise import hard_instance
from lstmsym.numerics.rollout import rollout


@pytest.mark.parametrize("quantity", ["dC[t]/dC[t-1]", "dh[t]/dC[t-2]", "dC[t]/dh[t-k]"])
def test_signals_at_their_times_give_what_the_run_gives(quantity):
    cell = ls.cell("lstm")
    parameters, initial, sizes = hard_instance(cell, np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(4, *[v for s, v in sizes.items() if str(s) == "m"]))
    run = rollout(cell, parameters, {"x": x}, initial)
    derived = ls.derive(cell, quantity)
    lag = {"lag": 2} if "k" in quantity else {}
    names = [e.name for e in cell]
    given = {
        f"{n}[t-{d}]" if d else f"{n}[t]": run.signal(n, 4 - d) for n in names for d in range(3)
    }
    found = derived.evaluate({**parameters, **given}, **lag)
    np.testing.assert_array_equal(found, derived.evaluate({**parameters, "x": x, **initial}, **lag))


def test_only_what_the_result_uses_has_to_be_given():
    f = np.array([0.25, 0.5])
    carousel = ls.derive("lstm", "dC[t]/dC[t-1]", kind="direct")
    np.testing.assert_array_equal(carousel.evaluate({"f[t]": f}), np.diag(f))
    with pytest.raises(UnknownName, match=r"no 'f\[t\+1\]'"):
        carousel.evaluate({"f[t]": f, "f[t+1]": f})
    with pytest.raises(UnknownName, match="no signal"):
        ls.derive("lstm", "dC[t]/dC[t-1]").evaluate({"f[t]": f})
