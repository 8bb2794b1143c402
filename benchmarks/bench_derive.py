"""How long a derivation takes: in process with all its checks, beside SymPy's own diff, and as whole processes.

Each line first asserts that what it times is right. Times are medians; the figures to compare are the ratios.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

FRESH = """
import time
import lstmsym as ls
ls.derive("rnn")
began = time.perf_counter()
whole = ls.derive("lstm")
print(time.perf_counter() - began, len(whole.results), all(r.checked.passed for r in whole.results))
"""

COMMANDS = {
    "lstmsym --help": ["--help"],
    "lstmsym derive lstm": ["derive", "lstm"],
    "lstmsym derive lstm 'dC[t]/dC[t-50]' --json": ["derive", "lstm", "dC[t]/dC[t-50]", "--json"],
}


def main() -> None:
    """Print the tables."""
    in_process()
    beside_sympy()
    whole_processes()


def in_process(runs: int = 7) -> None:
    """The whole LSTM derivation, all kinds, BPTT and checks, in a process that has done none of it before."""
    times = []
    for _ in range(runs):
        seconds, results, passed = python("-c", FRESH).split()
        assert passed == "True" and int(results) > 30
        times.append(float(seconds))
    print(f"whole LSTM derivation with {results} checked results, first time in a process")
    print(
        f"  median {1e3 * statistics.median(times):.0f} ms, best {1e3 * min(times):.0f} ms of {runs}"
    )


def beside_sympy() -> None:
    """The total derivative over k steps, beside SymPy's diff of the unrolled scalar LSTM."""
    import lstmsym as ls

    ls.derive("rnn")
    print("∂C_t/∂C_{t-k}: time and characters of LaTeX")
    print(f"  {'k':>3} {'lstmsym':>22} {'sympy diff, scalar cell':>28} {'ratio':>8}")
    for lag in (1, 2, 3, 50):
        began = time.perf_counter()
        derived = ls.derive("lstm", f"dC[t]/dC[t-{lag}]")
        ours, size = time.perf_counter() - began, len(derived.latex())
        assert derived.checked.passed
        if lag > 3:
            print(f"  {lag:>3} {1e3 * ours:>10.1f} ms {size:>6} ch {'(does not finish)':>28}")
            continue
        theirs, length = scalar_sympy(lag)
        print(
            f"  {lag:>3} {1e3 * ours:>10.1f} ms {size:>6} ch {1e3 * theirs:>15.0f} ms {length:>7} ch "
            f"{theirs / ours:>8.0f}"
        )


def scalar_sympy(lag: int) -> tuple[float, int]:
    """Seconds and printed characters of SymPy's diff on an unrolled LSTM with one unit."""
    import sympy

    names = "fiCo"
    w, u, b = ({g: sympy.Symbol(f"{letter}_{g}") for g in names} for letter in "wub")
    start = sympy.Symbol("C_0")
    sigmoid = {g: (lambda a: 1 / (1 + sympy.exp(-a))) for g in names} | {"C": sympy.tanh}
    C, h = start, sympy.Symbol("o_0") * sympy.tanh(start)
    for step in range(1, lag + 1):
        x = sympy.Symbol(f"x_{step}")
        f, i, c, o = (sigmoid[g](w[g] * h + u[g] * x + b[g]) for g in names)
        C = f * C + i * c
        h = o * sympy.tanh(C)
    began = time.perf_counter()
    found = C.diff(start)
    seconds = time.perf_counter() - began
    return seconds, len(sympy.latex(found))


def whole_processes(runs: int = 7) -> None:
    """The command line from start to exit."""
    print("whole processes")
    for name, arguments in COMMANDS.items():
        times = []
        for _ in range(runs):
            began = time.perf_counter()
            python("-m", "lstmsym", *arguments)
            times.append(time.perf_counter() - began)
        print(
            f"  {name:<48} median {1e3 * statistics.median(times):>6.0f} ms, best {1e3 * min(times):.0f} ms"
        )


def python(*arguments: str) -> str:
    """What a fresh interpreter prints."""
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=True
    ).stdout


if __name__ == "__main__":
    main()
