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
SUFFIXES = (".pdf", ".svg", ".png")


@dataclass(frozen=True)
class Plan:
    """A sweep to measure: its figure's name, the gains, and what is measured of the output."""

    name: str
    gains: tuple[float, ...]
    quantity: str
    drawn: str


# Gains on the recurrent weights, N(0, gain²/n): an RNN explodes above 1, an LSTM needs more for its gates.
PLANS = (
    Plan("vanishing", (0.25, 0.5, 0.75, 1.0), "d{0}[T]/d{0}[t]", "vanishing"),
    Plan("exploding", (1.0, 2.0, 4.0, 8.0), "d{0}[T]/d{0}[t]", "exploding"),
    Plan("loss", (1.0, 2.0, 4.0, 8.0), "dL/d{0}[t]", "exploding"),
)


@dataclass(frozen=True)
class Sweep:
    """Flows by rising gain."""

    plan: Plan
    flows: tuple[Any, ...]

    def as_dict(self) -> dict[str, Any]:
        """The numbers behind the figure."""
        pairs = zip(self.plan.gains, self.flows, strict=True)
        flows = [{"gain": gain, **flow.as_dict()} for gain, flow in pairs]
        return {"schema": SCHEMA, "figure": self.plan.name, "flows": flows}


def count() -> int:
    """How many flows there are to measure."""
    return sum(len(plan.gains) for plan in PLANS)


def common_output(cells: list[Any]) -> str:
    """The signal that the losses of all cells see, or the state in it. Raises InputError where they differ."""
    outputs = list(dict.fromkeys(map(_carried, cells)))
    if len(outputs) > 1:
        from lstmsym.errors import InputError

        names = ", ".join(f"{_carried(cell)} of {cell.name}" for cell in cells)
        raise InputError(f"these cells have different outputs ({names}); measure them one by one")
    return str(outputs[0])


def _carried(cell: Any) -> str:
    """The output, where it reaches later steps itself; else the nearest state that it is computed from."""
    seen = [cell.output]
    for name in seen:
        if name in cell.states:
            return str(name)
        equation = cell.by_name.get(name)
        inside = () if equation is None else (*equation.now, *equation.before)
        seen += [s.name for s in inside if s.name not in seen]
    return str(cell.output if cell.output in cell.by_name else cell.states[0])


def measured(cells: list[Any], conditions: dict[str, Any], bar: Bar) -> Iterator[Sweep]:
    """Every sweep, all from the same random numbers."""
    from lstmsym.flow import measure

    output = common_output(cells)
    given = {name: value for name, value in conditions.items() if value is not None}
    for plan in PLANS:
        asked = {"init": INIT, "quantity": plan.quantity.format(output), **given}
        flows = []
        for gain in plan.gains:
            bar.stage(f"{plan.name}: measuring at gain {gain:g}")
            flows.append(measure(cells, gain=gain, progress=bar.part, **asked))
        yield Sweep(plan, tuple(flows))


def write(folder: Path, sweep: Sweep, venue: str) -> None:
    """The figure as PDF, SVG and PNG, and its numbers as JSON and CSV."""
    from lstmsym.plotting import gain
    from lstmsym.plotting.save import save

    figure, name = getattr(gain, sweep.plan.drawn)(sweep.flows, venue=venue), sweep.plan.name
    for suffix in SUFFIXES:
        save(figure, folder / f"{name}{suffix}")
    data = sweep.as_dict()
    (folder / f"{name}.json").write_text(dumped(data) + "\n", encoding="utf-8")
    (folder / f"{name}.csv").write_text(csv_of(data["flows"]), encoding="utf-8")
