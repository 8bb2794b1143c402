"""Published results and exact identities of gradient flow, through the public doors alone.

Sources: Pascanu, Mikolov & Bengio 2013 (counterexample to its eigenvalue condition); Greff et al. 2015
(backward pass); Bengio, Simard & Frasconi 1994 (latching); Hochreiter & Schmidhuber 1997 (carousel).
The numbers without a source are identities worked out by hand.
"""

from __future__ import annotations

import numpy as np
import pytest

import lstmsym as ls

LSTM_1997 = """
# LSTM without forget gate
i[t] = sigmoid(W_i @ [h[t-1], x[t]] + b_i)
o[t] = sigmoid(W_o @ [h[t-1], x[t]] + b_o)
g[t] = tanh(W_g @ [h[t-1], x[t]] + b_g)
C[t] = C[t-1] + i[t] * g[t]
h[t] = o[t] * tanh(C[t])
"""


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def drawn(cell, n, m, steps, scale=1.0, seed=0):
    """Values for a cell over [h, x] or split weights: parameters, inputs, initial states."""
    rng = np.random.default_rng(seed)
    width = dict(zip(cell.sizes, (n, m), strict=False))
    size = lambda side: int(side.subs(width))  # noqa: E731
    values = {
        name: scale
        * rng.normal(size=(size(p.rows),) if p.cols == 1 else (size(p.rows), size(p.cols)))
        for name, p in cell.parameters.items()
    }
    values |= {x.name: rng.normal(size=(steps, m)) for x in cell.inputs}
    return values | {s: rng.normal(size=n) for s in cell.states}


def test_gradients_explode_although_the_spectral_radius_is_zero():
    cell = ls.parse("x[t] = W @ tanh(x[t-1]) + b")
    W = np.array([[8.0, 8.0], [-8.0, -8.0]])
    fixed = np.array([0.0, np.arctanh(0.5)])
    values = {"W": W, "b": fixed - W @ np.tanh(fixed), "x": fixed}
    assert max(abs(np.linalg.eigvals(W))) < 1e-7
    norms = [
        np.linalg.norm(ls.derive(cell, f"dx[t]/dx[t-{k}]").evaluate(values, time=k), 2)
        for k in range(1, 7)
    ]
    np.testing.assert_allclose(norms, [2.0**j * 10 * np.sqrt(2) for j in range(6)], rtol=1e-5)
    J = ls.derive(cell, "dx[t]/dx[t-1]").evaluate(values, time=1)
    np.testing.assert_allclose(J, [[8, 6], [-8, -6]], rtol=1e-12)
    np.testing.assert_allclose(J @ J, 2 * J, rtol=1e-12)


def test_the_norm_bounds_what_the_radius_does_not():
    cell = ls.cell("rnn")
    values = drawn(cell, 4, 2, 6, scale=0.3)
    W = values["W_h"]
    for k in range(1, 6):
        J = ls.derive(cell, "dh[t]/dh[t-k]").evaluate(values, lag=k)
        assert np.linalg.norm(J, 2) <= np.linalg.norm(W, 2) ** k * (1 + 1e-12)


def test_the_peephole_program_equals_the_published_deltas():
    n, m, steps = 4, 3, 6
    cell = ls.cell("lstm_peephole_diagonal")
    v = drawn(cell, n, m, steps, seed=3)
    slopes = np.random.default_rng(4).normal(size=(steps, n))
    expected = greff_deltas(v, slopes)
    letters = {"y": "h", "c": "C", "o": "a_o", "f": "a_f", "i": "a_i", "z": "a_C_tilde"}
    for theirs, ours in letters.items():
        derived = ls.derive(cell, f"dL/d{ours}[t]")
        for time in range(1, steps + 1):
            found = derived.evaluate(v, time=time, loss_slopes=slopes)
            np.testing.assert_allclose(found, expected[theirs][time], rtol=1e-11, atol=1e-13)
    assert_published_gradients(cell, v, slopes, expected)


def greff_deltas(v, slopes):
    """Greff et al. 2015, section II.B, in NumPy; lists from time 0 to T + 1."""
    steps, n = slopes.shape
    c, y, x = [v["C"]], [v["h"]], v["x"]
    z, i, f, o = ([np.zeros(n)] for _ in range(4))
    for t in range(steps):
        net = lambda k: v[f"W_{k}"] @ x[t] + v[f"R_{k}"] @ y[-1] + v[f"b_{k}"]  # noqa: E731, B023
        z.append(np.tanh(net("C")))
        i.append(sigmoid(net("i") + v["p_i"] * c[-1]))
        f.append(sigmoid(net("f") + v["p_f"] * c[-1]))
        c.append(z[-1] * i[-1] + c[-1] * f[-1])
        o.append(sigmoid(net("o") + v["p_o"] * c[-1]))
        y.append(np.tanh(c[-1]) * o[-1])
    for gate in (z, i, f, o):
        gate.append(np.zeros(n))
    delta = {k: [np.zeros(n)] * (steps + 2) for k in "yocfiz"}
    for t in range(steps, 0, -1):
        later = {k: delta[k][t + 1] for k in delta}
        back = sum(
            v[f"R_{w}"].T @ later[k] for k, w in (("z", "C"), ("i", "i"), ("f", "f"), ("o", "o"))
        )
        dy = slopes[t - 1] + back
        do = dy * np.tanh(c[t]) * o[t] * (1 - o[t])
        dc = dy * o[t] * (1 - np.tanh(c[t]) ** 2) + v["p_o"] * do
        dc = dc + v["p_i"] * later["i"] + v["p_f"] * later["f"] + later["c"] * f[t + 1]
        df = dc * c[t - 1] * f[t] * (1 - f[t])
        di = dc * z[t] * i[t] * (1 - i[t])
        dz = dc * i[t] * (1 - z[t] ** 2)
        for k, d in zip("yocfiz", (dy, do, dc, df, di, dz), strict=True):
            delta[k][t] = d
    return delta | {"states": (c, y)}


def assert_published_gradients(cell, v, slopes, delta):
    """δW = Σ δ xᵀ, δR = Σ δ yᵀ of the step before, δp = Σ c ⊙ δ, δb = Σ δ."""
    c, y = delta["states"]
    steps = range(1, len(slopes) + 1)
    for k, name in (("z", "C"), ("i", "i"), ("f", "f"), ("o", "o")):
        expected = {
            f"W_{name}": sum(np.outer(delta[k][t], v["x"][t - 1]) for t in steps),
            f"R_{name}": sum(np.outer(delta[k][t], y[t - 1]) for t in steps),
            f"b_{name}": sum(delta[k][t] for t in steps),
        }
        if k != "z":
            expected[f"p_{name}"] = sum(c[t if k == "o" else t - 1] * delta[k][t] for t in steps)
        for parameter, value in expected.items():
            found = ls.derive(cell, f"dL/d{parameter}").evaluate(v, loss_slopes=slopes)
            np.testing.assert_allclose(found, value, rtol=1e-11, atol=1e-13)


def lstm_run(v):
    """The LSTM's gates and states over time, in NumPy."""
    run = {k: [] for k in ("f", "i", "g", "o", "C", "h")}
    h, C = v["h"], v["C"]
    for x in v["x"]:
        net = lambda k: v[f"W_{k}"] @ np.concatenate([h, x]) + v[f"b_{k}"]  # noqa: E731, B023
        f, i, o, g = sigmoid(net("f")), sigmoid(net("i")), sigmoid(net("o")), np.tanh(net("C"))
        C = f * C + i * g
        h = o * np.tanh(C)
        for k, value in zip(run, (f, i, g, o, C, h), strict=True):
            run[k].append(value)
    return run


def test_one_step_is_the_four_term_sum():
    n, steps = 5, 4
    cell = ls.cell("lstm")
    v = drawn(cell, n, 3, steps, seed=1)
    f, i, g, o, C, _ = (
        {k: np.array(s) for k, s in lstm_run(v).items()}[k] for k in ("f", "i", "g", "o", "C", "h")
    )
    t = steps - 1
    D = np.diag(o[t - 1] * (1 - np.tanh(C[t - 1]) ** 2))
    W = {k: v[f"W_{k}"][:, :n] for k in "fiC"}
    expected = (
        np.diag(f[t])
        + np.diag(C[t - 1] * f[t] * (1 - f[t])) @ W["f"] @ D
        + np.diag(g[t] * i[t] * (1 - i[t])) @ W["i"] @ D
        + np.diag(i[t] * (1 - g[t] ** 2)) @ W["C"] @ D
    )
    for kind in ("step", "total"):
        found = ls.derive(cell, "dC[t]/dC[t-1]", kind=kind).evaluate(v)
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("scale", "low", "high"), [(0.3, 0.005, 0.3), (1.0, 0.1, 0.7), (2.0, 0.3, 1.3)]
)
def test_the_four_term_product_is_not_the_derivative(scale, low, high):
    n, lag = 6, 9
    cell = ls.cell("lstm")
    errors = []
    for seed in range(8):
        v = drawn(cell, n, 1, lag + 1, scale=scale, seed=seed)
        exact = ls.derive(cell, "dC[t]/dC[t-k]").evaluate(v, lag=lag)
        product = ls.derive(cell, "dC[t]/dC[t-k]", kind="step").evaluate(v, lag=lag)
        errors.append(np.linalg.norm(product - exact) / np.linalg.norm(exact))
    assert low < np.median(errors) < high


def test_the_four_term_product_is_exact_without_recurrence_in_the_output_gate():
    n, lag = 6, 9
    cell = ls.cell("lstm")
    v = drawn(cell, n, 2, lag + 1, seed=5)
    v["W_o"][:, :n] = 0
    exact = ls.derive(cell, "dC[t]/dC[t-k]").evaluate(v, lag=lag)
    product = ls.derive(cell, "dC[t]/dC[t-k]", kind="step").evaluate(v, lag=lag)
    np.testing.assert_allclose(product, exact, rtol=1e-10, atol=1e-13)


def test_gates_that_ignore_the_state_leave_the_carousel_alone():
    n, lag = 4, 5
    lstm = ls.cell("lstm")
    v = drawn(lstm, n, 3, 7, seed=2)
    for gate in "fiCo":
        v[f"W_{gate}"][:, :n] = 0
    f = np.array(lstm_run(v)["f"])[-lag:]
    np.testing.assert_allclose(
        ls.derive(lstm, "dC[t]/dC[t-k]").evaluate(v, lag=lag),
        np.diag(np.prod(f, axis=0)),
        rtol=1e-12,
    )
    assert not ls.derive(lstm, "dh[t]/dh[t-k]", kind="block").evaluate(v, lag=lag).any()
    gru = ls.cell("gru")
    w = drawn(gru, n, 3, 7, seed=2)
    for gate in "zrh":
        w[f"W_{gate}"][:, :n] = 0
    z = sigmoid(w["x"] @ w["W_z"][:, n:].T + w["b_z"])[-lag:]
    np.testing.assert_allclose(
        ls.derive(gru, "dh[t]/dh[t-k]").evaluate(w, lag=lag),
        np.diag(np.prod(1 - z, axis=0)),
        rtol=1e-12,
    )


@pytest.mark.parametrize(
    ("bias", "half_life"),
    [(0, 1.0), (1, 2.21268), (2, 5.46095), (3, 14.2660), (4, 38.1901), (5, 103.218)],
)
def test_half_life_of_a_forget_bias(bias, half_life):
    cell = ls.cell("lstm")
    v = {name: 0 * a for name, a in drawn(cell, 2, 1, 5).items()}
    v["b_f"] = v["b_f"] + bias
    kept = ls.derive(cell, "dC[t]/dC[t-k]").evaluate(v, lag=4)[0, 0]
    assert np.log(2) / (-np.log(kept) / 4) == pytest.approx(half_life, rel=1e-5)


def test_zero_state_spectrum_of_the_lstm():
    n = 5
    cell = ls.cell("lstm")
    v = {name: 0 * a for name, a in drawn(cell, n, 2, 1).items()}
    rng = np.random.default_rng(7)
    v["W_C"][:, :n] = rng.normal(size=(n, n))
    v["b_f"], v["b_i"], v["b_o"] = (np.full(n, b) for b in (0.7, -0.4, 0.3))
    blocks = [
        [ls.derive(cell, f"d{a}[t]/d{b}[t-1]", kind="block").evaluate(v) for b in "hC"]
        for a in "hC"
    ]
    found = np.linalg.eigvals(np.block(blocks))
    f, i, o = map(sigmoid, (0.7, -0.4, 0.3))
    expected = np.concatenate([f + i * o * np.linalg.eigvals(v["W_C"][:, :n]), np.zeros(n)])
    np.testing.assert_allclose(np.sort_complex(found), np.sort_complex(expected), atol=1e-12)


@pytest.mark.parametrize("name", ["gru", "gru_keep", "gru_after", "gru_after_keep"])
def test_zero_state_jacobian_of_every_gru(name):
    n = 4
    cell = ls.cell(name)
    v = {key: 0 * a for key, a in drawn(cell, n, 2, 1).items()}
    W = np.random.default_rng(8).normal(size=(n, n))
    weight = "U_h" if "U_h" in v else "W_h"
    v[weight][:, :n] = W
    J = ls.derive(cell, "dh[t]/dh[t-1]").evaluate(v)
    np.testing.assert_allclose(J, np.eye(n) / 2 + W / 4, atol=1e-15)


def test_reset_placement_matters_away_from_zero():
    n = 6
    before, after = ls.cell("gru", notation="split"), ls.cell("gru_after")
    v = drawn(before, n, 2, 1, seed=9)
    same = {"h": v["h"], "x": v["x"], "c_h": np.zeros(n)}
    same |= {f"b_{g}": v[f"b_{g}"] for g in "zrh"}
    same |= {f"U_{g}": v[f"W_{g}h"] for g in "zrh"} | {f"W_{g}": v[f"W_{g}x"] for g in "zrh"}
    at_zero = {
        k: 0 * a if k in ("h", "x") or k.startswith(("b_", "c_")) else a for k, a in same.items()
    }
    J = [ls.derive(c, "dh[t]/dh[t-1]") for c in (before, after)]
    start = {k: 0 * a if k in ("h", "x") or k.startswith("b_") else a for k, a in v.items()}
    np.testing.assert_allclose(J[0].evaluate(start), J[1].evaluate(at_zero), atol=1e-15)
    assert np.linalg.norm(J[0].evaluate(v) - J[1].evaluate(same), 2) > 0.05


def test_linear_orthogonal_and_identity():
    cell = ls.parse("h[t] = W @ h[t-1] + U @ x[t]")
    rng = np.random.default_rng(10)
    n, lag = 5, 12
    W = rng.normal(size=(n, n))
    Q = np.linalg.qr(W)[0]
    values = {
        "U": rng.normal(size=(n, 2)),
        "x": rng.normal(size=(lag + 1, 2)),
        "h": rng.normal(size=n),
    }
    derived = ls.derive(cell, "dh[t]/dh[t-k]")
    found = derived.evaluate(values | {"W": W}, lag=lag)
    np.testing.assert_allclose(found, np.linalg.matrix_power(W, lag), rtol=1e-10)
    singular = np.linalg.svd(derived.evaluate(values | {"W": Q}, lag=lag), compute_uv=False)
    np.testing.assert_allclose(singular, np.ones(n), rtol=1e-13)
    np.testing.assert_array_equal(derived.evaluate(values | {"W": np.eye(n)}, lag=lag), np.eye(n))


def test_the_constant_error_carousel_and_what_joins_it():
    n, lag = 4, 5
    cell = ls.parse(LSTM_1997)
    v = drawn(cell, n, 3, 7, seed=11)
    carousel = ls.derive(cell, "dC[t]/dC[t-k]", kind="direct").evaluate(v, lag=lag)
    np.testing.assert_array_equal(carousel, np.eye(n))
    full = ls.derive(cell, "dC[t]/dC[t-k]")
    assert np.linalg.norm(full.evaluate(v, lag=lag) - np.eye(n), 2) > 0.1
    for gate in "iog":
        v[f"W_{gate}"][:, :n] = 0
    np.testing.assert_allclose(full.evaluate(v, lag=lag), np.eye(n), rtol=1e-13)


@pytest.mark.parametrize(
    ("w", "J", "h"),
    [
        (1.1, 0.821756, 0.502941), (1.5, 0.394313, 0.858560), (2, 0.166372, 0.957504),
        (3, 0.030513, 0.994902), (5, 0.000909, 0.999909),
    ],
)  # fmt: skip
def test_latching_implies_vanishing(w, J, h):
    cell = ls.parse("h[t] = tanh(W @ h[t-1])")
    state = 1.0
    for _ in range(2000):
        state = np.tanh(w * state)
    assert state == pytest.approx(h, abs=1e-6)
    values = {"W": np.array([[float(w)]]), "h": np.array([state])}
    assert ls.derive(cell, "dh[t]/dh[t-1]").evaluate(values, time=1)[0, 0] == pytest.approx(
        J, abs=1e-6
    )


def test_component_form_is_asked_of_a_result():
    derived = ls.derive("lstm", "dC[t]/dC[t-1]", kind="direct")
    assert derived.components("text") == "∂C_t^i/∂C_{t-1}^j|direct = f_t^i δ_{ij}"
    with pytest.raises(ls.LstmsymError, match="did you mean 'latex'"):
        derived.components("latx")
