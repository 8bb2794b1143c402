"""The measurements of a report: the same cells at rising gains, where gradients vanish and where they explode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstmsym.cli.choices import dumped
from lstmsym.cli.series import csv_of
from lstmsym.cli.terminal import Bar

SCHEMA = "lstmsym/sweep/1"
INIT = "gaussian"
# Gains on the recurrent weights, N(0, gain²/n): an RNN explodes above 1, an LSTM needs more for its gates.
GAINS = {"vanishing": (0.25, 0.5, 0.75, 1.0), "exploding": (1.0, 2.0, 4.0, 8.0)}
SUFFIXES = (".pdf", ".svg", ".png")


@dataclass(frozen=True)
class Sweep:
    """Flows by rising gain, under the name of the figure that shows them."""

    name: str
    gains: tuple[float, ...]
    flows: tuple[Any, ...]

    def as_dict(self) -> dict[str, Any]:
        """The numbers behind the figure."""
        flows = [{"gain": g, **f.as_dict()} for g, f in zip(self.gains, self.flows, strict=True)]
        return {"schema": SCHEMA, "figure": self.name, "flows": flows}


def count() -> int:
    """How many flows there are to measure."""
    return sum(len(gains) for gains in GAINS.values())


def measured(cells: list[Any], conditions: dict[str, Any], bar: Bar) -> Iterator[Sweep]:
    """Both sweeps, from the same random numbers."""
    from lstmsym import api

    given = {name: value for name, value in conditions.items() if value is not None}
    for name, gains in GAINS.items():
        flows = []
        for gain in gains:
            bar.stage(f"measuring at gain {gain:g}")
            flows.append(api.flow(cells, init=INIT, gain=gain, progress=bar.part, **given))
        yield Sweep(name, gains, tuple(flows))


def write(folder: Path, sweep: Sweep, venue: str) -> None:
    """The figure as PDF, SVG and PNG, and its numbers as JSON and CSV."""
    from lstmsym.plotting import gain
    from lstmsym.plotting.save import save

    figure = getattr(gain, sweep.name)(sweep.flows, venue=venue)
    for suffix in SUFFIXES:
        save(figure, folder / f"{sweep.name}{suffix}")
    data = sweep.as_dict()
    (folder / f"{sweep.name}.json").write_text(dumped(data) + "\n", encoding="utf-8")
    (folder / f"{sweep.name}.csv").write_text(csv_of(data["flows"]), encoding="utf-8")
