"""Measurements through the door: what comes back, that it repeats, and what is refused."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lstmsym.equations.reader import read_cell
from lstmsym.errors import InputError, QuantityError, UnknownName
from lstmsym.flow import measure
from lstmsym.flow.result import CellFlow, half_life, slope

SMALL = {"steps": 30, "hidden": 6, "seeds": 3, "rng": 0}


@pytest.mark.parametrize("quantity", ["dh[T]/dh[t]", "dL/dh[t]"])
@pytest.mark.parametrize("norm", ["spectral", "frobenius", "probe"])
def test_every_number_comes_with_what_it_depends_on(quantity, norm):
    flow = measure(["rnn", "lstm"], quantity=quantity, norm=norm, **SMALL)
    found = flow.as_dict()
    assert list(found) == ["schema", "quantity", "kind", "norm", "cells"]
    assert found["schema"] == "lstmsym/flow/1" and found["quantity"] == quantity
    for cell in found["cells"]:
        assert list(cell) == [
            "cell", "init", "hidden", "steps", "seeds", "dtype", "lag", "log_norm", "log_norm_sd",
            "slope_per_step", "half_life", "engine", "autograd_max_rel_difference",
        ]  # fmt: skip
        assert len(cell["lag"]) == len(cell["log_norm"]) == 30
        assert cell["autograd_max_rel_difference"] < 1e-11
    json.dumps(found, allow_nan=False)
    assert flow["lstm"].by_seed.shape == (3, 30) and flow["lstm"].quantiles.shape == (3, 30)


def test_the_same_seed_gives_the_same_bytes():
    """In this process and in another one, with another number of threads."""
    one, two = (json.dumps(measure("lstm", **SMALL).as_dict()) for _ in range(2))
    assert one == two
    code = f"import json; from lstmsym.flow import measure; print(json.dumps(measure('lstm', **{SMALL}).as_dict()))"
    for threads in "12":
        told = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={"OPENBLAS_NUM_THREADS": threads, "PYTHONPATH": ":".join(sys.path)},
        )  # fmt: skip
        assert told.stdout.strip() == one


def test_cells_see_the_same_whether_alone_or_together():
    together = measure(["rnn", "lstm"], **SMALL)["lstm"].by_seed
    assert np.array_equal(together, measure("lstm", **SMALL)["lstm"].by_seed)
    fewer = measure("lstm", **{**SMALL, "seeds": 2})["lstm"].by_seed
    assert np.array_equal(together[:2], fewer)


def test_both_ways_to_write_a_quantity():
    one, two = (measure("lstm", quantity=q, **SMALL) for q in ("dC[T]/dC[t]", "∂C[t]/∂C[t-k]"))
    assert one.quantity == two.quantity == "dC[T]/dC[t]"
    assert np.array_equal(one["lstm"].by_seed, two["lstm"].by_seed)


def test_total_and_block_differ_where_h_hangs_on_c():
    total, block = (
        measure("lstm", quantity="dC[T]/dC[t]", kind=kind, **SMALL)["lstm"].log_norm
        for kind in ("total", "block")
    )
    assert_allclose(total[0], block[0], atol=1e-12)
    assert (np.abs(total - block)[1:] > 1e-3).all()


def test_loss_of_a_text_by_states(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(b"the quick brown fox jumps over the lazy dog. " * 5)
    for kind in ("total", "block"):
        flow = measure("lstm", quantity="dL/dC[t]", kind=kind, text=path, **SMALL)
        assert flow["lstm"].engine == "autograd" and flow.norm == "euclidean"
        assert flow["lstm"].autograd_max_rel_difference < 1e-12
    assert (flow["lstm"].by_seed[:, 0] == -np.inf).all()
    assert flow.as_dict()["cells"][0]["log_norm"][0] is None


@pytest.mark.parametrize("loss", ["last", "quadratic"])
def test_losses_on_noise(loss):
    flow = measure(["gru", "lstm"], quantity="dL/dh[t]", loss=loss, **SMALL)
    assert all(c.autograd_max_rel_difference < 1e-12 for c in flow.cells)


def test_inputs_from_a_file_and_from_an_array(tmp_path):
    x = np.random.default_rng(0).normal(size=(2, 40, 5))
    np.save(tmp_path / "x.npy", x)
    from_file = measure("rnn", input=tmp_path / "x.npy", **SMALL)["rnn"].by_seed
    assert np.array_equal(from_file, measure("rnn", input=x, **SMALL)["rnn"].by_seed)


def test_cells_from_text_file_and_without_inputs(tmp_path):
    path = tmp_path / "mine.cell"
    path.write_text("h[t] = tanh(W @ h[t-1] + b)")
    flow = measure([path, read_cell("h[t] = relu(W @ h[t-1])", "bare")], **SMALL)
    assert flow["bare"].log_norm_sd.shape == (30,)


def test_a_slope_is_fitted_after_the_burn_in():
    lag = np.arange(100)
    bent = np.where(lag < 20, 0.0, -0.3 * (lag - 20))
    assert_allclose(slope(lag, bent), -0.3)
    assert_allclose(half_life(-0.3), math.log(2) / 0.3)
    assert half_life(0.1) == math.inf
    assert math.isnan(slope(lag, np.full(100, -np.inf))) and math.isnan(half_life(math.nan))


def test_norms_that_are_zero_are_null_and_do_not_warn():
    by_seed = np.array([[0.0, -np.inf], [0.0, -1.0]])
    cell = CellFlow("c", "i", 1, 2, 2, "float64", np.arange(2), by_seed, "derived", 0.0)
    found = cell.as_dict()
    assert found["log_norm"] == [0.0, None] and found["log_norm_sd"] == [0.0, None]
    assert found["slope_per_step"] is None and found["half_life"] is None
    assert cell.quantiles[0, 1] == -np.inf and cell.quantiles[2, 1] == -1


def test_progress_is_told_run_by_run():
    seen = []
    measure("rnn", progress=lambda done, total: seen.append((done, total)), **SMALL)
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"quantity": "dh/dh"}, QuantityError, "write it"),
        ({"quantity": "dC[T]/dC[t]"}, QuantityError, "rnn computes no signal 'C'"),
        ({"quantity": "dL/dx[t]"}, QuantityError, "an input of rnn"),
        ({"kind": "direct"}, QuantityError, "total or block"),
        ({"norm": "max"}, UnknownName, "no norm"),
        ({"init": "xavier"}, UnknownName, "no initialisation"),
        ({"dtype": "int"}, UnknownName, "number type"),
        ({"loss": "mse"}, UnknownName, "no loss"),
        ({"loss": "next byte"}, InputError, "needs a text"),
        ({"hidden": 0}, InputError, "hidden is a whole number"),
        ({"steps": -1}, InputError, "steps is a whole number"),
        ({"seeds": 1.5}, InputError, "seeds is a whole number"),
        ({"gain": math.nan}, InputError, "gain"),
        ({"input": np.ones((5, 2))}, InputError, "5 steps; 30 were asked for"),
        ({"input": np.ones((50, 2)), "text": "LICENSE"}, InputError, "not both"),
    ],
)
def test_what_cannot_be_measured_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        measure("rnn", **{**SMALL, **options})


def test_a_run_that_overflows_is_refused():
    wild = read_cell("h[t] = W @ h[t-1] + V @ x[t]", "wild")
    with pytest.raises(InputError, match="h of wild overflows at step"):
        measure(wild, gain=1e9, init="orthogonal", **{**SMALL, "steps": 60})
