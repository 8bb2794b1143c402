"""Norm against lag at several gains: where gradients vanish and where they explode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure


def vanishing(flows: Sequence[Any], venue: str = "article") -> Figure:
    """Flows at rising gains, a panel for each cell: norms that fall."""
    raise NotImplementedError


def exploding(flows: Sequence[Any], venue: str = "article") -> Figure:
    """Flows at rising gains, a panel for each cell: norms that grow."""
    raise NotImplementedError
