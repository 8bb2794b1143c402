"""How long judging a page of twenty hand-derived gradients takes, whole processes: all right, and five of them wrong.

Each line first asserts the verdicts. Times are medians; start-up is that of `lstmsym --help`.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CELL = r"""
$$ f_t = \sigma(W_f [h_{t-1}, x_t] + b_f) $$
$$ i_t = \sigma(W_i [h_{t-1}, x_t] + b_i) $$
$$ \tilde C_t = \tanh(W_C [h_{t-1}, x_t] + b_C) $$
$$ C_t = f_t \odot C_{t-1} + i_t \odot \tilde C_t $$
$$ o_t = \sigma(W_o [h_{t-1}, x_t] + b_o) $$
$$ h_t = o_t \odot \tanh(C_t) $$
"""
CLAIMS = r"""
$$ \delta o_t = \delta h_t \odot \tanh(C_t) $$
$$ \delta C_t = \delta h_t \odot o_t \odot (1 - \tanh^2(C_t)) + \delta C_{t+1} \odot f_{t+1} $$
$$ \delta \tilde C_t = \delta C_t \odot i_t $$
$$ \delta i_t = \delta C_t \odot \tilde C_t $$
$$ \delta f_t = \delta C_t \odot C_{t-1} $$
$$ \delta a_{o,t} = \delta o_t \odot o_t \odot (1 - o_t) $$
$$ \delta a_{f,t} = \delta f_t \odot f_t \odot (1 - f_t) $$
$$ \delta a_{i,t} = \delta i_t \odot i_t \odot (1 - i_t) $$
$$ \delta a_{C,t} = \delta \tilde C_t \odot (1 - \tilde C_t^2) $$
$$ \frac{\partial L}{\partial b_f} = \sum_{t=1}^T \delta a_{f,t} $$
$$ \frac{\partial L}{\partial b_i} = \sum_{t=1}^T \delta a_{i,t} $$
$$ \frac{\partial L}{\partial b_C} = \sum_{t=1}^T \delta a_{C,t} $$
$$ \frac{\partial L}{\partial b_o} = \sum_{t=1}^T \delta a_{o,t} $$
$$ \frac{\partial L}{\partial W_f} = \sum_{t=1}^T \delta a_{f,t} [h_{t-1}, x_t]^\top $$
$$ \frac{\partial L}{\partial W_i} = \sum_{t=1}^T \delta a_{i,t} [h_{t-1}, x_t]^\top $$
$$ \frac{\partial L}{\partial W_C} = \sum_{t=1}^T \delta a_{C,t} [h_{t-1}, x_t]^\top $$
$$ \frac{\partial L}{\partial W_o} = \sum_{t=1}^T \delta a_{o,t} [h_{t-1}, x_t]^\top $$
$$ \frac{\partial h_t}{\partial o_t} = \mathrm{diag}(\tanh(C_t)) $$
$$ \frac{\partial h_t}{\partial C_t} = \mathrm{diag}(o_t \odot (1 - \tanh^2(C_t))) $$
$$ \frac{\partial C_t}{\partial \tilde C_t} = \mathrm{diag}(i_t) $$
"""
SLIPS = (
    (r"\delta C_{t+1} \odot f_{t+1}", r"\delta C_{t+1} \odot f_t"),
    (r"\delta f_t = \delta C_t \odot C_{t-1}", r"\delta f_t = \delta C_t \odot C_t"),
    (r"i_t \odot (1 - i_t)", r"(1 - i_t^2)"),
    (r"\delta a_{C,t} [h_{t-1}, x_t]^\top", r"\delta a_{C,t} [h_t, x_t]^\top"),
    (r"\delta \tilde C_t \odot (1 - \tilde C_t^2)", r"\delta \tilde C_t \odot (1 - \tilde C_t)"),
)
TIMES = 7


def seconds(*arguments: str) -> tuple[float, str]:
    """How long a command takes, and what it prints."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "lstmsym", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return time.perf_counter() - began, run.stdout


def timed(page: str, wrong: int) -> float:
    """The median over whole processes; the verdicts are asserted first."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.md")
        path.write_text(page, encoding="utf-8")
        verdicts = [
            a["verdict"] for a in json.loads(seconds("verify", str(path), "--json")[1])["claims"]
        ]
        assert len(verdicts) == 20 and verdicts.count("wrong") == wrong, verdicts
        return statistics.median(seconds("verify", str(path))[0] for _ in range(TIMES))


def main() -> None:
    spoilt = CLAIMS
    for right, slip in SLIPS:
        assert right in spoilt
        spoilt = spoilt.replace(right, slip)
    start = statistics.median(seconds("--help")[0] for _ in range(TIMES))
    print(f"{'start-up':<24} {start * 1000:7.0f} ms")
    for name, claims, wrong in (("20 right", CLAIMS, 0), ("15 right, 5 wrong", spoilt, len(SLIPS))):
        print(f"{name:<24} {timed(CELL + claims, wrong) * 1000:7.0f} ms")


if __name__ == "__main__":
    main()
