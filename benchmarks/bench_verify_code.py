"""How long checking a hand-written backward pass takes: random directions, every entry, naming a slip.

Each line first asserts that what it times is right. Times are medians.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import lstmsym as ls

Arrays = dict[str, Any]
SETTINGS = ((8, 5, 50), (32, 16, 50), (4, 3, 4))


def sigmoid(a: Any) -> Any:
    return 1 / (1 + np.exp(-a))


def run(p: Arrays) -> list[tuple[Any, ...]]:
    """The steps of an LSTM with fused gates f, i, g, o."""
    n, h, c, found = len(p["h0"]), p["h0"], p["c0"], []
    for x in p["x"]:
        z = np.concatenate([h, x])
        a = p["W"] @ z + p["b"]
        s, g = sigmoid(a), np.tanh(a[2 * n : 3 * n])
        f, i, o, before = s[:n], s[n : 2 * n], s[3 * n :], c
        c = f * c + i * g
        h = o * np.tanh(c)
        found.append((z, f, i, g, o, before, c, h))
    return found


def loss(p: Arrays) -> Any:
    return 0.5 * sum(np.sum(s[-1] ** 2) for s in run(p))


def gradients(p: Arrays, carried: float = 1.0) -> Arrays:
    """Its gradient; with carried = 0 the cell's is not handed on."""
    n, found = len(p["h0"]), {k: np.zeros_like(a) for k, a in p.items()}
    dh, dc = np.zeros(n), np.zeros(n)
    for t, (z, f, i, g, o, before, c, h) in reversed(list(enumerate(run(p)))):
        dh, tc = dh + h, np.tanh(c)
        dc = carried * dc + dh * o * (1 - tc**2)
        da = np.concatenate(
            [
                dc * before * f * (1 - f),
                dc * g * i * (1 - i),
                dc * i * (1 - g**2),
                dh * tc * o * (1 - o),
            ]
        )
        found["W"] += np.outer(da, z)
        found["b"] += da
        dz = p["W"].T @ da
        dh, found["x"][t], dc = dz[:n], dz[n:], dc * f
    found["h0"], found["c0"] = dh, dc
    return found


def arrays(n: int, m: int, steps: int) -> Arrays:
    rng = np.random.default_rng(0)
    shapes = {"x": (steps, m), "h0": (n,), "c0": (n,), "W": (4 * n, n + m), "b": (4 * n,)}
    return {k: rng.normal(size=s) / np.sqrt(s[-1]) for k, s in shapes.items()}


def median(call: Callable[[], Any], runs: int = 9) -> float:
    """Milliseconds."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return 1e3 * statistics.median(times)


def main() -> None:
    """Print the table."""
    wrong = lambda p: gradients(p, carried=0.0)  # noqa: E731
    print(
        f"{'n':>3} {'m':>3} {'T':>3}   loss  gradients  directions         auto  wrong, named  (ms)"
    )
    for setting in SETTINGS:
        at = arrays(*setting)
        assert ls.check_gradients(loss, gradients, at, mode="directions").passed
        named = ls.check_gradients(loss, wrong, at, cell="lstm") if setting[0] < 10 else None
        assert named is None or named.slip.names == ("carried part lost",)
        numbers = [
            median(lambda at=at: loss(at)),
            median(lambda at=at: gradients(at)),
            median(lambda at=at: ls.check_gradients(loss, gradients, at, mode="directions")),
            median(lambda at=at: ls.check_gradients(loss, gradients, at), 3),
            median(lambda at=at: ls.check_gradients(loss, wrong, at, cell="lstm"), 1)
            if named
            else np.nan,
        ]
        sizes = " ".join(f"{n:>3}" for n in setting)
        loss_ms, gradients_ms, *checks = numbers
        shown = "".join(f"{ms:>13.1f}" for ms in checks)
        print(f"{sizes} {loss_ms:>6.2f} {gradients_ms:>10.2f}{shown}")


if __name__ == "__main__":
    main()
