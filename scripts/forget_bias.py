"""Half-life of the LSTM's ∂C_T/∂C_t against its forget bias b, measured and as ln σ(b) has it.

The prediction takes f = σ(b) and the carousel alone, which holds where the gain is small; at
gain 1 and b ≥ 3 the paths through the gates make the norm grow.
"""

from pathlib import Path

import numpy as np

from lstmsym import flow
from lstmsym.plotting import forget_bias, numbers
from lstmsym.plotting.save import save_all

FIGURE = Path(__file__).parents[1] / "figures" / Path(__file__).stem
GAINS, BIASES = (0.1, 0.5, 1.0), range(6)


def measured(gain, bias):
    options = {"hidden": 32, "seeds": 5, "rng": 0, "quantity": "dC[T]/dC[t]"}
    return flow("lstm", init="gaussian", gain=gain, forget_bias=bias, **options)


series = {f"gain {gain:g}": [measured(gain, bias) for bias in BIASES] for gain in GAINS}
b = np.linspace(0, 5, 51)
ln_sigma = -np.log1p(np.exp(-b))

flows = [one for several in series.values() for one in several]
picture = forget_bias.figure(series, (b, ln_sigma))
save_all(picture, FIGURE, numbers.of_slopes(flows), numbers.about(flows[0]))
