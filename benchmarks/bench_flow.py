"""How long ‖∂h_T/∂h_t‖ takes for every t: the derived backward step beside its rivals, in one run.

An LSTM in float64 with PyTorch's default weights, forward rollout included, one BLAS thread each.
Rivals that are not installed are skipped with a line. Values are asserted equal before anything is
timed. `python benchmarks/bench_flow.py [--quick]`.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault(
    "XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
)

import numpy as np
from threadpoolctl import threadpool_limits

from lstmsym.cells import from_catalogue
from lstmsym.flow import log_norms
from lstmsym.numerics.fused import fused_rollout
from lstmsym.numerics.initialise import initialise
from lstmsym.numerics.inputs import noise

Array = Any
SIZES = ((32, 200), (128, 200), (64, 1000))
GATES = "fioC"
LSTM = from_catalogue("lstm")
TOLERANCE = 1e-10


def instance(n: int, steps: int) -> tuple[dict[str, Array], Array]:
    sizes = {"n": n, "m": n}
    return initialise(LSTM, "pytorch", sizes, 0), noise(LSTM, steps, {s: n for s in LSTM.sizes}, 1)[
        "x"
    ]


def derived(weights: dict[str, Array], x: Array, norm: str = "frobenius") -> Array:
    """ln norms for lag 0 … T-1 by lstmsym, rollout included."""
    return log_norms(fused_rollout(LSTM, weights, x), "h", "h", norm=norm)


def bare(n: int, steps: int) -> Callable[[], None]:
    """The products (n, 4n) @ (4n, n) alone, once a step."""
    rng = np.random.default_rng(0)
    left, right, out = rng.normal(size=(n, 4 * n)), rng.normal(size=(4 * n, n)), np.empty((n, n))

    def run() -> None:
        for _ in range(steps):
            np.dot(left, right, out)

    return run


def stacked(weights: dict[str, Array], x: Array) -> tuple[Array, Array]:
    """The gates' weights on h as one (n, 4n), and everything else of their arguments, (T, 4n)."""
    n = len(weights["b_f"])
    U = np.concatenate([weights[f"W_{g}"][:, :n] for g in GATES]).T
    V = np.concatenate([weights[f"W_{g}"][:, n:] for g in GATES])
    return U, x @ V.T + np.concatenate([weights[f"b_{g}"] for g in GATES])


def step(xp: Any, sigmoid: Callable[[Array], Array], U: Array, a: Array, h: Array, C: Array) -> Any:
    """One LSTM step with its gates in one product; h and C of shape (..., n)."""
    n = h.shape[-1]
    a = h @ U + a
    gates, candidate = sigmoid(a[..., : 3 * n]), xp.tanh(a[..., 3 * n :])
    f, i, o = (gates[..., j * n : (j + 1) * n] for j in range(3))
    C = f * C + i * candidate
    return o * xp.tanh(C), C


def by_autograd(weights: dict[str, Array], x: Array) -> Array:
    """∂h_T/∂h_t (T, n, n): n copies of the net, one unit seed each, one reverse pass."""
    import autograd.numpy as anp
    from autograd import grad

    U, arguments = stacked(weights, x)
    n, steps = len(U), len(x)
    sigmoid = lambda a: 0.5 * (anp.tanh(0.5 * a) + 1)  # noqa: E731

    def last(taps: Array) -> Array:
        h = C = np.zeros((n, n))
        for i in range(steps):
            h, C = step(anp, sigmoid, U, arguments[i], h, C)
            h = h + taps[i]
        return anp.trace(h)

    return grad(last)(np.zeros((steps, n, n)))


def by_torch_equations(weights: dict[str, Array], x: Array) -> Array:
    """The equations as they stand, one product a gate; one reverse pass with the n seeds batched."""
    import torch

    torch.set_num_threads(1)
    w = {name: torch.from_numpy(a.copy()) for name, a in weights.items()}
    n = len(weights["b_f"])
    h = torch.zeros(n, dtype=torch.float64, requires_grad=True)
    C, states = torch.zeros(n, dtype=torch.float64), []
    for now in torch.from_numpy(x):
        z = torch.cat([h, now])
        f, i, o = (torch.sigmoid(w[f"W_{g}"] @ z + w[f"b_{g}"]) for g in "fio")
        C = f * C + i * torch.tanh(w["W_C"] @ z + w["b_C"])
        h = o * torch.tanh(C)
        states.append(h)
    seeds = torch.eye(n, dtype=torch.float64)
    found = torch.autograd.grad(h, states, grad_outputs=seeds, is_grads_batched=True)
    return torch.stack(found).numpy()


def by_torch_fused(weights: dict[str, Array], x: Array) -> Array:
    """The same with the gates stacked by hand in one product, and the inputs hoisted."""
    import torch

    torch.set_num_threads(1)
    U, arguments = (torch.from_numpy(a.copy()) for a in stacked(weights, x))
    n = len(U)
    h = torch.zeros(n, dtype=torch.float64, requires_grad=True)
    C, states = torch.zeros(n, dtype=torch.float64), []
    for a in arguments:
        h, C = step(torch, torch.sigmoid, U, a, h, C)
        states.append(h)
    seeds = torch.eye(n, dtype=torch.float64)
    found = torch.autograd.grad(h, states, grad_outputs=seeds, is_grads_batched=True)
    return torch.stack(found).numpy()


def by_torch_cell(weights: dict[str, Array], x: Array) -> Array:
    """The same as most would write it: torch.nn.LSTMCell step by step, the n seeds batched."""
    import torch

    torch.set_num_threads(1)
    n, m = len(weights["b_f"]), x.shape[1]
    cell = torch.nn.LSTMCell(m, n, dtype=torch.float64)
    whole = torch.from_numpy(np.concatenate([weights[f"W_{g}"] for g in "ifCo"]))
    with torch.no_grad():
        cell.weight_hh.copy_(whole[:, :n])
        cell.weight_ih.copy_(whole[:, n:])
        cell.bias_ih.copy_(torch.from_numpy(np.concatenate([weights[f"b_{g}"] for g in "ifCo"])))
        cell.bias_hh.zero_()
    state, states = (torch.zeros(1, n, dtype=torch.float64, requires_grad=True),) * 2, []
    for now in torch.from_numpy(x):
        state = cell(now[None], state)
        states.append(state[0])
    seeds = torch.eye(n, dtype=torch.float64)[:, None]
    found = torch.autograd.grad(state[0], states, grad_outputs=seeds, is_grads_batched=True)
    return torch.stack(found).numpy()[:, :, 0]


def by_jax() -> Callable[[dict[str, Array], Array], Array]:
    """∂h_T/∂h_t (T, n, n): jit of jacrev of a scan, by a zero tap on every h_t."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def last(taps: Array, U: Array, arguments: Array) -> Array:
        def body(carry: Any, now: Any) -> Any:
            h, C = step(jnp, jax.nn.sigmoid, U, now[0], *carry)
            return (h + now[1], C), None

        start = (jnp.zeros(len(U)), jnp.zeros(len(U)))
        return jax.lax.scan(body, start, (arguments, taps))[0][0]

    whole = jax.jit(jax.jacrev(last))

    def run(weights: dict[str, Array], x: Array) -> Array:
        U, arguments = stacked(weights, x)
        taps = np.zeros((len(x), len(U)))
        return np.asarray(whole(taps, U, arguments)).swapaxes(0, 1)

    return run


def rivals() -> dict[str, Callable[[dict[str, Array], Array], Array]]:
    """Those that are installed; a line for each that is not."""
    known = {
        "jax": by_jax,
        "torch": lambda: by_torch_equations,
        "torch, LSTMCell": lambda: by_torch_cell,
        "torch, gates stacked": lambda: by_torch_fused,
        "autograd": lambda: by_autograd,
    }
    found = {}
    for name, make in known.items():
        if importlib.util.find_spec(name.partition(",")[0]):
            found[name] = make()
        else:
            print(f"{name} is not installed: skipped")
    return found


def best(run: Callable[[], Any], repeats: int) -> float:
    """The shortest of some runs, in milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def check(name: str, found: Array, logs: Array) -> None:
    """Raise unless a rival's norms are ours: relative 1e-10 wherever they are above 1e-200."""
    size = np.abs(found).max(axis=(-2, -1))[::-1]
    kept = size > 1e-200
    unit = found[::-1][kept] / size[kept][:, None, None]
    norms = np.log(np.linalg.norm(unit, axis=(-2, -1))) + np.log(size[kept])
    worst = float(np.abs(np.expm1(logs[kept] - norms)).max())
    assert worst < TOLERANCE, f"{name} differs by {worst:.1e}"


def report(n: int, steps: int, others: dict[str, Any], repeats: int) -> None:
    weights, x = instance(n, steps)
    logs = derived(weights, x)
    for name, run in others.items():
        check(name, run(weights, x), logs)
    ours = best(lambda: derived(weights, x), repeats)
    lines = {
        "bare products": best(bare(n, steps), repeats),
        "rollout alone": best(lambda: fused_rollout(LSTM, weights, x), repeats),
        "lstmsym": ours,
        "lstmsym, spectral": best(lambda: derived(weights, x, "spectral"), 2),
    }
    lines |= {name: best(lambda run=run: run(weights, x), 2) for name, run in others.items()}
    print(f"\nn = {n}, T = {steps}")
    for name, milliseconds in lines.items():
        print(f"  {name:<22}{milliseconds:10.1f} ms {milliseconds / ours:8.2f} × lstmsym")


def main() -> None:
    quick = "--quick" in sys.argv[1:]
    with threadpool_limits(1, user_api="blas"):
        others = rivals()
        for n, steps in SIZES[:1] if quick else SIZES:
            report(n, steps, others, 3 if quick else 7)


if __name__ == "__main__":
    main()
