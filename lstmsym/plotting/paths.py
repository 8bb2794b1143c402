"""∂C_T/∂C_t exactly, beside the product of the four-term steps and the carousel alone."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure


def figure(comparison: Any, venue: str = "article") -> Figure:
    """Three curves a weight scale, and how far the two shortcuts are off."""
    raise NotImplementedError
