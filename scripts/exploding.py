"""Exploding gradients: ‖∂h_T/∂h_t‖ of an RNN and an LSTM as the gain rises.

The slope of the RNN crosses zero near gain 2, that of the LSTM near gain 4: gates delay the
explosion, they do not prevent it.
"""

from pathlib import Path

from lstmsym import flow
from lstmsym.plotting import gain, numbers
from lstmsym.plotting.save import save_all

FIGURE = Path(__file__).parents[1] / "figures" / Path(__file__).stem
GAINS = (1.0, 2.0, 3.0, 4.0, 6.0)

flows = [flow(["rnn", "lstm"], rng=0, init="gaussian", gain=g) for g in GAINS]

save_all(gain.exploding(flows), FIGURE, numbers.of_flows(flows), numbers.about(flows[0]))
