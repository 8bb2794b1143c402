"""How many elementary paths lead from one signal to another: known numbers, and a count by another hand."""

import pytest

import lstmsym as ls
from lstmsym.derivation.graph import count_paths, paths
from lstmsym.equations.terms import Plus
from lstmsym.errors import QuantityError
from tests.witnesses import MODELS

BLOCK, TOTAL = (1, 4, 19, 91, 436), (4, 19, 91, 436, 2089)
GRUS = tuple(name for name in MODELS if name.startswith("gru"))


class Asked(dict):
    """Signals that note who asked for them."""

    def __init__(self, values):
        super().__init__(values)
        self.names = []

    def __getitem__(self, name):
        if name not in self.names:
            self.names.append(name)
        return super().__getitem__(name)


def edges(model):
    """signal → (signals it reads at t, states it reads at t-1), found by running each function once."""
    import numpy as np

    values = model.draw(np.random.default_rng(0), {"n": 2, "m": 1}, 1)
    ones = dict.fromkeys((*model.equations, *model.inputs), np.ones(2)) | {
        x: np.ones(1) for x in model.inputs
    }
    found = {}
    for name, equation in model.equations.items():
        now, old = Asked(ones), Asked({s: np.ones(2) for s in model.states})
        equation(np, values, now, old)
        found[name] = (now.names, old.names)
    return found


def count(model, above, below, lag, within):
    """Paths from (below, lag steps ago) to above now, walked one by one from the end."""
    read = edges(model)

    def walk(name, delay):
        if (name, delay) == (below, lag):
            return 1
        if name not in read or delay > lag or (delay == lag and not within):
            return 0
        now, old = read[name]
        return sum(walk(s, delay) for s in now) + sum(walk(s, delay + 1) for s in old)

    return walk(above, 0)


@pytest.mark.parametrize("lag", range(1, 6))
def test_lstm_block_and_total(lag):
    derive = lambda kind: ls.derive("lstm", f"dC[t]/dC[t-{lag}]", kind=kind)  # noqa: E731
    assert derive("block").terms == BLOCK[lag - 1]
    assert derive("total").terms == TOTAL[lag - 1]
    assert derive("direct").terms == 1
    assert derive("step").terms == 4**lag


@pytest.mark.parametrize("lag", range(1, 6))
@pytest.mark.parametrize("name", GRUS)
def test_gru_has_four_ways_a_step(name, lag):
    assert ls.derive(name, f"dh[t]/dh[t-{lag}]", kind="block").terms == 4**lag


@pytest.mark.parametrize("lag", (1, 2, 5, 50))
def test_rnn_has_one_way(lag):
    for kind in ("direct", "step", "block", "total"):
        assert ls.derive("rnn", f"dh[t]/dh[t-{lag}]", kind=kind).terms == 1


@pytest.mark.parametrize("name", sorted(MODELS))
def test_counts_equal_a_walk_over_the_cell_by_hand(name):
    cell, model, compared = ls.cell(name), MODELS[name], 0
    for above in model.equations:
        for below in (*model.states, *model.inputs):
            for lag in (1, 2, 3):
                assert count_paths(cell, above, below, lag, "total") == count(
                    model, above, below, lag, True
                )
                if below in model.states:
                    found = count_paths(cell, above, below, lag, "block")
                    assert found == count(model, above, below, lag, False)
                compared += 1
    assert compared >= 6


@pytest.mark.parametrize("kind", ("direct", "step", "block", "total"))
@pytest.mark.parametrize("name", MODELS)
def test_every_path_is_listed_once(name, kind):
    cell = ls.cell(name)
    for above in cell.states:
        for below in cell.states:
            for lag in (1, 2, 3):
                listed = list(paths(cell, above, below, lag, kind))
                assert len(listed) == len(set(listed)) == count_paths(cell, above, below, lag, kind)


@pytest.mark.parametrize("lag", (1, 2, 3))
def test_the_expanded_form_has_one_summand_a_path(lag):
    derived = ls.derive("lstm", f"dC[t]/dC[t-{lag}]", form="expanded")
    assert isinstance(derived.expr, Plus) and len(derived.expr.parts) == TOTAL[lag - 1]


def test_the_limit_names_the_count_and_is_sharp():
    with pytest.raises(
        QuantityError, match=r"436 elementary paths, more than the limit of 435; raise --limit"
    ):
        ls.derive("lstm", "dC[t]/dC[t-4]", form="expanded", limit=435)
    assert ls.derive("lstm", "dC[t]/dC[t-3]", form="expanded", limit=91).terms == 91


def test_a_symbolic_lag_has_no_count():
    assert ls.derive("lstm", "dC[t]/dC[t-k]").terms is None
    with pytest.raises(QuantityError, match=r"needs a number for the lag, as in \[t-3\]"):
        ls.derive("lstm", "dC[t]/dC[t-k]", form="expanded")


def test_no_path_is_zero_and_says_so():
    """In a cell where s never reaches h."""
    cell = ls.parse("h[t] = tanh(W @ h[t-1])\ns[t] = tanh(V @ s[t-1] + U @ h[t])")
    derived = ls.derive(cell, "dh[t]/ds[t-2]", kind="block")
    assert derived.terms == 0
    assert not derived.evaluate(
        {p: _ones(cell, p) for p in cell.parameters} | _states(), time=2
    ).any()


def _ones(cell, name):
    import numpy as np

    sides = {"n": 2, "n_s": 3}
    return np.ones([sides[str(side)] for side in cell.parameters[name].shape])


def _states():
    import numpy as np

    return {"h": np.ones(2), "s": np.ones(3)}
