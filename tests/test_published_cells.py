"""Published results on the cells of the catalogue, and exact identities of theirs, through the public doors.

Sources: Tallec & Ollivier 2018 (chrono); Kanai et al. 2017 (GRU at rest); Le et al. 2015 (IRNN); Hochreiter &
Schmidhuber 1997, §3.1 (logistic units); Beck et al. 2024 (xLSTM); Gu & Dao 2023 (selective recurrence); Zucchet &
Orvieto 2024 (diagonal recurrences); Orvieto et al. 2023 (ring); Chang et al. 2019 (antisymmetric); Kerg et al. 2020
(attention); Laurent & von Brecht 2017 (CFN); Chen, Pennington & Schoenholz 2018 (mean field). Identities without a
source are worked out by hand.
"""

from __future__ import annotations

import numpy as np
import pytest

import lstmsym as ls


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def shapes(cell, numbers):
    """name → array shape of everything a cell is given, for sizes by their letters."""
    size = lambda side: int(side.subs({s: numbers[str(s)] for s in side.free_symbols}))  # noqa: E731
    found = {
        n: (size(p.rows),) if p.cols == 1 else (size(p.rows), size(p.cols))
        for n, p in cell.weights.items()
    }
    return (
        found,
        {x.name: size(x.rows) for x in cell.inputs},
        {s: size(cell.signals[s].rows) for s in cell.states},
    )


def drawn(cell, steps, seed=0, n=4, m=3, **others):
    """Everything N(0, 1)."""
    rng = np.random.default_rng(seed)
    numbers = {
        str(s): n if str(s) == "n" else m if str(s) == "m" else n for s in cell.sizes
    } | others
    weights, inputs, states = shapes(cell, numbers)
    values = {name: rng.normal(size=shape) for name, shape in weights.items()}
    values |= {
        name: rng.normal(size=(steps, k)) for name, k in inputs.items() if name not in cell.clocks
    }
    return values | {name: rng.normal(size=k) for name, k in states.items()}


def run(cell, values, steps):
    own = {n: values[n] for n in cell.weights}
    inputs = {x.name: values[x.name] for x in cell.inputs if x.name in values}
    return ls.rollout(cell, own, inputs, {s: values[s] for s in cell.states}, steps=steps).signals


# --- gates that ignore the state leave a product of what is kept -------------------------------------

KEPT = {
    "minlstm": ("h", lambda s: s["f"] / (s["f"] + s["i"])),
    "mingru": ("h", lambda s: 1 - s["z"]),
    "qrnn": ("C", lambda s: s["f"]),
}


@pytest.mark.parametrize("name", KEPT)
def test_gates_of_the_input_alone_leave_a_product(name):
    cell = ls.cell(name)
    state, kept = KEPT[name]
    state = state if state in cell.states else cell.states[0]
    values = drawn(cell, 6)
    found = ls.derive(cell, f"d{state}[t]/d{state}[t-4]").evaluate(values, time=6)
    product = np.prod(kept(run(cell, values, 6))[2:6], axis=0)
    np.testing.assert_allclose(found, np.diag(product), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("name", "without"), [("mgu", ("W_f", "W_h")), ("sru", ("v_f", "v_r"))])
def test_gates_made_blind_to_the_state_keep_a_product(name, without):
    cell = ls.cell(name)
    values = drawn(cell, 5)
    for weight in without:
        array = values[weight]
        values[weight] = (
            np.hstack([0 * array[:, :4], array[:, 4:]]) if array.ndim == 2 else 0 * array
        )
    state = cell.states[0]
    signals = run(cell, values, 5)
    kept = 1 - signals["f"] if name == "mgu" else signals["f"]
    found = ls.derive(cell, f"d{state}[t]/d{state}[t-3]").evaluate(values, time=5)
    np.testing.assert_allclose(found, np.diag(np.prod(kept[2:5], axis=0)), rtol=1e-12, atol=1e-15)


# --- initialisations ---------------------------------------------------------------------------------


def test_chrono_initialisation_spreads_time_scales():
    """f = u/(1 + u) with u uniform on [1, 99]: scales 1 + u from 2 to 100, mean 51; E f^100 = 0.1495."""
    cell = ls.parse("f[t] = sigmoid(b_f)\ni[t] = sigmoid(b_i)\nC[t] = f[t] * C[t-1] + i[t] * x[t]")
    weights = ls.initialise(cell, "gaussian", {"n": 100_000}, 3, forget_bias="chrono:100")
    scale = 1 / (1 - sigmoid(weights["b_f"]))
    assert scale.min() >= 2 and scale.max() <= 100
    np.testing.assert_allclose(weights["b_i"], -weights["b_f"])
    assert scale.mean() == pytest.approx(51, rel=5e-3)
    assert (sigmoid(weights["b_f"]) ** 100).mean() == pytest.approx(0.1495, rel=2e-2)
    assert sigmoid(1.0) ** 100 == pytest.approx(2.5e-14, rel=3e-2)


def test_ring_initialisation_of_the_lru():
    """E |λ|^k = 2 (r_max^{k+2} - r_min^{k+2}) / ((k + 2)(r_max² - r_min²)): 0.099816 for .5, .99 and k = 20."""
    cell, k, low, high = ls.cell("lru"), 20, 0.5, 0.99
    predicted = 2 * (high ** (k + 2) - low ** (k + 2)) / ((k + 2) * (high**2 - low**2))
    assert predicted == pytest.approx(0.099816, abs=1e-6)
    places = (np.arange(400) + 0.5) / 400
    size = np.sqrt(low**2 + places * (high**2 - low**2))
    values = drawn(cell, k, n=400, m=1, p=1)
    values["nu"], values["theta"] = np.log(-np.log(size)), np.log(np.linspace(0.1, 6, 400))
    blocks = [np.diag(ls.derive(cell, f"d{s}[t]/da[t-{k}]").evaluate(values, time=k)) for s in "ab"]
    assert np.hypot(*blocks).mean() == pytest.approx(predicted, rel=1e-4)


# --- at rest -----------------------------------------------------------------------------------------


def test_the_mgu_at_rest():
    """J = ½ I + ¼ W_h at h = 0 with zero biases: the origin loses stability where an eigenvalue of W_h reaches 2."""
    cell = ls.cell("mgu")
    values = drawn(cell, 1)
    values |= {n: 0 * a for n, a in values.items() if n.startswith("b_") or n in ("h", "x")}
    J = ls.derive(cell, "dh[t]/dh[t-1]").evaluate(values, time=1)
    np.testing.assert_allclose(J, np.eye(4) / 2 + values["W_h"][:, :4] / 4, atol=1e-15)


def test_the_cfn_at_rest():
    """J(0) = diag σ(b_θ) without input: below one, so no chaos."""
    cell = ls.cell("cfn")
    values = drawn(cell, 1)
    values |= {"h": np.zeros(4), "x": np.zeros((1, 3))}
    J = ls.derive(cell, "dh[t]/dh[t-1]").evaluate(values, time=1)
    np.testing.assert_allclose(J, np.diag(sigmoid(values["b_theta"])), atol=1e-15)


def test_the_irnn_keeps_gradients_while_units_are_on():
    cell, steps = ls.cell("irnn"), 9
    values = drawn(cell, steps)
    values |= {
        "W": np.eye(4),
        "b": np.zeros(4),
        "U": 1e-3 * values["U"],
        "h": np.abs(values["h"]) + 1,
    }
    J = ls.derive(cell, "dh[t]/dh[t-8]").evaluate(values, time=steps)
    assert (np.eye(4) == J).all()
    values["h"] = np.array([1.0, -1.0, 2.0, -3.0])
    J = ls.derive(cell, "dh[t]/dh[t-8]").evaluate(values, time=8)
    assert (np.diag([1.0, 0.0, 1.0, 0.0]) == J).all()


def test_the_antisymmetric_network_at_rest():
    """‖J^k‖ = ((1 - εγ)² + ε²ω²)^{k/2}: with γ = 0 forward Euler grows slowly."""
    text = "scalar eps = 0.1, gamma = {}\nh[t] = h[t-1] + eps * tanh(W @ h[t-1] - W.T @ h[t-1] - gamma * h[t-1])"
    W = np.random.default_rng(2).normal(size=(5, 5))
    frequency = np.abs(np.linalg.eigvals(W - W.T).imag).max()
    for gamma in (0, 0.3):
        J = np.linalg.matrix_power(one_step(text.format(gamma), W), 7)
        predicted = ((1 - 0.1 * gamma) ** 2 + (0.1 * frequency) ** 2) ** 3.5
        assert np.linalg.norm(J, 2) == pytest.approx(predicted, rel=1e-12)


def one_step(text, W):
    signals = {"h[t-1]": np.zeros(len(W)), "W": W}
    derived = ls.derive(ls.parse(text), "dh[t]/dh[t-1]")
    return derived.evaluate(signals | {"h[t]": np.zeros(len(W))})


# --- logistic units ----------------------------------------------------------------------------------


def test_one_logistic_unit_at_its_best_still_vanishes():
    """max over w of w σ'(w y) at y = 1 is 0.223872, at w = 1.543405, the root of w tanh(w/2) = 1."""
    cell = ls.parse("h[t] = sigmoid(w @ h[t-1])")
    slope = ls.derive(cell, "dh[t]/dh[t-1]")
    given = lambda w: {"w": np.array([[w]]), "h[t-1]": np.ones(1), "h[t]": sigmoid(np.array([w]))}  # noqa: E731
    factor = lambda w: float(np.squeeze(slope.evaluate(given(w))))  # noqa: E731
    assert factor(1.543405) == pytest.approx(0.223872, abs=1e-6)
    assert 1.543405 * np.tanh(1.543405 / 2) == pytest.approx(1, abs=1e-6)
    assert max(map(factor, np.linspace(0.1, 8, 100))) <= 0.223873


@pytest.mark.parametrize("seed", range(3))
def test_error_flow_of_logistic_units_is_bounded(seed):
    """|∂h_j/∂h_i over q steps| ≤ n (n w_max / 4)^q (Hochreiter & Schmidhuber 1997, §3.1)."""
    n, q = 5, 6
    cell = ls.parse("h[t] = sigmoid(W @ h[t-1] + b + x[t])")
    values = drawn(cell, q, seed, n=n, m=n)
    largest = np.abs(values["W"]).max()
    J = ls.derive(cell, f"dh[t]/dh[t-{q}]").evaluate(values, time=q)
    assert np.abs(J).max() <= n * (n * largest / 4) ** q


# --- cells whose Jacobian is known -------------------------------------------------------------------


def test_the_sru_stays_diagonal():
    cell = ls.cell("sru")
    values = drawn(cell, 5, n=4, m=4)
    signals = run(cell, values, 5)
    before = np.vstack([values["C"], signals["C"][:-1]])
    f = signals["f"]
    steps = f + (before - signals["C_tilde"]) * f * (1 - f) * values["v_f"]
    found = ls.derive(cell, "dC[t]/dC[t-3]").evaluate(values, time=5)
    np.testing.assert_allclose(found, np.diag(np.prod(steps[2:5], axis=0)), rtol=1e-12, atol=1e-15)


def test_the_stabiliser_of_the_slstm_changes_nothing_but_the_gauge():
    """h and ∂h_T/∂h_0 are the same with and without it; ∂C_T/∂C_0 is not."""
    stable, plain = ls.cell("slstm"), ls.cell("slstm_plain")
    values = drawn(stable, 6, seed=4, n=3, m=2, d=3, p=2)
    values |= {"m": np.zeros(3), "n": np.abs(values["n"]) + 1}
    own = {k: v for k, v in values.items() if k != "m"}
    np.testing.assert_allclose(run(stable, values, 6)["h"], run(plain, own, 6)["h"], rtol=1e-12)
    J = [
        ls.derive(c, "dh[t]/dh[t-6]", kind="block").evaluate(v, time=6)
        for c, v in ((stable, values), (plain, own))
    ]
    np.testing.assert_allclose(*J, rtol=1e-9, atol=1e-14)
    J = [
        ls.derive(c, "dC[t]/dC[t-6]", kind="block").evaluate(v, time=6)
        for c, v in ((stable, values), (plain, own))
    ]
    assert np.abs(J[0] - J[1]).max() > 1e-3 * np.abs(J[1]).max()


def test_the_matrix_memory_forgets_by_the_product_of_its_gate():
    """∂vec C_t/∂vec C_{t-k} = (∏ f) I."""
    cell = ls.cell("mlstm")
    state = next(s for s in cell.states if s.startswith("C"))
    numbers = {str(s): 3 + n for n, s in enumerate(cell.sizes)}
    values = drawn(cell, 5, **numbers)
    J = ls.derive(cell, f"d{state}[t]/d{state}[t-3]").evaluate(values, time=5)
    f = run(cell, values, 5)["f"][2:5].reshape(-1)
    np.testing.assert_allclose(J, np.prod(f) * np.eye(len(J)), rtol=1e-12, atol=1e-15)


def test_a_selective_recurrence_is_a_gate():
    """exp(-softplus(u)) = 1 - σ(u): with A = -1 and B = 1, h = (1 - g) h + … with g = σ(u)."""
    cell = ls.parse("h[t] = exp(-softplus(u[t])) * h[t-1] + sigmoid(u[t]) * x[t]\ninput u, x")
    gate = ls.parse("h[t] = (1 - sigmoid(u[t])) * h[t-1] + sigmoid(u[t]) * x[t]\ninput u, x")
    rng = np.random.default_rng(0)
    values = {"u": rng.normal(size=(6, 3)), "x": rng.normal(size=(6, 3)), "h": rng.normal(size=3)}
    np.testing.assert_allclose(run(cell, values, 6)["h"], run(gate, values, 6)["h"], rtol=1e-14)
    J = [ls.derive(c, "dh[t]/dh[t-5]").evaluate(values, time=6) for c in (cell, gate)]
    np.testing.assert_allclose(*J, rtol=1e-13)


def test_the_selective_recurrence_multiplies_exponentials():
    """∏ exp(Δ_t A) = exp(A Σ Δ_t)."""
    cell = ls.cell("mamba")
    numbers = {str(s): 2 + n for n, s in enumerate(cell.sizes)}
    values = drawn(cell, 5, **numbers)
    J = ls.derive(cell, "dh[t]/dh[t-3]").evaluate(values, time=5)
    total = run(cell, values, 5)["Delta"][2:5].sum(axis=0)
    A = -np.exp(values["A"])
    np.testing.assert_allclose(
        np.diag(J), np.exp(A * np.tile(total, len(A) // len(total))), rtol=1e-12
    )


@pytest.mark.parametrize(
    ("pole", "rho", "power"), [(0.9, 0.0, 5.263158), (0.9, 0.9, 50.138504), (0.99, 0.0, 50.251256)]
)
def test_power_of_a_diagonal_recurrence(pole, rho, power):
    """E h² = (1 + ρλ)/((1 - ρλ)(1 - λ²)) of h = λ h + x with autocorrelation ρ^|d|, from ∂h_t/∂x_{t-k} = λ^k."""
    cell = ls.parse(f"scalar pole = {pole}\nh[t] = pole * h[t-1] + x[t]")

    def reach(k):
        derived = ls.derive(cell, f"dh[t]/dx[t-{k}]")
        return float(np.squeeze(derived.evaluate({"x[t]": np.ones(1)})))

    assert [reach(k) for k in (1, 2, 7)] == pytest.approx([pole, pole**2, pole**7], rel=1e-12)
    lags = pole ** np.arange(3000)
    apart = np.abs(np.arange(3000)[:, None] - np.arange(3000))
    correlated = lags @ (rho**apart) @ lags
    assert correlated == pytest.approx(
        (1 + rho * pole) / ((1 - rho * pole) * (1 - pole**2)), rel=1e-6
    )
    assert correlated == pytest.approx(power, abs=2e-6 * power)


def test_the_context_of_the_scrn_decays_by_its_number():
    cell = ls.cell("scrn")
    values = drawn(cell, 7, **{str(s): 2 + n for n, s in enumerate(cell.sizes)})
    J = ls.derive(cell, "ds[t]/ds[t-6]", kind="block").evaluate(values, time=7)
    np.testing.assert_allclose(J, 0.95**6 * np.eye(len(J)), rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize(
    ("period", "updates"), [(1, 100), (2, 50), (4, 25), (8, 12), (16, 6), (32, 3), (64, 1)]
)
def test_a_clockwork_module_moves_at_the_multiples_of_its_period(period, updates):
    """The norm is ρ^{number of multiples of P in (0, 100]}."""
    cell = ls.parse(
        f"scalar rho = 0.9\nh[t] = when(t % {period} == 0, rho * h[t-1] + x[t], h[t-1])"
    )
    J = ls.derive(cell, "dh[t]/dh[t-k]").evaluate(
        {"x": np.zeros((100, 1)), "h": np.ones(1)}, time=100, lag=100
    )
    assert float(np.squeeze(J)) == pytest.approx(0.9**updates, rel=1e-12)


def test_attention_with_equal_weights_skips_over_time():
    """∂c_T/∂h_1 = (1 - ρ^T)/(T (1 - ρ)): .198969 for ρ = .9, T = 50, against ρ^49 = .005726; directly 1/T."""
    cell = ls.parse(
        "scalar rho = 0.9\nh[t] = rho * h[t-1] + x[t]\ns[t] = s[t-1] + h[t]\nc[t] = s[t] / 50\noutput c"
    )
    values = {"x": np.zeros((50, 1)), "h": np.zeros(1), "s": np.zeros(1)}
    through = lambda q: float(np.squeeze(ls.derive(cell, q).evaluate(values, time=50)))  # noqa: E731
    assert through("dc[t]/dh[t-49]") == pytest.approx((1 - 0.9**50) / (50 * 0.1), rel=1e-12)
    assert through("dc[t]/dh[t-49]") == pytest.approx(0.198969, abs=1e-6)
    assert through("dh[t]/dh[t-49]") == pytest.approx(0.005726, abs=1e-6)


# --- mean field --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spread", "bias", "power", "slope"),
    [(1, 0, 0.4404, 0.3645), (2, 2, 0.2111, 0.7979), (4, 4, 0.1445, 0.9967)],
)
def test_mean_field_of_the_minimal_rnn(spread, bias, power, slope):
    """Q = R E(1-u)²/(1-E u²), χ = E u² + σ_w² E σ'² (Q + R), with weights drawn anew at each step."""
    cell = ls.parse("untied W\ninput z\nu[t] = sigmoid(W[t] @ h[t-1] + z_in[t] + mu)\n"
                    "h[t] = u[t] * h[t-1] + (1 - u[t]) * z[t]\nscalar mu\ninput z_in")  # fmt: skip
    rng, N, steps = np.random.default_rng(1), 120, 360
    W = rng.normal(0, spread / np.sqrt(N), size=(steps, N * N))
    z = rng.normal(size=(steps, N))
    values = {"mu": np.array([float(bias)]), "z": z, "z_in": rng.normal(size=(steps, N)), "W": W}
    start = np.sqrt(power) * rng.normal(size=N)
    signals = run(cell, values | {"h": start}, steps)
    assert (signals["h"][120:] ** 2).mean() == pytest.approx(power, rel=0.1)
    J = [
        ls.derive(cell, "dh[t]/dh[t-1]").evaluate(
            {f"{n}[t]": signals[n][τ] for n in ("u", "h", "z", "W", "z_in")}
            | {"h[t-1]": signals["h"][τ - 1], "mu": values["mu"]}
        )
        for τ in range(120, 360, 12)
    ]
    assert np.mean([np.sum(j**2) / N for j in J]) == pytest.approx(slope, rel=0.05)
