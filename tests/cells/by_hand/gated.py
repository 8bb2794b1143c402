"""Gated units with one state, and latent variables with the noise given."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy import tanh

from tests.cells.by_hand.arrays import Array, Step, Values, hx, relu, sig, softplus


def mut(p: Values, s: Values, x: Values, t: int, form: int) -> dict[str, Array]:
    z_by_h = {1: 0.0, 2: s.h, 3: tanh(s.h)}[form]
    z = sig(p.W_xz @ x.x + (p.W_hz @ z_by_h if form > 1 else 0.0) + p.b_z)
    r = sig((x.x if form == 2 else p.W_xr @ x.x) + p.W_hr @ s.h + p.b_r)
    into = tanh(p.W_x @ x.x) if form == 1 else p.W_xh @ x.x
    return {"h": tanh(p.W_hh @ (r * s.h) + into + p.b_h) * z + s.h * (1 - z)}


def mgu(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    f = sig(p.W_f @ hx(s, x) + p.b_f)
    candidate = tanh(p.W_h @ np.concatenate([f * s.h, x.x]) + p.b_h)
    return {"h": (1 - f) * s.h + f * candidate}


def ugrnn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    g = sig(p.W_g @ hx(s, x) + p.b_g)
    return {"h": g * s.h + (1 - g) * tanh(p.W_c @ hx(s, x) + p.b_c)}


def intersection_rnn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    g_y, g_h = sig(p.W_gy @ hx(s, x) + p.b_gy), sig(p.W_gh @ hx(s, x) + p.b_gh)
    y = g_y * x.x + (1 - g_y) * relu(p.W_y @ hx(s, x) + p.b_y)
    return {"y": y, "h": g_h * s.h + (1 - g_h) * tanh(p.W_h @ hx(s, x) + p.b_h)}


def minimal_rnn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    z = tanh(p.W @ x.x + p.b_z)
    u = sig(p.U_h @ s.h + p.U_z @ z + p.b_u)
    return {"h": u * s.h + (1 - u) * z}


def cfn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    theta = sig(p.U_theta @ s.h + p.V_theta @ x.x + p.b_theta)
    eta = sig(p.U_eta @ s.h + p.V_eta @ x.x + p.b_eta)
    return {"h": theta * tanh(s.h) + eta * tanh(p.W @ x.x)}


def fastgrnn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    a = p.W @ x.x + p.U @ s.h
    z = sig(a + p.b_z)
    return {"h": (p.zeta * (1 - z) + p.nu) * tanh(a + p.b_h) + z * s.h}


def atr(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    into, old = p.W @ x.x, p.U @ s.h
    return {"h": sig(into + old) * into + sig(into - old) * s.h}


def ran(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    i, f = sig(p.W_i @ hx(s, x) + p.b_i), sig(p.W_f @ hx(s, x) + p.b_f)
    C = i * (p.W_C @ x.x) + f * s.C
    return {"C": C, "h": tanh(C)}


def ligru(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    z = sig(p.W_z @ x.x + p.U_z @ s.h + p.b_z)
    return {"h": z * s.h + (1 - z) * relu(p.W_h @ x.x + p.U_h @ s.h + p.b_h)}


def star(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    k = sig(p.W_x @ x.x + p.W_h @ s.h + p.b_k)
    return {"h": tanh((1 - k) * s.h + k * tanh(p.W_z @ x.x + p.b_z))}


def brc(p: Values, s: Values, x: Values, t: int, modulated: bool = False) -> dict[str, Array]:
    by_h = {
        g: getattr(p, f"W_{g}") @ s.h if modulated else getattr(p, f"w_{g}") * s.h for g in "ac"
    }
    a, c = 1 + tanh(p.U_a @ x.x + by_h["a"]), sig(p.U_c @ x.x + by_h["c"])
    return {"h": c * s.h + (1 - c) * tanh(p.U @ x.x + a * s.h)}


def recurrent_highway(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    state = s.s
    for layer, seen in ((1, 1.0), (2, 0.0)):
        own = {g: getattr(p, f"R_{g}{layer}") @ state + getattr(p, f"b_{g}{layer}") for g in "HTC"}
        net = {g: own[g] + seen * (getattr(p, f"W_{g}") @ x.x) for g in own}
        state = tanh(net["H"]) * sig(net["T"]) + state * sig(net["C"])
    return {"s": state}


def vrnn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    features = tanh(p.W_p @ x.x + p.b_p)
    q = tanh(p.W_q @ np.concatenate([features, s.h]) + p.b_q)
    z = p.W_mu @ q + p.b_mu + softplus(p.W_sigma @ q + p.b_sigma) * x.e
    seen = np.concatenate([features, tanh(p.W_r @ z + p.b_r), s.h])
    return {"h": tanh(p.W_h @ seen + p.b_h)}


def storn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    r = tanh(p.W_r @ x.x + p.U_r @ s.r + p.b_r)
    z = p.W_mu @ r + p.b_mu + softplus(p.W_sigma @ r + p.b_sigma) * x.e
    return {"d": x.x, "r": r, "h": tanh(p.W_h @ s.d + p.V_h @ z + p.U_h @ s.h + p.b_h)}


STEPS: dict[str, Step] = {
    "mut1": partial(mut, form=1),
    "mut2": partial(mut, form=2),
    "mut3": partial(mut, form=3),
    "nbrc": partial(brc, modulated=True),
} | {
    step.__name__: step
    for step in (
        mgu, ugrnn, intersection_rnn, minimal_rnn, cfn, fastgrnn, atr, ran, ligru, star, brc,
        recurrent_highway, vrnn, storn,
    )
}  # fmt: skip
