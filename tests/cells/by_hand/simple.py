"""Simple recurrent networks, and discretised differential equations."""

from __future__ import annotations

import numpy as np
from numpy import tanh

from tests.cells.by_hand.arrays import Array, Step, Values, relu, sig


def jordan(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    h = sig(p.W_h @ x.x + p.U_h @ s.y + p.b_h)
    return {"y": sig(p.W_y @ h + p.b_y)}


def scrn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    context = 0.05 * p.B @ x.x + 0.95 * s.s
    return {"s": context, "h": sig(p.P @ context + p.A @ x.x + p.R @ s.h)}


def clockwork(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    states = [s.h_1, s.h_2, s.h_3]
    found = []
    for i, (W, b) in enumerate([(p.W_1, p.b_1), (p.W_2, p.b_2), (p.W_3, p.b_3)]):
        slower = np.concatenate([*states[i:], x.x])
        found.append(tanh(W @ slower + b) if t % 2**i == 0 else states[i])
    return {"h_1": found[0], "h_2": found[1], "h_3": found[2], "h": np.concatenate(found)}


def multiplicative_rnn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    recurrent = p.W_hf @ np.diag(p.W_fx @ x.x) @ p.W_fh
    return {"h": tanh(recurrent @ s.h + p.W_hx @ x.x + p.b)}


def mi_rnn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    a, r = p.W @ x.x, p.U @ s.h
    return {"h": tanh(p.alpha * a * r + p.beta_1 * r + p.beta_2 * a + p.b)}


def antisymmetric(p: Values, s: Values) -> Array:
    return (p.W - p.W.T - 0.01 * np.eye(len(s.h))) @ s.h


def antisymmetric_gated_rnn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    drive = antisymmetric(p, s)
    z = sig(drive + p.V_z @ x.x + p.b_z)
    return {"h": s.h + 0.01 * z * tanh(drive + p.V_h @ x.x + p.b_h)}


def cornn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    force = tanh(p.W_h @ s.h + p.W_z @ s.z + p.V @ x.x + p.b)
    z = s.z + 0.04 * (force - 2.7 * s.h - 4.7 * s.z)
    return {"z": z, "h": s.h + 0.04 * z}


def cornn_implicit(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    """z = z_old + dt (force - γ h - ε z), z on both sides, solved by iteration."""
    force = tanh(p.W_h @ s.h + p.W_z @ s.z + p.V @ x.x + p.b)
    z = s.z
    for _ in range(40):
        z = s.z + 0.04 * (force - 2.7 * s.h - 4.7 * z)
    return {"z": z, "h": s.h + 0.04 * z}


def lem(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    fast, slow = sig(p.W_1 @ s.h + p.V_1 @ x.x + p.b_1), sig(p.W_2 @ s.h + p.V_2 @ x.x + p.b_2)
    z = (1 - fast) * s.z + fast * tanh(p.W_z @ s.h + p.V_z @ x.x + p.b_z)
    return {"z": z, "h": (1 - slow) * s.h + slow * tanh(p.W_h @ z + p.V_h @ x.x + p.b_h)}


def unicornn(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    z = s.z - 0.1 * sig(p.c) * (tanh(p.w * s.h + p.V @ x.x + p.b) + s.h)
    return {"z": z, "h": s.h + 0.1 * sig(p.c) * z}


def ltc(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    f = sig(p.W @ s.h + p.U @ x.x + p.b)
    return {"h": (s.h + 0.1 * f * p.A) / (1 + 0.1 * (p.w + f))}


# fmt: off
STEPS: dict[str, Step] = {
    "rnn_relu":                lambda p, s, x, t: {"h": relu(p.W_h @ s.h + p.W_x @ x.x + p.b)},
    "irnn":                    lambda p, s, x, t: {"h": relu(p.W @ s.h + p.U @ x.x + p.b)},
    "rnn_preactivation":       lambda p, s, x, t: {"h": p.W_rec @ tanh(s.h) + p.W_in @ x.x + p.b},
    "rnn_rate":                lambda p, s, x, t: {"h": 0.9 * s.h + 0.1 * (p.J @ tanh(s.h) + p.U @ x.x)},
    "rnn_leaky":               lambda p, s, x, t: {"h": 0.7 * s.h + 0.3 * tanh(p.W @ s.h + p.W_in @ x.x)},
    "indrnn":                  lambda p, s, x, t: {"h": relu(p.W @ x.x + p.u * s.h + p.b)},
    "fastrnn":                 lambda p, s, x, t: {"h": p.alpha * tanh(p.W @ x.x + p.U @ s.h + p.b) + p.beta * s.h},
    "antisymmetric_rnn":       lambda p, s, x, t: {"h": s.h + 0.01 * tanh(antisymmetric(p, s) + p.V @ x.x + p.b)},
    "antisymmetric_gated_rnn": antisymmetric_gated_rnn,
    "jordan":                  jordan,
    "scrn":                    scrn,
    "clockwork":               clockwork,
    "multiplicative_rnn":      multiplicative_rnn,
    "mi_rnn":                  mi_rnn,
    "cornn":                   cornn,
    "cornn_implicit":          cornn_implicit,
    "lem":                     lem,
    "unicornn":                unicornn,
    "ltc":                     ltc,
}
# fmt: on
