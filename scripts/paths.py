"""The product of four-term steps is not ∂C_T/∂C_t: it misses the paths through the output gate.

Exact Jacobians of LSTMs, the product of their one-step sums, and the carousel ∏ f alone.
"""

from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from lstmsym import cell
from lstmsym.flow.carousel import carousel
from lstmsym.numerics.initialise import default_sizes, initialise
from lstmsym.numerics.rollout import rollout
from lstmsym.plotting import numbers, paths
from lstmsym.plotting.save import save_all

FIGURE = Path(__file__).parents[1] / "figures" / Path(__file__).stem
HIDDEN, STEPS, SEEDS, GAINS = 32, 31, 5, (0.3, 1, 2)
lstm = cell("lstm")


def run(gain, seed):
    rng = np.random.default_rng(seed)
    weights = initialise(lstm, "gaussian", default_sizes(lstm, HIDDEN, HIDDEN), rng, gain)
    return carousel(rollout(lstm, weights, rng.normal(size=(STEPS, HIDDEN))), "C")


with threadpool_limits(1, user_api="blas"):
    runs = {f"gain {gain:g}": [run(gain, seed) for seed in range(SEEDS)] for gain in GAINS}

sizes = f"$n = {HIDDEN}$, $T = {STEPS}$"
told = ["LSTM", "Gaussian initialisation", sizes, f"{SEEDS} seeds, float64"]
about = {"norm": "spectral", "hidden": HIDDEN, "steps": STEPS, "dtype": "float64"}
save_all(paths.figure(runs, conditions=told), FIGURE, numbers.of_paths(runs), about)
