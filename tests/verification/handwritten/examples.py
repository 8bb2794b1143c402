"""Forward and backward passes in NumPy that the tests plant slips in."""

from __future__ import annotations

from typing import Any

import numpy as np

Arrays = dict[str, Any]


def shapes(n: int = 3, m: int = 2, steps: int = 4) -> dict[str, tuple[int, ...]]:
    """The arrays of an LSTM with fused weights, a sequence and a loss that looks along v."""
    return {
        "x": (steps, m),
        "h0": (n,),
        "c0": (n,),
        "W": (4 * n, n + m),
        "b": (4 * n,),
        "v": (n,),
    }


def sigmoid(a: Any) -> Any:
    return 1 / (1 + np.exp(-a))


def steps_of(p: Arrays) -> list[tuple[Any, ...]]:
    """[h, x], the gates f i g o, the cell before and after, h of every step."""
    n, h, c, found = len(p["h0"]), p["h0"], p["c0"], []
    for x in p["x"]:
        z = np.concatenate([h, x])
        a = p["W"] @ z + p["b"]
        f, i, o = sigmoid(a[:n]), sigmoid(a[n : 2 * n]), sigmoid(a[3 * n :])
        g = np.tanh(a[2 * n : 3 * n])
        before, c = c, f * c + i * g
        h = o * np.tanh(c)
        found.append((z, f, i, g, o, before, c, h))
    return found


def loss(p: Arrays) -> Any:
    """Σ_t v · h_t + ½ |h_t|²"""
    return sum(p["v"] @ s[-1] + 0.5 * np.sum(s[-1] ** 2) for s in steps_of(p))


def gradients(p: Arrays, carried: float = 1.0, slope: float = 1.0, late: bool = False) -> Arrays:
    """The gradient of `loss`; with carried = 0 the cell's is not handed on, slope spoils that of the candidate."""
    n, found = len(p["h0"]), {k: np.zeros_like(a) for k, a in p.items()}
    dh, dc = np.zeros(n), np.zeros(n)
    for t, (z, f, i, g, o, before, c, h) in reversed(list(enumerate(steps_of(p)))):
        found["v"] += h
        dh = dh + p["v"] + h
        dc = carried * dc + dh * o * (1 - np.tanh(c) ** 2)
        df, di, dg, do = dc * before, dc * g, dc * i, dh * np.tanh(c)
        da = np.concatenate(
            [df * f * (1 - f), di * i * (1 - i), dg * (1 - slope * g**2), do * o * (1 - o)]
        )
        found["W"] += np.outer(da, np.concatenate([h, z[n:]]) if late else z)
        found["b"] += da
        dz = p["W"].T @ da
        dh, found["x"][t] = dz[:n], dz[n:]
        dc = dc * f
    found["h0"], found["c0"] = dh, dc
    return found
