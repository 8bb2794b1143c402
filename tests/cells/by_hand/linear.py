"""Linear recurrences, matrix memories, attention, convolution and depth."""

from __future__ import annotations

import numpy as np
from numpy import exp, tanh

from tests.cells.by_hand.arrays import (
    Array,
    Step,
    Values,
    columns,
    relu,
    sig,
    softmax,
    softplus,
    stacked,
)  # fmt: skip


def sru(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    f, r = (sig(W @ x.x + v * s.C + b)
            for W, v, b in ((p.W_f, p.v_f, p.b_f), (p.W_r, p.v_r, p.b_r)))  # fmt: skip
    C = f * s.C + (1 - f) * (p.W @ x.x)
    return {"C": C, "h": r * C + (1 - r) * x.x}


def qrnn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    """A convolution over the last two inputs: the window as one vector, the kernels beside each other."""
    window = np.concatenate([s.d, x.x])
    z, f, o = (np.hstack([getattr(p, f"V_{g}"), getattr(p, f"W_{g}")]) @ window for g in "zfo")
    C = sig(f) * s.C + (1 - sig(f)) * tanh(z)
    return {"d": x.x, "C": C, "h": sig(o) * C}


def t_rnn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    f = sig(p.V @ x.x + p.b)
    return {"h": f * s.h + (1 - f) * (p.W @ x.x)}


def mingru(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    z = sig(p.W_z @ x.x)
    return {"h": (1 - z) * s.h + z * (p.W_h @ x.x)}


def minlstm(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    f, i = sig(p.W_f @ x.x), sig(p.W_i @ x.x)
    return {"h": (f * s.h + i * (p.W_h @ x.x)) / (f + i)}


def rwkv(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    r, k, v = (getattr(p, f"W_{g}") @ (getattr(p, f"mu_{g}") * (x.x - s.d) + s.d) for g in "rkv")
    bonus, decay = exp(p.u + k), exp(-exp(p.w))
    y = sig(r) * (s.a + bonus * v) / (s.b + bonus)
    return {"d": x.x, "a": decay * s.a + exp(k) * v, "b": decay * s.b + exp(k), "y": y}


def lmu(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    u = p.E_x @ x.x + p.E_h @ s.h + p.E_m @ s.m
    m = p.A @ s.m + p.B.reshape(-1) * u
    return {"m": m, "h": tanh(p.W_x @ x.x + p.W_h @ s.h + p.W_m @ m)}


def lru(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    eigenvalues = exp(-exp(p.nu) + 1j * exp(p.theta))
    h = eigenvalues * (s.a + 1j * s.b) + exp(p.gamma) * ((p.B_re + 1j * p.B_im) @ x.x)
    return {"a": h.real, "b": h.imag, "y": ((p.C_re + 1j * p.C_im) @ h).real + p.D @ x.x}


def s4d(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    A, step = -exp(p.nu) + 1j * p.omega, exp(p.delta)
    h = exp(step * A) * (s.a + 1j * s.b) + (p.B_re + 1j * p.B_im) * x.x
    return {"a": h.real, "b": h.imag, "y": ((p.C_re + 1j * p.C_im) @ h).real + p.D * x.x}


def mamba(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    """Channel by channel."""
    step, B, C = softplus(p.W_Delta @ x.x + p.b_Delta), p.W_B @ x.x, p.W_C @ x.x
    m = len(x.x)
    A, old = -exp(columns(p.A, m)), columns(s.h, m)
    h, y = np.zeros_like(old), np.zeros(m)
    for c in range(m):
        h[c] = exp(step[c] * A[c]) * old[c] + step[c] * B * x.x[c]
        y[c] = C @ h[c] + p.D[c] * x.x[c]
    return {"h": stacked(h), "y": y}


def rg_lru(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    r, i = sig(p.W_a @ x.x + p.b_a), sig(p.W_x @ x.x + p.b_x)
    a = sig(-vars(p)["lambda"]) ** (8 * r)
    return {"h": a * s.h + np.sqrt(1 - a**2) * i * x.x}


def mlstm(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    q, k, v, i, f, o = (getattr(p, f"W_{g}") @ x.x + getattr(p, f"b_{g}") for g in "qkvifo")
    C = sig(f) * columns(s.C, len(q)) + exp(i) * np.outer(v, k)
    n = sig(f) * s.n + exp(i) * k
    return {"C": stacked(C), "n": n, "h": sig(o) * (C @ q) / max(abs(n @ q), 1)}


def projected(p: Values, x: Values) -> tuple[Array, ...]:
    return p.W_q @ x.x, p.W_k @ x.x, p.W_v @ x.x


def linear_attention(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    q, k, v = projected(p, x)
    q, k = (np.where(a > 0, a + 1, exp(a)) for a in (q, k))
    S, z = columns(s.S, len(v)) + np.outer(v, k), s.z + k
    return {"S": stacked(S), "z": z, "h": S @ q / (z @ q)}


def retention(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    q, k, v = projected(p, x)
    S = (1 - 2.0**-5) * columns(s.S, len(v)) + np.outer(v, k)
    return {"S": stacked(S), "h": S @ q}


def gated_delta_net(
    p: Values, s: Values, x: Values, t: int, gated: bool = True
) -> dict[str, Array]:
    """S = α S (I - β k kᵀ) + β v kᵀ."""
    q, k, v = projected(p, x)
    alpha = sig(p.W_alpha @ x.x) if gated else 1.0
    beta = sig(p.W_beta @ x.x)
    old = columns(s.S, len(v))
    S = alpha * old @ (np.eye(len(k)) - beta * np.outer(k, k)) + beta * np.outer(v, k)
    return {"S": stacked(S), "h": S @ q}


def delta_net(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    return gated_delta_net(p, s, x, t, gated=False)


def fast_weights(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    A = 0.95 * columns(s.A, len(s.h)) + 0.5 * np.outer(s.h, s.h)
    slow = p.W @ s.h + p.C @ x.x
    return {"A": stacked(A), "h": tanh(slow + A @ tanh(slow))}


def attended(p: Values, state: Array, a: Array) -> Array:
    """Σ_j α_j a_j with α = softmax of v tanh(W state + U a_j)."""
    annotations = a.reshape(-1, p.U_a.shape[1])
    scores = [(p.v_a @ tanh(p.W_a @ state + p.U_a @ one)).item() for one in annotations]
    return softmax(np.array(scores)) @ annotations


def attention_bahdanau(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    c = attended(p, s.s, x.a)
    z, r = (sig(W @ x.x + U @ s.s + C @ c)
            for W, U, C in ((p.W_z, p.U_z, p.C_z), (p.W_r, p.U_r, p.C_r)))  # fmt: skip
    return {"s": (1 - z) * s.s + z * tanh(p.W @ x.x + p.U @ (r * s.s) + p.C @ c)}


def attention_xu(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    z = sig(p.W_beta @ s.h + p.b_beta) * attended(p, s.h, x.a)
    seen = np.concatenate([x.x, s.h, z])
    f, i, c, o = (getattr(p, f"W_{g}") @ seen + getattr(p, f"b_{g}") for g in "fiCo")
    C = sig(f) * s.C + sig(i) * tanh(c)
    return {"C": C, "h": sig(o) * tanh(C)}


def conv_lstm(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    """Place by place: the kernels see the left neighbour, the place and the right one, zeros outside."""
    n, m = p.Q_f.shape[0], p.V_f.shape[1]
    X, H = (np.pad(a.reshape(-1, width), ((1, 1), (0, 0))) for a, width in ((x.x, m), (s.h, n)))

    def net(g: str) -> Array:
        own = lambda letter: getattr(p, f"{letter}_{g}")  # noqa: E731
        rows = [
            sum(own(k) @ X[place + j] + own(r) @ H[place + j] for j, (k, r) in enumerate(KERNELS))
            for place in range(len(X) - 2)
        ]
        return (np.array(rows) + own("b")).reshape(-1)

    f, i = sig(net("f") + p.p_f * s.C), sig(net("i") + p.p_i * s.C)
    C = f * s.C + i * tanh(net("C"))
    return {"C": C, "h": sig(net("o") + p.p_o * C) * tanh(C)}


KERNELS = (("U", "P"), ("V", "Q"), ("W", "R"))


def feed_forward(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    return {"h": tanh(columns(x.W, len(s.h)) @ s.h + x.b)}


def highway(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    H, T = (columns(W, len(s.h)) @ s.h + b for W, b in ((x.W_H, x.b_H), (x.W_T, x.b_T)))
    return {"h": tanh(H) * sig(T) + s.h * (1 - sig(T))}


def residual(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    branch = relu(columns(x.W, len(x.b)) @ s.h + x.b)
    return {"h": s.h + columns(x.V, len(s.h)) @ branch + x.c}


STEPS: dict[str, Step] = {
    step.__name__: step
    for step in (
        sru, qrnn, t_rnn, mingru, minlstm, rwkv, lmu, lru, s4d, mamba, rg_lru, mlstm,
        linear_attention, retention, delta_net, gated_delta_net, fast_weights, attention_bahdanau,
        attention_xu, conv_lstm, feed_forward, highway, residual,
    )
}  # fmt: skip
