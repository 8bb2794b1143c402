"""Long short-term memories: one block with peepholes and switches, and those that are built otherwise."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import numpy as np
from numpy import exp, log, tanh

from tests.cells.by_hand.arrays import Array, Step, Values, hx, relu, sig


def greff(p: Values, s: Values, x: Values, t: int, without: str = "") -> dict[str, Array]:
    """The peephole LSTM of Greff et al. with one thing left out; gates that are left out are one."""

    def net(g: str, C: Array | None = None) -> Array:
        found = getattr(p, f"W_{g}") @ x.x + getattr(p, f"R_{g}") @ s.h + getattr(p, f"b_{g}")
        peeps = C is not None and without != "NP"
        if without == "FGR" and g != "C":
            old = {"i": s.i, "f": s.f, "o": s.o}
            found = found + sum(getattr(p, f"R_{a}{g}") @ old[a] for a in old)
        return found + getattr(p, f"p_{g}") * C if peeps else found

    one = np.ones_like(s.C)
    i = one if without == "NIG" else sig(net("i", s.C))
    f = one if without == "NFG" else 1 - i if without == "CIFG" else sig(net("f", s.C))
    C = f * s.C + i * (net("C") if without == "NIAF" else tanh(net("C")))
    o = one if without == "NOG" else sig(net("o", C))
    return {"h": o * (C if without == "NOAF" else tanh(C)), "C": C, "i": i, "f": f, "o": o}


def block(
    p: Values, s: Values, x: Values, t: int, forget: bool = True, tanhs: bool = False
) -> dict[str, Array]:
    """One weight a gate over [h, x]; the squashers of 1997 are 4σ - 2 and 2σ - 1."""
    gate = {g: sig(getattr(p, f"W_{g}") @ hx(s, x) + getattr(p, f"b_{g}")) for g in "io"}
    f = sig(p.W_f @ hx(s, x) + p.b_f) if forget else 1.0
    net = p.W_C @ hx(s, x) + p.b_C
    C = f * s.C + gate["i"] * (tanh(net) if tanhs else 4 * sig(net) - 2)
    return {"C": C, "h": gate["o"] * (tanh(C) if tanhs else 2 * sig(C) - 1)}


def lstm_projection(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    found = greff(p, s, x, t)
    return {"h": p.P @ found["h"], "C": found["C"]}


def janet(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    a = p.U_f @ s.h + p.W_f @ x.x + p.b_f
    return {"h": sig(a) * s.h + (1 - sig(a - 1)) * tanh(p.U_C @ s.h + p.W_C @ x.x + p.b_C)}


def multiplicative_lstm(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    m = (p.W_mx @ x.x) * (p.W_mh @ s.h)
    net = {g: getattr(p, f"W_{g}x") @ x.x + getattr(p, f"W_{g}m") @ m + getattr(p, f"b_{g}")
           for g in "fiCo"}  # fmt: skip
    C = sig(net["f"]) * s.C + sig(net["i"]) * tanh(net["C"])
    return {"C": C, "h": sig(net["o"]) * tanh(C)}


def nas_cell(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    W, U, b = (
        [None, *(getattr(p, f"{name}_{n}", 0.0) for n in range(1, 9))] for name in ("W", "U", "b")
    )
    net = [None, *(W[n] @ x.x + U[n] @ s.h + b[n] for n in range(1, 9))]
    first = tanh(tanh(sig(net[1]) * relu(net[2])) + s.C)
    second = tanh(sig(net[3]) + relu((W[4] @ x.x) * (U[4] @ s.h)))
    third, fourth = tanh(tanh(net[5]) * sig(net[6])), sig(tanh(net[7]) + sig(net[8]))
    C = first * second
    return {"C": C, "h": tanh(C * tanh(third + fourth))}


def slstm_nets(p: Values, s: Values, x: Values) -> dict[str, Array]:
    return {g: getattr(p, f"W_{g}") @ x.x + getattr(p, f"R_{g}") @ s.h + getattr(p, f"b_{g}")
            for g in "fizo"}  # fmt: skip


def slstm_plain(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    net = slstm_nets(p, s, x)
    C = sig(net["f"]) * s.C + exp(net["i"]) * tanh(net["z"])
    n = sig(net["f"]) * s.n + exp(net["i"])
    return {"C": C, "n": n, "h": sig(net["o"]) * C / n}


def slstm(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    net = slstm_nets(p, s, x)
    m = np.maximum(log(sig(net["f"])) + s.m, net["i"])
    i, f = exp(net["i"] - m), sig(net["f"]) * exp(s.m - m)
    C, n = f * s.C + i * tanh(net["z"]), f * s.n + i
    return {"m": m, "C": C, "n": n, "h": sig(net["o"]) * C / n}


def depth_gated_lstm(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    """Two blocks; the upper one lets the lower cell state in through d."""

    def nets(layer: int, below: Array) -> dict[str, Array]:
        h = getattr(s, f"h_{layer}")
        own = lambda name, g: getattr(p, f"{name}_{g}{layer}")  # noqa: E731
        return {g: own("W", g) @ below + own("R", g) @ h + own("b", g) for g in "fiCo"}

    net = nets(1, x.x)
    i, f = sig(net["i"] + p.p_i1 * s.C_1), sig(net["f"] + p.p_f1 * s.C_1)
    C_1 = f * s.C_1 + i * tanh(net["C"])
    h_1 = sig(net["o"] + p.p_o1 * C_1) * tanh(C_1)
    net = nets(2, h_1)
    i, f = sig(net["i"] + p.p_i2 * s.C_2), sig(net["f"] + p.p_f2 * s.C_2)
    d = sig(p.b_d + p.W_d @ h_1 + p.w_cd * s.C_2 + p.w_ld * C_1)
    C_2 = d * C_1 + f * s.C_2 + i * tanh(net["C"])
    h_2 = sig(net["o"] + p.p_o2 * C_2) * tanh(C_2)
    return {"h_1": h_1, "C_1": C_1, "h_2": h_2, "C_2": C_2}


def grid_lstm(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    """Two layers; in each an LSTM over time and one over depth read the same [y, h]."""

    def transform(weights: list[Array], H: Array, m: Array) -> tuple[Array, Array]:
        u, f, o, c = (W @ H for W in weights)
        m = sig(f) * m + sig(u) * tanh(c)
        return tanh(sig(o) * m), m

    y, depth = p.W_y @ x.x, p.W_s @ x.x
    found = {}
    for layer in (1, 2):
        own = {k: [getattr(p, f"{k}_{g}{layer}") for g in "ufoc"] for k in "WV"}
        H = np.concatenate([y, getattr(s, f"h_{layer}")])
        h, m = transform(own["W"], H, getattr(s, f"m_{layer}"))
        y, depth = transform(own["V"], H, depth)
        found |= {f"h_{layer}": h, f"m_{layer}": m}
    return found | {"y_2": y}


def lstm_over(weights: dict[str, Array], s: Values, seen: Array) -> tuple[Array, Array]:
    """An LSTM step on what it sees, from (W, b) by gate."""
    f, i, c, o = (W @ seen + b for W, b in weights.values())
    C = sig(f) * s.C + sig(i) * tanh(c)
    return sig(o) * tanh(C), C


def draw(p: Values, s: Values, x: Values, t: int) -> dict[str, Array]:
    error = x.x - sig(s.c)
    encoder = {g: (getattr(p, f"W_{g}"), getattr(p, f"b_{g}")) for g in "fiCo"}
    decoder = {g: (getattr(p, f"U_{g}"), getattr(p, f"c_{g}")) for g in "fiDo"}
    h, C = lstm_over(encoder, s, np.concatenate([s.h, x.x, error, s.k]))
    z = p.W_mu @ h + exp(p.W_sigma @ h) * x.e
    k, D = lstm_over(decoder, SimpleNamespace(C=s.D), np.concatenate([s.k, z]))
    return {"h": h, "C": C, "k": k, "D": D, "c": s.c + p.W_c @ k}


# fmt: off
STEPS: dict[str, Step] = {
    "lstm_1997":           partial(block, forget=False),
    "lstm_1997_tanh":      partial(block, forget=False, tanhs=True),
    "lstm_gers":           block,
    "lstm_nig":            partial(greff, without="NIG"),
    "lstm_nfg":            partial(greff, without="NFG"),
    "lstm_nog":            partial(greff, without="NOG"),
    "lstm_niaf":           partial(greff, without="NIAF"),
    "lstm_noaf":           partial(greff, without="NOAF"),
    "lstm_cifg":           partial(greff, without="CIFG"),
    "lstm_np":             partial(greff, without="NP"),
    "lstm_fgr":            partial(greff, without="FGR"),
    "lstm_projection":     lstm_projection,
    "janet":               janet,
    "multiplicative_lstm": multiplicative_lstm,
    "nas_cell":            nas_cell,
    "slstm_plain":         slstm_plain,
    "slstm":               slstm,
    "depth_gated_lstm":    depth_gated_lstm,
    "grid_lstm":           grid_lstm,
    "draw":                draw,
}
# fmt: on
