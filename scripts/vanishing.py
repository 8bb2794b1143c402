"""Vanishing gradients: ‖∂h_T/∂h_t‖ of an RNN and an LSTM at gains where both fall."""

from pathlib import Path

from lstmsym import flow
from lstmsym.plotting import gain, numbers
from lstmsym.plotting.save import save_all

FIGURE = Path(__file__).parents[1] / "figures" / Path(__file__).stem
GAINS = (0.5, 1.0, 1.5)

flows = [flow(["rnn", "lstm"], rng=0, init="gaussian", gain=g) for g in GAINS]

save_all(gain.vanishing(flows), FIGURE, numbers.of_flows(flows), numbers.about(flows[0]))
