"""Norm against lag, a curve for each cell, with a band over the seeds."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure


def figure(flow: Any, venue: str = "article") -> Figure:
    """The norms of a flow against the lag. Raises UnknownName for a venue that is not there."""
    raise NotImplementedError
