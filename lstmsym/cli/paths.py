"""The figure of a report that sets the exact ∂C_T/∂C_t beside the products that are taken for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstmsym.cli.writing import file_stem

GAINS = (0.3, 1.0, 2.0)
LONGEST = 31


@dataclass(frozen=True)
class Paths:
    """The runs of one cell by gain, and how they were made."""

    cell: str
    state: str
    runs: dict[str, list[Any]]
    hidden: int
    steps: int
    seeds: int

    @property
    def stem(self) -> str:
        return f"{file_stem(self.cell)}-paths"


def compared(cells: list[Any], conditions: dict[str, Any]) -> Iterator[Paths]:
    """Each cell with a state that carries itself and is reached by other ways too."""
    from lstmsym.flow.carousel import carousel_state, carousels

    steps = min(LONGEST, conditions["steps"])
    sizes = {name: conditions[name] for name in ("hidden", "seeds")}
    for cell in cells:
        state = carousel_state(cell)
        if state is not None:
            how = {"rng": conditions["rng"], "text": conditions["text"]}
            runs = carousels(cell, state, GAINS, steps=steps, **sizes, **how)
            yield Paths(cell.name, state, runs, **sizes, steps=steps)


def write(folder: Path, found: Paths, venue: str) -> None:
    """The figure as PDF, SVG and PNG, and its numbers as JSON and CSV."""
    from lstmsym.plotting import numbers, paths
    from lstmsym.plotting.save import save_all, save_numbers

    sizes = f"$n = {found.hidden}$, $T = {found.steps}$"
    told = [found.cell, "Gaussian initialisation", sizes, f"{found.seeds} seeds, float64"]
    about = {
        "cell": found.cell, "state": found.state, "norm": "spectral", "hidden": found.hidden,
        "steps": found.steps, "seeds": found.seeds, "dtype": "float64",
    }  # fmt: skip
    columns = numbers.of_paths(found.runs)
    save_all(
        paths.figure(found.runs, venue=venue, conditions=told), folder / found.stem, columns, about
    )
    save_numbers(columns, folder / f"{found.stem}.json", about)
